"""What forms of rates offer to choose from, and what a person means by a name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from quoin.base.actor import Actor
from quoin.catalog import queries
from quoin.clients.models import Client
from quoin.kernel.errors import NotFound
from quoin.kernel.words import Sentence, say
from quoin.people.models import JobRole, Person

Choice = tuple[str, str]


def role_choices(actor: Actor) -> list[Choice]:
    """What people are sold as."""
    actor.require(queries.VIEW)
    return [(str(row.id), row.name) for row in JobRole.objects.order_by("name")]


def person_choices(actor: Actor) -> list[Choice]:
    """People who have not left."""
    actor.require(queries.VIEW)
    rows = Person.objects.exclude(left_on__lte=actor.today).order_by("name")
    return [(str(row.id), row.name) for row in rows]


def client_choices(actor: Actor) -> list[Choice]:
    """Active clients."""
    actor.require(queries.VIEW)
    return [(str(row.id), row.name) for row in Client.objects.filter(is_active=True).order_by("name")]


def names(actor: Actor) -> dict[str, str]:
    """Names of roles, people and clients by id, for the rows of a card."""
    return dict([*role_choices(actor), *client_choices(actor)]) | {
        str(row.id): row.name for row in Person.objects.all()
    }


def role_named(actor: Actor, wanted: str) -> UUID:
    """The role of this name."""
    actor.require(queries.VIEW)
    found = JobRole.objects.filter(name__iexact=wanted).values_list("id", flat=True)
    return _only(found, say("There is no role %(wanted)s.", wanted=wanted))


def person_named(actor: Actor, wanted: str) -> UUID:
    """The person of this mail address or name."""
    actor.require(queries.VIEW)
    found = Person.objects.filter(Q(email__iexact=wanted) | Q(name__iexact=wanted)).values_list("id", flat=True)
    return _only(found, say("Name exactly one person; %(wanted)s is none.", wanted=wanted))


def client_named(actor: Actor, wanted: str) -> UUID:
    """The client of this number or name."""
    actor.require(queries.VIEW)
    found = Client.objects.filter(Q(number__iexact=wanted) | Q(name__iexact=wanted)).values_list("id", flat=True)
    return _only(found, say("There is no client %(wanted)s.", wanted=wanted))


def _only(found: Iterable[UUID], refusal: Sentence) -> UUID:
    ids = list(found)
    if len(ids) != 1:
        raise NotFound(refusal)
    return ids[0]
