"""My day: what is booked and planned today, who is away, my tasks, how the week stands, my projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from quoin.base.actor import Actor
from quoin.kernel.period import week_of
from quoin.people.queries.absences import absences_between
from quoin.people.queries.capacity import holidays_of
from quoin.projects.models import Project, Task
from quoin.resourcing.queries.booked import day_bookings, next_bookings
from quoin.timesheets.queries.week import RowView, Week, budgets_of, week_for
from quoin.timesheets.types import RowKey, Suggestion

_SOON = timedelta(days=7)
_MONTH = timedelta(days=28)
_MOST = 4


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
class Ahead:
    """What is booked today, and what comes: bookings, absences, holidays."""

    today: tuple[tuple[Any, int], ...]
    bookings: tuple[Any, ...]
    absences: tuple[Any, ...]
    holidays: tuple[tuple[date, str], ...]
    away_today: Any | None
    """The approved absence of today."""
    holiday_today: str | None


@dataclass(frozen=True, slots=True)
class MyDay:
    """The page."""

    week: Week
    today: tuple[Planned, ...]
    suggested_minutes: int
    tasks_due: tuple[Task, ...]
    tasks_open: tuple[Task, ...]
    projects: tuple[MyProject, ...]
    ahead: Ahead


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
        ahead=_ahead(actor, actor.person_id, today),
    )


def _ahead(actor: Actor, person_id: UUID, today: date) -> Ahead:
    last = today + _MONTH
    away = list(absences_between(actor, today, last).filter(person=person_id)[:_MOST])
    holidays = holidays_of([person_id], today, last).get(person_id, {})
    approved = (one for one in away if one.status == "approved" and one.starts_on <= today)
    return Ahead(
        today=tuple(day_bookings(actor, person_id, today)),
        bookings=tuple(next_bookings(actor, person_id, today, _MOST)),
        absences=tuple(one for one in away if one.starts_on > today),
        holidays=tuple(sorted((on, name) for on, name in holidays.items() if on > today)),
        away_today=next(approved, None),
        holiday_today=holidays.get(today),
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
