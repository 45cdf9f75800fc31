"""Reads of clients."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.clients.models import Client, Contact
from quoin.kernel.errors import NotFound

VIEW = permission("clients.client.view", _("See clients"))


def visible_clients(actor: Actor) -> QuerySet[Client]:
    """All clients of the firm, for whoever may see clients at all."""
    actor.require(VIEW)
    return Client.objects.select_related("owner").order_by("name", "id")


def client_for(actor: Actor, client_id: UUID) -> Client:
    """The client; NotFound if there is none that the actor may see."""
    client = visible_clients(actor).filter(id=client_id).first()
    if client is None:
        raise NotFound("There is no such client, or you may not see it.")
    return client


def contacts_of(client: Client) -> QuerySet[Contact]:
    return Contact.objects.filter(client=client).order_by("name", "id")


def likely_twins(*, name: str, vat_id: str = "", web_domain: str = "") -> list[Client]:
    """Clients that may be the same organization: equal name, tax id or web domain."""
    found = Client.objects.filter(name__iexact=name.strip())
    if vat_id:
        found |= Client.objects.filter(vat_id=vat_id)
    if web_domain:
        found |= Client.objects.filter(web_domain__iexact=web_domain)
    return list(found.order_by("name")[:5])
