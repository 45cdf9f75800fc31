"""Calendars that come from elsewhere: plans that are read from files bring theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from quoin.people.models import CalendarDay, Person, WorkCalendar
from quoin.people.rules.calendars import checked_spans, checked_week, minutes_of

Spans = Sequence[Sequence[int]]
_BATCH = 1000


def put_calendar(*, calendar_id: UUID, name: str, week: Sequence[Spans], days: Mapping[date, Spans]) -> WorkCalendar:
    """The calendar of that id with this week and these days that differ; made if it is not there."""
    checked = checked_week(week)
    calendar, _made = WorkCalendar.objects.update_or_create(
        id=calendar_id,
        defaults={"name": name, "week": checked, "weekday_minutes": [minutes_of(spans) for spans in checked]},
    )
    CalendarDay.objects.filter(calendar=calendar).delete()
    CalendarDay.objects.bulk_create(
        (
            CalendarDay(calendar=calendar, day_on=day, spans=stretches, minutes=minutes_of(stretches))
            for day, stretches in ((day, checked_spans(spans, pointer="/days")) for day, spans in days.items())
        ),
        batch_size=_BATCH,
    )
    return calendar


def remove_unused_calendars(calendar_ids: Iterable[UUID]) -> None:
    """Delete the calendars that nobody works by and no other is based on."""
    wanted = set(calendar_ids)
    wanted -= set(Person.objects.filter(calendar_id__in=wanted).values_list("calendar_id", flat=True))
    wanted -= set(WorkCalendar.objects.filter(parent_id__in=wanted).values_list("parent_id", flat=True))
    WorkCalendar.objects.filter(id__in=wanted, is_default=False).delete()
