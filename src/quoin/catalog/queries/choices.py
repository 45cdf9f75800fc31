"""What forms of rates offer to choose from."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.catalog import queries
from quoin.clients.models import Client
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
