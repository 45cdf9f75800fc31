"""How long somebody is to work in a period, month by month: the days of `people.rules.capacity`, added up.

Calendar, holidays, weekly pattern, employment and absences are known there alone; nothing is worked out twice.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.kernel.period import next_month
from quoin.people.rules.capacity import less_absences, workable_minutes
from quoin.people.types import WorkTime


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of one month that lie in the period; `until_on` is the last day."""

    from_on: date
    until_on: date
    days: int
    """Days on which something is left to work."""
    minutes: int
    away_minutes: int = 0
    """What absences have taken off."""


class Months:
    """Stretches of many people in one period. Most of a firm share calendar and hours: those are added up once."""

    def __init__(self, from_on: date, until_on: date) -> None:
        self._from_on = from_on
        self._days = (until_on - from_on).days + 1
        self._known: dict[Hashable, tuple[list[int], tuple[Stretch, ...]]] = {}

    def of(self, time: WorkTime) -> tuple[Stretch, ...]:
        """Months in which the person can work; those without a minute are left out."""
        if self._days <= 0:
            return ()
        whole, usual = self._usual(time)
        if not time.absences:
            return usual
        return stretches(less_absences(whole, time.absences, self._from_on), self._from_on, whole)

    def _usual(self, time: WorkTime) -> tuple[list[int], tuple[Stretch, ...]]:
        hired_on = time.hired_on if time.hired_on is None or time.hired_on > self._from_on else None
        # The calendar of a question is one object for all who work by it.
        key = (id(time.calendar), time.patterns, hired_on, time.left_on)
        found = self._known.get(key)
        if found is None:
            whole = workable_minutes(time, self._from_on, self._days)
            found = self._known[key] = (whole, stretches(whole, self._from_on, whole))
        return found


def stretches(left: list[int], from_on: date, whole: list[int]) -> tuple[Stretch, ...]:
    """Days from the first on, cut at months. `whole` are the same days without absences."""
    found = []
    begin, start, days = 0, from_on, len(left)
    while begin < days:
        following = next_month(start)
        end = min(begin + (following - start).days, days)
        part = left[begin:end]
        minutes = sum(part)
        if minutes or sum(whole[begin:end]):
            last = from_on + timedelta(days=end - 1)
            away = 0 if left is whole else sum(whole[begin:end]) - minutes
            found.append(Stretch(start, last, len(part) - part.count(0), minutes, away))
        begin, start = end, following
    return tuple(found)
