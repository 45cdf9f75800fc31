"""Lines of a change order as changes of the plan. A new task has the id of its line, so that it is found again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from quoin.governance.types import LineKind
from quoin.kernel.errors import Conflict
from quoin.kernel.words import say
from quoin.projects.rules.plan import Change, Plan
from quoin.projects.types import Constraint, ScheduleMode, TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """What a line says about the plan."""

    id: UUID
    kind: LineKind
    text: str
    minutes: int = 0
    task_id: UUID | None = None
    follows_id: UUID | None = None
    precedes_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    assignee_id: UUID | None = None


def plan_changes(lines: Iterable[PlanLine], plan: Plan, project_id: UUID, *, today: date) -> list[Change]:
    """The lines in order, as the engine takes them; Conflict names a task that is gone."""
    by_hand = plan.projects[project_id].schedule is ScheduleMode.BY_HAND
    found: list[Change] = []
    for line in lines:
        _check_known(line, plan)
        if line.kind is LineKind.ADD_TASK:
            found += _added(line, project_id, by_hand=by_hand, today=today)
        elif line.kind is LineKind.EXTEND_TASK:
            found.append(_extended(line, plan, by_hand=by_hand))
    return found


def _check_known(line: PlanLine, plan: Plan) -> None:
    for wanted in (line.task_id, line.follows_id, line.precedes_id):
        if wanted is not None and wanted not in plan.tasks:
            raise Conflict(
                say(
                    "A task that “%(text)s” names is gone from the plan. Take the change back and edit it.",
                    text=line.text,
                )
            )


def _added(line: PlanLine, project_id: UUID, *, by_hand: bool, today: date) -> Iterator[Change]:
    add: dict[str, Any] = {
        "op": "task.add", "id": line.id, "project": project_id, "name": line.text, "estimate_minutes": line.minutes,
        "kind": TaskKind.TASK if line.minutes else TaskKind.MILESTONE,
    }  # fmt: skip
    if line.minutes:
        add["duration_minutes"] = line.minutes
    if line.assignee_id:
        add["assignee_id"] = line.assignee_id
    yield add | _dates(line, by_hand=by_hand, today=today)
    if line.assignee_id and line.minutes:
        yield {"op": "assign", "task": line.id, "person": line.assignee_id}
    if line.follows_id:
        yield {"op": "link.add", "before": line.follows_id, "after": line.id}
    if line.precedes_id:
        yield {"op": "link.add", "before": line.id, "after": line.precedes_id}


def _dates(line: PlanLine, *, by_hand: bool, today: date) -> dict[str, Any]:
    """Days in a plan that people date; bounds in one that dates itself."""
    if by_hand:
        first = line.starts_on or line.ends_on or today
        return {"starts_on": first, "due_on": line.ends_on or first}
    found: dict[str, Any] = {}
    if line.starts_on:
        found |= {"constraint": Constraint.SNET, "constraint_at": datetime.combine(line.starts_on, time())}
    if line.ends_on:
        found["deadline_at"] = _after(line.ends_on)
    return found


def _extended(line: PlanLine, plan: Plan, *, by_hand: bool) -> Change:
    assert line.task_id is not None
    task = plan.tasks[line.task_id]
    change: dict[str, Any] = {
        "op": "task.set", "task": task.id, "estimate_minutes": max(task.estimate_minutes + line.minutes, 0),
    }  # fmt: skip
    if task.duration_minutes is not None:
        change["duration_minutes"] = max(task.duration_minutes + line.minutes, 0)
    if task.left_minutes is not None:
        change["left_minutes"] = max(task.left_minutes + line.minutes, 0)
    if line.ends_on:
        change |= {"due_on": line.ends_on} if by_hand else {"deadline_at": _after(line.ends_on)}
    return change


def _after(day: date) -> datetime:
    return datetime.combine(day, time()) + timedelta(days=1)
