"""A project's work by task, person or role."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from quoin.base.actor import Actor, Scope
from quoin.billing.models import Charge
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.words import say
from quoin.people.queries import VIEW_COST
from quoin.projects.models import Project
from quoin.projects.queries import tasks_of
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries.access import VIEW_TIME, reach

_GROUPS = {
    "task": ("task_id", "task__name"),
    "person": ("person_id", "person__name"),
    "role": ("person__job_role_id", "person__job_role__name"),
}
_VALUED = Q(status__in=("unbilled", "drafted", "billed", "written_off", "included"))


@dataclass(slots=True)
class Share:
    """What one task, person or role took, was worth and cost. `figure` opens its lines where one can ask for it."""

    id: UUID | None
    name: str
    estimate_minutes: int = 0
    worked_minutes: int = 0
    billable_minutes: int = 0
    value: Decimal = Decimal(0)
    cost: Decimal | None = None
    currency: str = ""
    cost_currency: str = ""
    filter: str = ""
    words: str = ""

    @property
    def used_percent(self) -> Decimal | None:
        return Decimal(self.worked_minutes * 100) / self.estimate_minutes if self.estimate_minutes else None


def of_client(client_id: UUID) -> Q:
    """The projects of a client."""
    return Q(client_id=client_id)


def by(actor: Actor, project: Project, what: str) -> list[Share]:
    """The project's work in groups; persons one by one only within the reader's reach."""
    if what not in _GROUPS:
        raise invalid(
            "/by",
            say("Work is not grouped by %(what)s.", what=what),
            remedy=say("Use %(groups)s.", groups=", ".join(_GROUPS)),
        )
    key, label = _GROUPS[what]
    may_see_cost = actor.may(VIEW_COST)
    seen = _reach(actor, VIEW_TIME) & (_reach(actor, VIEW_COST) if may_see_cost else Q()) if what != "task" else Q()
    found: dict[UUID | None, Share] = {}
    names = {"group_id": F(key), "group_name": F(label)}
    time: Any = TimeEntry.objects.filter(seen, project=project).order_by().values(**names)
    for row in time.annotate(worked=Sum("minutes"), billable=Sum("minutes", filter=Q(is_billable=True))):
        share = found.setdefault(row["group_id"], Share(row["group_id"], row["group_name"] or ""))
        share.worked_minutes += row["worked"]
        share.billable_minutes += row["billable"] or 0
    priced: Any = Charge.objects.filter(seen, project=project).exclude(status="void").order_by()
    for row in priced.values("currency", "cost_currency", **names).annotate(
        value=Sum("amount", filter=_VALUED), cost=Sum("cost_amount", filter=Q(kind__in=("time", "expense")))
    ):
        share = found.setdefault(row["group_id"], Share(row["group_id"], row["group_name"] or ""))
        share.value += row["value"] or 0
        share.currency, share.cost_currency = row["currency"], row["cost_currency"]
        if may_see_cost:
            share.cost = (share.cost or Decimal(0)) + (row["cost"] or 0)
    _finish(found, project, what)
    return sorted(found.values(), key=lambda share: (-share.value, -share.worked_minutes, share.name))


def _finish(found: dict[UUID | None, Share], project: Project, what: str) -> None:
    estimates: dict[UUID | None, int] = (
        dict(tasks_of(project).values_list("id", "estimate_minutes")) if what == "task" else {}
    )
    for share in found.values():
        share.estimate_minutes = estimates.get(share.id, 0)
        if share.id is not None and what != "role":
            share.filter = f"{what}_id={share.id}"
        if share.id is not None and what == "person":
            share.words = f"project={project.public_id}&person={public_id('per', share.id)}"


def _reach(actor: Actor, permission_name: str) -> Q:
    return Q() if actor.scope(permission_name) is Scope.ALL else reach(actor, permission_name)
