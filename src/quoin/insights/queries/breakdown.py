"""A project's work by task, person or role, and its tasks' budgets."""

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
from quoin.people.queries import VIEW_COST
from quoin.projects.models import Project, Task
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


@dataclass(slots=True)
class TaskBudget:
    """A task's hours: planned, logged, left, and what that comes to."""

    task: Task | None
    name: str
    is_phase: bool = False
    estimate_minutes: int = 0
    logged_minutes: int = 0
    left_minutes: int = 0

    @property
    def forecast_minutes(self) -> int:
        return self.logged_minutes + self.left_minutes

    @property
    def variance_minutes(self) -> int:
        """Negative: more than was estimated."""
        return self.estimate_minutes - self.forecast_minutes if self.estimate_minutes else 0


def of_client(client_id: UUID) -> Q:
    """The projects of a client."""
    return Q(client_id=client_id)


def by(actor: Actor, project: Project, what: str) -> list[Share]:
    """The project's work in groups; persons one by one only within the reader's reach."""
    if what not in _GROUPS:
        raise invalid("/by", f"Work is not grouped by {what}.", remedy=f"Use {', '.join(_GROUPS)}.")
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


def task_budgets(actor: Actor, project: Project) -> list[TaskBudget]:
    """Phases with their tasks below, then what was logged on no task."""
    actor.require(VIEW_TIME)
    logged: dict[Any, int] = dict(
        TimeEntry.objects.filter(project=project).order_by().values_list("task_id").annotate(total=Sum("minutes"))
    )
    tasks = [task for task in tasks_of(project) if not task.is_milestone]
    below: dict[UUID | None, list[Task]] = {}
    for task in tasks:
        below.setdefault(task.parent_id, []).append(task)
    rows: list[TaskBudget] = []
    for task in below.get(None, []):
        rows += _branch(task, below, logged)
    if logged.get(None):
        rows.append(TaskBudget(None, "", logged_minutes=logged[None]))
    return rows


def _branch(task: Task, below: dict[UUID | None, list[Task]], logged: dict[Any, int]) -> list[TaskBudget]:
    own = TaskBudget(
        task,
        task.name,
        estimate_minutes=task.estimate_minutes,
        logged_minutes=logged.get(task.id, 0),
        left_minutes=_left(task, logged),
    )
    children = [row for child in below.get(task.id, []) for row in _branch(child, below, logged)]
    if not children:
        return [own]
    phase = TaskBudget(task, task.name, is_phase=True)
    for row in (own, *(child for child in children if not child.is_phase)):
        phase.estimate_minutes += row.estimate_minutes
        phase.logged_minutes += row.logged_minutes
        phase.left_minutes += row.left_minutes
    return [phase, *children]


def _left(task: Task, logged: dict[Any, int]) -> int:
    """What somebody said is left, or what the estimate leaves; nothing once the task is done."""
    if task.status in {"done", "closed"}:
        return 0
    if task.left_minutes is not None:
        return task.left_minutes
    return max(task.estimate_minutes - logged.get(task.id, 0), 0)


def total_budget(rows: list[TaskBudget]) -> TaskBudget:
    """All tasks together; a phase holds its tasks already."""
    total = TaskBudget(None, "")
    inside: set[UUID] = {row.task.id for row in rows if row.is_phase and row.task is not None}
    for row in rows:
        if row.task is not None and row.task.parent_id in inside:
            continue
        total.estimate_minutes += row.estimate_minutes
        total.logged_minutes += row.logged_minutes
        total.left_minutes += row.left_minutes
    return total
