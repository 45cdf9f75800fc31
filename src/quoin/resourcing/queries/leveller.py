"""What levelling of plans asks of bookings, which stand above projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.people.queries.within import people_within
from quoin.resourcing.models import Booking, BookingDay
from quoin.resourcing.queries import VIEW


def firm_elsewhere(
    actor: Actor, people: Collection[UUID], days: tuple[date, date], but: Collection[UUID]
) -> Mapping[UUID, Mapping[date, int]]:
    """Minutes firmly booked on other projects by day, of those people whose bookings the actor may see."""
    if not actor.may(VIEW):
        return {}
    seen = people_within(actor, VIEW).filter(id__in=people).order_by().values_list("id", flat=True)
    rows = BookingDay.objects.filter(
        tenant_id=actor.tenant_id, person_id__in=list(seen), day_on__range=days, is_firm=True
    ).exclude(booking_id__in=Booking.objects.filter(project_id__in=list(but)).order_by().values("id"))
    found: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
    summed = rows.order_by().values_list("person_id", "day_on").annotate(whole=Sum("minutes"))
    for person, day, minutes in summed:
        found[person][day] = minutes
    return found
