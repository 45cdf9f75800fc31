"""Contracts and their milestones, for lists and pages."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say
from quoin.sales import queries
from quoin.sales.models import Contract, Milestone


def contracts(actor: Actor) -> QuerySet[Contract]:
    """Contracts that the actor may see: all, or those of clients that they own."""
    actor.require(queries.VIEW)
    rows = Contract.objects.select_related("client", "entity", "rate_card")
    if actor.scope(queries.VIEW) is Scope.ALL:
        return rows
    return rows.filter(client__owner_id=actor.person_id)


def contract_for(actor: Actor, contract_id: UUID) -> Contract:
    """The contract, if it may be seen."""
    row = contracts(actor).filter(id=contract_id).first()
    if row is None:
        raise NotFound("There is no such contract.")
    return row


def contract_numbered(actor: Actor, number: str) -> Contract:
    """The contract of this number, if it may be seen."""
    row = contracts(actor).filter(number__iexact=number.strip()).first()
    if row is None:
        raise NotFound(say("There is no contract %(number)s.", number=number))
    return row


def milestones(actor: Actor, contract_id: UUID) -> tuple[Milestone, ...]:
    """Milestones of a contract, in order."""
    contract_for(actor, contract_id)
    return tuple(Milestone.objects.filter(contract_id=contract_id).order_by("position"))
