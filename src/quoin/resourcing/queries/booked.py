"""Firm bookings of people by day, for the plans below that show them beside their own load."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from quoin.base.actor import Actor
from quoin.people.queries.within import people_within
from quoin.resourcing.models import DayLoad
from quoin.resourcing.queries import VIEW


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
