"""What a new arrival day of goods asks of the task that waits for them, and of the visits that were to install them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from quoin.projects.rules.plan import Change, PlanTask
from quoin.projects.types import Constraint

_DAY_MINUTES: Final = 480
_LONGEST_PAUSE: Final = 60
IsWorked = Callable[[date], bool]


def governing_day(days: Iterable[date | None]) -> date | None:
    """The day on which the last of the goods is expected; None where none has a day."""
    return max((day for day in days if day is not None), default=None)


def risk_days(expected_on: date | None, starts_on: date | None, float_minutes: int | None) -> int | None:
    """Working days of float that are left on the task once the goods are there; below zero the plan cannot hold.

    Without a day of goods or task there is nothing to compare. A plan dated by hand has no float: then it is the days
    between arrival and start.
    """
    if expected_on is None or starts_on is None:
        return None
    gap = (starts_on - expected_on).days
    if float_minutes is None:
        return gap
    return float_minutes // _DAY_MINUTES + min(gap, 0)


def change_for(
    task: PlanTask, *, was_on: date | None, arrives_on: date | None, by_hand: bool, is_worked: IsWorked
) -> Change | None:
    """How the task gives way to the goods: not before the day of arrival; None where nothing changes.

    A task that has begun stays. One whose start was set to the earlier arrival follows it in both directions; a later
    start that a person chose stays theirs.
    """
    if arrives_on is None or task.actual_start_at is not None:
        return None
    values = (
        _dated_by_hand(task, arrives_on, is_worked) if by_hand or task.is_manual else _held(task, was_on, arrives_on)
    )
    return {"op": "task.set", "task": task.id, **values} if values else None


def shifted(starts_at: datetime, days: int, *, is_worked: IsWorked) -> datetime:
    """The same time of day so many days later (or earlier), on a day on which people work."""
    return datetime.combine(_next_worked(starts_at.date() + timedelta(days=days), is_worked), starts_at.timetz())


def _held(task: PlanTask, was_on: date | None, arrives_on: date) -> dict[str, Any]:
    at = datetime.combine(arrives_on, time())
    if task.constraint is Constraint.ASAP:
        return {"constraint": Constraint.SNET, "constraint_at": at}
    if task.constraint is not Constraint.SNET or task.constraint_at is None or task.constraint_at == at:
        return {}
    follows = task.constraint_at < at or (was_on is not None and task.constraint_at.date() == was_on)
    return {"constraint_at": at} if follows else {}


def _dated_by_hand(task: PlanTask, arrives_on: date, is_worked: IsWorked) -> dict[str, Any]:
    starts_on = task.starts_on
    if starts_on is None or starts_on >= arrives_on:
        return {}
    begins_on = _next_worked(arrives_on, is_worked)
    lasts = (task.due_on - starts_on) if task.due_on else timedelta()
    return {"starts_on": begins_on, "due_on": _next_worked(begins_on + lasts, is_worked), "start_at": None}


def _next_worked(day: date, is_worked: IsWorked) -> date:
    for ahead in range(_LONGEST_PAUSE):
        if is_worked(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day
