"""What was recognised for one contract, each step with the journal that posted it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.ledger.models import Journal
from quoin.projects.models import Project
from quoin.revenue import queries
from quoin.revenue.models import Recognition
from quoin.sales.models import Contract


@dataclass(frozen=True, slots=True)
class History:
    """A contract, its steps newest first with the ids of their journals, and their sum."""

    contract: Contract
    steps: tuple[tuple[Recognition, UUID | None], ...]
    total: Money


def visible_contracts(actor: Actor) -> QuerySet[Contract]:
    """Contracts whose revenue the actor may see: all of the firm, or those of projects that they manage."""
    actor.require(queries.VIEW)
    rows = Contract.objects.all()
    if actor.scope(queries.VIEW) is Scope.ALL:
        return rows
    if actor.person_id is None:
        return rows.none()
    managed = Project.objects.filter(manager_id=actor.person_id, contract__isnull=False)
    return rows.filter(id__in=managed.values("contract_id"))


def contract_revenue(actor: Actor, contract_id: UUID) -> History:
    """The steps of a contract; NotFound if its revenue is not for the actor to see."""
    row = visible_contracts(actor).select_related("client", "entity").filter(id=contract_id).first()
    if row is None:
        raise NotFound("There is no such contract.")
    steps = list(Recognition.objects.filter(contract=row).order_by("-recognised_at", "-id"))
    sources = Journal.objects.filter(source_kind="recognition", source_id__in=[step.id for step in steps])
    journals = dict(sources.values_list("source_id", "id"))
    total = sum((step.step_amount for step in steps), Decimal(0))
    return History(row, tuple((step, journals.get(step.id)) for step in steps), Money(total, row.currency).round())
