"""Figures of plans and budgets, and which projects a figure counts for whom.

Whoever sees a project sees its totals; single lines of others are added up where the reader may not see them.
A question without a project covers the projects that the actor may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor, Scope
from quoin.base.figures import Line, ListLines, Parameter, Parameters, Unit, alias, declare
from quoin.clients.queries import client_for
from quoin.projects.models import Project
from quoin.projects.queries import VIEW, project_for, visible_projects
from quoin.projects.types import ProjectStatus

PLACES = (Parameter.PROJECT, Parameter.CLIENT, Parameter.CONTRACT)


def within(actor: Actor, asked: Parameters, *, project: str = "project") -> Q:
    """The rows of the projects that the question covers; NotFound where it names one that may not be seen.

    `project` is the path from the row to its project; empty if the row is the project.
    """
    link = f"{project}__" if project else ""
    own = f"{project}_id" if project else "id"
    condition = Q()
    if asked.client_id is not None:
        condition &= Q(**{f"{link}client_id": client_for(actor, asked.client_id).id})
    if asked.contract_id is not None:
        condition &= Q(**{f"{link}contract_id": asked.contract_id})
    if asked.project_id is not None:
        return condition & Q(**{own: project_for(actor, asked.project_id).id})
    if actor.scope(VIEW) is Scope.ALL or asked.person_id is not None:
        # Whoever may ask for a person may ask for all of that person's work.
        return condition
    return condition & Q(**{f"{own}__in": visible_ids(actor)})


def visible_ids(actor: Actor) -> QuerySet[Project, UUID]:
    """Ids of the projects the actor may see, as a sub-query."""
    return visible_projects(actor).order_by().values_list("id", flat=True)


def narrow_to_project(asked: Parameters, project_id: UUID) -> Parameters:
    """The same question for one project. What names the client or contract already says so by the project."""
    return replace(asked, project_id=project_id, client_id=None, contract_id=None)


def _budgeted(actor: Actor, asked: Parameters) -> QuerySet[Project]:
    return visible_projects(actor).filter(within(actor, asked, project=""))


def _minutes(actor: Actor, asked: Parameters) -> ListLines:
    rows = _budgeted(actor, asked).filter(budget_minutes__gt=0)
    return ListLines([_line(row, Decimal(row.budget_minutes), "") for row in rows])


def _money(actor: Actor, asked: Parameters) -> ListLines:
    rows = _budgeted(actor, asked).filter(budget_amount__isnull=False)
    return ListLines([_line(row, row.budget_amount or Decimal(0), row.currency) for row in rows])


def _line(row: Project, value: Decimal, currency: str) -> Line:
    return Line(
        value=value, currency=currency, label=f"{row.number} · {row.name}", on=row.starts_on,
        who=row.manager.name if row.manager else "", source=row.public_id,
        url=reverse("projects:project", args=[row.number]),
    )  # fmt: skip


def _live(actor: Actor, asked: Parameters) -> Iterable[Project]:
    return _budgeted(actor, asked).filter(status=ProjectStatus.ACTIVE)


def _active(actor: Actor, asked: Parameters) -> ListLines:
    return ListLines([_line(row, Decimal(1), "") for row in _live(actor, asked)])


def _on_track(actor: Actor, asked: Parameters) -> ListLines:
    return ListLines([_line(row, Decimal(1), "") for row in _live(actor, asked) if row.health == "on_track"])


declare(
    "budget.time",
    label=_("Budgeted hours"),
    definition=_("Hours planned for the projects, over their whole life."),
    formula=_("sum of the projects' budgets in hours"),
    unit=Unit.MINUTES,
    permission=VIEW,
    takes=PLACES,
    lines=_minutes,
)
declare(
    "budget.money",
    label=_("Budgeted price"),
    definition=_("What the work of the projects may come to at their rates, over their whole life."),
    formula=_("sum of the projects' budgets in money"),
    unit=Unit.MONEY,
    permission=VIEW,
    takes=PLACES,
    lines=_money,
)
declare(
    "projects.active",
    label=_("Active projects"),
    definition=_("Projects whose status is active."),
    formula=_("number of active projects"),
    unit=Unit.COUNT,
    permission=VIEW,
    takes=PLACES,
    lines=_active,
)
declare(
    "projects.on_track",
    label=_("Projects on track"),
    definition=_("Active projects whose health is set to on track."),
    formula=_("number of active projects on track"),
    unit=Unit.COUNT,
    permission=VIEW,
    takes=PLACES,
    lines=_on_track,
    higher_is_better=True,
)
alias("project.budget_time", "budget.time", needs=(Parameter.PROJECT,))
alias("project.budget_money", "budget.money", needs=(Parameter.PROJECT,))
