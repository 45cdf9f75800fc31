"""Bookings of people by day: for plans below that show them beside their own load, and for the day of one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from quoin.base.actor import Actor
from quoin.people.queries.within import people_within
from quoin.resourcing.models import Booking, BookingDay, DayLoad
from quoin.resourcing.queries import VIEW, visible_bookings


def firm_by_day(
    actor: Actor, people: Collection[UUID], from_on: date, until_on: date
) -> Mapping[UUID, Mapping[date, int]]:
    """Minutes on each day, of those people whose bookings the actor may see."""
    if not actor.may(VIEW):
        return {}
    seen = people_within(actor, VIEW).filter(id__in=people).order_by().values_list("id", flat=True)
    rows = DayLoad.objects.filter(
        tenant_id=actor.tenant_id, person_id__in=list(seen), day_on__range=(from_on, until_on), firm_minutes__gt=0
    )
    found: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
    for person, day, minutes in rows.values_list("person_id", "day_on", "firm_minutes"):
        found[person][day] = minutes
    return found


def day_bookings(actor: Actor, person_id: UUID, on: date) -> list[tuple[Booking, int]]:
    """What somebody is booked for on a day, with its minutes, the longest first."""
    days = BookingDay.objects.filter(tenant_id=actor.tenant_id, person_id=person_id, day_on=on)
    minutes = dict(days.values_list("booking_id", "minutes"))
    rows = visible_bookings(actor).filter(id__in=list(minutes)) if minutes else ()
    return sorted(((row, minutes[row.id]) for row in rows), key=lambda one: (-one[1], one[0].project.name))


def next_bookings(actor: Actor, person_id: UUID, after: date, most: int) -> list[Booking]:
    """The bookings of somebody that begin after a day, the next first."""
    return list(visible_bookings(actor).filter(person=person_id, starts_on__gt=after)[:most])
