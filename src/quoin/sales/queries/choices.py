"""What forms of contracts offer to choose from."""

from __future__ import annotations

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.catalog.models import RateCard
from quoin.clients.models import Client
from quoin.sales import queries

Choice = tuple[str, str]


def client_choices(actor: Actor) -> list[Choice]:
    """Active clients that are billed."""
    actor.require(queries.VIEW)
    rows = Client.objects.filter(is_active=True, is_internal=False).order_by("name")
    return [(str(row.id), row.name) for row in rows]


def entity_choices(actor: Actor) -> list[Choice]:
    """Our companies."""
    actor.require(queries.VIEW)
    return [(str(row.id), f"{row.code} · {row.name}") for row in LegalEntity.objects.order_by("code")]


def card_choices(actor: Actor) -> list[Choice]:
    """Rate cards with their currency."""
    actor.require(queries.VIEW)
    return [(str(row.id), f"{row.name} ({row.currency})") for row in RateCard.objects.order_by("name")]
