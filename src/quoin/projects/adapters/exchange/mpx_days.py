"""Days without hours, as MPX files give them, on the clock of the plan's calendar.

Such a file names the day of a start and of a finish only. A start then is when that day's work begins, a finish is
when it ends; without this a day's task would last from midnight to the same midnight.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final, TypeVar

from quoin.kernel.workcal import WorkCalendar, standard_calendar
from quoin.projects.rules.planfile import FileAssignment, FileBaseline, FileTask, PlanFile

_BEGINS: Final = ("start", "early_start", "late_start", "actual_start")
_ENDS: Final = ("finish", "early_finish", "late_finish", "actual_finish", "deadline")
_Timed = TypeVar("_Timed", FileTask, FileAssignment, FileBaseline, PlanFile)


def with_hours(plan: PlanFile) -> PlanFile:
    """The plan with hours, if the whole file has none; else as it is."""
    at = [one for task in plan.tasks for one in (task.start, task.finish) if one is not None]
    if not at or any(one.time() != time() for one in at):
        return plan
    calendar = plan.work_calendars().get(plan.calendar or 0) or standard_calendar()
    return replace(
        _timed(plan, calendar),
        tasks=tuple(
            replace(_timed(task, calendar), baselines=tuple(_timed(one, calendar) for one in task.baselines))
            for task in plan.tasks
        ),
        assignments=tuple(_timed(one, calendar) for one in plan.assignments),
    )


def _timed(row: _Timed, calendar: WorkCalendar) -> _Timed:
    found: dict[str, Any] = {name: _begin(at, calendar) for name in _BEGINS if (at := getattr(row, name, None))}
    found |= {name: _end(at, calendar) for name in _ENDS if (at := getattr(row, name, None))}
    return replace(row, **found)


def _begin(at: datetime, calendar: WorkCalendar) -> datetime:
    begins = calendar.next_work(at)
    return begins if at.time() == time() and begins.date() == at.date() else at


def _end(at: datetime, calendar: WorkCalendar) -> datetime:
    minutes = calendar.minutes_on(at.date())
    if at.time() != time() or not minutes:
        return at
    ends = calendar.add_minutes(at, minutes)
    return ends if ends <= at + timedelta(days=1) else at
