"""How many minutes somebody can work on each day: calendar, then pattern, then employment, then absences.

The database says the same in `people_day_capacity`, where it judges bookings; a test holds both together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from quoin.people.types import FULL_WEEK, Away, DayCalendar, WorkTime

_WEEK = 7


def workable_minutes(time: WorkTime, from_on: date, days: int) -> list[int]:
    """Minutes of so many days from the first, holidays and employment counted, absences not."""
    minutes = _usual(time, from_on, days)
    has_pattern_from = time.patterns[0].valid_from if time.patterns else None
    last = from_on + timedelta(days=days)
    for day, excepted in time.calendar.exceptions.items():
        if from_on <= day < last:
            at = (day - from_on).days
            is_patterned = has_pattern_from is not None and has_pattern_from <= day
            minutes[at] = min(minutes[at], excepted) if is_patterned else excepted
    return _employed(time, minutes, from_on)


def capacity_minutes(time: WorkTime, from_on: date, days: int) -> list[int]:
    """Minutes of so many days from the first that can be booked."""
    return less_absences(workable_minutes(time, from_on, days), time.absences, from_on)


def less_absences(whole: list[int], absences: Iterable[Away], from_on: date) -> list[int]:
    """What is left of the days when somebody is away."""
    left = list(whole)
    for away in absences:
        first = max((away.starts_on - from_on).days, 0)
        for at in range(first, min((away.ends_on - from_on).days + 1, len(whole))):
            left[at] = max(left[at] - away.minutes_of(from_on + timedelta(days=at), whole[at]), 0)
    return left


def by_week(daily: list[int]) -> list[int]:
    """Sums of seven days each."""
    return [sum(daily[at : at + _WEEK]) for at in range(0, len(daily), _WEEK)]


def merged(chain: list[DayCalendar]) -> DayCalendar:
    """A calendar and its parents, nearest first, as one: the nearest exception wins, the nearest week holds."""
    exceptions: dict[date, int] = {}
    for calendar in reversed(chain):
        exceptions.update(calendar.exceptions)
    return DayCalendar(chain[0].weekday_minutes if chain else FULL_WEEK, exceptions)


def _usual(time: WorkTime, from_on: date, days: int) -> list[int]:
    """By pattern, or by the calendar's week before the first pattern."""
    steps = [(from_on, time.calendar.weekday_minutes)]
    for pattern in time.patterns:
        if pattern.valid_from <= from_on:
            steps = [(from_on, pattern.weekday_minutes)]
        else:
            steps.append((pattern.valid_from, pattern.weekday_minutes))
    minutes: list[int] = []
    ends = [step[0] for step in steps[1:]] + [from_on + timedelta(days=days)]
    for (begins_on, week), ends_on in zip(steps, ends, strict=True):
        length = min((ends_on - begins_on).days, days - len(minutes))
        if length > 0:
            turn = begins_on.weekday()
            minutes += ((week[turn:] + week[:turn]) * (length // _WEEK + 1))[:length]
    return minutes


def _employed(time: WorkTime, minutes: list[int], from_on: date) -> list[int]:
    days = len(minutes)
    if time.hired_on is not None:
        before = min(max((time.hired_on - from_on).days, 0), days)
        minutes[:before] = [0] * before
    if time.left_on is not None:
        stays = min(max((time.left_on - from_on).days, 0), days)
        minutes[stays:] = [0] * (days - stays)
    return minutes
