"""Values of the tenant's settings."""

from __future__ import annotations

from collections.abc import Mapping

from quoin.accounts.models import Tenant
from quoin.accounts.rules.options import OPTIONS, Value, read
from quoin.base.db.context import current_tenant


def option_value(key: str) -> Value:
    """The tenant's value of a declared setting, or its default."""
    return option_values()[key]


def option_values() -> Mapping[str, Value]:
    """All declared settings with the tenant's values; one query."""
    stored = Tenant.objects.values_list("settings", flat=True).filter(id=current_tenant()).first() or {}
    chosen = stored.get("options", {})
    return {key: read(option, chosen[key]) if key in chosen else option.default for key, option in OPTIONS.items()}
