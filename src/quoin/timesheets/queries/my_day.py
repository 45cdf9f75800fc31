"""My day: what is planned today, my tasks, how the week stands, my projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from quoin.base.actor import Actor
from quoin.kernel.period import week_of
from quoin.projects.models import Project, Task
from quoin.timesheets.queries.week import RowView, Week, budgets_of, week_for
from quoin.timesheets.types import RowKey, Suggestion

_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that is planned or logged today."""

    row: RowView
    logged_minutes: int
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class MyProject:
    """A project that the actor manages."""

    project: Project
    logged_minutes: int
    budget_minutes: int


@dataclass(frozen=True, slots=True)
class MyDay:
    """The page."""

    week: Week
    today: tuple[Planned, ...]
    suggested_minutes: int
    tasks_due: tuple[Task, ...]
    tasks_open: tuple[Task, ...]
    projects: tuple[MyProject, ...]


def my_day(actor: Actor) -> MyDay | None:
    """The actor's day; None for a user who is no person here."""
    if actor.person_id is None:
        return None
    today = actor.today
    week = week_for(actor, actor.person_id, week_of(today).start, today=today)
    number = today.weekday()
    rows = tuple(
        Planned(row, cell.minutes, cell.suggestion)
        for row in week.rows
        if (cell := row.cells[number]).minutes or cell.suggestion
    )
    due, rest = _tasks(actor, today)
    return MyDay(
        week=week,
        today=rows,
        suggested_minutes=sum(one.suggestion.minutes for one in rows if one.suggestion),
        tasks_due=due,
        tasks_open=rest,
        projects=_projects(actor),
    )


def _tasks(actor: Actor, today: date) -> tuple[tuple[Task, ...], tuple[Task, ...]]:
    found = list(
        Task.objects.select_related("project", "project__client")
        .filter(assignee=actor.person_id, status__in=["open", "in_progress"], project__status__in=["planned", "active"])
        .filter(Q(is_milestone=False))
        .order_by("due_on", "priority", "position", "id")[:40]
    )
    due = tuple(task for task in found if task.due_on is not None and task.due_on <= today + _SOON)
    return due, tuple(task for task in found if task not in due)[:10]


def _projects(actor: Actor) -> tuple[MyProject, ...]:
    managed = list(
        Project.objects.select_related("client")
        .filter(manager=actor.person_id, status="active")
        .order_by("name", "id")[:12]
    )
    budgets = budgets_of(actor, [RowKey(project.id) for project in managed])
    return tuple(
        MyProject(project, spent, planned) for project in managed for planned, spent in [budgets[RowKey(project.id)]]
    )
