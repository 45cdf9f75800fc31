"""Figures of capacity: what people can work, what is booked, what is left, and days that hold too much."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.figures import Group, Line, ListLines, Parameter, Parameters, Unit, declare, difference, ratio
from quoin.kernel.period import iso_week
from quoin.people.models import Person
from quoin.people.queries.capacity import capacities
from quoin.people.queries.within import people_within
from quoin.resourcing.models import BookingDay, DayLoad
from quoin.resourcing.queries import VIEW, visible_bookings

_SPACE = (Parameter.PERSON, Parameter.TEAM, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL)
_USUAL = timedelta(weeks=12)


def asked_span(actor: Actor, asked: Parameters) -> tuple[date, date]:
    """The days of the question, both included; from today, and twelve weeks long, unless it says otherwise."""
    first = asked.from_on or actor.today
    return first, asked.until_on or first + _USUAL - timedelta(days=1)


def asked_people(actor: Actor, asked: Parameters) -> QuerySet[Person]:
    """The people of the question whom the actor may look at."""
    people = people_within(actor, VIEW).exclude(kind="placeholder")
    limits = {"id": asked.person_id, "team_id": asked.team_id, "entity_id": asked.entity_id}
    return people.filter(**{name: value for name, value in limits.items() if value is not None})


def _capacity(actor: Actor, asked: Parameters) -> ListLines:
    first, last = asked_span(actor, asked)
    people = {person.id: person for person in asked_people(actor, asked)}
    lines, groups = [], []
    for person_id, daily in capacities(list(people), first, last).items():
        person, weeks = people[person_id], _by_week(first, daily)
        lines += [_week_line(person, monday, minutes) for monday, minutes in weeks.items() if minutes]
        groups.append(_group(person.name, sum(daily), len(weeks)))
    return ListLines(lines, sorted(groups, key=lambda one: (-one.value, one.label)))


def _booked(actor: Actor, asked: Parameters, *, is_firm: bool) -> ListLines:
    first, last = asked_span(actor, asked)
    days = BookingDay.objects.filter(
        tenant_id=actor.tenant_id, is_firm=is_firm, day_on__gte=first, day_on__lte=last,
        person_id__in=asked_people(actor, asked).order_by().values("id"),
    )  # fmt: skip
    minutes: defaultdict[UUID, int] = defaultdict(int)
    for booking_id, one in days.values_list("booking_id", "minutes"):
        minutes[booking_id] += one
    rows = visible_bookings(actor).filter(id__in=list(minutes))
    lines = [_booking_line(row, minutes[row.id]) for row in rows]
    sums: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        there = sums[row.person.name]
        sums[row.person.name] = (there[0] + minutes[row.id], there[1] + 1)
    groups = [_group(name, total, count) for name, (total, count) in sorted(sums.items())]
    return ListLines(lines, groups)


def _firm(actor: Actor, asked: Parameters) -> ListLines:
    return _booked(actor, asked, is_firm=True)


def _tentative(actor: Actor, asked: Parameters) -> ListLines:
    return _booked(actor, asked, is_firm=False)


def _overbooked(actor: Actor, asked: Parameters) -> ListLines:
    first, last = asked_span(actor, asked)
    people = {person.id: person for person in asked_people(actor, asked)}
    rows = DayLoad.objects.filter(
        Q(conflict_minutes__gt=0) | Q(override_minutes__gt=0), tenant_id=actor.tenant_id, person_id__in=list(people),
        day_on__gte=first, day_on__lte=last,
    )  # fmt: skip
    return ListLines(
        [
            _day_line(people[row.person_id], row)
            for row in rows.order_by("day_on", "person_id")
            if row.firm_minutes > row.capacity_minutes
        ]
    )


def _by_week(first: date, daily: list[int]) -> dict[date, int]:
    weeks: defaultdict[date, int] = defaultdict(int)
    for at, minutes in enumerate(daily):
        day = first + timedelta(days=at)
        weeks[day - timedelta(days=day.weekday())] += minutes
    return weeks


def _week_line(person: Person, monday: date, minutes: int) -> Line:
    return Line(
        value=Decimal(minutes), label=iso_week(monday), on=monday, who=person.name, minutes=minutes,
        source=person.public_id, url=reverse("people:person", args=[person.public_id]),
    )  # fmt: skip


def _booking_line(row: Any, minutes: int) -> Line:
    return Line(
        value=Decimal(minutes), label=f"{row.project.number} · {row.project.name}", on=row.starts_on,
        who=row.person.name, minutes=minutes, source=row.public_id,
        url=reverse("resourcing:booking", args=[row.public_id]),
    )  # fmt: skip


def _day_line(person: Person, row: DayLoad) -> Line:
    reason = _now("approved over capacity") if not row.conflict_minutes else _now("lost capacity after it was booked")
    return Line(
        value=Decimal(1), label=reason, on=row.day_on, who=person.name, minutes=row.firm_minutes - row.capacity_minutes,
        source=person.public_id, url=reverse("people:person", args=[person.public_id]),
    )  # fmt: skip


def _group(label: str, minutes: int, count: int) -> Group:
    return Group(label=label, value=Decimal(minutes), currency="", count=count)


declare(
    "capacity.net",
    label=_("Net capacity"),
    definition=_("Hours that people can be booked: their working hours less holidays and absences."),
    formula=_("sum of the hours of each day − holidays − absences, while people are with the firm"),
    unit=Unit.MINUTES,
    permission=VIEW,
    takes=_SPACE,
    lines=_capacity,
)
declare(
    "capacity.booked",
    label=_("Booked"),
    definition=_("Hours that are firmly booked."),
    formula=_("sum of the days of firm bookings"),
    unit=Unit.MINUTES,
    permission=VIEW,
    takes=_SPACE,
    lines=_firm,
)
declare(
    "capacity.tentative",
    label=_("Tentatively booked"),
    definition=_("Hours that are booked, but not for sure."),
    formula=_("sum of the days of tentative bookings"),
    unit=Unit.MINUTES,
    permission=VIEW,
    takes=_SPACE,
    lines=_tentative,
)
declare(
    "capacity.overbooked_days",
    label=_("Over-booked days"),
    definition=_("Days on which somebody is firmly booked for more than they can work."),
    formula=_("number of days whose firm hours exceed the capacity"),
    unit=Unit.COUNT,
    permission=VIEW,
    takes=_SPACE,
    lines=_overbooked,
    higher_is_better=False,
)
difference(
    "capacity.bench",
    label=_("Bench"),
    definition=_("Hours that people can be booked and are not."),
    formula=_("net capacity − booked"),
    permission=VIEW,
    plus=("capacity.net",),
    minus=("capacity.booked",),
    higher_is_better=False,
)
ratio(
    "capacity.planned_utilisation",
    label=_("Planned utilisation"),
    definition=_("How much of the net capacity is firmly booked."),
    formula=_("booked ÷ net capacity"),
    permission=VIEW,
    numerator="capacity.booked",
    denominator="capacity.net",
    higher_is_better=True,
)
