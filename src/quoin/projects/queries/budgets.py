"""Versions of a project's budget, their lines, and what a plan would make of one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.listing import Status
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import for_minutes
from quoin.kernel.words import say
from quoin.people.models import JobRole, Person
from quoin.people.queries import VIEW_COST
from quoin.projects.models import BudgetLine, BudgetVersion, Project, ProjectMember
from quoin.projects.queries import tasks_of, visible_projects
from quoin.projects.queries.budget_rates import Pricing
from quoin.projects.queries.reach import reaches
from quoin.projects.rules.budgets import Entry, NotReadable, typed_lines
from quoin.projects.types import BudgetKind, BudgetStatus

VIEW_BUDGETS = permission("projects.budget.view", _("See the budgets of projects"))
KIND_WORDS = {
    BudgetKind.WORK: _("Work"),
    BudgetKind.EXPENSE: _("Expenses"),
    BudgetKind.PURCHASE: _("Purchases"),
    BudgetKind.DELIVERY: _("Deliveries"),
    BudgetKind.CONTINGENCY: _("Contingency"),
    BudgetKind.CHANGE: _("Change orders"),
    BudgetKind.ADJUSTMENT: _("Typed totals"),
}
_VERBS = ("draft", "add", "edit", "drop", "keep", "reopen", "discard")
STATUSES = {
    BudgetStatus.DRAFT: Status("neutral", _("Draft")),
    BudgetStatus.KEPT: Status("success", _("Kept")),
}


def sees_cost(actor: Actor, project: Project) -> bool:
    """Whether the actor reads what lines cost: for all projects, or those they manage."""
    return reaches(actor, VIEW_COST, project)


def rights_on(actor: Actor, project: Project) -> dict[str, bool]:
    """What the actor may do with the budgets of a project, by verb: everywhere, or as its manager."""
    return {verb: reaches(actor, f"projects.budget.{verb}", project) for verb in _VERBS}


def versions_of(actor: Actor, project: Project) -> QuerySet[BudgetVersion]:
    """The versions of a project that the actor sees, the newest first."""
    actor.require(VIEW_BUDGETS)
    rows = BudgetVersion.objects.select_related("project", "project__contract", "kept_by")
    return rows.filter(project=project).order_by("-number")


def version_for(actor: Actor, budget_id: UUID) -> BudgetVersion:
    """One version, if its project may be seen."""
    actor.require(VIEW_BUDGETS)
    rows = BudgetVersion.objects.select_related("project", "project__contract", "project__client", "kept_by")
    found = rows.filter(id=budget_id).first()
    if found is None or not visible_projects(actor).filter(id=found.project_id).exists():
        raise NotFound("There is no such budget, or you may not see it.")
    return found


def line_for(actor: Actor, line_id: UUID) -> BudgetLine:
    """One line, if its project may be seen."""
    found = BudgetLine.objects.select_related("version", "job_role").filter(id=line_id).first()
    if found is None:
        raise NotFound("There is no such line of a budget, or you may not see it.")
    version_for(actor, found.version_id)
    return found


def lines_of(version: BudgetVersion | None) -> list[BudgetLine]:
    """The lines in their order."""
    if version is None:
        return []
    return list(BudgetLine.objects.select_related("job_role").filter(version=version).order_by("position", "id"))


def current_of(project_id: UUID) -> BudgetVersion | None:
    """The version that counts: the last one kept."""
    return BudgetVersion.objects.filter(project=project_id, status=BudgetStatus.KEPT).order_by("-number").first()


def baseline_of(project_id: UUID) -> BudgetVersion | None:
    """What was agreed at first: the first version kept."""
    return BudgetVersion.objects.filter(project=project_id, status=BudgetStatus.KEPT).order_by("number").first()


def line_name(line: BudgetLine) -> str:
    """What a line is called: its text, its task, its role, or its kind."""
    role = line.job_role.name if line.job_role else ""
    return line.text or line.task_name or role or str(KIND_WORDS[BudgetKind(line.kind)])


def entries(lines: Iterable[BudgetLine]) -> tuple[Entry, ...]:
    """Lines as values."""
    return tuple(
        Entry(
            key=row.key, kind=row.kind, text=row.text, task_id=row.task_id, role_id=row.job_role_id,
            month_on=row.month_on, minutes=row.minutes, amount=row.amount, cost=row.cost,
        )
        for row in lines
    )  # fmt: skip


def cost_currency(project: Project) -> str:
    """The currency of the books that pay the project's people."""
    contract = project.contract
    return str(contract.entity.currency) if contract is not None else project.currency


def from_plan(actor: Actor, project: Project) -> list[BudgetLine]:
    """A line for each estimated task: its role, its month, its effort at the rates of the first day."""
    tasks = [task for task in tasks_of(project) if task.estimate_minutes and not task.is_milestone]
    people = {task.assignee_id for task in tasks if task.assignee_id}
    roles: dict[UUID, UUID | None] = dict(Person.objects.filter(id__in=people).values_list("id", "job_role_id"))
    sold = ProjectMember.objects.filter(project=project, job_role__isnull=False)
    roles |= dict(sold.values_list("person_id", "job_role_id"))
    pricing = Pricing(project, people, cost_currency(project))
    found = []
    for task in tasks:
        on = task.starts_on or project.starts_on or actor.today
        role = roles.get(task.assignee_id) if task.assignee_id else None
        rate, cost = pricing.price(task.assignee_id, role, on), pricing.cost(task.assignee_id, on)
        found.append(
            BudgetLine(
                key=uuid7(), text=task.name, task_id=task.id, task_name=task.name, job_role_id=role,
                month_on=task.starts_on.replace(day=1) if task.starts_on else None, minutes=task.estimate_minutes,
                amount=_worth(task.estimate_minutes, rate, project.currency) if task.is_billable else Decimal(0),
                cost=_worth(task.estimate_minutes, cost, cost_currency(project)),
            )
        )  # fmt: skip
    return found


def typed_lines_of(project: Project, text: str) -> list[dict[str, Any]]:
    """A typed table as the actions take it: tasks by number or name, roles by name. Invalid names the line."""
    try:
        rows = typed_lines(text)
    except NotReadable as wrong:
        raise invalid("/lines", str(wrong), code="unreadable") from None
    tasks = {key: task.id for task in tasks_of(project) for key in (task.name.casefold(), str(task.number))}
    roles = {name.casefold(): key for key, name in JobRole.objects.values_list("id", "name")}
    found = []
    for number, row in enumerate(rows, 1):
        if row.task and row.task.casefold() not in tasks:
            raise invalid("/lines", say("Line %(number)s: there is no task %(name)s.", number=number, name=row.task))
        if row.role and row.role.casefold() not in roles:
            raise invalid("/lines", say("Line %(number)s: there is no role %(name)s.", number=number, name=row.role))
        found.append(
            {
                "kind": row.kind, "text": row.text, "task_id": tasks.get(row.task.casefold()),
                "job_role_id": roles.get(row.role.casefold()), "month_on": row.month_on, "minutes": row.minutes,
                "amount": row.amount, "cost": row.cost,
            }
        )  # fmt: skip
    return found


def _worth(minutes: int, rate: Decimal | None, currency: str) -> Decimal:
    return Decimal(0) if rate is None else for_minutes(minutes, rate, currency).amount
