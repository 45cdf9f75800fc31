"""Legal entities as choices of a form."""

from __future__ import annotations

from quoin.accounts.models import LegalEntity


def entity_choices() -> list[tuple[str, str]]:
    """(id, name) of every legal entity of the tenant, by code."""
    return [(str(entity.id), f"{entity.code} · {entity.name}") for entity in LegalEntity.objects.order_by("code")]
