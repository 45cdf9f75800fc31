"""What projects earned and cost, all at once: for tables of projects. The same numbers as the figures, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from quoin.base.actor import Actor
from quoin.billing.models import ChargeMonth, WriteDown
from quoin.billing.queries.figures import OPEN, VIEW_CHARGES
from quoin.insights.models import EarnedMonth
from quoin.insights.queries.figures import VIEW_REVENUE
from quoin.people.queries import VIEW_COST
from quoin.projects.models import Project
from quoin.projects.queries import visible_projects
from quoin.timesheets.models import TimeMonth
from quoin.timesheets.queries.access import VIEW_TIME

_NOTHING = Decimal(0)


@dataclass(slots=True)
class ProjectMoney:
    """A project's sums since its start. None: the reader may not see it."""

    project: Project
    worked_minutes: int | None = None
    value: Decimal | None = None
    unbilled: Decimal | None = None
    revenue: Decimal | None = None
    cost: Decimal | None = None
    books_currency: str = ""

    @property
    def margin(self) -> Decimal | None:
        return None if self.revenue is None or self.cost is None else self.revenue - self.cost

    @property
    def margin_percent(self) -> Decimal | None:
        margin = self.margin
        return margin * 100 / self.revenue if margin is not None and self.revenue else None

    @property
    def used_percent(self) -> Decimal | None:
        """Share of the budgeted hours that is worked."""
        minutes = self.project.budget_minutes
        return Decimal(self.worked_minutes * 100) / minutes if minutes and self.worked_minutes is not None else None

    @property
    def over_budget(self) -> Decimal:
        """How much more the work is worth than was budgeted; nothing without a budget."""
        budget = self.project.budget_amount
        return max(self.value - budget, _NOTHING) if budget and self.value is not None else _NOTHING


def project_money(
    actor: Actor, *, where: Q | None = None, statuses: Iterable[str] = ("active", "on_hold")
) -> list[ProjectMoney]:
    """The projects that the actor may see, with their sums; a project has one row, in the currency of its books."""
    projects = visible_projects(actor).filter(status__in=tuple(statuses))
    if where is not None:
        projects = projects.filter(where)
    found = {project.id: ProjectMoney(project) for project in projects}
    ids = projects.order_by().values("id")
    if actor.may(VIEW_TIME):
        _put(
            found, "worked_minutes", TimeMonth.objects.filter(tenant_id=actor.tenant_id, project_id__in=ids), "minutes"
        )
    if actor.may(VIEW_CHARGES):
        charges = ChargeMonth.objects.filter(tenant_id=actor.tenant_id, project_id__in=ids)
        valued = Q(status__in=("unbilled", "drafted", "billed", "written_off", "included"))
        _put(found, "value", charges.filter(valued), "amount")
        _put(found, "unbilled", charges.filter(OPEN), "amount")
        _take_write_downs(found, ids)
    if actor.may(VIEW_REVENUE):
        _put(found, "revenue", EarnedMonth.objects.filter(tenant_id=actor.tenant_id, project_id__in=ids), "amount")
    if actor.may(VIEW_COST):
        spent = ChargeMonth.objects.filter(tenant_id=actor.tenant_id, project_id__in=ids)
        _put(found, "cost", spent.filter(~Q(status="void"), kind__in=("time", "expense")), "cost_amount")
    _currencies(found)
    return list(found.values())


def _put(found: dict[UUID, ProjectMoney], name: str, rows: Any, field: str) -> None:
    for row in found.values():
        setattr(row, name, 0 if name == "worked_minutes" else _NOTHING)
    for project_id, total in rows.order_by().values_list("project_id").annotate(total=Sum(field)):
        setattr(found[project_id], name, int(total) if name == "worked_minutes" else total)


def _take_write_downs(found: dict[UUID, ProjectMoney], ids: Any) -> None:
    rows = WriteDown.objects.filter(charge__status__in=("unbilled", "drafted"), charge__project_id__in=ids)
    for project_id, total in rows.order_by().values_list(F("charge__project_id")).annotate(total=Sum("amount")):
        found[project_id].unbilled = (found[project_id].unbilled or _NOTHING) - total


def _currencies(found: dict[UUID, ProjectMoney]) -> None:
    books = dict(
        Project.objects.filter(contract__isnull=False).order_by().values_list("id", "contract__entity__currency")
    )
    for row in found.values():
        row.books_currency = books.get(row.project.id, row.project.currency)


@dataclass(frozen=True, slots=True)
class Risk:
    """Money that may be lost, with the figure that shows it."""

    project: Project
    key: str
    amount: Decimal
    currency: str


def risks(rows: Iterable[ProjectMoney], old_unbilled: dict[UUID, Decimal]) -> list[Risk]:
    """What may be lost, greatest first: losses, work above budget, work unbilled for long."""
    found = []
    for row in rows:
        # Work without a contract is internal: it earns nothing by nature.
        margin = row.margin if row.project.contract_id else None
        if margin is not None and margin < 0:
            found.append(Risk(row.project, "project.margin", margin, row.books_currency))
        if row.over_budget and row.project.budget_amount:
            found.append(Risk(row.project, "project.value", -row.over_budget, row.project.currency))
        if old := old_unbilled.get(row.project.id):
            found.append(Risk(row.project, "billing.unbilled_old", -old, row.project.currency))
    return sorted(found, key=lambda risk: risk.amount)
