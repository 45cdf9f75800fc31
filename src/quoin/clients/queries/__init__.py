"""Reads of clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.db.reading import once
from quoin.clients.models import Client, Contact
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say

VIEW = permission("clients.client.view", _("See clients"))


_REACHES: list[Callable[[Actor], QuerySet[Any, UUID]]] = []


def reach_through(clients_of: Callable[[Actor], QuerySet[Any, UUID]]) -> None:
    """Register what brings a client within reach of who may not see all: `clients_of` gives client ids.

    Apps above register theirs; a client of a project that one works on is one's own.
    """
    if clients_of not in _REACHES:
        _REACHES.append(clients_of)


def visible_clients(actor: Actor) -> QuerySet[Client]:
    """All clients of the firm, or those that the actor looks after or works for."""
    actor.require(VIEW)
    clients = Client.objects.select_related("owner").order_by("name", "id")
    if actor.may(VIEW, Scope.ALL):
        return clients
    mine = Q(owner=actor.person_id) if actor.person_id else Q(pk__in=())
    for clients_of in _REACHES:
        mine |= Q(id__in=clients_of(actor))
    return clients.filter(mine)


@once
def client_for(actor: Actor, client_id: UUID) -> Client:
    """The client; NotFound if there is none that the actor may see."""
    client = visible_clients(actor).filter(id=client_id).first()
    if client is None:
        raise NotFound("There is no such client, or you may not see it.")
    return client


def client_named(actor: Actor, text: str) -> Client:
    """The client with that number or name; NotFound if there is none that the actor may see. For typed input."""
    client = visible_clients(actor).filter(Q(number__iexact=text) | Q(name__iexact=text)).first()
    if client is None:
        raise NotFound(say("There is no client %(name)s, or you may not see it.", name=text))
    return client


def contacts_of(client: Client) -> QuerySet[Contact]:
    return Contact.objects.filter(client=client).order_by("name", "id")


def contact_for(actor: Actor, contact_id: UUID) -> Contact:
    """The contact of a client whom the actor may see; NotFound else."""
    seen = visible_clients(actor).order_by().values("id")
    contact = Contact.objects.filter(id=contact_id, client_id__in=seen).first()
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact
