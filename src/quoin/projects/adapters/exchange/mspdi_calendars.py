"""Calendars of a Microsoft Project XML file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.kernel.words import say
from quoin.kernel.workcal import OFFICE_DAY, WEEKDAYS, Spans, Week
from quoin.projects.adapters.exchange.xml import Node, UnreadablePlan
from quoin.projects.rules.planfile import FileCalendar, FileException, FileWeek
from quoin.projects.rules.recurrence import Pattern, Recurrence, days_of

_SUNDAY: Final = 1
_ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)
_ITEMS: Final = {0: _ALL_DAYS, 1: (0, 1, 2, 3, 4), 2: (5, 6)}
_FIRST_WEEKDAY_ITEM: Final = 3
_MOST_DAYS: Final = 250 * 366


def read_calendars(project: Node) -> Iterator[FileCalendar]:
    for node in project.all("Calendars", "Calendar"):
        yield _calendar(node)


def _calendar(node: Node) -> FileCalendar:
    base = node.number("BaseCalendarUID", -1)
    is_base = node.flag("IsBaseCalendar")
    week: list[Spans | None] = [None] * WEEKDAYS
    exceptions = []
    for day in node.all("WeekDays", "WeekDay"):
        kind = day.number("DayType")
        if kind == 0:
            exceptions.append(_old_exception(day))
        elif _SUNDAY <= kind <= WEEKDAYS:
            week[(kind - 2) % WEEKDAYS] = _spans(day)
    named = [_exception(one) for one in node.all("Exceptions", "Exception")]
    # Files since 2007 say each exception in both places; the named one is the fuller.
    covered = {day for one in named for day in one.dates()}
    older = [one for one in exceptions if not covered.issuperset(one.dates())]
    return FileCalendar(
        uid=node.number("UID"),
        name=node.text("Name"),
        week=tuple(week),
        base=base if base > 0 or (base == 0 and not is_base) else None,
        is_base=is_base,
        exceptions=(*older, *named),
        weeks=tuple(_work_week(one) for one in node.all("WorkWeeks", "WorkWeek")),
    )


def _spans(node: Node) -> Spans:
    if not node.flag("DayWorking"):
        return ()
    found = []
    for part in node.all("WorkingTimes", "WorkingTime"):
        start, end = _minute(part.text("FromTime")), _minute(part.text("ToTime"))
        if part.text("FromTime") or part.text("ToTime"):
            found += _within_day(start, end)
    # A working day without times is one of eight hours, as in Microsoft Project.
    return _joined(found) or OFFICE_DAY


def _joined(found: list[tuple[int, int]]) -> Spans:
    """In order; stretches that overlap are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def _within_day(start: int, end: int) -> list[tuple[int, int]]:
    if end <= start and end != 0:
        return [(start, MINUTES_PER_DAY), (0, end)]
    return [(start, end or MINUTES_PER_DAY)]


def _minute(text: str) -> int:
    clock = text.partition("T")[2] or text
    parts = clock.split(":")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):  # noqa: PLR2004 -- hours and minutes
        raise UnreadablePlan(say("A working time reads %(text)s; it must be a time such as 08:00:00.", text=repr(text)))
    return min(int(parts[0]) * 60 + int(parts[1]), MINUTES_PER_DAY)


def _old_exception(node: Node) -> FileException:
    first, last = _days(node)
    return FileException("", first, last, _spans(node))


def _exception(node: Node) -> FileException:
    first, last = _days(node)
    days = _recurring(node, first, last)
    return FileException(node.text("Name"), first, last, _spans(node), days)


def _days(node: Node) -> tuple[date, date]:
    for period in node.all("TimePeriod"):
        first, last = period.day("FromDate"), period.day("ToDate")
        if first is not None and last is not None and first <= last:
            if (last - first).days > _MOST_DAYS:
                raise UnreadablePlan(
                    say(
                        "A calendar's exception reaches from %(first)s to %(last)s. Check its days.",
                        first=first,
                        last=last,
                    )
                )
            return first, last
    raise UnreadablePlan("An exception of a calendar has no days from and to. Save the file again.")


def _recurring(node: Node, first: date, last: date) -> tuple[date, ...]:
    kind = node.number("Type", 1)
    if kind not in {pattern.value for pattern in Pattern} or kind == Pattern.DAILY:
        return ()
    bits = node.number("DaysOfWeek")
    item = node.number("MonthItem")
    rule = Recurrence(
        Pattern(kind),
        period=node.number("Period", 1),
        weekdays=tuple((bit - 1) % WEEKDAYS for bit in range(WEEKDAYS) if bits & 1 << bit),
        month=node.number("Month") + 1,
        month_day=node.number("MonthDay", 1),
        position=node.number("MonthPosition"),
        item=_ITEMS.get(item) or ((item - _FIRST_WEEKDAY_ITEM - 1) % WEEKDAYS,),
    )
    return days_of(rule, first, last, times=node.number("Occurrences"))


def _work_week(node: Node) -> FileWeek:
    first, last = _days(node)
    week: list[Spans | None] = [None] * WEEKDAYS
    for day in node.all("WeekDays", "WeekDay"):
        kind = day.number("DayType")
        if _SUNDAY <= kind <= WEEKDAYS:
            week[(kind - 2) % WEEKDAYS] = _spans(day)
    return FileWeek(node.text("Name"), first, last, _checked(week))


def _checked(week: list[Spans | None]) -> Week:
    return tuple(week)
