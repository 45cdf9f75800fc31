"""What the forms of the wizard offer: people, cards, and what a name of the file may be taken for."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.catalog.models import ExpenseCategory, RateCard
from quoin.clients.models import Client
from quoin.imports.queries import VIEW
from quoin.imports.rules.planned import Kind
from quoin.people.models import Person
from quoin.projects.models import Project

Choices = list[tuple[str, str]]


def approvers(actor: Actor) -> Choices:
    """People who may be named as approver. Nobody approves their own time, whoever is named."""
    actor.require(VIEW)
    return [(str(row.id), row.name) for row in Person.objects.filter(left_on=None).order_by("name")]


def cards(actor: Actor) -> Choices:
    """Rate cards."""
    actor.require(VIEW)
    return [(row.public_id, f"{row.name} ({row.currency})") for row in RateCard.objects.order_by("name")]


def parties(actor: Actor) -> dict[Kind, Choices]:
    """Clients, people, projects and categories that a name of the file may mean."""
    actor.require(VIEW)
    return {
        Kind.CLIENT: [(str(row.id), f"{row.name} {row.number}") for row in Client.objects.order_by("name")],
        Kind.PERSON: [(str(row.id), f"{row.name} {row.email}") for row in Person.objects.order_by("name")],
        Kind.CATEGORY: [(str(row.id), row.name) for row in ExpenseCategory.objects.order_by("name")],
        Kind.PROJECT: [
            (str(row.id), f"{row.client.name} · {row.name} {row.number}")
            for row in Project.objects.select_related("client").order_by("client__name", "name")
        ],
    }
