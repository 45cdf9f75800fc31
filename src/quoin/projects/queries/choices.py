"""What forms about projects offer."""

from __future__ import annotations

from uuid import UUID

from quoin.catalog.models import ProjectTemplate
from quoin.sales.models import Contract

Choices = list[tuple[str, str]]


def contract_choices(client_id: UUID | None = None) -> Choices:
    """Contracts that are not closed, of one client or of all."""
    found = Contract.objects.select_related("client").exclude(status="closed").order_by("number")
    if client_id:
        found = found.filter(client=client_id)
    return [(str(c.id), f"{c.number} · {c.client.name} · {c.name}") for c in found]


def template_choices() -> Choices:
    """Project templates by name."""
    return [(str(template.id), template.name) for template in ProjectTemplate.objects.order_by("name")]
