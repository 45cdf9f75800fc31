"""What forms about projects offer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from quoin.base.actor import Actor, Scope
from quoin.projects.models import ProjectTemplate, TemplateVersion
from quoin.projects.queries import visible_projects
from quoin.sales.models import Contract
from quoin.sales.queries import VIEW as VIEW_CONTRACTS

Choices = list[tuple[str, str]]


def contract_choices(actor: Actor, client_id: UUID | None = None) -> Choices:
    """Contracts that are not closed, of one client or of all, as far as the actor may see contracts."""
    found = Contract.objects.select_related("client").exclude(status="closed").order_by("number")
    if not actor.may(VIEW_CONTRACTS, Scope.ALL):
        mine = visible_projects(actor).order_by().values("contract_id")
        found = found.filter(Q(client__owner=actor.person_id, client__owner__isnull=False) | Q(id__in=mine))
    if client_id:
        found = found.filter(client=client_id)
    return [(str(c.id), f"{c.number} · {c.client.name} · {c.name}") for c in found]


def template_choices() -> Choices:
    """Project templates that were published and are offered, by name."""
    found = ProjectTemplate.objects.filter(is_active=True, id__in=_published())
    return [(str(template.id), template.name) for template in found.order_by("name")]


def _published() -> QuerySet[TemplateVersion, UUID]:
    return TemplateVersion.objects.filter(status="published").order_by().values_list("template_id", flat=True)
