"""Plans from the tables: loaded once as values, changes tried out on them.

What a reader is told leaves out the projects that links tie to theirs and that they may not see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import uuid7
from quoin.kernel.workcal import WorkCalendar, standard_calendar
from quoin.people.models import CalendarDay
from quoin.people.models import WorkCalendar as StoredCalendar
from quoin.projects.models import Assignment, Dependency, Project, Task
from quoin.projects.queries import VIEW, project_for, visible_projects
from quoin.projects.queries.plan_money import with_money
from quoin.projects.rules.adopt import taken_over, takes_over
from quoin.projects.rules.effect import Effect, effect_of, seen_part
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
from quoin.projects.rules.schedule import Schedule, collector_at_rest
from quoin.projects.types import Constraint, LagUnit, LinkKind, ScheduleMode, TaskKind

VIEW_PLAN = permission("projects.plan.view", _("See the plans of projects"))
_DECIDED = (
    "id", "project_id", "name", "number", "position", "parent_id", "kind", "status", "estimate_minutes",
    "duration_minutes", "left_minutes", "percent", "is_manual", "constraint", "constraint_at", "deadline_at",
    "calendar_id", "actual_start_at", "actual_finish_at", "not_before_at", "wait_reason", "assignee_id", "starts_on",
    "due_on", "start_at",
)  # fmt: skip
COMPUTED = (
    "start_at", "finish_at", "early_start_at", "early_finish_at", "late_start_at", "late_finish_at",
    "total_float_minutes", "free_float_minutes", "is_critical", "behind_minutes",
)  # fmt: skip
_KINDS: Mapping[str, TaskKind] = {kind.value: kind for kind in TaskKind}
_CONSTRAINTS: Mapping[str, Constraint] = {kind.value: kind for kind in Constraint}
_LINKS: Mapping[str, LinkKind] = {kind.value: kind for kind in LinkKind}
_UNITS: Mapping[str, LagUnit] = {unit.value: unit for unit in LagUnit}
_LINK = ("id", "before_id", "after_id", "kind", "lag", "lag_unit")
_ASSIGNMENT = ("id", "task_id", "person_id", "units_percent", "effort_minutes")
_MAKES = frozenset({"task.add", "link.add", "assign"})


@dataclass(frozen=True, slots=True)
class Stored:
    """A plan as the tables hold it, and the columns of its last calculation by task."""

    plan: Plan
    computed: Mapping[UUID, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan before and after the changes, its dates, and what differs."""

    plan: Plan
    schedule: Schedule
    effect: Effect
    """What the reader may see of it."""
    before: Plan
    moved_ids: tuple[UUID, ...] = ()
    """All tasks that move, seen or not."""


@collector_at_rest()
def load_plan(project_id: UUID, *, today: date, changes: Iterable[Change] = ()) -> Plan:
    """The project's plan with those of all projects that links, or the changes, tie it to. Asks no permission."""
    wanted = tied_projects({project_id, *named_projects(changes)})
    tasks = {row[0]: PlanTask(*row) for row in _task_rows(wanted).values_list(*_DECIDED)}
    return _plan(project_id, wanted, tasks, today=today)


@collector_at_rest()
def stored_plan(project_id: UUID, wanted: Iterable[UUID], *, today: date) -> Stored:
    """The plan of these projects, which hang together; the first is the one that is looked at."""
    wanted = list(wanted)
    count = len(_DECIDED)
    tasks: dict[UUID, PlanTask] = {}
    computed: dict[UUID, tuple[Any, ...]] = {}
    for row in _task_rows(wanted).values_list(*_DECIDED, *COMPUTED[1:]):
        tasks[row[0]], computed[row[0]] = PlanTask(*row[:count]), row[count - 1 :]
    return Stored(_plan(project_id, wanted, tasks, today=today), computed)


def _task_rows(wanted: Iterable[UUID]) -> QuerySet[Task]:
    return Task.objects.filter(project_id__in=list(wanted)).order_by("position", "number", "id")


def _plan(project_id: UUID, wanted: Iterable[UUID], tasks: dict[UUID, PlanTask], *, today: date) -> Plan:
    """The plan around its tasks. Keys that are equal are made the same, which spares most of the time to look them up.

    Links come in the order of the tasks that wait: those that lie together are then read together.
    """
    wanted = list(wanted)
    projects = {row.id: row for row in Project.objects.filter(id__in=wanted)}
    ordered = [projects[project_id], *sorted((p for i, p in projects.items() if i != project_id), key=_age)]
    own = {key: key for key in tasks}
    for task in tasks.values():
        task.kind, task.constraint = _KINDS[task.kind], _CONSTRAINTS[task.constraint]
        if task.parent_id is not None:
            task.parent_id = own.get(task.parent_id, task.parent_id)
    links = {}
    rows = Dependency.objects.filter(after__project_id__in=wanted).values_list(*_LINK)
    for key, before, after, kind, lag, unit in rows.order_by("after__position", "after__number", "id"):
        links[key] = PlanLink(key, own.get(before, before), own.get(after, after), _LINKS[kind], lag, _UNITS[unit])
    held = Assignment.objects.filter(task__project_id__in=wanted).order_by("id")
    return Plan(
        projects={row.id: plan_project(row, today=today) for row in ordered},
        tasks=tasks,
        links=links,
        assignments={row[0]: PlanAssignment(*row) for row in held.values_list(*_ASSIGNMENT)},
        calendars=plan_calendars(),
    )


def computed_of(plan: Plan) -> dict[UUID, tuple[Any, ...]]:
    """The columns of the last calculation, by task."""
    rows = Task.objects.filter(project_id__in=list(plan.projects)).values_list("id", *COMPUTED)
    return {row[0]: row[1:] for row in rows if row[0] in plan.tasks}


def _age(row: Project) -> str:
    return str(row.id)


def named_projects(changes: Iterable[Change]) -> set[UUID]:
    """Projects of the tasks that the changes link."""
    ends: set[UUID] = set()
    for change in changes:
        if change.get("op") == "link.add":
            for end in (change.get("before"), change.get("after")):
                # What is no id is refused with its place in the change set when that is applied.
                with suppress(ValueError):
                    ends.add(end if isinstance(end, UUID) else UUID(str(end)))
    return set(Task.objects.filter(id__in=ends).values_list("project_id", flat=True)) if ends else set()


def tied_projects(projects: set[UUID]) -> set[UUID]:
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


@collector_at_rest()
def preview(actor: Actor, *, project_id: UUID, changes: Iterable[Change]) -> Preview:
    """What the changes would do, without doing them."""
    actor.require(VIEW_PLAN)
    project_for(actor, project_id)
    wanted = list(changes)
    plan = load_plan(project_id, today=actor.today, changes=wanted)
    check_sight(actor, plan, wanted)
    return carried_out(actor, plan, project_id, wanted)


def carried_out(actor: Actor, plan: Plan, project_id: UUID, changes: list[Change]) -> Preview:
    """The plan with the changes; one that was dated by hand dates itself from the first link on."""
    if not takes_over(plan, project_id, changes):
        return try_out(actor, plan, changes)
    found = try_out(actor, taken_over(plan, project_id), changes)
    return replace(found, before=plan)


@collector_at_rest()
def try_out(actor: Actor, plan: Plan, changes: Iterable[Change]) -> Preview:
    """The plan with the changes, calculated, and how it differs."""
    after = changed(plan, [{"id": uuid7(), **change} if change.get("op") in _MAKES else change for change in changes])
    was, becomes = calculate(plan), calculate(after)
    effect = effect_of(plan, after, was=was, becomes=becomes)
    moved_ids = tuple(moved.task_id for moved in effect.moved)
    seen = seen_projects(actor, after)
    told = with_money(actor, seen_part(effect, plan, after, seen=seen), (plan, was), (after, becomes), seen=seen)
    return Preview(after, becomes, told, plan, moved_ids)


def seen_projects(actor: Actor, plan: Plan) -> frozenset[UUID]:
    """Those of the plan's projects that the actor may see."""
    if len(plan.projects) == 1 or actor.scope(VIEW) is Scope.ALL:
        return frozenset(plan.projects)
    return frozenset(visible_projects(actor).order_by().filter(id__in=list(plan.projects)).values_list("id", flat=True))


def check_sight(actor: Actor, plan: Plan, changes: Iterable[Change]) -> None:
    """NotFound if a change names a task or a link of a project that the actor may not see."""
    seen = seen_projects(actor, plan)
    if len(seen) == len(plan.projects):
        return
    for change in changes:
        for project_id in projects_of(plan, change):
            if project_id not in seen:
                raise NotFound("There is no such task in the plan.")


def projects_of(plan: Plan, change: Change) -> tuple[UUID, ...]:
    """Projects of the tasks that a change names; of a link, first the one of the task that waits."""
    named = [change.get(name) for name in ("after", "before", "task")]
    with suppress(ValueError):
        link = plan.links.get(UUID(str(change["link"]))) if change.get("link") else None
        named += [link.after_id, link.before_id] if link else []
    found = []
    for key in named:
        with suppress(ValueError):
            task = plan.tasks.get(UUID(str(key))) if key else None
            if task is not None:
                found.append(task.project_id)
    return tuple(found)
