"""Clients in the command palette."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui.palette import Hit
from quoin.clients.queries import VIEW, visible_clients

_MOST = 6


def client_hits(actor: Actor, text: str) -> Iterator[Hit]:
    """Clients whose name or number holds the text."""
    if not actor.may(VIEW):
        return
    found = visible_clients(actor).filter(Q(name__icontains=text) | Q(number__iexact=text))
    for client in found[:_MOST]:
        rank = 0 if client.number.lower() == text.lower() else 4
        yield Hit(
            _("Client"), client.name, reverse("clients:client", args=[client.public_id]), client.number, "client", rank
        )
