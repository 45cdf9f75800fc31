"""Days of a recurring calendar exception, by the rules of Microsoft Project's exception types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import islice, takewhile

from quoin.kernel.period import add_months, next_month

MAX_DAYS = 10_000
"""No calendar file means more days than these."""
_WEEK = 7


class Pattern(IntEnum):
    """The exception types of the MSPDI format."""

    DAILY = 1
    YEARLY_BY_DATE = 2
    YEARLY_BY_WEEKDAY = 3
    MONTHLY_BY_DATE = 4
    MONTHLY_BY_WEEKDAY = 5
    WEEKLY = 6
    EVERY_SO_MANY_DAYS = 7


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`weekdays` are numbers from Monday = 0; `position` is 0 to 3 for first to fourth, 4 for the last."""

    pattern: Pattern
    period: int = 1
    weekdays: tuple[int, ...] = ()
    month: int = 1
    month_day: int = 1
    position: int = 0
    item: tuple[int, ...] = ()
    """The weekdays that a position counts: one, the five of a working week, the two of a weekend, or all."""


def days_of(rule: Recurrence, first: date, last: date, *, times: int = 0) -> tuple[date, ...]:
    """The days from first to last; with `times`, no more than so many."""
    found = takewhile(lambda day: day <= last, (day for day in _unbounded(rule, first) if day >= first))
    return tuple(islice(found, times or MAX_DAYS))


def _unbounded(rule: Recurrence, first: date) -> Iterator[date]:
    if rule.pattern in {Pattern.DAILY, Pattern.EVERY_SO_MANY_DAYS}:
        return _daily(first, max(rule.period, 1) if rule.pattern == Pattern.EVERY_SO_MANY_DAYS else 1)
    if rule.pattern == Pattern.WEEKLY:
        return _weekly(rule, first)
    if rule.pattern in {Pattern.MONTHLY_BY_DATE, Pattern.MONTHLY_BY_WEEKDAY}:
        return _by_month(rule, first, months=max(rule.period, 1))
    return _by_month(rule, first.replace(month=rule.month, day=1), months=12)


def _daily(first: date, step: int) -> Iterator[date]:
    for number in range(MAX_DAYS):
        yield first + timedelta(days=number * step)


def _weekly(rule: Recurrence, first: date) -> Iterator[date]:
    # Microsoft Project's weeks begin on Sunday here, whatever the project's own week does.
    sunday = first - timedelta(days=(first.weekday() + 1) % _WEEK)
    offsets = sorted((weekday + 1) % _WEEK for weekday in rule.weekdays)
    for number in range(MAX_DAYS):
        for offset in offsets:
            yield sunday + timedelta(days=number * _WEEK * max(rule.period, 1) + offset)


def _by_month(rule: Recurrence, first: date, *, months: int) -> Iterator[date]:
    by_date = rule.pattern in {Pattern.MONTHLY_BY_DATE, Pattern.YEARLY_BY_DATE}
    start = first.replace(day=1)
    for number in range(0, 12 * 200, months):
        month = add_months(start, number)
        day = _nth_day(month, rule.month_day) if by_date else _nth_weekday(month, rule)
        if day is not None:
            yield day


def _nth_day(month: date, day: int) -> date | None:
    length = (next_month(month) - month).days
    return month.replace(day=day) if 1 <= day <= length else None


def _nth_weekday(month: date, rule: Recurrence) -> date | None:
    length = (next_month(month) - month).days
    fitting = [month + timedelta(days=n) for n in range(length) if (month + timedelta(days=n)).weekday() in rule.item]
    index = -1 if rule.position > 3 else rule.position  # noqa: PLR2004 -- 4 says: the last one
    return fitting[index] if fitting and index < len(fitting) else None
