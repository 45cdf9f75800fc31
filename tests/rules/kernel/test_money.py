"""Money against exact fractions: sums, rounding (cases #24), allocation (#25)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.kernel.currency import CODES, decimals, minor_unit
from quoin.kernel.money import Money, Rounding, for_minutes, from_fraction, total, zero

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("amount", "half_up", "half_even"),
    [
        ("0.125", "0.13", "0.12"), ("-0.125", "-0.13", "-0.12"), ("2.675", "2.68", "2.68"), ("10.005", "10.01", "10.00"),
        ("0.015", "0.02", "0.02"), ("0.025", "0.03", "0.02"),
    ],
)  # fmt: skip
def test_rounding_modes_as_worked(amount: str, half_up: str, half_even: str) -> None:
    money = Money(Decimal(amount), "EUR")

    assert money.round() == Money(Decimal(half_up), "EUR")
    assert money.round(Rounding.HALF_EVEN) == Money(Decimal(half_even), "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "weights", "shares"),
    [
        ("100.00", "EUR", (1, 1, 1), ("33.34", "33.33", "33.33")),
        ("1000.00", "EUR", (7, 11, 13), ("225.81", "354.84", "419.35")),
        ("-100.00", "EUR", (1, 1, 1), ("-33.34", "-33.33", "-33.33")),
        ("0.01", "EUR", (1, 1), ("0.01", "0.00")),
        ("1000", "JPY", (1, 1, 1), ("334", "333", "333")),
    ],
)
def test_allocation_as_worked(amount: str, currency: str, weights: tuple[int, ...], shares: tuple[str, ...]) -> None:
    found = Money(Decimal(amount), currency).allocate(weights)

    assert [share.amount for share in found] == [Decimal(share) for share in shares]


@given(AMOUNTS, CURRENCIES, st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_allocated_shares_add_up_and_are_within_a_unit_of_exact(
    amount: Decimal, currency: str, weights: list[int]
) -> None:
    whole = Money(amount, currency).round()

    shares = whole.allocate(weights)

    assert sum(share.amount for share in shares) == whole.amount
    unit = Fraction(minor_unit(currency))
    for share, weight in zip(shares, weights, strict=True):
        exact = Fraction(whole.amount) * weight / sum(weights)
        assert abs(Fraction(share.amount) - exact) < unit


@given(AMOUNTS, CURRENCIES)
def test_rounding_agrees_with_fractions(amount: Decimal, currency: str) -> None:
    assert Money(amount, currency).round() == from_fraction(Fraction(amount), currency)
    even = Money(amount, currency).round(Rounding.HALF_EVEN)
    assert even == from_fraction(Fraction(amount), currency, Rounding.HALF_EVEN)


@given(st.integers(0, 10**6), st.decimals(min_value=0, max_value=10**4, places=6), CURRENCIES)
def test_price_of_minutes_is_rounded_once(minutes: int, rate: Decimal, currency: str) -> None:
    exact = Fraction(minutes) * Fraction(rate) / 60
    unit = Fraction(minor_unit(currency))

    priced = for_minutes(minutes, rate, currency)

    assert abs(Fraction(priced.amount) - exact) <= unit / 2


def test_worked_minutes_are_never_rounded_to_hours_first() -> None:
    assert for_minutes(440, Decimal("95.00"), "EUR") == Money(Decimal("696.67"), "EUR")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot be combined"):
        _ = Money(Decimal(1), "EUR") + Money(Decimal(1), "NOK")
    with pytest.raises(ValueError, match="not an ISO 4217"):
        decimals("XXX")


def test_every_currency_has_a_unit_and_a_zero() -> None:
    for code in sorted(CODES):
        assert zero(code) == total([], code)
        assert zero(code).amount == zero(code).round().amount
