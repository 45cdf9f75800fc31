"""The dispatch board's facts: who is where, what is in the way, what waits for a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from quoin.base.actor import Actor
from quoin.field.models import Equipment, Site, Visit, VisitDelivery, VisitEquipment, VisitMember
from quoin.field.queries import visible_visits
from quoin.field.rules.dispatch import Busy, Found, Goods, Held, Plan, Tool, Worker, troubles
from quoin.field.rules.travel import Place, travel_minutes
from quoin.field.types import DeliveryStatus
from quoin.kernel.errors import invalid
from quoin.people.models import Absence, Person, PersonCertificate

_THERE = frozenset({DeliveryStatus.ON_SITE, DeliveryStatus.CHECKED, DeliveryStatus.INSTALLED, DeliveryStatus.ACCEPTED})
_NEAR = timedelta(days=2)


def troubles_of(actor: Actor, visit: Visit) -> tuple[Found, ...]:
    """Everything against a visit as it stands now."""
    return troubles(plan_of(actor, visit))


@dataclass(frozen=True, slots=True)
class Draft:
    """Who and what a visit would take, where it is not what the tables say."""

    crew: tuple[UUID, ...]
    equipment: tuple[UUID, ...]


def plan_of(actor: Actor, visit: Visit, draft: Draft | None = None) -> Plan:
    """The visit as the rules see it, with what its crew and equipment do around it."""
    return plans_of(actor, [visit], {visit.id: draft} if draft else {})[visit.id]


def plans_of(actor: Actor, visits: Collection[Visit], drafts: Mapping[UUID, Draft] | None = None) -> dict[UUID, Plan]:
    """Many visits at once, in a fixed number of statements."""
    wanted, drafts = [visit.id for visit in visits], drafts or {}
    crews = _links(VisitMember.objects.filter(visit__in=wanted).values_list("visit_id", "person_id"))
    tools = _links(VisitEquipment.objects.filter(visit__in=wanted).values_list("visit_id", "equipment_id"))
    for key, draft in drafts.items():
        crews[key], tools[key] = list(draft.crew), list(draft.equipment)
    days = {visit.id: days_of(actor, visit) for visit in visits}
    every_day = [day for found in days.values() for day in found]
    people = Person.objects.in_bulk({key for found in crews.values() for key in found})
    things = Equipment.objects.in_bulk({key for found in tools.values() for key in found})
    _all_known("/crew", crews, people)
    _all_known("/equipment", tools, things)
    held, away = _held(people), _away(people, every_day)
    members, taken = _near(VisitMember, "person", people, visits), _near(VisitEquipment, "equipment", things, visits)
    goods = _goods(wanted)
    return {
        visit.id: Plan(
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            days=days[visit.id],
            crew=tuple(
                Worker(
                    people[key].name,
                    held=tuple(held.get(key, ())),
                    busy=_busy(members.get(key, ()), visit, knows_travel=True),
                    away_on=frozenset(away.get(key, ())).intersection(days[visit.id]),
                )
                for key in sorted(crews[visit.id], key=lambda key: people[key].name)
            ),
            crew_size=visit.crew_size,
            tools=tuple(
                Tool(things[key].name, things[key].certificate_id, _busy(taken.get(key, ()), visit, knows_travel=False))
                for key in sorted(tools[visit.id], key=lambda key: things[key].name)
            ),
            goods=tuple(goods.get(visit.id, ())),
            certificate_id=visit.certificate_id,
            certificate_name=visit.certificate.name if visit.certificate else "",
            earliest_on=visit.earliest_on,
            latest_on=visit.latest_on,
        )
        for visit in visits
    }


def _all_known(pointer: str, wanted: Mapping[UUID, Collection[UUID]], known: Collection[UUID]) -> None:
    """A draft names what somebody typed; what is on a visit already is there."""
    if any(key not in known for keys in wanted.values() for key in keys):
        raise invalid(pointer, "There is no such thing here. Choose from the list.")


def _links(rows: Iterable[tuple[UUID, UUID]]) -> defaultdict[UUID, list[UUID]]:
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for visit_id, key in rows:
        found[visit_id].append(key)
    return found


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


def _near(
    model: type[VisitMember | VisitEquipment], name: str, keys: Collection[UUID], visits: Iterable[Visit]
) -> dict[UUID, list[Any]]:
    """What people or things are promised to around the visits, by their id."""
    spans = [(one.starts_at, one.ends_at) for one in visits if one.starts_at is not None and one.ends_at is not None]
    if not spans or not keys:
        return {}
    rows = (
        model.objects.select_related("visit", "visit__site")
        .filter(**{f"{name}__in": list(keys)}, is_firm=True)
        .filter(begins_at__lt=max(end for _start, end in spans) + _NEAR)
        .filter(ends_at__gt=min(start for start, _end in spans) - _NEAR)
        .order_by("begins_at")
    )
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, f"{name}_id"), []).append(row)
    return found


def _busy(rows: Iterable[Any], visit: Visit, *, knows_travel: bool) -> tuple[Busy, ...]:
    """Other visits near this one. Between two visits of a day the crew drives from site to site, not home and back."""
    if visit.starts_at is None or visit.ends_at is None:
        return ()
    here = place_of(visit.site)
    return tuple(
        Busy(
            row.begins_at, row.ends_at, f"{row.visit.site.name} · {row.visit.title}",
            travel_minutes(place_of(row.visit.site), here) if knows_travel else None,
        )
        for row in rows
        if row.visit_id != visit.id
        and row.begins_at < visit.ends_at + _NEAR
        and row.ends_at > visit.starts_at - _NEAR
    )  # fmt: skip


def _goods(visits: Collection[UUID]) -> dict[UUID, list[Goods]]:
    rows = (
        VisitDelivery.objects.select_related("delivery").filter(visit__in=visits).exclude(delivery__status="cancelled")
    )
    found: dict[UUID, list[Goods]] = {}
    for row in rows.order_by("delivery__number"):
        goods = Goods(row.delivery.item, DeliveryStatus(row.delivery.status) in _THERE, row.delivery.expected_on)
        found.setdefault(row.visit_id, []).append(goods)
    return found


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
