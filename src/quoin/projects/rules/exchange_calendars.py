"""Calendars of a file as calendars of the firm: one week and the days that differ, without bases and dated weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.kernel.workcal import WEEKDAYS, Spans, WorkCalendar
from quoin.projects.rules.planfile import FileCalendar, FileException, PlanFile

AROUND_THE_CLOCK: Final = "Around the clock"
_LEAD: Final = timedelta(days=366)
_TAIL: Final = timedelta(days=5 * 366)
_NO_DATE: Final = datetime.fromisoformat("2000-01-01")
_MOST_DAYS: Final = 15_000


@dataclass(frozen=True, slots=True)
class FlatCalendar:
    """A week, Monday first, and the days that differ from it."""

    name: str
    week: tuple[Spans, ...]
    days: Mapping[date, Spans]

    def calendar(self) -> WorkCalendar:
        return WorkCalendar(week=self.week, exceptions=dict(self.days))


def around_the_clock() -> FlatCalendar:
    """Every minute counts: elapsed durations run on it."""
    return FlatCalendar(AROUND_THE_CLOCK, (((0, MINUTES_PER_DAY),),) * WEEKDAYS, {})


def calendars_used(file: PlanFile) -> list[int]:
    """Numbers of the calendars that the project or a task is counted on, the project's first."""
    known = {calendar.uid for calendar in file.calendars}
    wanted = [file.calendar, *(task.calendar for task in file.rows())]
    return [uid for uid in dict.fromkeys(wanted) if uid in known and uid is not None]


def flat_calendars(file: PlanFile) -> dict[int, FlatCalendar]:
    """The calendars that are used, by number; days that differ only around the plan's own dates."""
    built = file.work_calendars()
    by_uid = {calendar.uid: calendar for calendar in file.calendars}
    window = _window(file)
    return {
        uid: flat(by_uid[uid].name or f"Calendar {uid}", built[uid], _chain(by_uid[uid], by_uid), window)
        for uid in calendars_used(file)
    }


def flat(name: str, built: WorkCalendar, chain: tuple[FileCalendar, ...], window: tuple[date, date]) -> FlatCalendar:
    """The calendar by its usual week, with every day that its exceptions and dated weeks make differ."""
    monday = date(1900, 1, 1)
    bare = WorkCalendar(week=built.week, parent=_without_days(built.parent))
    week = tuple(bare.spans_on(monday + timedelta(days=day)) for day in range(WEEKDAYS))
    days = {}
    for day in sorted(set(_named_days(chain, window)))[:_MOST_DAYS]:
        spans = built.spans_on(day)
        if spans != week[day.weekday()]:
            days[day] = spans
    return FlatCalendar(name, week, days)


def exceptions_of(calendar: FlatCalendar) -> tuple[FileException, ...]:
    """The days that differ as exceptions; neighbours that are alike are one."""
    found: list[FileException] = []
    for day, spans in sorted(calendar.days.items()):
        last = found[-1] if found else None
        if last is not None and last.spans == spans and last.last + timedelta(days=1) == day:
            found[-1] = FileException("", last.first, day, spans)
        else:
            found.append(FileException("", day, day, spans))
    return tuple(found)


def _window(file: PlanFile) -> tuple[date, date]:
    dates: list[datetime] = [at for at in (file.start, file.finish) if at]
    dates += [at for task in file.rows() for at in (task.start, task.finish, task.late_finish, task.deadline) if at]
    first = min(dates, default=_NO_DATE).date()
    last = max(dates, default=_NO_DATE).date()
    return _shifted(first, -_LEAD), _shifted(last, _TAIL)


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return date.min if by < timedelta() else date.max


def _chain(calendar: FileCalendar, by_uid: Mapping[int, FileCalendar]) -> tuple[FileCalendar, ...]:
    found = [calendar]
    while (base := by_uid.get(found[-1].base or 0)) is not None and found[-1].base is not None and base not in found:
        found.append(base)
    return tuple(found)


def _without_days(calendar: WorkCalendar | None) -> WorkCalendar | None:
    return WorkCalendar(week=calendar.week, parent=_without_days(calendar.parent)) if calendar else None


def _named_days(chain: tuple[FileCalendar, ...], window: tuple[date, date]) -> Iterator[date]:
    for calendar in chain:
        for exception in calendar.exceptions:
            if exception.days:
                yield from (day for day in exception.days if window[0] <= day <= window[1])
            else:
                yield from _within(window, exception.first, exception.last)
        for week in calendar.weeks:
            yield from _within(window, week.first, week.last)


def _within(window: tuple[date, date], first: date, last: date) -> Iterator[date]:
    start, end = max(first, window[0]), min(last, window[1])
    for number in range(start.toordinal(), end.toordinal() + 1):
        yield date.fromordinal(number)
