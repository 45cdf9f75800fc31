"""A plan as values, and what a set of changes makes of it.

A preview and the real run are the same: changes are applied to values, the values are scheduled, and the difference
is what would be, or is, written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.kernel.workcal import NoWorkingTime, WorkCalendar, minute_of
from quoin.projects.rules.draft import Draft
from quoin.projects.rules.schedule import Frame, Link, Network, PlannedTask, Schedule, collector_at_rest, schedule
from quoin.projects.types import UNDATED, Constraint, LagUnit, LinkKind, LinkRefused, ScheduleMode, TaskKind

DAY_MINUTES = 480


@dataclass(slots=True)
class PlanTask:
    """What somebody decided about a task; its dates come out of the calculation.

    Whoever changes one makes another. It is not frozen, nor are links, because ten thousand are read for each
    preview, and frozen ones take six times as long.
    """

    id: UUID
    project_id: UUID
    name: str
    number: int = 0
    position: int = 0
    parent_id: UUID | None = None
    kind: TaskKind = TaskKind.TASK
    status: str = "open"
    estimate_minutes: int = 0
    duration_minutes: int | None = None
    left_minutes: int | None = None
    percent: int = 0
    is_manual: bool = False
    constraint: Constraint = Constraint.ASAP
    constraint_at: datetime | None = None
    deadline_at: datetime | None = None
    calendar_id: UUID | None = None
    actual_start_at: datetime | None = None
    actual_finish_at: datetime | None = None
    not_before_at: datetime | None = None
    wait_reason: str = ""
    assignee_id: UUID | None = None
    starts_on: date | None = None
    due_on: date | None = None
    start_at: datetime | None = None


@dataclass(slots=True)
class PlanLink:
    """A dependency."""

    id: UUID
    before_id: UUID
    after_id: UUID
    kind: LinkKind = LinkKind.FS
    lag: int = 0
    lag_unit: LagUnit = LagUnit.WORK


@dataclass(frozen=True, slots=True)
class PlanAssignment:
    """Somebody on a task."""

    id: UUID
    task_id: UUID
    person_id: UUID
    units_percent: int = 100
    effort_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class PlanProject:
    """How a project is scheduled."""

    id: UUID
    name: str
    schedule: ScheduleMode
    starts_on: date
    ends_on: date | None = None
    calendar_id: UUID | None = None
    status_on: date | None = None
    critical_minutes: int = 0
    starts_at: time | None = None
    """When on its first day the project begins; None: with the calendar's work."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Projects that hang together, with all that their dates depend on."""

    projects: Mapping[UUID, PlanProject]
    tasks: Mapping[UUID, PlanTask]
    links: Mapping[UUID, PlanLink]
    assignments: Mapping[UUID, PlanAssignment]
    calendars: Mapping[UUID | None, WorkCalendar] = field(repr=False)
    """None: the firm's."""


Change = Mapping[str, Any]
_TASK_FIELDS = {one.name for one in fields(PlanTask)} - {"id", "project_id", "number"}
_LINK_FIELDS = {"kind", "lag", "lag_unit"}
_ASSIGNMENT_FIELDS = {"units_percent", "effort_minutes"}


def network_of(plan: Plan) -> Network:
    """The plan as the engine takes it."""
    numbers = {calendar: number for number, calendar in enumerate(plan.calendars)}
    frames = {project: number for number, project in enumerate(plan.projects)}
    statuses = [project.status_on for project in plan.projects.values() if project.status_on]
    return Network(
        tasks=tuple(_planned(plan, numbers, frames)),
        links=tuple(
            Link(link.before_id, link.after_id, link.kind, link.lag, link.lag_unit) for link in plan.links.values()
        ),
        calendars=tuple(plan.calendars.values()),
        frames=tuple(_frame(plan, project, numbers) for project in plan.projects.values()),
        status_at=minute_of(datetime.combine(max(statuses), time())) if statuses else None,
        critical_minutes=max((project.critical_minutes for project in plan.projects.values()), default=0),
    )


def calculate(plan: Plan) -> Schedule:
    """The dates of the plan."""
    with collector_at_rest():
        return schedule(network_of(plan))


def duration_of(task: PlanTask) -> int:
    """Working minutes from start to finish: as given, else the estimate, else a day."""
    if task.kind is TaskKind.MILESTONE:
        return 0
    return task.duration_minutes if task.duration_minutes is not None else task.estimate_minutes or DAY_MINUTES


def _frame(plan: Plan, project: PlanProject, numbers: Mapping[UUID | None, int]) -> Frame:
    is_from_end = project.schedule is ScheduleMode.FROM_END and project.ends_on is not None
    end = None
    if is_from_end and project.ends_on is not None:
        # The whole last day counts, up to the end of work.
        calendar = plan.calendars.get(project.calendar_id) or plan.calendars[None]
        end = minute_of(calendar.previous_work(datetime.combine(project.ends_on, time()) + timedelta(days=1)))
    return Frame(
        start_at=minute_of(datetime.combine(project.starts_on, _opening(plan, project))), end_at=end,
        is_from_end=is_from_end, calendar=numbers.get(project.calendar_id, numbers[None]),
    )  # fmt: skip


def _opening(plan: Plan, project: PlanProject) -> time:
    """When the project's day begins: as said, else with its calendar's work; tasks on other calendars wait for it."""
    if project.starts_at is not None:
        return project.starts_at
    calendar = plan.calendars.get(project.calendar_id) or plan.calendars[None]
    try:
        return calendar.next_work(datetime.combine(project.starts_on, time())).time()
    except NoWorkingTime:
        return time()


def _planned(plan: Plan, numbers: Mapping[UUID | None, int], frames: Mapping[UUID, int]) -> Iterator[PlannedTask]:
    """The rows; nearly all of them have nothing but a duration, so that is all that is looked at there."""
    by_hand = {key for key, project in plan.projects.items() if project.schedule is ScheduleMode.BY_HAND}
    asap, milestone, is_alone = Constraint.ASAP, TaskKind.MILESTONE, len(frames) == 1
    for task in plan.tasks.values():
        calendar = numbers.get(task.calendar_id) if task.calendar_id else None
        frame = 0 if is_alone else frames[task.project_id]
        lasts = task.duration_minutes
        if lasts is None or task.kind is milestone:
            lasts = duration_of(task)
        made = PlannedTask(task.id, lasts, task.parent_id, calendar, frame)
        if task.constraint is not asap or task.constraint_at is not None or task.deadline_at is not None:
            made.constraint, made.constraint_at = task.constraint, _minute(task.constraint_at)
            made.deadline_at = _minute(task.deadline_at)
        if task.actual_start_at is not None:
            made.started_at, made.finished_at = minute_of(task.actual_start_at), _minute(task.actual_finish_at)
            made.left_minutes = _left(task, made.minutes)
        if task.not_before_at is not None:
            made.not_before = minute_of(task.not_before_at)
        if task.is_manual or (by_hand and task.project_id in by_hand):
            made.fixed_at = _fixed(task)
        yield made


def _left(task: PlanTask, minutes: int) -> int:
    """What is left of the duration, by the percentage done."""
    return minutes - minutes * task.percent // 100


def _fixed(task: PlanTask) -> int | None:
    if task.start_at is not None and (task.starts_on is None or task.start_at.date() == task.starts_on):
        return minute_of(task.start_at)
    return _minute(datetime.combine(task.starts_on, time())) if task.starts_on else None


def _minute(at: datetime | None) -> int | None:
    return minute_of(at) if at is not None else None


def changed(plan: Plan, changes: Iterable[Change]) -> Plan:
    """The plan after the changes, one after the other; Invalid, NotFound or LinkRefused name what cannot be."""
    draft = Draft(
        dict(plan.projects), dict(plan.tasks), dict(plan.links), dict(plan.assignments), plan.calendars
    )  # fmt: skip
    for number, change in enumerate(changes):
        step = _STEPS.get(str(change.get("op")))
        if step is None:
            raise invalid(
                f"/changes/{number}/op",
                say("%(op)s is not one of %(steps)s.", op=repr(change.get("op")), steps=", ".join(_STEPS)),
            )
        step(draft, {name: value for name, value in change.items() if name != "op"}, f"/changes/{number}")
    after = Plan(draft.projects, draft.tasks, draft.links, draft.assignments, plan.calendars)
    _check_tree(plan, after)
    return after


def _set_project(plan: Draft, change: dict[str, Any], where: str) -> None:
    """Who dates the plan: what takes a first link back leaves it to people again."""
    project = _known(plan.projects, change.pop("project", None), where, "project")
    try:
        mode = ScheduleMode(change.pop("schedule", None))
    except ValueError:
        raise invalid(f"{where}/schedule", say("A plan is dated %(modes)s.", modes=", ".join(ScheduleMode))) from None
    _fields(change, set(), where)
    plan.projects[project.id] = replace(project, schedule=mode)


def _set_task(plan: Draft, change: dict[str, Any], where: str) -> None:
    task = _known(plan.tasks, change.pop("task", None), where, "task")
    plan.put_task(checked_task(replace(task, **_fields(change, _TASK_FIELDS, where)), plan, where))


def _add_task(plan: Draft, change: dict[str, Any], where: str) -> None:
    project_id = _uuid(change.pop("project", None), f"{where}/project")
    if project_id not in plan.projects:
        raise NotFound("There is no such project in the plan.")
    task_id = _uuid(change.pop("id", None), f"{where}/id")
    values = _fields(change, _TASK_FIELDS | {"number"}, where)
    position, number = plan.last_of(project_id)
    values.setdefault("position", position + 1)
    values.setdefault("number", number + 1)
    values["name"] = " ".join(str(values.get("name", "")).split())
    plan.put_task(checked_task(PlanTask(id=task_id, project_id=project_id, **values), plan, where))


def _remove_task(plan: Draft, change: dict[str, Any], where: str) -> None:
    task = _known(plan.tasks, change.get("task"), where, "task")
    plan.drop_tasks(plan.under(task.id))


def _add_link(plan: Draft, change: dict[str, Any], where: str) -> None:
    before = _known(plan.tasks, change.pop("before", None), f"{where}/before", "task")
    after = _known(plan.tasks, change.pop("after", None), f"{where}/after", "task")
    link_id = _uuid(change.pop("id", None), f"{where}/id")
    link = PlanLink(link_id, before.id, after.id, **_fields(change, _LINK_FIELDS, where))
    if before.id == after.id:
        raise LinkRefused("A task cannot wait for itself.")
    if plan.has_link(link.before_id, link.after_id, link.kind):
        raise LinkRefused("These tasks are linked like that already.")
    plan.put_link(link)


def _set_link(plan: Draft, change: dict[str, Any], where: str) -> None:
    link = _known(plan.links, change.pop("link", None), where, "link")
    plan.put_link(replace(link, **_fields(change, _LINK_FIELDS, where)))


def _remove_link(plan: Draft, change: dict[str, Any], where: str) -> None:
    plan.drop_link(_known(plan.links, change.get("link"), where, "link").id)


def _assign(plan: Draft, change: dict[str, Any], where: str) -> None:
    task = _known(plan.tasks, change.pop("task", None), where, "task")
    person_id = _uuid(change.pop("person", None), f"{where}/person")
    new_id = _uuid(change.pop("id", None), f"{where}/id")
    values = _fields(change, _ASSIGNMENT_FIELDS, where)
    held = plan.assignment_of(task.id, person_id)
    made = replace(held, **values) if held else PlanAssignment(new_id, task.id, person_id, **values)
    if made.units_percent <= 0:
        raise invalid(f"{where}/units_percent", "Give more than 0 percent, or take the person off the task.")
    plan.put_assignment(made)


def _unassign(plan: Draft, change: dict[str, Any], where: str) -> None:
    task = _known(plan.tasks, change.get("task"), where, "task")
    person_id = _uuid(change.get("person"), f"{where}/person")
    held = plan.assignment_of(task.id, person_id)
    if held is None:
        raise NotFound("That person is not on the task.")
    plan.drop_assignment(held.id)


_STEPS = {
    "project.set": _set_project, "task.set": _set_task, "task.add": _add_task, "task.remove": _remove_task,
    "link.add": _add_link, "link.set": _set_link, "link.remove": _remove_link, "assign": _assign,
    "unassign": _unassign,
}  # fmt: skip


def checked_task(task: PlanTask, plan: Plan | Draft, where: str) -> PlanTask:
    """The task if it makes sense; Invalid names the field."""
    if not task.name.strip():
        raise invalid(f"{where}/name", "A task needs a name.", code="required")
    if task.constraint not in UNDATED and task.constraint_at is None:
        raise invalid(f"{where}/constraint_at", "This constraint needs a date.", code="required")
    if not 0 <= task.percent <= 100:  # noqa: PLR2004 -- a percentage
        raise invalid(f"{where}/percent", "Progress is between 0 and 100 percent.")
    if task.actual_finish_at and task.actual_start_at and task.actual_finish_at < task.actual_start_at:
        raise invalid(f"{where}/actual_finish_at", "The task cannot be finished before it began.")
    if task.parent_id is not None:
        parent = plan.tasks.get(task.parent_id)
        if parent is None or parent.project_id != task.project_id:
            raise invalid(f"{where}/parent_id", "The task above must be of the same project.")
    return task


def _check_tree(before: Plan, plan: Plan) -> None:
    """A circle would hold a task that was changed."""
    for task in plan.tasks.values():
        if task is before.tasks.get(task.id):
            continue
        seen, above = {task.id}, task.parent_id
        while above is not None:
            if above in seen:
                raise invalid("/parent_id", "A task cannot stand under itself.")
            seen.add(above)
            above = plan.tasks[above].parent_id


_KINDS: dict[str, Any] = {
    "kind": (TaskKind, LinkKind), "constraint": (Constraint,), "lag_unit": (LagUnit,),
}  # fmt: skip
_INSTANTS = {
    "constraint_at", "deadline_at", "actual_start_at", "actual_finish_at", "not_before_at", "start_at"
}  # fmt: skip
_DAYS = {"starts_on", "due_on"}
_IDS = {"parent_id", "calendar_id", "assignee_id"}


def _fields(change: Mapping[str, Any], known: set[str], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in change.items():
        if name not in known:
            raise invalid(
                f"{where}/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        try:
            found[name] = _value(name, value, _LINK_FIELDS is known)
        except ValueError:
            raise invalid(
                f"{where}/{name}",
                say("%(value)s is no %(what)s.", value=repr(value), what=name.replace("_", " ")),
            ) from None
    return found


def _value(name: str, value: Any, is_link: bool) -> Any:
    if value is None:
        return None
    if name in _KINDS:
        return _KINDS[name][-1 if is_link else 0](value)
    if name in _IDS:
        return value if isinstance(value, UUID) else UUID(str(value))
    if isinstance(value, str) and name in _INSTANTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(value, str) and name in _DAYS else value


def _known(rows: Mapping[UUID, Any], key: Any, where: str, what: str) -> Any:
    row = rows.get(_uuid(key, where))
    if row is None:
        raise NotFound(say("There is no such %(what)s in the plan.", what=what))
    return row


def _uuid(value: Any, where: str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise invalid(where, say("%(value)s is no id.", value=repr(value))) from None
