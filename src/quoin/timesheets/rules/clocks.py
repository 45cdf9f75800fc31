"""Clock times of work: durations are differences in UTC (I-29), days are the person's own.

A local time that the clock skipped is refused; one that it showed twice is asked about.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quoin.kernel.words import say
from quoin.timesheets.types import DAY_MINUTES, AmbiguousTime

LONGEST = timedelta(minutes=DAY_MINUTES)


def worked_minutes(started_at: datetime, ended_at: datetime) -> int:
    """Whole minutes between two aware moments, at least 1; ValueError if the end is not after the start.

    Both are taken to UTC first: Python subtracts two times of one zone by the wall clock, which is an hour
    off across a clock change.
    """
    if started_at.tzinfo is None or ended_at.tzinfo is None:
        raise ValueError("a moment without an offset could be two moments")
    span = ended_at.astimezone(UTC) - started_at.astimezone(UTC)
    if span <= timedelta():
        raise ValueError(say("The end is not after the start."))
    if span > LONGEST:
        raise ValueError(say("An entry lasts at most 24 hours."))
    return max(1, int(span.total_seconds()) // 60)


def moment(day: date, at: time, zone: str, *, offset_minutes: int | None = None) -> datetime:
    """The moment in UTC at which clocks in the zone showed that time.

    ValueError if they never did; AmbiguousTime if they did twice and no offset from UTC is given.
    """
    place = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    candidates = {wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    # Going to UTC and back shows a time that was skipped: it comes back as another.
    found = sorted(one for one in candidates if one.astimezone(place).replace(tzinfo=None) == wall)
    if not found:
        raise ValueError(
            say(
                "On %(day)s clocks in %(zone)s never showed %(at)s: they were put forward past it.",
                day=day,
                zone=zone,
                at=f"{at:%H:%M}",
            )
        )
    if offset_minutes is not None:
        found = [one for one in found if one.astimezone(place).utcoffset() == timedelta(minutes=offset_minutes)]
        if not found:
            raise ValueError(
                say(
                    "On %(day)s at %(at)s %(zone)s was not at that offset from UTC.",
                    day=day,
                    at=f"{at:%H:%M}",
                    zone=zone,
                )
            )
    if len(found) > 1:
        raise AmbiguousTime(
            say(
                "On %(day)s clocks in %(zone)s showed %(at)s twice. Say which one is meant.",
                day=day,
                zone=zone,
                at=f"{at:%H:%M}",
            ),
            tuple(found),
        )
    return found[0]


def work_day(started_at: datetime, zone: str) -> date:
    """The calendar day, where the person is, on which the work began."""
    return started_at.astimezone(ZoneInfo(zone)).date()


def span(day: date, start: time, end: time, zone: str) -> tuple[datetime, datetime]:
    """Two clock times of one working day as moments; an end not after the start is the next day's."""
    last = day if end > start else day + timedelta(days=1)
    return moment(day, start, zone), moment(last, end, zone)
