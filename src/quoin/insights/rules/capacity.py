"""How long somebody is to work in a period: their weekly pattern over the days they are with the firm.

Holidays and absences are not known here yet; when they are, they shorten the stretches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.kernel.period import next_month
from quoin.people.types import FULL_WEEK, Pattern

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one month on which one pattern holds; `until_on` is the last day."""

    from_on: date
    until_on: date
    days: int
    """Days on which work is planned."""
    minutes: int


def stretches(
    patterns: Sequence[Pattern], *, from_on: date, until_on: date, hired_on: date | None, left_on: date | None
) -> tuple[Stretch, ...]:
    """The period cut at months and at changes of the pattern; `left_on` is the first day no longer employed."""
    start = max(from_on, hired_on or from_on)
    end = min(until_on, left_on - timedelta(days=1)) if left_on else until_on
    found = []
    while start <= end:
        last = min(end, next_month(start) - timedelta(days=1), _last_day_of(patterns, start) or end)
        days, minutes = planned(_week_on(patterns, start), start, last)
        if minutes:
            found.append(Stretch(start, last, days, minutes))
        start = last + timedelta(days=1)
    return tuple(found)


def planned(week: Sequence[int], from_on: date, until_on: date) -> tuple[int, int]:
    """Working days and minutes of a week's pattern between two days, both included."""
    length = (until_on - from_on).days + 1
    whole, rest = divmod(length, _WEEK)
    first = from_on.weekday()
    over = [week[(first + step) % _WEEK] for step in range(rest)]
    days = whole * sum(1 for minutes in week if minutes) + sum(1 for minutes in over if minutes)
    return days, whole * sum(week) + sum(over)


def _week_on(patterns: Sequence[Pattern], day: date) -> Sequence[int]:
    begun = [pattern for pattern in patterns if pattern.valid_from <= day]
    return max(begun, key=lambda pattern: pattern.valid_from).weekday_minutes if begun else FULL_WEEK


def _last_day_of(patterns: Sequence[Pattern], day: date) -> date | None:
    later = [pattern.valid_from for pattern in patterns if pattern.valid_from > day]
    return min(later) - timedelta(days=1) if later else None
