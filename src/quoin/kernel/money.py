"""Money: an exact decimal amount in one currency.

Amounts are Decimal, never float. Arithmetic needs equal currencies. Nothing rounds by itself: call
`round()`, which rounds to the currency's minor unit (ISO 4217), half away from zero unless told
otherwise, as documents do and as PostgreSQL's numeric does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache

from typing_extensions import override

from quoin.kernel.currency import minor_unit

# Wide enough that no sum or product of numeric(19,4) columns loses a digit.
EXACT = Context(prec=60)


class Rounding(StrEnum):
    """How a legal entity rounds its documents."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency. Sorts only against its own currency."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    @override
    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"

    def round(self, mode: Rounding = Rounding.HALF_UP) -> Money:
        """The amount in whole minor units."""
        return Money(self.amount.quantize(minor_unit(self.currency), _MODES[mode], context=EXACT), self.currency)

    def plain(self) -> Money:
        """The same amount with the decimals of its currency; one with finer parts keeps them."""
        rounded = self.round()
        return rounded if rounded.amount == self.amount else self

    def allocate(self, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
        """Split into rounded shares by weight whose sum is exactly this amount.

        Largest remainder method; a tie goes to the earlier share. The amount must already be
        rounded and the weights must be non-negative with a positive sum; else ValueError.
        """
        unit = minor_unit(self.currency)
        total = sum((Fraction(weight) for weight in weights), Fraction(0))
        if self.amount != self.round().amount or total <= 0 or min(weights) < 0:
            raise ValueError("allocate needs a rounded amount and non-negative weights with a positive sum")
        units = int(self.amount / unit)
        exact = [Fraction(abs(units)) * Fraction(weight) / total for weight in weights]
        shares = [int(share) for share in exact]
        by_remainder = sorted(range(len(shares)), key=lambda i: shares[i] - exact[i])
        for i in by_remainder[: abs(units) - sum(shares)]:
            shares[i] += 1
        sign = -1 if units < 0 else 1
        return tuple(Money(unit * (sign * share), self.currency) for share in shares)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be combined")
        return other.amount


@cache
def zero(currency: str) -> Money:
    """Nothing, in the currency's own decimals."""
    return Money(minor_unit(currency) * 0, currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum of amounts that are all in the currency; zero of it for none."""
    amount = zero(currency).amount
    for money in amounts:
        if money.currency != currency:
            raise ValueError(f"{money.currency} and {currency} cannot be combined")
        amount = EXACT.add(amount, money.amount)
    return Money(amount, currency)


def from_fraction(value: Fraction, currency: str, mode: Rounding = Rounding.HALF_UP) -> Money:
    """An exact rational amount, rounded once to the minor unit."""
    unit = Fraction(minor_unit(currency))
    scaled = value / unit
    floor, rest = divmod(abs(scaled.numerator), scaled.denominator)
    twice = 2 * rest
    up = twice > scaled.denominator or (twice == scaled.denominator and (mode is Rounding.HALF_UP or floor % 2 == 1))
    units = floor + (1 if up else 0)
    return Money(minor_unit(currency) * (units if scaled >= 0 else -units), currency)


def for_minutes(minutes: int, rate_per_hour: Decimal, currency: str, mode: Rounding = Rounding.HALF_UP) -> Money:
    """Price of minutes at an hourly rate, rounded once (rule R1: never round the hours first)."""
    amount = EXACT.divide(EXACT.multiply(Decimal(minutes), rate_per_hour), Decimal(60))
    return Money(amount, currency).round(mode)
