"""Contract rows as values for pricing, billing and recognition. For services of other apps: asks no permission."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from quoin.kernel.money import Money, Rounding, zero
from quoin.sales.models import Contract
from quoin.sales.types import (
    BillingFrequency,
    Cap,
    ContractKind,
    ContractTerms,
    Increment,
    IncrementScope,
    LineGrouping,
    PurchaseOrder,
    RetainerTerms,
    RoundingDirection,
)

_HUNDRED = Decimal(100)


def terms_by_id(contract_ids: Iterable[UUID]) -> dict[UUID, ContractTerms]:
    """Terms of these contracts, in one query."""
    rows = Contract.objects.filter(id__in=set(contract_ids)).select_related("entity", "client")
    return {row.id: terms_of(row) for row in rows}


def terms_of(row: Contract) -> ContractTerms:
    """The row as a value; TermsInvalid if its columns contradict each other."""
    return ContractTerms(
        contract_id=row.id,
        client_id=row.client_id,
        kind=ContractKind(row.kind),
        currency=row.currency,
        rate_card_id=row.rate_card_id,
        increment=Increment(
            minutes=row.increment_minutes,
            scope=IncrementScope(row.increment_scope),
            direction=RoundingDirection(row.rounding_direction),
        ),
        rounding=Rounding(row.entity.rounding),
        cap=None if row.cap_amount is None else Cap(amount=_money(row.cap_amount, row), is_hard=row.cap_is_hard),
        purchase_order=_order(row),
        retainer=_retainer(row),
        expense_markup_percent=row.expense_markup_ratio * _HUNDRED,
        retention_percent=row.retention_ratio * _HUNDRED,
        is_vat_inclusive=row.is_vat_inclusive,
        needs_note=row.needs_note,
        payment_terms_days=row.client.payment_days if row.payment_days is None else row.payment_days,
        frequency=BillingFrequency(row.frequency),
        grouping=LineGrouping(row.line_grouping),
        shows_hours=row.shows_hours,
    )


def _money(amount: Decimal, row: Contract) -> Money:
    # Columns carry four places; an amount with more than the currency's own stays as it is and is refused by the terms.
    exact = Money(amount, row.currency)
    rounded = exact.round()
    return rounded if rounded == exact else exact


def _order(row: Contract) -> PurchaseOrder | None:
    if not row.purchase_order:
        return None
    amount = row.purchase_order_amount
    return PurchaseOrder(
        number=row.purchase_order,
        amount=None if amount is None else _money(amount, row),
        valid_until=row.purchase_order_until,
    )


def _retainer(row: Contract) -> RetainerTerms | None:
    if row.kind != ContractKind.RETAINER:
        return None
    overage = row.overage_rate_per_hour
    return RetainerTerms(
        included_minutes=row.retainer_minutes or 0,
        fee=zero(row.currency) if row.retainer_fee is None else _money(row.retainer_fee, row),
        overage_rate_per_hour=zero(row.currency) if overage is None else Money(overage, row.currency),
        rollover_months=row.rollover_months,
    )
