"""Exchange rates by day, conversion that rounds once, and the first open day."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.kernel.money import Money, total
from quoin.kernel.period import Period
from quoin.ledger.rules.fx import clear, convert, fixed, minus, par, quote_on, rate_on
from quoin.ledger.rules.periods import is_open, posting_dates, posting_day
from quoin.ledger.types import (
    AccountingPeriod,
    FxQuote,
    FxRate,
    JournalInvalid,
    PeriodClosed,
    PeriodState,
    PostingDates,
    RateMissing,
    Valued,
)

FRIDAY = date(2026, 3, 27)


def eur(amount):
    return Money(Decimal(amount), "EUR")


QUOTES = [
    FxQuote("USD", Decimal("1.0850"), FRIDAY, "ECB"),
    FxQuote("USD", Decimal("1.0900"), FRIDAY - timedelta(days=1), "ECB"),
    FxQuote("GBP", Decimal("0.8600"), FRIDAY - timedelta(days=2), "ECB"),
]


@pytest.mark.parametrize(("days", "per_euro"), [(-1, "1.0900"), (0, "1.0850"), (2, "1.0850"), (7, "1.0850")])
def test_quote_is_the_newest_up_to_the_day(days, per_euro):
    assert quote_on(QUOTES, currency="USD", on=FRIDAY + timedelta(days=days)).per_euro == Decimal(per_euro)


@pytest.mark.parametrize(("currency", "days"), [("USD", 8), ("USD", -2), ("CHF", 0)])
def test_no_quote_near_the_day_is_an_error_with_the_remedy(currency, days):
    with pytest.raises(RateMissing, match="add one"):
        quote_on(QUOTES, currency=currency, on=FRIDAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("currency", "base", "rate", "on"),
    [
        ("USD", "EUR", Fraction(10000, 10850), FRIDAY),
        ("EUR", "USD", Fraction(10850, 10000), FRIDAY),
        ("GBP", "USD", Fraction(10850, 8600), FRIDAY - timedelta(days=2)),
    ],
)
def test_cross_rate_is_exact_and_keeps_day_and_source(currency, base, rate, on):
    assert rate_on(QUOTES, currency=currency, base_currency=base, on=FRIDAY) == FxRate(currency, base, rate, on, "ECB")


def test_rate_of_a_currency_to_itself_is_one_without_a_quote():
    assert rate_on([], currency="CHF", base_currency="CHF", on=FRIDAY) == par("CHF", on=FRIDAY)


@given(st.integers(-(10**9), 10**9), st.decimals(Decimal("0.0001"), 1000, places=6))
def test_conversion_rounds_once_half_away_from_zero(number, rate):
    amount = Money(Decimal(number) / 100, "USD")

    value = convert(amount, fixed(rate, currency="USD", base_currency="JPY", on=FRIDAY, source="bank"))

    exact = Fraction(number, 100) * Fraction(rate)
    assert value.amount == amount
    assert abs(Fraction(value.base.amount) - exact) <= Fraction(1, 2)
    if abs(Fraction(value.base.amount) - exact) == Fraction(1, 2):
        assert abs(value.base.amount) > abs(exact)


def test_conversion_of_another_currency_is_refused():
    with pytest.raises(JournalInvalid):
        convert(eur(1), par("USD", on=FRIDAY))


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.decimals(Decimal("0.01"), 100, places=4),
    st.sampled_from([1, -1]),
)
def test_clearing_part_by_part_leaves_exactly_nothing(parts, rate, sign):
    whole = Money(Decimal(sum(parts) * sign) / 100, "USD")
    left = convert(whole, fixed(rate, currency="USD", base_currency="EUR", on=FRIDAY, source="bank"))
    bases = []
    for part in parts:
        taken = clear(left, Money(Decimal(part * sign) / 100, "USD"))
        bases.append(taken.base)
        left = minus(left, taken)

    assert left == Valued(Money(Decimal("0.00"), "USD"), eur("0.00"))
    assert (
        total(bases, "EUR")
        == convert(whole, fixed(rate, currency="USD", base_currency="EUR", on=FRIDAY, source="bank")).base
    )


months = st.lists(st.sampled_from(PeriodState), min_size=1, max_size=6)
FIRST = date(2026, 1, 1)


def calendar(state_list):
    starts = [date(2026, 1 + i, 1) for i in range(len(state_list) + 1)]
    return [
        AccountingPeriod(Period(start, end), state)
        for start, end, state in zip(starts, starts[1:], state_list, strict=False)
    ]


@given(months, st.integers(-20, 220), st.integers(-20, 220))
def test_posting_day_is_the_wanted_one_or_the_first_open_day_from_today(found, wanted, today):
    periods = calendar(found)
    wanted_on, on = FIRST + timedelta(days=wanted), FIRST + timedelta(days=today)

    def takes(day):
        return any(p.period.start <= day < p.period.end and p.state is PeriodState.OPEN for p in periods)

    expected = (
        wanted_on
        if takes(wanted_on)
        else next((day for day in (on + timedelta(days=n) for n in range(300)) if takes(day)), None)
    )
    assert is_open(wanted_on, periods) == takes(wanted_on)
    if expected is None:
        with pytest.raises(PeriodClosed):
            posting_day(wanted_on=wanted_on, on=on, periods=periods)
    else:
        assert posting_day(wanted_on=wanted_on, on=on, periods=reversed(periods)) == expected


def test_open_period_without_an_end_takes_every_later_day():
    periods = [AccountingPeriod(Period(date(2026, 4, 1)), PeriodState.OPEN)]

    dates = posting_dates(
        work_on=date(2026, 3, 27),
        tax_point_on=date(2026, 3, 31),
        document_on=date(2026, 4, 8),
        on=date(2026, 4, 9),
        periods=periods,
    )

    assert dates == PostingDates(
        work_on=date(2026, 3, 27),
        tax_point_on=date(2026, 3, 31),
        document_on=date(2026, 4, 8),
        posting_on=date(2026, 4, 9),
    )
