"""Credit notes mirror an issued invoice, whole or in part, and never take back more than is left of it (I-22).

The invoice is not touched. Charges of credited lines return to unbilled, ready to be billed again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from quoin.billing.types import BillingInvalid, Charge, CreditTooHigh, IssuedLine, IssuedVat, VatKey
from quoin.kernel.money import Money, Rounding, from_fraction, total
from quoin.kernel.words import say

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What is taken back of one invoice line, as a positive amount, and the charges that it sets free."""

    line_id: UUID
    vat: VatKey
    net: Money
    released: tuple[tuple[UUID, Money], ...]


@dataclass(frozen=True, slots=True)
class CreditVat:
    """VAT taken back in one category.

    `is_exact` is False where the last credit takes a cent more or less than net x rate, because credits
    before it were rounded each for itself.
    """

    key: VatKey
    net: Money
    vat: Money
    is_exact: bool


@dataclass(frozen=True, slots=True)
class CreditPlan:
    """What a credit note would say. All amounts are positive, as in a document of type 381."""

    lines: tuple[CreditLine, ...]
    vat: tuple[CreditVat, ...]
    net: Money
    gross: Money

    @property
    def released(self) -> tuple[tuple[UUID, Money], ...]:
        return tuple(charge for line in self.lines for charge in line.released)


def credit_all(lines: Sequence[IssuedLine], vat: Sequence[IssuedVat], *, mode: Rounding) -> CreditPlan:
    """All that is left of the invoice, line by line."""
    left = {line.id: line.net - line.credited for line in lines}
    return _plan(lines, vat, wanted={line: money for line, money in left.items() if money}, freed=None, mode=mode)


def credit_charges(
    lines: Sequence[IssuedLine], vat: Sequence[IssuedVat], *, charge_ids: Collection[UUID], mode: Rounding
) -> CreditPlan:
    """The given charges with their amounts on the invoice."""
    known = {charge for line in lines for charge, _ in line.charges}
    if not set(charge_ids) <= known:
        raise BillingInvalid("A credit takes back charges that stand on the invoice.")
    wanted = {
        line.id: total((amount for charge, amount in line.charges if charge in charge_ids), line.net.currency)
        for line in lines
        if any(charge in charge_ids for charge, _ in line.charges)
    }
    return _plan(lines, vat, wanted=wanted, freed=frozenset(charge_ids), mode=mode)


def credit_amounts(
    lines: Sequence[IssuedLine], vat: Sequence[IssuedVat], *, amounts: Mapping[UUID, Money], mode: Rounding
) -> CreditPlan:
    """Amounts of lines, for example a reduction. Charges stay billed: only money is given back."""
    if not set(amounts) <= {line.id for line in lines}:
        raise BillingInvalid("A credit names lines of the invoice.")
    return _plan(lines, vat, wanted=amounts, freed=frozenset(), mode=mode)


def charges_to_bill_again(
    plan: CreditPlan, charges: Iterable[Charge], *, corrected: Mapping[UUID, Charge]
) -> tuple[Charge, ...]:
    """The charges that the credit sets free, corrected ones in place of their originals."""
    free = {charge_id for charge_id, _ in plan.released}
    return tuple(corrected.get(charge.id, charge) for charge in charges if charge.id in free)


def _plan(
    lines: Sequence[IssuedLine],
    vat: Sequence[IssuedVat],
    *,
    wanted: Mapping[UUID, Money],
    freed: frozenset[UUID] | None,
    mode: Rounding,
) -> CreditPlan:
    if not wanted:
        raise BillingInvalid("Nothing is left to credit.")
    credits_ = tuple(_credit_line(line, wanted[line.id], freed) for line in lines if line.id in wanted)
    taxes = tuple(_credit_vat(known, credits_, mode) for known in vat if any(c.vat == known.key for c in credits_))
    currency = lines[0].net.currency
    net = total((line.net for line in credits_), currency)
    return CreditPlan(credits_, taxes, net, net + total((tax.vat for tax in taxes), currency))


def _credit_line(line: IssuedLine, wanted: Money, freed: frozenset[UUID] | None) -> CreditLine:
    left = line.net - line.credited
    # A line may be negative (a discount): its credit is negative too, and stays between zero and what is left.
    if abs(wanted.amount) > abs(left.amount) or wanted.amount * left.amount < 0:
        raise CreditTooHigh(
            say("%(left)s is left of the line; %(wanted)s cannot be credited.", left=left, wanted=wanted)
        )
    released = tuple(charge for charge in line.charges if freed is None or charge[0] in freed)
    return CreditLine(line.id, line.vat, wanted, released)


def _credit_vat(known: IssuedVat, credits_: Sequence[CreditLine], mode: Rounding) -> CreditVat:
    net = total((line.net for line in credits_ if line.vat == known.key), known.net.currency)
    percent = Fraction(known.key.percent or 0) / Fraction(_HUNDRED)
    rounded = from_fraction(Fraction(net.amount) * percent, net.currency, mode)
    left = known.vat - known.credited_vat
    is_last = known.credited_net + net == known.net
    vat = left if is_last else min(rounded, left, key=lambda money: abs(money.amount))
    return CreditVat(known.key, net, vat, is_exact=vat == rounded)
