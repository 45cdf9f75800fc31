"""VAT of a document: amounts per category and rate, shares for display, and which treatment a sale gets.

Rule R4: tax is computed once per category and rate on the document (EN 16931 BR-CO-17), never per line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from quoin.kernel.currency import minor_unit
from quoin.kernel.money import EXACT, Money, Rounding, from_fraction, total

_CENT = Decimal("0.01")


class VatCategory(StrEnum):
    """VAT category code (BT-118, BT-151, BT-95, BT-102), UNCL 5305."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    NOT_SUBJECT = "O"
    IGIC = "L"
    IPSI = "M"


# Categories whose tax is a rate times the amount; the tax of all others is exactly zero.
TAXED = frozenset({VatCategory.STANDARD, VatCategory.IGIC, VatCategory.IPSI})


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why no VAT is charged: VATEX code (BT-121) and text (BT-120); one of them may be empty."""

    code: str = ""
    text: str = ""


NO_EXEMPTION = Exemption()


@dataclass(frozen=True, slots=True)
class Taxable:
    """An amount before VAT with its category and rate; `rate` is a percentage, None for category O."""

    category: VatCategory
    rate: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class VatBreakdown:
    """VAT breakdown (BG-23) of one category and rate."""

    category: VatCategory | None  # BT-118
    rate: Decimal | None  # BT-119, percent
    taxable: Decimal | None  # BT-116
    tax: Decimal | None  # BT-117
    exemption: Exemption = NO_EXEMPTION


def document_unit(currency: str) -> Decimal:
    """Smallest amount on an e-invoice: the minor unit, but never finer than 0.01 (BR-DEC)."""
    return max(minor_unit(currency), _CENT)


def round_for_document(exact: Fraction, currency: str, mode: Rounding = Rounding.HALF_UP) -> Decimal:
    """An exact amount in whole document units."""
    is_finer = minor_unit(currency) < _CENT  # KWD and its like round as a currency of two decimals
    return from_fraction(exact, "EUR" if is_finer else currency, mode).amount


def tax_of(taxable: Decimal, rate: Decimal | None, currency: str, mode: Rounding = Rounding.HALF_UP) -> Decimal:
    """Taxable amount x rate / 100, rounded once (BR-CO-17)."""
    return round_for_document(Fraction(taxable) * Fraction(rate or 0) / 100, currency, mode)


def vat_breakdown(
    items: Iterable[Taxable],
    *,
    currency: str,
    exemptions: dict[VatCategory, Exemption] | None = None,
    mode: Rounding = Rounding.HALF_UP,
) -> tuple[VatBreakdown, ...]:
    """One group per category and rate in order of first appearance; allowances come in as negative items."""
    sums: dict[tuple[VatCategory, Decimal | None], Decimal] = {}
    for item in items:
        key = (item.category, item.rate)
        sums[key] = EXACT.add(sums.get(key, document_unit(currency) * 0), item.amount)
    reasons = exemptions or {}
    # German rules (DE-R-014, BR-DE-14) want a rate in every group, EN 16931 lets that of category O be zero.
    return tuple(
        VatBreakdown(
            category=category,
            rate=Decimal(0) if rate is None else rate,
            taxable=taxable,
            tax=tax_of(taxable, rate, currency, mode),
            exemption=reasons.get(category, NO_EXEMPTION),
        )
        for (category, rate), taxable in sums.items()
    )


def line_tax_shares(
    nets: Sequence[Decimal], rate: Decimal, currency: str, mode: Rounding = Rounding.HALF_UP
) -> tuple[Decimal, ...]:
    """VAT of each line of one category and rate, for display only; the shares add up to the tax of the document.

    Largest remainder, tie to the earlier line. Lines may have different signs; a credit mirrors its invoice.
    """
    tax = tax_of(sum(nets, Decimal(0)), rate, currency, mode)
    return _shares([Fraction(net) * Fraction(rate) / 100 for net in nets], tax, document_unit(currency))


def _shares(exact: Sequence[Fraction], rounded_total: Decimal, unit: Decimal) -> tuple[Decimal, ...]:
    """Round exact amounts to the unit so that they add up to their rounded total."""
    sign = -1 if rounded_total < 0 else 1
    scaled = [sign * amount / Fraction(unit) for amount in exact]
    shares = [amount.numerator // amount.denominator for amount in scaled]
    missing = int(abs(rounded_total) / unit) - sum(shares)
    by_remainder = sorted(range(len(shares)), key=lambda i: shares[i] - scaled[i])
    for i in by_remainder[:missing]:
        shares[i] += 1
    return tuple(unit * (sign * share) for share in shares)


@dataclass(frozen=True, slots=True)
class InclusiveSplit:
    """Prices that include VAT, taken apart for one category and rate.

    `net` + `tax` = the gross total (division for the net, subtraction for the tax), and `line_nets` add up to `net`.
    A document must show the tax that a receiver computes forward from the net: `forward_tax`, with `rounding`
    (BT-114) bringing the amount due back to the gross total.
    """

    net: Decimal
    tax: Decimal
    line_nets: tuple[Decimal, ...]
    forward_tax: Decimal
    rounding: Decimal


def split_inclusive(
    gross_lines: Sequence[Decimal], rate: Decimal, currency: str, mode: Rounding = Rounding.HALF_UP
) -> InclusiveSplit:
    """Take VAT out of gross prices of one rate (R4); see InclusiveSplit."""
    gross = total((Money(line, currency) for line in gross_lines), currency)
    ratio = 100 / (100 + Fraction(rate))
    net = from_fraction(Fraction(gross.amount) * ratio, currency, mode)
    forward = tax_of(net.amount, rate, currency, mode)
    return InclusiveSplit(
        net=net.amount,
        tax=(gross - net).amount,
        line_nets=_shares([Fraction(line) * ratio for line in gross_lines], net.amount, minor_unit(currency)),
        forward_tax=forward,
        rounding=gross.amount - net.amount - forward,
    )
