"""Balanced journals of what work costs: expenses with input VAT, provisions for losses, work for the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quoin.kernel.money import Money
from quoin.ledger.rules.fx import convert
from quoin.ledger.rules.journals import journal_of, line_of
from quoin.ledger.types import AccountRole, Dimensions, FxRate, Journal, JournalInvalid, Valued


@dataclass(frozen=True, slots=True)
class GroupCharge:
    """Both sides of work that one legal entity does for another, to be posted in one transaction (R17, I-12)."""

    seller: Journal
    buyer: Journal


def expense(
    *, cost: Money, input_vat: Money, rate: FxRate, posting_on: date, text: str, dimensions: Dimensions
) -> Journal:
    """An approved expense: the firm owes the person cost and VAT. VAT that is not recoverable is in the cost."""
    spent, tax = convert(cost, rate), convert(input_vat, rate)
    owed = Valued(spent.amount + tax.amount, spent.base + tax.base)
    lines = [
        line_of(AccountRole.REBILLABLE_COST, spent, dimensions),
        line_of(AccountRole.INPUT_VAT, tax, dimensions),
        line_of(AccountRole.DUE_TO_EMPLOYEES, owed, dimensions, -1),
    ]
    return journal_of("expense", posting_on, text, lines)


def provide(change: Valued, *, posting_on: date, text: str, dimensions: Dimensions) -> Journal:
    """More provision for an onerous contract (R11), or less of it for a negative change."""
    lines = [
        line_of(AccountRole.ONEROUS_COST, change, dimensions),
        line_of(AccountRole.ONEROUS_PROVISION, change, dimensions, -1),
    ]
    return journal_of("onerous_contract", posting_on, text, lines)


def charge_group(
    price: Money,
    *,
    seller_rate: FxRate,
    buyer_rate: FxRate,
    posting_on: date,
    text: str,
    dimensions: Dimensions,
) -> GroupCharge:
    """Work at its transfer price, in the currency of the transaction, in the books of both entities."""
    sold, bought = convert(price, seller_rate), convert(price, buyer_rate)
    seller = [
        line_of(AccountRole.DUE_FROM_GROUP, sold, dimensions),
        line_of(AccountRole.REVENUE_GROUP, sold, dimensions, -1),
    ]
    buyer = [
        line_of(AccountRole.SUBCONTRACT_COST, bought, dimensions),
        line_of(AccountRole.DUE_TO_GROUP, bought, dimensions, -1),
    ]
    return GroupCharge(
        journal_of("group_charge", posting_on, text, seller), journal_of("group_charge", posting_on, text, buyer)
    )


def eliminate(base: Money, *, posting_on: date, text: str) -> Journal:
    """What the group takes out of its consolidated books for a charge, in the group's currency."""
    if base.amount <= 0:
        raise JournalInvalid("An elimination takes out a positive amount.")
    value = Valued(base, base)
    dimensions = Dimensions()
    lines = [
        line_of(AccountRole.REVENUE_GROUP, value, dimensions),
        line_of(AccountRole.SUBCONTRACT_COST, value, dimensions, -1),
        line_of(AccountRole.DUE_TO_GROUP, value, dimensions),
        line_of(AccountRole.DUE_FROM_GROUP, value, dimensions, -1),
    ]
    return journal_of("elimination", posting_on, text, lines)
