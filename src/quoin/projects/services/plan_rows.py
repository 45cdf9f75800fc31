"""The rows of a plan, written where they differ from what the tables hold: one statement for all of a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from quoin.base.db.bulk import insert_columns, update_columns
from quoin.kernel.workcal import instant_of
from quoin.projects.models import Assignment, Dependency, Project, Task
from quoin.projects.queries.plan import COMPUTED, Stored
from quoin.projects.rules.plan import Plan, PlanTask
from quoin.projects.rules.schedule import Row, Schedule
from quoin.projects.types import ScheduleMode, TaskKind

_DECIDED = tuple(one.name for one in fields(PlanTask) if one.name not in {"id", "project_id", "number"})
_WORKED_OUT = frozenset({"starts_on", "due_on", "start_at"})
"""Decided by people where a plan is dated by hand, else worked out."""
_UNDATED = (*[None] * 8, False, 0)
"""What the calculation leaves of a plan that is dated by hand again."""
_Values = dict[str, Any]


def write_stored(stored: Stored, after: Plan, dates: Schedule) -> None:
    """Write the plan where it differs from the tables."""
    before = stored.plan
    _delete(Dependency.objects.all(), before.links, after.links)
    _delete(Assignment.objects.all(), before.assignments, after.assignments)
    _write_projects(before, after, dates)
    # What moves away from a task comes before the task goes, and its number is free before a new one takes it.
    _update_tasks(stored, after, dates)
    gone = [key for key in before.tasks if key not in after.tasks]
    if gone:
        # A phase and what stands under it go together, although they hold each other.
        Task.objects.filter(id__in=gone).exclude(parent=None).update(parent=None)
        Task.objects.filter(id__in=gone).delete()
    _insert_tasks(before, after, dates)
    _write_rows(Dependency, before.links, after.links)
    _write_rows(Assignment, before.assignments, after.assignments)


def _delete(rows: QuerySet[Any], before: Mapping[UUID, Any], after: Mapping[UUID, Any]) -> None:
    gone = [key for key in before if key not in after]
    if gone:
        rows.filter(id__in=gone).delete()


def _write_projects(before: Plan, after: Plan, dates: Schedule) -> None:
    for number, (project_id, project) in enumerate(after.projects.items()):
        row = Project.objects.filter(id=project_id)
        if project.schedule is not before.projects[project_id].schedule:
            row.exclude(schedule=project.schedule.value).update(schedule=project.schedule.value)
        if project.schedule is not ScheduleMode.BY_HAND:
            ends = instant_of(dates.ends[number])
            row.exclude(finish_at=ends).update(finish_at=ends)
        elif before.projects[project_id].schedule is not ScheduleMode.BY_HAND:
            row.update(finish_at=None)


def _update_tasks(stored: Stored, after: Plan, dates: Schedule) -> None:
    """One statement for all rows that differ, with the columns that differ anywhere."""
    changes: dict[UUID, _Values] = {}
    held: dict[UUID, tuple[PlanTask, tuple[Any, ...]]] = {}
    came_out = _outcomes(stored.plan, after, dates)
    for key, task in after.tasks.items():
        was = stored.plan.tasks.get(key)
        if was is None:
            continue
        old, new = stored.computed[key], came_out(task)
        if new is None:
            new = (task.start_at, *old[1:]), task.starts_on, task.due_on
        if task is was and new[0] == old and new[1] == was.starts_on and new[2] == was.due_on:
            continue
        found = _differing(was, old, task, new)
        if found:
            changes[key], held[key] = found, (was, old)
    names = sorted({name for found in changes.values() for name in found})
    columns = {
        name: [found[name] if name in found else _stored(*held[key], name) for key, found in changes.items()]
        for name in names
    }
    update_columns(Task, list(changes), columns)


_Outcome = tuple[tuple[Any, ...], "date | None", "date | None"]
"""The computed columns, and the first and last day."""


def _outcomes(before: Plan, after: Plan, dates: Schedule) -> Callable[[PlanTask], _Outcome | None]:
    """What comes out for a task of the plan; None where it keeps what it has, as people date it."""
    by_hand = {key for key, one in after.projects.items() if one.schedule is ScheduleMode.BY_HAND}
    were_dated = {key for key, one in before.projects.items() if one.schedule is not ScheduleMode.BY_HAND}
    instants: dict[int, datetime] = {}

    def at(minute: int) -> datetime:
        # Many tasks begin and end together.
        found = instants.get(minute)
        if found is None:
            found = instants[minute] = instant_of(minute)
        return found

    def came_out(task: PlanTask) -> _Outcome | None:
        if task.project_id in by_hand:
            if task.project_id not in were_dated:
                return None
            return (task.start_at, *_UNDATED[1:]), task.starts_on, task.due_on
        row: Row = dates[task.id]
        start, finish = at(row.start), at(row.finish)
        computed = (
            start, finish, at(row.early_start), at(row.early_finish), at(row.late_start), at(row.late_finish),
            row.total_float, row.free_float, row.is_critical, row.behind,
        )  # fmt: skip
        # Work up to midnight ends on the day before it.
        last = (finish - timedelta(minutes=1)).date() if row.finish > row.start else finish.date()
        return computed, start.date(), last

    return came_out


def _differing(was: PlanTask, old: tuple[Any, ...], task: PlanTask, new: _Outcome) -> _Values:
    """The columns that differ, with their new values."""
    computed, starts_on, due_on = new
    found: _Values = {name: value for name, value, held in zip(COMPUTED, computed, old, strict=True) if value != held}
    if starts_on != was.starts_on:
        found["starts_on"] = starts_on
    if due_on != was.due_on:
        found["due_on"] = due_on
    if task is not was:
        for name in _DECIDED:
            if name not in _WORKED_OUT and getattr(task, name) != getattr(was, name):
                found[name] = _plain(getattr(task, name))
        if task.kind is not was.kind:
            found["is_milestone"] = task.kind is TaskKind.MILESTONE
    return found


def _stored(was: PlanTask, old: tuple[Any, ...], name: str) -> Any:
    """What the table holds in the column."""
    if name in COMPUTED:
        return old[COMPUTED.index(name)]
    return was.kind is TaskKind.MILESTONE if name == "is_milestone" else _plain(getattr(was, name))


def _insert_tasks(before: Plan, after: Plan, dates: Schedule) -> None:
    new = [task for key, task in after.tasks.items() if key not in before.tasks]
    if not new:
        return
    came_out = _outcomes(before, after, dates)
    rows = []
    for task in new:
        row = {name: _plain(value) for name, value in asdict(task).items()}
        row["is_milestone"] = task.kind is TaskKind.MILESTONE
        computed, starts_on, due_on = came_out(task) or ((task.start_at, *_UNDATED[1:]), task.starts_on, task.due_on)
        rows.append(row | dict(zip(COMPUTED, computed, strict=True)) | {"starts_on": starts_on, "due_on": due_on})
    insert_columns(Task, _columns(rows))


def _write_rows(model: type[Model], before: Mapping[UUID, Any], after: Mapping[UUID, Any]) -> None:
    """Links or assignments that are new or differ; their fields are the columns."""
    new = [row for key, row in after.items() if key not in before]
    if new:
        insert_columns(model, _columns([asdict(row) for row in new]))
    old = [row for key, row in after.items() if key in before and before[key] is not row and before[key] != row]
    if old:
        columns = _columns([asdict(row) for row in old])
        update_columns(model, columns.pop("id"), columns)


def _columns(rows: Sequence[_Values]) -> dict[str, list[Any]]:
    return {name: [_plain(row[name]) for row in rows] for name in rows[0]}


def _plain(value: Any) -> Any:
    """A value as the database takes it: words of our own types are texts."""
    return str(value) if isinstance(value, str) else value
