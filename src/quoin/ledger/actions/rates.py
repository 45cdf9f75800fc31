"""Loading exchange rates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action
from quoin.base.actor import Actor
from quoin.ledger.services.rates import load_reference_rates


@action("ledger.rate.update", label=_("Update exchange rates"))
def update_rates(actor: Actor) -> int:
    """Add the reference rates that came with this version; returns how many were new."""
    return load_reference_rates()
