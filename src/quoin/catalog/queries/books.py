"""Rates as values, ready for pricing. For services of other apps: asks no permission."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from quoin.catalog.models import Rate
from quoin.catalog.rules.rates import RateBook
from quoin.catalog.types import RateKey, RateRow
from quoin.kernel.money import Money
from quoin.kernel.period import Period

_COLUMNS = (
    "id", "project_id", "contract_id", "client_id", "card_id", "card__is_default", "card__currency", "person_id",
    "job_role_id", "amount_per_hour", "valid_from", "valid_until",
)  # fmt: skip


def rate_book(
    *, currency: str, project_ids: Iterable[UUID], contract_ids: Iterable[UUID], client_ids: Iterable[UUID],
    card_ids: Iterable[UUID],
) -> RateBook:  # fmt: skip
    """All rates in the currency that may price work there: of these places, these cards and the company card."""
    no_place = Q(project_id=None, contract_id=None, client_id=None)
    places = (
        Q(project_id__in=set(project_ids))
        | Q(contract_id__in=set(contract_ids))
        | Q(client_id__in=set(client_ids))
        | (no_place & (Q(card_id__in=set(card_ids)) | Q(card__is_default=True)))
    )
    return RateBook(_rows(places & Q(card__currency=currency)))


def card_rows(card_id: UUID) -> tuple[RateRow, ...]:
    """All rates that stand on a card, whatever place they are for."""
    return _rows(Q(card_id=card_id))


def all_rows(currency: str) -> tuple[RateRow, ...]:
    """Every rate in a currency."""
    return _rows(Q(card__currency=currency))


def _rows(condition: Q) -> tuple[RateRow, ...]:
    found = Rate.objects.filter(condition).order_by("valid_from", "id").values_list(*_COLUMNS)
    return tuple(
        RateRow(
            rate_id,
            rate_key(
                project_id=project, contract_id=contract, client_id=client, card_id=None if is_default else card,
                person_id=person, role_id=role,
            ),
            Money(amount, currency),
            Period(start, end),
        )
        for rate_id, project, contract, client, card, is_default, currency, person, role, amount, start, end in found
    )  # fmt: skip


def rate_key(
    *, project_id: UUID | None, contract_id: UUID | None, client_id: UUID | None, card_id: UUID | None,
    person_id: UUID | None, role_id: UUID | None,
) -> RateKey:  # fmt: skip
    """The key of a row: a rate for a project, contract or client prices there, on whatever card it stands."""
    has_place = project_id or contract_id or client_id
    return RateKey(
        project_id=project_id,
        contract_id=contract_id,
        client_id=client_id,
        card_id=None if has_place else card_id,
        person_id=person_id,
        role_id=role_id,
    )
