"""The head of every page of a client, whichever app shows the page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui import tabs
from quoin.clients.models import Client


def client_frame(actor: Actor, client: Client, *, current: str) -> dict[str, Any]:
    """Name, number, crumbs and tabs, as templates take them; `current` is the key of the page's tab."""
    return {
        "title": client.name,
        "area": _("Clients"),
        "number_text": client.number,
        "crumbs": ((_("Clients"), reverse("clients:clients")),),
        "tabs": tabs.links("client", actor, current=current, arguments={"pk": client.public_id}),
        "client": client,
    }
