"""Balanced journals of the facts of a contract: earning, issuing, crediting, writing down, and what they clear.

Amounts come in the currency of the document with its rate. What a journal clears (unbilled work, deferred
revenue, a receivable) leaves at the value it is carried at, and a difference to the new rate is an exchange result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from quoin.kernel.money import Money, total, zero
from quoin.ledger.rules.fx import clear, convert, minus
from quoin.ledger.rules.posting import checked
from quoin.ledger.rules.revaluation import fx_line
from quoin.ledger.types import (
    AccountRole,
    Dimensions,
    FxRate,
    Journal,
    JournalInvalid,
    JournalLine,
    OpenItem,
    Position,
    Valued,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePart:
    """A part of an invoice under one contract.

    `position` is what stands for the contract; unbilled work is billed first, the rest goes to
    `rest_account`: a revenue account, or the contract liability for what is billed before it is earned.
    """

    net: Money
    position: Position
    rest_account: AccountRole
    dimensions: Dimensions = field(default_factory=Dimensions)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPart:
    """A part of a credit note and the account that it debits: revenue, or unbilled work that it sets free."""

    net: Money
    account: AccountRole
    dimensions: Dimensions = field(default_factory=Dimensions)


def empty_position(rate: FxRate) -> Position:
    """Nothing earned and nothing billed ahead."""
    nothing = Valued(zero(rate.currency), zero(rate.base_currency))
    return Position(nothing, nothing)


def earn(
    revenue: Money,
    *,
    position: Position,
    rate: FxRate,
    account: AccountRole,
    posting_on: date,
    text: str,
    dimensions: Dimensions,
) -> Journal:
    """Revenue of a contract: it uses up deferred revenue first and becomes unbilled work for the rest.

    Negative revenue (a catch-up after a change order) goes the other way round. Deferred revenue is earned
    at the rate at which it was billed.
    """
    first = position.liability if revenue.amount > 0 else position.asset
    sign = 1 if revenue.amount > 0 else -1
    size = revenue * sign
    used = clear(first, _covered(size, first.amount))
    rest = convert(size - used.amount, rate)
    sides = (AccountRole.CONTRACT_LIABILITY, AccountRole.CONTRACT_ASSET)
    lines = [
        line_of(role, value, dimensions, sign)
        for role, value in zip(sides if sign > 0 else reversed(sides), (used, rest), strict=True)
    ]
    earned = Valued(used.amount + rest.amount, used.base + rest.base)
    return journal_of("revenue", posting_on, text, [*lines, line_of(account, earned, dimensions, -sign)])


def approve(facts: Iterable[Journal], *, posting_on: date, text: str) -> Journal:
    """What approved work earned and what it cost, as one journal of `earn` and `incur`."""
    return journal_of("approval", posting_on, text, [line for fact in facts for line in fact.lines])


def incur(cost: Money, *, rate: FxRate, posting_on: date, text: str, dimensions: Dimensions) -> Journal:
    """Cost of delivery, owed to payroll or suppliers."""
    value = convert(cost, rate)
    lines = [
        line_of(AccountRole.DELIVERY_COST, value, dimensions),
        line_of(AccountRole.PAYABLE, value, dimensions, -1),
    ]
    return journal_of("cost", posting_on, text, lines)


def issue(
    parts: Sequence[IssuePart],
    *,
    vat: Money,
    rate: FxRate,
    posting_on: date,
    text: str,
    retained: Money | None = None,
    rounding: Money | None = None,
) -> Journal:
    """An issued invoice: the client owes net, VAT and rounding; a retained part is due at acceptance.

    `rounding` is what the payable amount differs from net and VAT (EN 16931 BT-114).
    """
    dimensions = parts[0].dimensions
    credits_: list[JournalLine] = []
    claimed = zero(rate.base_currency)
    for part in parts:
        lines, base = _issue_part(part, rate)
        credits_ += lines
        claimed += base
    extra = [(AccountRole.OUTPUT_VAT, vat), (AccountRole.ROUNDING, rounding or zero(rate.currency))]
    for role, amount in extra:
        value = convert(amount, rate)
        credits_.append(line_of(role, value, dimensions, -1))
        claimed += value.base
    amount = total((part.net for part in parts), rate.currency) + vat + (rounding or zero(rate.currency))
    whole = Valued(amount, claimed)
    kept = clear(whole, retained or zero(rate.currency))
    due = minus(whole, kept)
    debits = [
        line_of(AccountRole.RECEIVABLE, due, dimensions),
        line_of(AccountRole.RETENTION_RECEIVABLE, kept, dimensions),
    ]
    return journal_of("invoice", posting_on, text, [*debits, *credits_])


def credit(
    parts: Sequence[CreditPart], *, vat: Money, item: OpenItem, rate: FxRate, posting_on: date, text: str
) -> Journal:
    """A credit note at the rate of its invoice. What the invoice no longer owes becomes credit of the client."""
    debits = [line_of(part.account, convert(part.net, rate), part.dimensions) for part in parts]
    debits.append(line_of(AccountRole.OUTPUT_VAT, convert(vat, rate), item.dimensions))
    gross = total((part.net for part in parts), rate.currency) + vat
    taken = clear(item.open, _covered(gross, item.open.amount))
    left = convert(gross - taken.amount, rate)
    credits_ = [
        line_of(item.account, taken, item.dimensions, -1),
        line_of(AccountRole.CLIENT_CREDIT, left, item.dimensions, -1),
    ]
    lines = [*debits, *credits_]
    difference = -total((line.base for line in lines), rate.base_currency)
    if difference:
        lines.append(fx_line(difference, currency=rate.currency, dimensions=item.dimensions))
    return journal_of("credit_note", posting_on, text, lines)


def write_down(carried: Valued, amount: Money, *, posting_on: date, text: str, dimensions: Dimensions) -> Journal:
    """Unbilled work given up before an invoice (R12)."""
    value = clear(carried, amount)
    lines = [
        line_of(AccountRole.WRITE_DOWN, value, dimensions),
        line_of(AccountRole.CONTRACT_ASSET, value, dimensions, -1),
    ]
    return journal_of("write_down", posting_on, text, lines)


def write_up(
    amount: Money, *, rate: FxRate, account: AccountRole, posting_on: date, text: str, dimensions: Dimensions
) -> Journal:
    """Unbilled work that is billed higher than approved."""
    value = convert(amount, rate)
    lines = [line_of(AccountRole.CONTRACT_ASSET, value, dimensions), line_of(account, value, dimensions, -1)]
    return journal_of("write_up", posting_on, text, lines)


def release(
    carried: Valued, amount: Money, *, account: AccountRole, posting_on: date, text: str, dimensions: Dimensions
) -> Journal:
    """Deferred revenue that is earned by use of a retainer or pack, or lost by the client as breakage (R13)."""
    value = clear(carried, amount)
    lines = [
        line_of(AccountRole.CONTRACT_LIABILITY, value, dimensions),
        line_of(account, value, dimensions, -1),
    ]
    return journal_of("deferred_revenue", posting_on, text, lines)


def _issue_part(part: IssuePart, rate: FxRate) -> tuple[list[JournalLine], Money]:
    """Credit lines of one part, and the base value at which the client owes it."""
    unbilled = part.position.asset
    taken = clear(unbilled, _covered(part.net, unbilled.amount))
    rest = convert(part.net - taken.amount, rate)
    now = convert(taken.amount, rate)
    lines = [
        line_of(AccountRole.CONTRACT_ASSET, taken, part.dimensions, -1),
        line_of(part.rest_account, rest, part.dimensions, -1),
    ]
    difference = taken.base - now.base
    if difference:
        lines.append(fx_line(difference, currency=rate.currency, dimensions=part.dimensions))
    return lines, now.base + rest.base


def _covered(wanted: Money, available: Money) -> Money:
    """How much of a positive wish is there; nothing for a negative one, such as a discount."""
    if wanted.amount <= 0:
        return zero(wanted.currency)
    return min(wanted, available, key=lambda money: money.amount)


def line_of(role: AccountRole, value: Valued, dimensions: Dimensions, sign: int = 1) -> JournalLine:
    """A debit of the value, or a credit for a sign of -1."""
    return JournalLine(role, value.amount * sign, value.base * sign, dimensions)


def journal_of(kind: str, posting_on: date, text: str, lines: Iterable[JournalLine]) -> Journal:
    """A checked journal without empty lines; JournalInvalid if nothing is left of it."""
    worth = tuple(line for line in lines if line.amount or line.base)
    if not worth:
        raise JournalInvalid("There is nothing to post.")
    return checked(Journal(kind=kind, posting_on=posting_on, text=text, lines=worth))
