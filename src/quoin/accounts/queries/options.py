"""The settings of the tenant as rows: value, default, meaning, and who changed it last."""

from __future__ import annotations

from typing import Any

from quoin.accounts.models import Tenant
from quoin.accounts.rules.options import OPTIONS, read
from quoin.base.audit.models import AuditAction
from quoin.base.db.context import current_tenant


def option_rows() -> list[dict[str, Any]]:
    """All declared settings in order of section and label."""
    stored = Tenant.objects.values_list("settings", flat=True).filter(id=current_tenant()).first() or {}
    chosen = stored.get("options", {})
    last: dict[str, AuditAction] = {
        action.target: action for action in AuditAction.objects.filter(target__startswith="setting:").order_by("at")
    }
    rows = []
    for option in OPTIONS.values():
        change = last.get(f"setting:{option.key}")
        rows.append(
            {
                "key": option.key,
                "section": str(option.section),
                "label": str(option.label),
                "meaning": str(option.meaning),
                "acts_in": str(option.acts_in),
                "kind": option.kind.value,
                "choices": {key: str(label) for key, label in (option.choices or {}).items()},
                "default": option.default,
                "value": read(option, chosen[option.key]) if option.key in chosen else option.default,
                "is_default": option.key not in chosen,
                "changed_by": change.actor_name if change else "",
                "changed_at": change.at if change else None,
            }
        )
    return sorted(rows, key=lambda row: (row["section"], row["label"]))
