"""Writing rate cards and versions of rates. A version adds rows from a day on; nothing before the day changes (U10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from quoin.base.db.bulk import update_columns
from quoin.base.db.faults import explain
from quoin.catalog.models import Rate, RateCard
from quoin.catalog.queries.books import card_rows
from quoin.catalog.rules.versions import new_version
from quoin.catalog.types import PercentChange, PlannedRate, RateKey
from quoin.kernel.currency import CODES
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.money import Money
from quoin.kernel.words import say

explain("rate_card_name", "There is a rate card of that name.")
explain("rate_card_default", "There is a company card in that currency already.")
explain("rate_once", "That rate has a version from that day already.")


def add_card(*, name: str, currency: str, is_default: bool = False) -> RateCard:
    """A new card without rates. The company card of a currency serves everybody who has no card of their own."""
    if not name.strip():
        raise invalid("/name", "A rate card needs a name.")
    if currency not in CODES:
        raise invalid(
            "/currency", say("%(currency)s is not a currency code. Write EUR, NOK, USD, ...", currency=repr(currency))
        )
    return RateCard.objects.create(name=name.strip(), currency=currency, is_default=is_default)


def add_rate(*, card: RateCard, key: RateKey, amount: Money, valid_from: date) -> Rate:
    """One rate from a day on; the version that was valid ends there."""
    (row,) = add_version(card=card, from_on=valid_from, change={key: amount})
    return row


def add_version(*, card: RateCard, from_on: date, change: PercentChange | Mapping[RateKey, Money]) -> tuple[Rate, ...]:
    """Rows of a new version, written as planned."""
    return write_version(card, planned_version(card=card, from_on=from_on, change=change))


def planned_version(
    *, card: RateCard, from_on: date, change: PercentChange | Mapping[RateKey, Money]
) -> tuple[PlannedRate, ...]:
    """What a version would write: for its preview, and for the real thing."""
    return new_version(card_rows(card.id), from_on=from_on, change=change)


def write_version(card: RateCard, planned: Iterable[PlannedRate]) -> tuple[Rate, ...]:
    """Add the planned rows and end those that they replace."""
    plan = tuple(planned)
    ended = [(row.replaces.id, row.valid.start) for row in plan if row.replaces is not None]
    update_columns(Rate, [row_id for row_id, _ in ended], {"valid_until": [day for _, day in ended]})
    return tuple(
        Rate.objects.bulk_create(
            [
                Rate(
                    card=card,
                    project_id=row.key.project_id,
                    contract_id=row.key.contract_id,
                    client_id=row.key.client_id,
                    person_id=row.key.person_id,
                    job_role_id=row.key.role_id,
                    amount_per_hour=row.rate_per_hour.amount,
                    valid_from=row.valid.start,
                    valid_until=row.valid.end,
                )
                for row in plan
            ]
        )
    )


def remove_rate(rate: Rate) -> None:
    """Take the last version of a rate away; the one before it goes on."""
    same = Rate.objects.filter(
        card_id=rate.card_id,
        project_id=rate.project_id,
        contract_id=rate.contract_id,
        client_id=rate.client_id,
        person_id=rate.person_id,
        job_role_id=rate.job_role_id,
    )
    if same.filter(valid_from__gt=rate.valid_from).exists():
        raise invalid("/rate", "Only the last version of a rate can be removed; remove the later one first.")
    until = rate.valid_until
    same.filter(valid_until=rate.valid_from).update(valid_until=until)
    rate.delete()


def card_for(card_id: UUID) -> RateCard:
    """The card, locked while its versions are written."""
    card = RateCard.objects.select_for_update().filter(id=card_id).first()
    if card is None:
        raise NotFound("There is no such rate card.")
    return card


def remove_cards(card_ids: Iterable[UUID]) -> None:
    """Delete cards with their rates, if nothing points at them; whatever is in use is refused by the database."""
    ids = list(card_ids)
    Rate.objects.filter(card_id__in=ids).delete()
    RateCard.objects.filter(id__in=ids).delete()
