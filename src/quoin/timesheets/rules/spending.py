"""Amounts of expenses: mileage and per diem by quantity, shares over projects, the net in the books' currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quoin.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Booked:
    """What an expense is worth in the currency of the books."""

    net: Money
    vat: Money


def quantity_amount(quantity: Decimal, rate_per_unit: Decimal, currency: str) -> Money:
    """Kilometres or days at their rate, rounded once."""
    return (Money(rate_per_unit, currency) * quantity).round()


def booked(gross: Money, vat: Money, *, rate: Decimal, currency: str) -> Booked:
    """Gross and VAT at the frozen rate. Each is rounded once; the net is the rest, so that all three agree."""
    base_gross = Money((gross * rate).amount, currency).round()
    base_vat = Money((vat * rate).amount, currency).round()
    return Booked(net=base_gross - base_vat, vat=base_vat)


def shares(gross: Money, vat: Money, weights: Sequence[Decimal]) -> tuple[tuple[Money, Money], ...]:
    """Gross and VAT of each part of a receipt that is split over projects; the sums are exact."""
    return tuple(zip(gross.allocate(weights), vat.allocate(weights), strict=True))
