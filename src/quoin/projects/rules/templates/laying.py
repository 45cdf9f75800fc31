"""A template laid out as the plan of a project: the same run for the preview and for the real thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from quoin.kernel.errors import invalid
from quoin.kernel.workcal import WorkCalendar, instant_of
from quoin.projects.rules.plan import DAY_MINUTES, Plan, PlanAssignment, PlanProject, PlanTask, calculate, changed
from quoin.projects.rules.schedule import Row as Dates
from quoin.projects.rules.schedule import Schedule
from quoin.projects.rules.templates.values import Row, Template
from quoin.projects.types import Constraint, ScheduleMode, TaskKind

_MOST_TRIES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a project brings: itself, its first or its last day, its people by role and the words for variables."""

    project_id: UUID
    name: str
    new_id: Callable[[], UUID]
    calendars: Mapping[UUID | None, WorkCalendar]
    starts_on: date | None = None
    ends_on: date | None = None
    """Without a first day: the plan comes out on this day."""
    people: Mapping[str, UUID] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_backward(self) -> bool:
        return self.starts_on is None


@dataclass(frozen=True, slots=True)
class Laid:
    """The plan with its dates; `tasks` by the keys of the template's rows."""

    plan: Plan
    schedule: Schedule
    tasks: Mapping[str, UUID]
    starts_on: date
    ends_on: date
    is_backward: bool

    def days(self, key: str) -> tuple[date, date]:
        """First and last day of a row."""
        return _days(self.schedule[self.tasks[key]])


@dataclass(frozen=True, slots=True)
class _Ids:
    rows: Mapping[str, UUID]
    links: list[UUID]


def lay_out(template: Template, ground: Ground) -> Laid:
    """The template's rows from a first day on, or up to a last day; Invalid if it cannot end in time."""
    ids = _Ids({row.key: ground.new_id() for row in template.rows}, [ground.new_id() for _ in template.links])
    if ground.starts_on is not None:
        return _settled(template, _laid(template, ground, ids, ground.starts_on))
    if ground.ends_on is None:
        raise invalid("/starts_on", "Say when the project starts, or when it ends.", code="required")
    return _backward(template, ground, ids, ground.ends_on)


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with the words in the place of `{variables}`; other braces stay."""
    for key, word in words.items():
        text = text.replace(f"{{{key}}}", word)
    return text


def working_day(calendar: WorkCalendar, start: date, days: int) -> date:
    """The working day so many working days after the first one on or after the start."""
    day = calendar.next_work(datetime.combine(start, time())).date()
    for _ in range(days):
        day = calendar.next_work(datetime.combine(day + timedelta(days=1), time())).date()
    return day


def _backward(template: Template, ground: Ground, ids: _Ids, ends_on: date) -> Laid:
    """The latest first day from which the plan ends in time; rows tied by links only go as late as the end allows."""
    start = ends_on
    laid = _laid(template, ground, ids, start)
    for _ in range(_MOST_TRIES):
        late = (laid.ends_on - ends_on).days
        if late <= 0:
            break
        start -= timedelta(days=late)
        laid = _laid(template, ground, ids, start)
    else:
        raise invalid("/ends_on", "The calendar has too little working time before that day.")
    later = start + timedelta(days=1)
    while later <= ends_on and (found := _laid(template, ground, ids, later)).ends_on <= ends_on:
        laid, later = found, later + timedelta(days=1)
    if template.dates is ScheduleMode.BY_HAND or any(row.starts_after_days for row in template.rows):
        # Days that count from the start hold only in a plan that begins there.
        return replace(_settled(template, laid), is_backward=True)
    first = laid.plan.projects[ground.project_id]
    project = replace(first, schedule=ScheduleMode.FROM_END, ends_on=ends_on)
    plan = replace(laid.plan, projects={ground.project_id: project})
    return replace(laid, plan=plan, schedule=calculate(plan), ends_on=ends_on, is_backward=True)


def _laid(template: Template, ground: Ground, ids: _Ids, starts_on: date) -> Laid:
    project = PlanProject(ground.project_id, ground.name, ScheduleMode.FROM_START, starts_on)
    tasks = {}
    for number, row in enumerate(template.rows, 1):
        task = _task(row, ground, ids.rows, starts_on)
        tasks[task.id] = replace(task, number=number, position=number)
    held = {
        (found := ground.new_id()): PlanAssignment(found, ids.rows[row.key], ground.people[row.role])
        for row in template.rows
        if row.role in ground.people and row.kind not in {TaskKind.PHASE, TaskKind.MILESTONE}
    }
    empty = Plan({ground.project_id: project}, tasks, {}, held, ground.calendars)
    plan = changed(empty, _links(template, ids))
    dates = calculate(plan)
    ends = [_days(dates[key])[1] for key in tasks]
    return Laid(plan, dates, ids.rows, starts_on, max(ends, default=starts_on), is_backward=False)


def _task(row: Row, ground: Ground, ids: Mapping[str, UUID], starts_on: date) -> PlanTask:
    after: dict[str, Any] = {}
    if row.starts_after_days:
        on = working_day(ground.calendars[None], starts_on, row.starts_after_days)
        after = {"constraint": Constraint.SNET, "constraint_at": datetime.combine(on, time())}
    is_sum = row.kind in {TaskKind.PHASE, TaskKind.MILESTONE}
    return PlanTask(
        id=ids[row.key], project_id=ground.project_id, name=filled(row.name, ground.words), kind=row.kind,
        parent_id=ids[row.under] if row.under else None, estimate_minutes=row.effort_minutes,
        duration_minutes=row.duration_minutes if row.duration_minutes or not is_sum else None,
        assignee_id=None if is_sum else ground.people.get(row.role), **after,
    )  # fmt: skip


def _links(template: Template, ids: _Ids) -> list[dict[str, Any]]:
    return [
        {
            "op": "link.add", "id": key, "before": ids.rows[link.before], "after": ids.rows[link.after],
            "kind": link.kind, "lag": link.lag, "lag_unit": link.lag_unit,
        }
        for key, link in zip(ids.links, template.links, strict=True)
    ]  # fmt: skip


def _settled(template: Template, laid: Laid) -> Laid:
    """A plan dated by hand keeps the days that came out, and no constraints."""
    if template.dates is not ScheduleMode.BY_HAND:
        return laid
    tasks = {}
    for key, task in laid.plan.tasks.items():
        first, last = _days(laid.schedule[key])
        tasks[key] = replace(task, starts_on=first, due_on=last, constraint=Constraint.ASAP, constraint_at=None)
    projects = {key: replace(one, schedule=ScheduleMode.BY_HAND) for key, one in laid.plan.projects.items()}
    return replace(laid, plan=replace(laid.plan, projects=projects, tasks=tasks))


def _days(row: Dates) -> tuple[date, date]:
    first, end = instant_of(row.start), instant_of(row.finish)
    return first.date(), (end - timedelta(minutes=1)).date() if end > first else end.date()


def duration_days(row: Row) -> int:
    """Working days that a row lasts, for people who read the template."""
    if row.kind in {TaskKind.PHASE, TaskKind.MILESTONE}:
        return 0
    minutes = row.duration_minutes if row.duration_minutes is not None else row.effort_minutes or DAY_MINUTES
    return -(-minutes // DAY_MINUTES)
