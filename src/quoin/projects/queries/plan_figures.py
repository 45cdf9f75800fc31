"""Figures of plans: tasks without float, float of all, late tasks, milestones that come due.

They count tasks that are not done, of projects that are not closed; phases only stand for the tasks under them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.figures import Line, Parameter, Parameters, QueryLines, Unit, declare
from quoin.kernel.ids import public_id
from quoin.projects.models import Task
from quoin.projects.queries.figures import PLACES, within
from quoin.projects.queries.plan import VIEW_PLAN
from quoin.projects.types import ProjectStatus, TaskStatus

_LIVE = (ProjectStatus.PLANNED, ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD)
_DUE_WITHIN = timedelta(days=30)
_FIELDS = ("number", "name", "project__number", "project__name", "assignee__name")


def _open(actor: Actor, asked: Parameters) -> QuerySet[Task]:
    under = Task.objects.filter(tenant_id=OuterRef("tenant_id"), parent=OuterRef("pk"))
    rows = Task.objects.filter(within(actor, asked), project__status__in=_LIVE)
    return rows.exclude(status__in=(TaskStatus.DONE, TaskStatus.CLOSED)).exclude(Exists(under))


def _critical(actor: Actor, asked: Parameters) -> QueryLines:
    return _lines(_open(actor, asked).filter(is_critical=True))


def _float(actor: Actor, asked: Parameters) -> QueryLines:
    return _lines(_open(actor, asked).filter(total_float_minutes__isnull=False), value=F("total_float_minutes"))


def _late(actor: Actor, asked: Parameters) -> QueryLines:
    is_late = Q(due_on__lt=actor.today) | Q(finish_at__gt=F("deadline_at"))
    return _lines(_open(actor, asked).filter(is_late))


def _milestones(actor: Actor, asked: Parameters) -> QueryLines:
    until = asked.until_on or actor.today + _DUE_WITHIN
    return _lines(_open(actor, asked).filter(is_milestone=True, due_on__lte=until))


def _lines(rows: QuerySet[Task], *, value: F | Value | None = None) -> QueryLines:
    return QueryLines(rows=rows, value=value or Value(1), on="due_on", fields=_FIELDS, read=_line)


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        value=row["line_value"], label=f"{row['project__number']} · {row['number']} {row['name']}",
        who=row["assignee__name"] or "", source=public_id("tsk", row["id"]),
        url=reverse("projects:plan", args=[row["project__number"]]),
    )  # fmt: skip


declare(
    "plan.critical",
    label=_("Critical tasks"),
    definition=_("Tasks that the end of their project hangs on: a day later, and it ends later."),
    formula=_("number of open tasks without float"),
    unit=Unit.COUNT,
    permission=VIEW_PLAN,
    takes=PLACES,
    lines=_critical,
)
declare(
    "plan.float",
    label=_("Float"),
    definition=_("Working time by which tasks may slip, each for itself, before their project ends later."),
    formula=_("sum of the total float of the open tasks"),
    unit=Unit.MINUTES,
    permission=VIEW_PLAN,
    takes=PLACES,
    lines=_float,
    higher_is_better=True,
)
declare(
    "plan.late",
    label=_("Late tasks"),
    definition=_("Tasks that should be done by now, or that the plan ends after their deadline."),
    formula=_("number of open tasks whose day has passed, or that end after their deadline"),
    unit=Unit.COUNT,
    permission=VIEW_PLAN,
    takes=PLACES,
    lines=_late,
    higher_is_better=False,
)
declare(
    "plan.milestones_due",
    label=_("Milestones due"),
    definition=_("Milestones that are not reached and come due within 30 days, or by the last day asked for."),
    formula=_("number of open milestones due by that day"),
    unit=Unit.COUNT,
    permission=VIEW_PLAN,
    takes=(*PLACES, Parameter.UNTIL),
    lines=_milestones,
)
