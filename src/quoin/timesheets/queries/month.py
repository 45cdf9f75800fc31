"""A person's month by day: what is logged, what is due, and how far each day has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.db.prepared import rows_of
from quoin.kernel.errors import invalid
from quoin.kernel.period import iso_week, month_of, week_of
from quoin.kernel.words import say
from quoin.timesheets.queries import access, facts
from quoin.timesheets.queries.facts import PersonFacts

_DAYS = """
SELECT d.day_on::date, people_day_capacity(%(tenant)s, %(person)s, d.day_on::date), coalesce(e.minutes, 0),
  coalesce(e.billable, 0), coalesce(e.returned, false), coalesce(e.open, false), coalesce(e.waiting, false)
FROM generate_series(%(since)s::date, %(until)s::date - 1, interval '1 day') AS d (day_on)
LEFT JOIN (
  SELECT work_on, sum(minutes) AS minutes, sum(minutes) FILTER (WHERE is_billable) AS billable,
    bool_or(status = 'returned') AS returned, bool_or(status = 'open') AS open,
    bool_or(status = 'submitted') AS waiting
  FROM timesheets_timeentry
  WHERE tenant_id = %(tenant)s AND person_id = %(person)s AND work_on >= %(since)s AND work_on < %(until)s
  GROUP BY work_on
) e ON e.work_on = d.day_on
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the calendar; the weeks at its edges hold days of other months too."""

    on: date
    is_inside: bool
    target_minutes: int
    minutes: int
    billable_minutes: int
    status: str
    """returned, open, submitted or approved: the one that asks most for a look; empty without time."""

    @property
    def difference(self) -> int:
        return self.minutes - self.target_minutes


@dataclass(frozen=True, slots=True)
class MonthWeek:
    """A row of the calendar; its sums are of the days of the month."""

    name: str
    days: tuple[MonthDay, ...]

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.days if day.is_inside)


@dataclass(frozen=True, slots=True)
class Month:
    """The calendar of a month."""

    person: PersonFacts
    first: date
    weeks: tuple[MonthWeek, ...]

    @property
    def days(self) -> tuple[MonthDay, ...]:
        return tuple(day for week in self.weeks for day in week.days if day.is_inside)

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.days)

    @property
    def billable_minutes(self) -> int:
        return sum(day.billable_minutes for day in self.days)

    @property
    def target_minutes(self) -> int:
        return sum(day.target_minutes for day in self.days)

    @property
    def difference(self) -> int:
        return self.minutes - self.target_minutes


def month_day(text: str) -> date:
    """The first day of a month written `2026-05`."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as fault:
        raise invalid("/month", say("%(text)s is not a month; write it as 2026-05", text=repr(text))) from fault


def month_for(actor: Actor, person_id: UUID, on: date) -> Month:
    """The month of the day; NotFound without reach."""
    month = month_of(on)
    assert month.end is not None
    since, last = week_of(month.start).start, month.end - timedelta(days=1)
    until = week_of(last).end or last
    person = facts.person_facts(actor, person_id, since=since, until=until)
    person = access.require_reach(actor, access.VIEW_TIME, person)
    rows = rows_of(_DAYS, {"tenant": actor.tenant_id, "person": person_id, "since": since, "until": until})
    days = [
        MonthDay(
            row[0], month.start <= row[0] < month.end, row[1], int(row[2]), int(row[3]), _status(*row[2:3], *row[4:])
        )
        for row in rows
    ]
    weeks = (tuple(days[at : at + 7]) for at in range(0, len(days), 7))
    return Month(person, month.start, tuple(MonthWeek(iso_week(week[0].on), week) for week in weeks))


def _status(minutes: int, is_returned: bool, is_open: bool, is_waiting: bool) -> str:
    if not minutes:
        return ""
    found = (("returned", is_returned), ("open", is_open), ("submitted", is_waiting))
    return next((name for name, holds in found if holds), "approved")
