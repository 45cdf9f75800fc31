"""Half-open date ranges [start, end). No end means open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.kernel.words import say


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a period cannot end on {self.end} before it starts on {self.start}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    @property
    def last_day(self) -> date | None:
        """The last day inside, or None for an open period."""
        return None if self.end is None else self.end - timedelta(days=1)

    def days(self) -> Iterator[date]:
        """Each day inside; ValueError for an open period."""
        if self.end is None:
            raise ValueError("an open period has no last day")
        for offset in range((self.end - self.start).days):
            yield self.start + timedelta(days=offset)


def month_of(day: date) -> Period:
    """The calendar month of the day."""
    return Period(day.replace(day=1), next_month(day))


def next_month(day: date) -> date:
    """First day of the month after the day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """The day so many months on, clipped to the month's end; `anchor_day` keeps 31 through February."""
    first = day.year * 12 + day.month - 1 + months
    year, month = divmod(first, 12)
    start = date(year, month + 1, 1)
    length = (next_month(start) - start).days
    return start.replace(day=min(anchor_day or day.day, length))


def week_of(day: date) -> Period:
    """The ISO week of the day: Monday to Monday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=7))


def iso_week(day: date) -> str:
    """`2026-W19`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(week: str) -> date:
    """Monday of an ISO week written `2026-W19`; ValueError if it is not one."""
    year, _, number = week.partition("-W")
    if len(year) != len("2026") or not year.isdigit() or not number.isdigit():
        raise ValueError(say("%(week)s is not an ISO week; write it as 2026-W19", week=repr(week)))
    return date.fromisocalendar(int(year), int(number), 1)
