"""The rows of the dispatch board: technicians and shared things, where they set out, and a shorter order of a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from quoin.base.actor import Actor
from quoin.field.models import Equipment, Site, Visit, VisitEquipment, VisitMember
from quoin.field.queries import shared_equipment
from quoin.field.queries.dispatch import place_of, technicians, visits_between
from quoin.field.rules.rounds import Order, Stop, suggested_order
from quoin.field.rules.travel import Place
from quoin.kernel.errors import Conflict
from quoin.kernel.words import say
from quoin.people.models import Absence, Person, PersonCertificate
from quoin.people.queries.within import people_within

_MOST_PEOPLE = 80
_MOST_OTHERS = 300


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Visits with their new starts, and what is saved."""

    visits: tuple[Visit, ...]
    order: Order


def people_of_board(actor: Actor) -> list[Person]:
    """Technicians whom the actor sees: of crews, or with a certificate that visits or equipment ask for.

    A firm without any yet sees its people, so that it can begin.
    """
    seen = people_within(actor, "people.person.view").exclude(kind="placeholder").filter(left_on=None)
    asked = set(Visit.objects.filter(certificate__isnull=False).values_list("certificate_id", flat=True))
    asked |= set(Equipment.objects.filter(certificate__isnull=False).values_list("certificate_id", flat=True))
    holders = PersonCertificate.objects.filter(certificate__in=asked).values("person_id")
    rows = seen.filter(Q(id__in=technicians(actor).order_by().values("id")) | Q(id__in=holders))
    found = list(rows.order_by("name")[:_MOST_PEOPLE])
    return found or list(seen.order_by("name")[:_MOST_PEOPLE])


def others_of_board(actor: Actor, shown: Sequence[Person]) -> list[Person]:
    """People who have no row yet and may be sent all the same."""
    seen = people_within(actor, "people.person.view").exclude(kind="placeholder").filter(left_on=None)
    return list(seen.exclude(id__in=[one.id for one in shown]).order_by("name")[:_MOST_OTHERS])


def things_of_board(actor: Actor) -> list[Equipment]:
    return list(shared_equipment(actor).filter(is_active=True))


def absences_of(people: Collection[UUID], first: date, until: date) -> dict[UUID, list[date]]:
    """The days on which each is away, by approved absences."""
    rows = Absence.objects.filter(
        person__in=list(people), status="approved", starts_on__lt=until, ends_on__gte=first
    ).order_by("starts_on")
    found: dict[UUID, list[date]] = {}
    for row in rows:
        day = max(row.starts_on, first)
        while day <= row.ends_on and day < until:
            found.setdefault(row.person_id, []).append(day)
            day += timedelta(days=1)
    return found


def homes_of(people: Sequence[Person]) -> dict[UUID, Place]:
    """Where each sets out: the firm's own site at the person's place, else its first one with a position."""
    own = Site.objects.filter(client__is_internal=True, latitude__isnull=False).order_by("name")
    sites = [(site, place) for site in own if (place := place_of(site)) is not None]
    if not sites:
        return {}
    by_name = {word.casefold(): place for site, place in reversed(sites) for word in (site.city, site.name) if word}
    return {person.id: by_name.get(person.place.casefold(), sites[0][1]) for person in people}


def home_of(person_id: UUID) -> Place | None:
    """Where somebody sets out; None where that is not known."""
    return homes_of(list(Person.objects.filter(id=person_id))).get(person_id)


def crews_of(visits: Collection[UUID]) -> dict[UUID, list[tuple[UUID, bool]]]:
    """By visit: who goes, whoever leads first, and whether they lead."""
    found: dict[UUID, list[tuple[UUID, bool]]] = {}
    rows = VisitMember.objects.filter(visit__in=visits).order_by("-is_lead", "person__name")
    for visit_id, person_id, leads in rows.values_list("visit_id", "person_id", "is_lead"):
        found.setdefault(visit_id, []).append((person_id, leads))
    return found


def things_of(visits: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """By visit: the shared equipment that it takes along."""
    found: dict[UUID, list[UUID]] = {}
    for visit_id, equipment_id in VisitEquipment.objects.filter(visit__in=visits).values_list(
        "visit_id", "equipment_id"
    ):
        found.setdefault(visit_id, []).append(equipment_id)
    return found


def suggestion_for(actor: Actor, person: Person, on: date) -> Suggestion:
    """A shorter order of the drafts of a person's day; Conflict with the reason where there is nothing to order."""
    home = homes_of([person]).get(person.id)
    if home is None:
        raise Conflict("Nobody knows where the day begins. Give one of your own sites its latitude and longitude.")
    mine = VisitMember.objects.filter(person=person).values("visit_id")
    rows = list(visits_between(actor, on, on + timedelta(days=1)).filter(id__in=mine))
    if any(row.status != "draft" for row in rows):
        raise Conflict("Published visits keep their order. Take them back to draft first.")
    stops, known = [], []
    for row in rows:
        place = place_of(row.site)
        if place is None:
            raise Conflict(
                say("Nobody knows where %(site)s is. Give the site its latitude and longitude.", site=row.site.name)
            )
        assert row.starts_at is not None
        assert row.ends_at is not None
        stops.append(Stop(place, row.starts_at, row.ends_at - row.starts_at))
        known.append(row)
    return Suggestion(tuple(known), suggested_order(home, stops))
