"""Public holidays, worked out once and kept as days of the calendar, so that plans stay as they are."""

from __future__ import annotations

from datetime import date

import holidays

from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.people.models import CalendarDay, WorkCalendar


def public_holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """Public holidays of a country, and of a region of it, in a year; Invalid for one that is not known."""
    known = holidays.list_supported_countries()
    if country not in known or (subdivision and subdivision not in known[country]):
        raise invalid(
            "/subdivision" if country in known else "/country",
            say("No public holidays are known for %(place)s.", place=f"{country} {subdivision}".rstrip()),
            remedy="Use ISO codes such as DE and BY, or leave the region empty.",
        )
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    return {day: str(name) for day, name in sorted(found.items())}


def fill_holidays(calendar: WorkCalendar, year: int) -> int:
    """Write the year's holidays in place of those filled before; days set by hand stay. Returns how many there are."""
    if not calendar.country:
        raise invalid("/country", "The calendar has no country whose holidays could be filled in.")
    wanted = public_holidays(calendar.country, calendar.subdivision, year)
    rows = {row.day_on: row for row in CalendarDay.objects.filter(calendar=calendar, day_on__year=year)}
    gone = [row.id for day, row in rows.items() if row.is_holiday and day not in wanted]
    CalendarDay.objects.filter(id__in=gone).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(calendar=calendar, day_on=day, label=name, is_holiday=True)
            for day, name in wanted.items()
            if day not in rows
        ]
    )
    return len(wanted)
