"""A year of a work calendar: its own days that differ, and those that it takes over from what it is based on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound
from quoin.people.models import CalendarDay, Person, WorkCalendar
from quoin.people.queries.calendars import calendar_for
from quoin.people.rules.calendars import text_of


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day that differs from the week. `origin` names the calendar that says so, where it is another one."""

    day_on: date
    label: str
    hours: str
    minutes: int
    is_holiday: bool
    origin: str


def year_days(actor: Actor, calendar_id: UUID, year: int) -> list[YearDay]:
    """Days of the year that differ, in order; the nearest calendar that knows a day has the word."""
    found: dict[date, YearDay] = {}
    nearest = calendar_for(actor, calendar_id)
    for calendar in _line(nearest):
        for row in CalendarDay.objects.filter(calendar=calendar, day_on__year=year):
            origin = "" if calendar.id == nearest.id else calendar.name
            day = YearDay(row.day_on, row.label, text_of(row.spans), row.minutes, row.is_holiday, origin)
            found.setdefault(row.day_on, day)
    return sorted(found.values(), key=lambda day: day.day_on)


def day_of(actor: Actor, calendar_id: UUID, day_on: date) -> CalendarDay:
    """What the calendar itself says of a day; NotFound if nothing."""
    row = CalendarDay.objects.filter(calendar=calendar_for(actor, calendar_id), day_on=day_on).first()
    if row is None:
        raise NotFound("The calendar says nothing about this day.")
    return row


def people_count(actor: Actor, calendar_id: UUID) -> int:
    """How many people work by the calendar because it is theirs."""
    return Person.objects.filter(calendar=calendar_for(actor, calendar_id), left_on=None).count()


def _line(calendar: WorkCalendar) -> list[WorkCalendar]:
    """The calendar and what it is based on, nearest first."""
    known = {row.id: row for row in WorkCalendar.objects.all()} if calendar.parent_id else {}
    line = [calendar]
    while (parent := line[-1].parent_id) is not None and parent in known and known[parent] not in line:
        line.append(known[parent])
    return line
