"""What forms of contracts offer to choose from, and what a person means by a number or a name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.catalog.models import RateCard
from quoin.clients.models import Client
from quoin.kernel.errors import NotFound
from quoin.kernel.words import Sentence, say
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


def entity_named(actor: Actor, wanted: str) -> UUID:
    """Our company of this code or name; NotFound unless there is exactly one."""
    actor.require(queries.VIEW)
    found = LegalEntity.objects.filter(Q(code__iexact=wanted) | Q(name__iexact=wanted))
    return _only(found.values_list("id", flat=True), say("There is no company %(wanted)s.", wanted=wanted))


def card_named(actor: Actor, wanted: str) -> UUID:
    """The rate card of this name; NotFound unless there is exactly one."""
    actor.require(queries.VIEW)
    found = RateCard.objects.filter(name__iexact=wanted)
    return _only(found.values_list("id", flat=True), say("There is no rate card %(wanted)s.", wanted=wanted))


def _only(found: Iterable[UUID], refusal: Sentence) -> UUID:
    ids = list(found)
    if len(ids) != 1:
        raise NotFound(refusal)
    return ids[0]
