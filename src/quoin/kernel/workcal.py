"""Working calendars: which minutes are worked, and arithmetic on them.

Instants are naive datetimes in local time, or whole minutes since day 0 (`minute_of`). A stretch of work is
half-open, in minutes from midnight; one that passes midnight is written as two, up to 1440 and from 0.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate, chain, pairwise
from types import MappingProxyType

from quoin.kernel.errors import Invalid
from quoin.kernel.period import Period
from quoin.kernel.quantity import MINUTES_PER_DAY, MINUTES_PER_HOUR

Span = tuple[int, int]
"""Minutes from midnight: start, and end (not included)."""
Spans = tuple[Span, ...]
Week = tuple["Spans | None", ...]
"""Monday to Sunday; None: as the parent calendar has it."""

OFFICE_DAY: Spans = ((480, 720), (780, 1020))
"""8 to 12 and 13 to 17."""
WEEKDAYS = 7
_FIRST_GROWTH = 200
_LONGEST_SEARCH = 60 * 366
"""Days without work after which a calendar counts as never working again."""


class NoWorkingTime(Invalid):
    """The calendar holds no work where it was looked for."""

    code = "no_working_time"


@dataclass(frozen=True, slots=True)
class DatedWeek:
    """A week's pattern that holds for some time only: part-time from May on, a summer shift."""

    valid: Period
    week: Week


@dataclass(frozen=True)
class WorkCalendar:
    """A week's pattern with exceptions.

    A day is looked up in: own exceptions, the parents' exceptions, own dated weeks (the one that begins last wins),
    the own week, the parent.
    """

    week: Week
    exceptions: Mapping[date, Spans] = field(default_factory=lambda: MappingProxyType({}))
    """Days that differ; no spans for a day off."""
    dated_weeks: tuple[DatedWeek, ...] = ()
    parent: WorkCalendar | None = None
    _grown: list[WorkTable] = field(default_factory=list, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        weeks = [self.week, *(dated.week for dated in self.dated_weeks)]
        if any(len(week) != WEEKDAYS for week in weeks):
            raise ValueError("a week has seven days")
        for spans in chain(self.exceptions.values(), *weeks):
            _check(spans or ())

    def spans_on(self, day: date) -> Spans:
        """The stretches of work of a day, in order."""
        excepted = self._exception_on(day)
        if excepted is not None:
            return excepted
        return self._usual_on(day)

    def minutes_on(self, day: date) -> int:
        return sum(end - start for start, end in self.spans_on(day))

    def is_exception(self, day: date) -> bool:
        """Whether the day is off or worked by exception, here or in a parent."""
        return self._exception_on(day) is not None

    def minutes_by_day(self, period: Period) -> list[int]:
        """Working minutes of each day of a closed period."""
        return [self.minutes_on(day) for day in period.days()]

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Working minutes from start to end; negative if the end is before the start."""
        return minutes_within(self.table(min(start, end), max(start, end)), start, end)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The instant so many working minutes on, or back if negative.

        Forward it is the earliest such instant (the end of a stretch, not the start of the next), backward the
        latest. NoWorkingTime if the calendar holds too little work.
        """
        if minutes == 0:
            return start
        table = self._table_reaching(start, minutes)
        position = table.position(minute_of(start)) + minutes
        return instant_of(table.end_at(position) if minutes > 0 else table.start_at(position))

    def next_work(self, at: datetime) -> datetime:
        """The instant itself if work goes on from there, else the next start of work."""
        table = self._table_reaching(at, 1)
        return instant_of(table.next_work(minute_of(at)))

    def previous_work(self, at: datetime) -> datetime:
        """The instant itself if work goes on up to there, else the last end of work before it."""
        table = self._table_reaching(at, -1)
        return instant_of(table.previous_work(minute_of(at)))

    def table(self, first: datetime, last: datetime) -> WorkTable:
        """A table that covers at least these instants; it is kept and grows, so asking again is cheap."""
        held = self._grown[0] if self._grown else None
        begin, end = first.toordinal(), last.toordinal() + 1
        if held is not None and held.first_day <= begin and end <= held.end_day:
            return held
        if held is not None:
            begin, end = min(begin, held.first_day), max(end, held.end_day)
            room = held.end_day - held.first_day
            begin = begin - room if begin < held.first_day else begin
            end = end + room if end > held.end_day else end
        else:
            begin, end = begin - _FIRST_GROWTH, end + _FIRST_GROWTH
        grown = self.work_table(max(begin, 1), min(end, date.max.toordinal()))
        self._grown[:] = [grown]
        return grown

    def work_table(self, first_day: int, end_day: int) -> WorkTable:
        """The work from one day (ordinal) up to, not including, another."""
        starts, ends = array("q"), array("q")
        excepted, usual = self._exceptions_by_ordinal(), self._one_week()
        for ordinal in range(first_day, end_day):
            midnight = ordinal * MINUTES_PER_DAY
            spans = excepted.get(ordinal)
            if spans is None:
                # The first day of all was a Monday.
                spans = usual[(ordinal - 1) % WEEKDAYS] if usual else self._usual_on(date.fromordinal(ordinal))
            for start, end in spans:
                if ends and ends[-1] == midnight + start:
                    ends[-1] = midnight + end
                else:
                    starts.append(midnight + start)
                    ends.append(midnight + end)
        lengths = (end - start for start, end in zip(starts, ends, strict=True))
        return WorkTable(first_day, end_day, starts, ends, array("q", accumulate(lengths, initial=0)))

    def _exceptions_by_ordinal(self) -> dict[int, Spans]:
        """Days that differ, here or in a parent; the own ones win."""
        found = self.parent._exceptions_by_ordinal() if self.parent else {}  # noqa: SLF001 -- the same class
        found.update({day.toordinal(): spans for day, spans in self.exceptions.items()})
        return found

    def _one_week(self) -> tuple[Spans, ...]:
        """Monday to Sunday as they are on all days without exception; empty if that depends on the day."""
        calendar: WorkCalendar | None = self
        while calendar is not None:
            if calendar.dated_weeks:
                return ()
            calendar = calendar.parent
        return tuple(self._usual_on(date.fromordinal(day)) for day in range(1, WEEKDAYS + 1))

    def _table_reaching(self, start: datetime, minutes: int) -> WorkTable:
        """A table with at least so many working minutes after the start (before it, if negative)."""
        days = abs(minutes) * 3 // MINUTES_PER_HOUR // 8 + WEEKDAYS
        while True:
            far = _shift(start, days if minutes > 0 else -days)
            table = self.table(min(start, far), max(start, far))
            wanted = table.position(minute_of(start)) + minutes
            if 0 <= wanted <= table.total:
                return table
            if days > _LONGEST_SEARCH + abs(minutes) or far.year in {date.min.year, date.max.year}:
                raise NoWorkingTime("The calendar has no working time there. Give it working hours.")
            days *= 2

    def _exception_on(self, day: date) -> Spans | None:
        found = self.exceptions.get(day)
        if found is None and self.parent is not None:
            return self.parent._exception_on(day)  # noqa: SLF001 -- the same class
        return found

    def _usual_on(self, day: date) -> Spans:
        fitting = [dated for dated in self.dated_weeks if day in dated.valid]
        week = max(fitting, key=lambda dated: dated.valid.start).week if fitting else self.week
        spans = week[day.weekday()]
        if spans is not None:
            return spans
        return self.parent._usual_on(day) if self.parent else ()  # noqa: SLF001 -- the same class


@dataclass(frozen=True, slots=True, eq=False)
class WorkTable:
    """The work of some years as sorted arrays: instants (minutes) to working minutes since the first day, and back.

    A position is a number of working minutes since the table began. Where work pauses, many instants share one
    position: `end_at` gives the first of them, `start_at` the last.
    """

    first_day: int
    end_day: int
    starts: array[int]
    ends: array[int]
    before: array[int]
    """Working minutes before each stretch, and after the last one."""

    @property
    def total(self) -> int:
        return self.before[-1]

    def position(self, minute: int) -> int:
        """Working minutes before the instant."""
        index = bisect_right(self.starts, minute) - 1
        if index < 0:
            return 0
        return self.before[index] + min(minute, self.ends[index]) - self.starts[index]

    def end_at(self, position: int) -> int:
        """The first instant with so many working minutes before it."""
        index = bisect_left(self.before, position) - 1
        if index < 0:
            return self.first_day * MINUTES_PER_DAY if position == 0 else self._outside()
        if position > self.total:
            return self._outside()
        return self.starts[index] + position - self.before[index]

    def start_at(self, position: int) -> int:
        """The last instant with so many working minutes before it."""
        index = bisect_right(self.before, position) - 1
        if index == len(self.starts):
            return self.end_day * MINUTES_PER_DAY if position == self.total else self._outside()
        if index < 0:
            return self._outside()
        return self.starts[index] + position - self.before[index]

    def next_work(self, minute: int) -> int:
        """The instant itself if work goes on from there, else the next start of work."""
        index = bisect_right(self.starts, minute) - 1
        if index >= 0 and minute < self.ends[index]:
            return minute
        return self.starts[index + 1] if index + 1 < len(self.starts) else self._outside()

    def previous_work(self, minute: int) -> int:
        """The instant itself if work goes on up to there, else the last end of work before it."""
        index = bisect_left(self.starts, minute) - 1
        return min(minute, self.ends[index]) if index >= 0 else self._outside()

    @staticmethod
    def _outside() -> int:
        raise NoWorkingTime("There is no working time so far out. Check the dates and the calendar.")


def minutes_within(table: WorkTable, start: datetime, end: datetime) -> int:
    """Working minutes of the table from start to end, with sign."""
    return table.position(minute_of(end)) - table.position(minute_of(start))


def minute_of(at: datetime) -> int:
    """Whole minutes since day 0; seconds are dropped."""
    return at.toordinal() * MINUTES_PER_DAY + at.hour * MINUTES_PER_HOUR + at.minute


def instant_of(minute: int) -> datetime:
    """The instant of `minute_of`."""
    ordinal, rest = divmod(minute, MINUTES_PER_DAY)
    return datetime.fromordinal(ordinal) + timedelta(minutes=rest)


def weekly(days: Iterable[Spans]) -> Week:
    """A week from spans of Monday on; the days not given are off."""
    given = tuple(days)
    return given + ((),) * (WEEKDAYS - len(given))


def standard_calendar(
    day: Spans = OFFICE_DAY, *, days_per_week: int = 5, exceptions: Mapping[date, Spans] | None = None
) -> WorkCalendar:
    """Monday to Friday, 8 to 12 and 13 to 17, unless told otherwise."""
    return WorkCalendar(week=weekly([day] * days_per_week), exceptions=exceptions or MappingProxyType({}))


def _check(spans: Spans) -> None:
    bounds = list(chain.from_iterable(spans))
    if any(not 0 <= start < end <= MINUTES_PER_DAY for start, end in spans):
        raise ValueError("a stretch of work ends after it starts, within one day")
    if any(later < earlier for earlier, later in pairwise(bounds)):
        raise ValueError("stretches of work are in order and do not overlap")


def _shift(at: datetime, days: int) -> datetime:
    ordinal = min(max(at.toordinal() + days, 1), date.max.toordinal() - 1)
    return datetime.fromordinal(ordinal)
