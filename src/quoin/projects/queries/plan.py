"""Plans from the tables: loaded as values, shown as rows, changes tried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.kernel.ids import uuid7
from quoin.kernel.workcal import WorkCalendar, standard_calendar
from quoin.people.models import CalendarDay
from quoin.people.models import WorkCalendar as StoredCalendar
from quoin.projects.models import Assignment, Dependency, Project, Task
from quoin.projects.queries import project_for
from quoin.projects.queries.plan_money import with_money
from quoin.projects.rules.adopt import taken_over, takes_over
from quoin.projects.rules.effect import Effect, effect_of
from quoin.projects.rules.plan import (
    Change,
    Plan,
    PlanAssignment,
    PlanLink,
    PlanProject,
    PlanTask,
    calculate,
    changed,
)
from quoin.projects.rules.schedule import Schedule
from quoin.projects.types import Constraint, LagUnit, LinkKind, ScheduleMode, TaskKind

VIEW_PLAN = permission("projects.plan.view", _("See the plans of projects"))
_DECIDED = (
    "id", "project_id", "name", "number", "position", "parent_id", "status", "estimate_minutes", "duration_minutes",
    "left_minutes", "percent", "is_manual", "constraint_at", "deadline_at", "calendar_id", "actual_start_at",
    "actual_finish_at", "not_before_at", "wait_reason", "assignee_id", "starts_on", "due_on", "start_at",
)  # fmt: skip
_MAKES = frozenset({"task.add", "link.add", "assign"})


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan after the changes, its dates, and what differs."""

    plan: Plan
    schedule: Schedule
    effect: Effect


def load_plan(project_id: UUID, *, today: date) -> Plan:
    """The project's plan with those of all projects that links tie it to. Asks no permission."""
    wanted = _tied({project_id})
    projects = {row.id: row for row in Project.objects.filter(id__in=wanted)}
    ordered = [projects[project_id], *sorted((p for i, p in projects.items() if i != project_id), key=_age)]
    rows = Task.objects.filter(project_id__in=wanted).order_by("position", "number", "id")
    links = Dependency.objects.filter(after__project_id__in=wanted).order_by("id")
    held = Assignment.objects.filter(task__project_id__in=wanted).order_by("id")
    return Plan(
        projects={row.id: plan_project(row, today=today) for row in ordered},
        tasks={row.id: plan_task(row) for row in rows},
        links={row.id: _plan_link(row) for row in links},
        assignments={
            row.id: PlanAssignment(row.id, row.task_id, row.person_id, row.units_percent, row.effort_minutes)
            for row in held
        },
        calendars=plan_calendars(),
    )


def _age(row: Project) -> str:
    return str(row.id)


def _tied(projects: set[UUID]) -> set[UUID]:
    """The projects with all that links reach from them, in either direction."""
    while True:
        across = Dependency.objects.exclude(before__project_id__in=projects, after__project_id__in=projects).filter(
            Q(before__project_id__in=projects) | Q(after__project_id__in=projects)
        )
        found = {end for pair in across.values_list("before__project_id", "after__project_id") for end in pair}
        if found <= projects:
            return projects
        projects |= found


def plan_project(row: Project, *, today: date) -> PlanProject:
    """A project as the plan takes it; one without a start begins today."""
    return PlanProject(
        row.id, row.name, ScheduleMode(row.schedule), row.starts_on or today, row.ends_on, row.calendar_id,
        row.status_on, row.critical_minutes, row.starts_at,
    )  # fmt: skip


def plan_task(row: Task) -> PlanTask:
    """A task as the plan takes it."""
    values = {name: getattr(row, name) for name in _DECIDED}
    return PlanTask(**values, kind=TaskKind(row.kind), constraint=Constraint(row.constraint))


def _plan_link(row: Dependency) -> PlanLink:
    return PlanLink(row.id, row.before_id, row.after_id, LinkKind(row.kind), row.lag, LagUnit(row.lag_unit))


def plan_calendars() -> dict[UUID | None, WorkCalendar]:
    """The firm's calendars by id, and its default under None."""
    rows = list(StoredCalendar.objects.all())
    days: defaultdict[UUID, dict[date, tuple[tuple[int, int], ...]]] = defaultdict(dict)
    for calendar_id, day_on, spans in CalendarDay.objects.values_list("calendar_id", "day_on", "spans"):
        days[calendar_id][day_on] = tuple((start, end) for start, end in spans)
    by_id = {row.id: row for row in rows}
    built: dict[UUID, WorkCalendar] = {}
    for row in rows:
        _build(row, by_id, days, built)
    default = next((row.id for row in rows if row.is_default), None)
    found: dict[UUID | None, WorkCalendar] = {None: built[default] if default else standard_calendar()}
    for calendar_id, calendar in built.items():
        found[calendar_id] = calendar  # noqa: PERF403 -- the keys of one mapping are of two types
    return found


def _build(row: Any, by_id: Mapping[UUID, Any], days: Mapping[UUID, Any], built: dict[UUID, WorkCalendar]) -> None:
    if row.id in built:
        return
    parent = by_id.get(row.parent_id)
    if parent is not None and parent.id != row.id:
        _build(parent, by_id, days, built)
    week = tuple(tuple((start, end) for start, end in spans) for spans in row.week)
    built[row.id] = WorkCalendar(week, dict(days[row.id]), parent=built.get(row.parent_id))


def preview(actor: Actor, *, project_id: UUID, changes: Iterable[Change]) -> Preview:
    """What the changes would do, without doing them."""
    actor.require(VIEW_PLAN)
    project_for(actor, project_id)
    plan, wanted = load_plan(project_id, today=actor.today), list(changes)
    if takes_over(plan, project_id, wanted):
        plan = taken_over(plan, project_id)
    return try_out(actor, plan, wanted)


def try_out(actor: Actor, plan: Plan, changes: Iterable[Change]) -> Preview:
    """The plan with the changes, calculated, and how it differs."""
    after = changed(plan, [{"id": uuid7(), **change} if change.get("op") in _MAKES else change for change in changes])
    was, becomes = calculate(plan), calculate(after)
    effect = effect_of(plan, after, was=was, becomes=becomes)
    return Preview(after, becomes, with_money(actor, effect, (plan, was), (after, becomes)))
