"""Cells of a plan as they were typed, as changes of the plan. ValueError says what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import Any

from quoin.kernel.words import say
from quoin.projects.rules import typed
from quoin.projects.rules.desk import Desk, begun, lasting, lasting_until, person_named, start_of
from quoin.projects.rules.plan import Change, PlanTask
from quoin.projects.types import Constraint, ScheduleMode, TaskKind

Cell = Callable[[Desk, PlanTask, str], Iterator[Change]]


def _set_name(_desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    yield {"op": "task.set", "task": task.id, "name": text}


def _set_duration(desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    lasts = typed.span_minutes(text) if text else None
    if lasts == 0:
        yield {"op": "task.set", "task": task.id, "kind": TaskKind.MILESTONE, "duration_minutes": None}
    elif lasts is None:
        yield {"op": "task.set", "task": task.id, "duration_minutes": None}
    else:
        change = dict(lasting(desk, task, lasts))
        yield change | ({"kind": TaskKind.TASK} if task.kind is TaskKind.MILESTONE else {})


def _set_start(desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    by_hand = task.is_manual or desk.mode is ScheduleMode.BY_HAND
    if not text:
        free = (
            {"starts_on": None, "start_at": None} if by_hand else {"constraint": Constraint.ASAP, "constraint_at": None}
        )
        yield {"op": "task.set", "task": task.id, **free}
        return
    on = typed.typed_day(text, today=desk.today)
    start = start_of(task) or datetime.combine(on, time())
    days = (on - start.date()).days
    yield {"op": "task.set", "task": task.id, **begun(desk, task, start, days, counts_work=False)}


def _set_finish(desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    yield lasting_until(desk, task, typed.typed_day(text, today=desk.today))


def _set_percent(_desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    digits = text.removesuffix("%").strip()
    if not digits.isdigit():
        raise ValueError(say("%(text)s is no percentage.", text=repr(text)))
    percent = int(digits)
    change: dict[str, Any] = {"op": "task.set", "task": task.id, "percent": percent}
    if percent and task.actual_start_at is None and task.start_at is not None:
        change["actual_start_at"] = task.start_at
    if not percent:
        change["actual_start_at"] = None
    yield change


def _set_deadline(desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    on = typed.typed_day(text, today=desk.today) if text else None
    yield {"op": "task.set", "task": task.id, "deadline_at": datetime.combine(on, time(23, 59)) if on else None}


def _set_predecessors(desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    wanted = {(desk.task(one.before).id, one.kind): one for one in typed.typed_links(text)}
    for link in desk.plan.links.values():
        inside = desk.plan.tasks[link.before_id].project_id == desk.project_id
        if link.after_id != task.id or not inside:
            continue
        kept = wanted.pop((link.before_id, link.kind), None)
        if kept is None:
            yield {"op": "link.remove", "link": link.id}
        elif (kept.lag, kept.unit) != (link.lag, link.lag_unit):
            yield {"op": "link.set", "link": link.id, "lag": kept.lag, "lag_unit": kept.unit}
    for (before, kind), one in wanted.items():
        yield {
            "op": "link.add", "id": desk.new_id(), "before": before, "after": task.id, "kind": kind, "lag": one.lag,
            "lag_unit": one.unit,
        }  # fmt: skip


def _set_people(desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    wanted = {person_named(desk, name): percent for name, percent in typed.typed_people(text)}
    yield {"op": "task.set", "task": task.id, "assignee_id": next(iter(wanted), None)}
    for held in desk.plan.assignments.values():
        if held.task_id == task.id and held.person_id not in wanted:
            yield {"op": "unassign", "task": task.id, "person": held.person_id}
    for person, percent in wanted.items():
        yield {"op": "assign", "id": desk.new_id(), "task": task.id, "person": person, "units_percent": percent}


def _set_kind(_desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    yield {"op": "task.set", "task": task.id, "kind": text}


def _set_pin(_desk: Desk, task: PlanTask, text: str) -> Iterator[Change]:
    start = start_of(task)
    fixed = {"starts_on": start.date()} if text == "yes" and start else {}
    yield {"op": "task.set", "task": task.id, "is_manual": text == "yes", **fixed}


CELLS: Mapping[str, Cell] = {
    "name": _set_name, "duration": _set_duration, "start": _set_start, "finish": _set_finish,
    "percent": _set_percent, "deadline": _set_deadline, "predecessors": _set_predecessors, "people": _set_people,
    "kind": _set_kind, "pinned": _set_pin,
}  # fmt: skip
