"""The dispatch board's facts: who is where, what is in the way, what waits for a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from quoin.base.actor import Actor
from quoin.field.models import Delivery, Equipment, Site, Visit, VisitDelivery, VisitEquipment, VisitMember
from quoin.field.queries import visible_visits
from quoin.field.rules.dispatch import Busy, Found, Goods, Held, Plan, Tool, Worker, troubles
from quoin.field.rules.travel import Place, travel_minutes
from quoin.field.types import DeliveryStatus
from quoin.people.models import Absence, Person, PersonCertificate

_THERE = frozenset({DeliveryStatus.ON_SITE, DeliveryStatus.CHECKED, DeliveryStatus.INSTALLED, DeliveryStatus.ACCEPTED})
_NEAR = timedelta(days=2)


def troubles_of(actor: Actor, visit: Visit) -> tuple[Found, ...]:
    """Everything against a visit as it stands now."""
    return troubles(plan_of(actor, visit))


def plan_of(actor: Actor, visit: Visit) -> Plan:
    """The visit as the rules see it, with what its crew and equipment do around it."""
    crew = list(VisitMember.objects.select_related("person").filter(visit=visit).order_by("person__name"))
    days = days_of(actor, visit)
    people = [member.person_id for member in crew]
    held, away = _held(people), _away(people, days)
    near = _near_members(visit, people)
    return Plan(
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        days=days,
        crew=tuple(
            Worker(
                member.person.name,
                held=tuple(held.get(member.person_id, ())),
                busy=tuple(near.get(member.person_id, ())),
                away_on=frozenset(away.get(member.person_id, ())),
            )
            for member in crew
        ),
        crew_size=visit.crew_size,
        tools=_tools(visit),
        goods=_goods(visit),
        certificate_id=visit.certificate_id,
        certificate_name=visit.certificate.name if visit.certificate else "",
        earliest_on=visit.earliest_on,
        latest_on=visit.latest_on,
    )


def days_of(actor: Actor, visit: Visit) -> tuple[date, ...]:
    """The days that a visit touches, by the firm's clock."""
    if visit.starts_at is None or visit.ends_at is None:
        return ()
    zone = ZoneInfo(actor.zone)
    first, last = visit.starts_at.astimezone(zone).date(), visit.ends_at.astimezone(zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def waiting_visits(actor: Actor) -> QuerySet[Visit]:
    """Visits without a time, the most pressing first."""
    return visible_visits(actor).filter(starts_at=None, status="draft").order_by("latest_on", "earliest_on", "number")


def visits_between(actor: Actor, first: date, until: date) -> QuerySet[Visit]:
    """Visits that touch the days from first up to, not including, until."""
    zone = ZoneInfo(actor.zone)
    begin = datetime.combine(first, datetime.min.time(), tzinfo=zone)
    end = datetime.combine(until, datetime.min.time(), tzinfo=zone)
    return visible_visits(actor).exclude(status="cancelled").filter(starts_at__lt=end, ends_at__gt=begin)


def place_of(site: Site) -> Place | None:
    if site.latitude is None or site.longitude is None:
        return None
    return Place(float(site.latitude), float(site.longitude))


def _near_members(visit: Visit, people: Collection[UUID]) -> dict[UUID, list[Busy]]:
    if visit.starts_at is None or visit.ends_at is None:
        return {}
    rows = (
        VisitMember.objects.select_related("visit", "visit__site")
        .filter(person__in=people, is_firm=True, begins_at__lt=visit.ends_at + _NEAR)
        .filter(ends_at__gt=visit.starts_at - _NEAR)
        .exclude(visit=visit)
        .order_by("person_id", "begins_at")
    )  # fmt: skip
    here = place_of(visit.site)
    return {
        person: [_busy(row.begins_at, row.ends_at, row.visit, here) for row in found]
        for person, found in groupby(rows, key=lambda row: row.person_id)
    }


def _busy(begins_at: datetime, ends_at: datetime, other: Visit, here: Place | None) -> Busy:
    # Between two visits of a day the crew drives from site to site, not home and back.
    between = travel_minutes(place_of(other.site), here)
    return Busy(begins_at, ends_at, f"{other.site.name} · {other.title}", between)


def _tools(visit: Visit) -> tuple[Tool, ...]:
    taken = Equipment.objects.filter(id__in=VisitEquipment.objects.filter(visit=visit).values("equipment_id"))
    found = []
    for equipment in taken.order_by("name"):
        rows: Iterable[VisitEquipment] = ()
        if visit.starts_at is not None and visit.ends_at is not None:
            rows = (
                VisitEquipment.objects.select_related("visit", "visit__site")
                .filter(equipment=equipment, is_firm=True, begins_at__lt=visit.ends_at + _NEAR,
                        ends_at__gt=visit.starts_at - _NEAR)
                .exclude(visit=visit)
            )  # fmt: skip
        busy = tuple(Busy(row.begins_at, row.ends_at, f"{row.visit.site.name} · {row.visit.title}") for row in rows)
        found.append(Tool(equipment.name, equipment.certificate_id, busy))
    return tuple(found)


def _goods(visit: Visit) -> tuple[Goods, ...]:
    wanted = VisitDelivery.objects.filter(visit=visit).values("delivery_id")
    rows = Delivery.objects.filter(id__in=wanted).exclude(status="cancelled").order_by("number")
    return tuple(Goods(row.item, DeliveryStatus(row.status) in _THERE, row.expected_on) for row in rows)


def _held(people: Collection[UUID]) -> dict[UUID, list[Held]]:
    found: dict[UUID, list[Held]] = {}
    for row in PersonCertificate.objects.filter(person__in=people):
        found.setdefault(row.person_id, []).append(Held(row.certificate_id, row.issued_on, row.expires_on))
    return found


def _away(people: Collection[UUID], days: Collection[date]) -> dict[UUID, set[date]]:
    if not days:
        return {}
    found: dict[UUID, set[date]] = {}
    rows = Absence.objects.filter(
        person__in=people, status="approved", starts_on__lte=max(days), ends_on__gte=min(days)
    )
    for row in rows:
        found.setdefault(row.person_id, set()).update(day for day in days if row.starts_on <= day <= row.ends_on)
    return found


def technicians(actor: Actor) -> QuerySet[Person]:
    """People who were on a crew in the last half year, or are on one to come."""
    since = datetime.combine(actor.today - timedelta(days=180), datetime.min.time(), tzinfo=UTC)
    crews = VisitMember.objects.filter(ends_at__gte=since).values("person_id")
    return Person.objects.filter(id__in=crews, left_on=None).order_by("name")
