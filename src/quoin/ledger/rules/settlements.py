"""Balanced journals of money that comes in or does not: payments, cash discount, retention, bad debts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quoin.kernel.money import EXACT, Money, Rounding, total, zero
from quoin.kernel.words import say
from quoin.ledger.rules.fx import clear, convert, minus
from quoin.ledger.rules.journals import journal_of, line_of
from quoin.ledger.rules.revaluation import fx_line
from quoin.ledger.types import AccountRole, Dimensions, FxRate, Journal, JournalInvalid, JournalLine, OpenItem, Valued

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """What the client took off for paying early: net, and the VAT that falls with it."""

    net: Money
    vat: Money


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment does to one open item: money that pays it, and a discount that closes the rest."""

    item: OpenItem
    paid: Money
    discount: CashDiscount | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment's journal and what is open of each item afterwards; zero is closed."""

    journal: Journal
    items: tuple[OpenItem, ...]


def cash_discount(*, net: Money, vat: Money, percent: Decimal, mode: Rounding = Rounding.HALF_UP) -> CashDiscount:
    """The discount on an invoice, each part rounded once."""
    ratio = EXACT.divide(percent, _HUNDRED)
    return CashDiscount((net * ratio).round(mode), (vat * ratio).round(mode))


def receive(
    settlements: Sequence[Settlement],
    *,
    received: Money,
    rate: FxRate,
    bank: AccountRole,
    posting_on: date,
    text: str,
    dimensions: Dimensions,
) -> Receipt:
    """Money on the bank account, at the day's rate. What no item takes becomes unapplied credit of the client.

    Items leave at the value they are carried at; the difference is an exchange result. JournalInvalid if
    items take more than came in, or more than is open.
    """
    lines = [line_of(bank, convert(received, rate), dimensions)]
    for settlement in settlements:
        lines += _settle(settlement, rate)
    left = received - total((settlement.paid for settlement in settlements), received.currency)
    if left.amount < 0:
        raise JournalInvalid(
            say("%(received)s came in; the items take %(left)s more than that.", received=received, left=-left)
        )
    lines.append(line_of(AccountRole.CLIENT_CREDIT, convert(left, rate), dimensions, -1))
    difference = -total((line.base for line in lines), rate.base_currency)
    if difference:
        lines.append(fx_line(difference, currency=rate.currency, dimensions=dimensions))
    return Receipt(journal_of("payment", posting_on, text, lines), tuple(_after(known) for known in settlements))


def apply_credit(credit: OpenItem, settlement: Settlement, *, posting_on: date, text: str) -> Journal:
    """Unapplied credit of the client pays an item. `credit` is carried as a positive amount."""
    used = clear(credit.open, settlement.paid)
    cleared = clear(settlement.item.open, settlement.paid)
    lines = [
        line_of(credit.account, used, credit.dimensions),
        line_of(settlement.item.account, cleared, settlement.item.dimensions, -1),
    ]
    difference = cleared.base - used.base
    if difference:
        currency = settlement.paid.currency
        lines.append(fx_line(difference, currency=currency, dimensions=settlement.item.dimensions))
    return journal_of("credit_applied", posting_on, text, lines)


def accept_retention(item: OpenItem, *, posting_on: date, text: str) -> Journal:
    """The client accepts the work: the retained part falls due."""
    lines = [
        line_of(AccountRole.RECEIVABLE, item.open, item.dimensions),
        line_of(AccountRole.RETENTION_RECEIVABLE, item.open, item.dimensions, -1),
    ]
    return journal_of("retention", posting_on, text, lines)


def write_off(item: OpenItem, *, vat: Money, posting_on: date, text: str) -> Journal:
    """An uncollectable claim: `vat` is the part of what is open that the tax office gives back (R12)."""
    relief = clear(item.open, vat)
    lost = minus(item.open, relief)
    lines = [
        line_of(AccountRole.BAD_DEBT, lost, item.dimensions),
        line_of(AccountRole.OUTPUT_VAT, relief, item.dimensions),
        line_of(item.account, item.open, item.dimensions, -1),
    ]
    return journal_of("bad_debt", posting_on, text, lines)


def _settle(settlement: Settlement, rate: FxRate) -> list[JournalLine]:
    item = settlement.item
    discount = settlement.discount or CashDiscount(zero(rate.currency), zero(rate.currency))
    taken = clear(item.open, settlement.paid + discount.net + discount.vat)
    granted = clear(taken, discount.net)
    tax = clear(minus(taken, granted), discount.vat)
    return [
        line_of(AccountRole.CASH_DISCOUNT, granted, item.dimensions),
        line_of(AccountRole.OUTPUT_VAT, tax, item.dimensions),
        line_of(item.account, taken, item.dimensions, -1),
    ]


def _after(settlement: Settlement) -> OpenItem:
    item, discount = settlement.item, settlement.discount
    gone = settlement.paid + (discount.net + discount.vat if discount else zero(settlement.paid.currency))
    left: Valued = minus(item.open, clear(item.open, gone))
    return OpenItem(item.id, item.account, left, item.dimensions)
