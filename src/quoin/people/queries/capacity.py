"""What decides how much people can work, gathered for many at once, for the rules of capacity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from quoin.people.models import Absence, CalendarDay, Person, WorkCalendar, WorkPattern
from quoin.people.rules.capacity import capacity_minutes, merged
from quoin.people.types import AbsenceStatus, Away, DayCalendar, Pattern, WorkTime

_DEEPEST = 8


def work_times(people: Collection[UUID], from_on: date, until_on: date) -> dict[UUID, WorkTime]:
    """Calendar, patterns, absences and employment of the people, for the days up to `until_on` (included)."""
    wanted = list(people)
    calendars = _calendars(from_on, until_on)
    patterns: defaultdict[UUID, list[Pattern]] = defaultdict(list)
    for person_id, valid_from, week in (
        WorkPattern.objects.filter(person_id__in=wanted, valid_from__lte=until_on)
        .order_by("valid_from")
        .values_list("person_id", "valid_from", "weekday_minutes")
    ):
        patterns[person_id].append(Pattern(valid_from, tuple(week)))
    absences: defaultdict[UUID, list[Away]] = defaultdict(list)
    for row in Absence.objects.filter(
        person_id__in=wanted, status=AbsenceStatus.APPROVED, starts_on__lte=until_on, ends_on__gte=from_on
    ).values_list("person_id", "starts_on", "ends_on", "starts_half", "ends_half"):
        absences[row[0]].append(Away(*row[1:]))
    usual = calendars.get(None, DayCalendar())
    return {
        person_id: WorkTime(
            calendars.get(calendar_id, usual),
            tuple(patterns[person_id]),
            tuple(absences[person_id]),
            hired_on,
            left_on,
        )
        for person_id, calendar_id, hired_on, left_on in Person.objects.filter(id__in=wanted).values_list(
            "id", "calendar_id", "hired_on", "left_on"
        )
    }


def capacities(people: Collection[UUID], from_on: date, until_on: date) -> dict[UUID, list[int]]:
    """Minutes that each person can be booked on each day from the first to the last, both included."""
    days = (until_on - from_on).days + 1
    return {
        person: capacity_minutes(time, from_on, days) for person, time in work_times(people, from_on, until_on).items()
    }


def holidays_of(people: Collection[UUID], from_on: date, until_on: date) -> dict[UUID, dict[date, str]]:
    """Days of the people's calendars on which nobody works, with their names."""
    labels: defaultdict[UUID, dict[date, str]] = defaultdict(dict)
    for calendar_id, day_on, label in CalendarDay.objects.filter(
        day_on__gte=from_on, day_on__lte=until_on, minutes=0
    ).values_list("calendar_id", "day_on", "label"):
        labels[calendar_id][day_on] = label
    chains = _chains()
    found = {}
    for person_id, calendar_id in Person.objects.filter(id__in=list(people)).values_list("id", "calendar_id"):
        days: dict[date, str] = {}
        for calendar in reversed(chains.get(calendar_id, chains.get(None, []))):
            days.update(labels[calendar])
        found[person_id] = days
    return found


def _chains() -> dict[UUID | None, list[UUID]]:
    """Each calendar with its parents, nearest first; None: the default one."""
    rows = {row[0]: row for row in WorkCalendar.objects.values_list("id", "parent_id", "is_default")}
    chains: dict[UUID | None, list[UUID]] = {}
    for calendar_id, (_id, _parent, is_default) in rows.items():
        chain: list[UUID] = []
        at: UUID | None = calendar_id
        while at is not None and len(chain) < _DEEPEST:
            chain.append(at)
            at = rows[at][1]
        chains[calendar_id] = chain
        if is_default:
            chains[None] = chain
    return chains


def _calendars(from_on: date, until_on: date) -> dict[UUID | None, DayCalendar]:
    exceptions: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
    for calendar_id, day_on, minutes in CalendarDay.objects.filter(
        day_on__gte=from_on, day_on__lt=until_on + timedelta(days=1)
    ).values_list("calendar_id", "day_on", "minutes"):
        exceptions[calendar_id][day_on] = minutes
    own = {
        calendar_id: DayCalendar(tuple(week), exceptions[calendar_id])
        for calendar_id, week in WorkCalendar.objects.values_list("id", "weekday_minutes")
    }
    return {key: merged([own[calendar] for calendar in chain]) for key, chain in _chains().items()}


def usual_calendar(from_on: date, until_on: date) -> DayCalendar:
    """The firm's calendar: whoever has none of their own works by it."""
    return _calendars(from_on, until_on).get(None, DayCalendar())
