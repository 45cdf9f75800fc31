"""Rate cards and their versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.catalog.models import Rate, RateCard
from quoin.catalog.services.rates import add_card, add_version, card_for, remove_rate
from quoin.catalog.types import PercentChange, RateKey
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRate:
    """A rate per hour for a place (none: the card) and for a person, a role or everybody."""

    per_hour: Decimal
    project_id: UUID | None = None
    contract_id: UUID | None = None
    client_id: UUID | None = None
    person_id: UUID | None = None
    role_id: UUID | None = None

    def key(self, card: RateCard) -> RateKey:
        """The key of the row on the card."""
        has_place = self.project_id or self.contract_id or self.client_id
        return RateKey(
            project_id=self.project_id,
            contract_id=self.contract_id,
            client_id=self.client_id,
            card_id=None if has_place or card.is_default else card.id,
            person_id=self.person_id,
            role_id=self.role_id,
        )


@action("catalog.rate_card.create", label=_("Create a rate card"))
def create_rate_card(actor: Actor, *, name: str, currency: str, is_default: bool = False) -> RateCard:
    """A new card without rates."""
    card = add_card(name=name, currency=currency, is_default=is_default)
    touch(card.public_id)
    return card


@action("catalog.rate_card.update", label=_("Change a rate card"))
def update_rate_card(
    actor: Actor,
    *,
    card_id: UUID | str,
    name: str | None = None,
    is_default: bool | None = None,
    instead_id: UUID | str | None = None,
) -> RateCard:
    """Rename a card, or make it the company's. The card that was it before is so no longer.

    `instead_id` is the card that becomes the company's when this one is it no longer.
    """
    card = card_for(UUID(str(card_id)))
    before = RateCard.objects.filter(currency=card.currency, is_default=True).exclude(id=card.id)
    undo_with(
        "catalog.rate_card.update", card_id=card.id, name=card.name, is_default=card.is_default,
        instead_id=before.values_list("id", flat=True).first(),
    )  # fmt: skip
    if name is not None:
        if not name.strip():
            raise invalid("/name", "A rate card needs a name.")
        card.name = name.strip()
    if is_default is not None:
        if is_default:
            before.update(is_default=False)
        card.is_default = is_default
    card.save()
    if instead_id is not None and not card.is_default:
        RateCard.objects.filter(id=UUID(str(instead_id)), currency=card.currency).update(is_default=True)
    touch(card.public_id)
    return card


@action("catalog.rate.add", label=_("Add rates or a version of rates"))
def add_rates(
    actor: Actor, *, card_id: UUID, from_on: date, rates: Iterable[NewRate] = (), percent: Decimal | None = None
) -> tuple[Rate, ...]:
    """A version from a day on: given rates, or each rate of the card by a percentage. Nothing before it changes."""
    given = tuple(rates)
    if (percent is None) == (not given):
        raise invalid("/rates", "Give either rates or a percentage.")
    card = card_for(card_id)
    change = PercentChange(percent) if percent is not None else _by_key(card, given)
    rows = add_version(card=card, from_on=from_on, change=change)
    if not rows:
        raise invalid("/from_on", "No rate of the card is valid on that day; there is nothing to change.")
    touch(card.public_id)
    undo_with("catalog.rate.remove", rate_ids=[row.id for row in rows])
    emit(actor, "catalog.rate.changed", running_action_id(), card_id=card.id, from_on=from_on)
    return rows


@action("catalog.rate.remove", label=_("Remove the last version of rates"))
def remove_rates(actor: Actor, *, rate_ids: Iterable[UUID | str]) -> int:
    """Take last versions away. What they priced keeps its price until it is priced again."""
    ids = {UUID(str(rate_id)) for rate_id in rate_ids}
    rows = list(Rate.objects.select_for_update().filter(id__in=ids).order_by("id"))
    if len(rows) != len(ids):
        raise NotFound("One of these rates does not exist.")
    for row in rows:
        remove_rate(row)
    for card_id in {row.card_id for row in rows}:
        emit(actor, "catalog.rate.changed", running_action_id(), card_id=card_id)
    return len(rows)


def _by_key(card: RateCard, given: tuple[NewRate, ...]) -> dict[RateKey, Money]:
    found: dict[RateKey, Money] = {}
    for number, rate in enumerate(given):
        if rate.per_hour < 0:
            raise invalid(f"/rates/{number}/per_hour", "A rate is not negative.")
        key = rate.key(card)
        if key in found:
            raise invalid(f"/rates/{number}", "The same rate is given twice.")
        found[key] = Money(rate.per_hour, card.currency)
    return found
