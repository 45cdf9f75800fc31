"""Names and descriptions of the standard roles, for those who read them in another language."""

from __future__ import annotations

from quoin.accounts.rules.standard_roles import ROLES
from quoin.base.ui.stored import stores
from quoin.kernel.words import Phrases

stores(Phrases(*(text for role in ROLES for text in (role.name, role.description))))
