"""Exchange rates by day with their source, conversion that rounds once, and clearing of carried values.

A cross rate is an exact fraction of two published quotes; only the converted amount is rounded (R1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from quoin.kernel.money import Money, Rounding, from_fraction
from quoin.kernel.words import say
from quoin.ledger.types import FxQuote, FxRate, JournalInvalid, RateMissing, Valued

_EURO = "EUR"
_OLDEST_DAYS = 7


def quote_on(quotes: Iterable[FxQuote], *, currency: str, on: date, oldest_days: int = _OLDEST_DAYS) -> FxQuote:
    """The newest quote of the day or of the few days before it (weekends, holidays); RateMissing otherwise."""
    first = on - timedelta(days=oldest_days)
    fitting = [quote for quote in quotes if quote.currency == currency and first <= quote.on <= on]
    if not fitting:
        raise RateMissing(
            say(
                "No exchange rate of %(currency)s is known for %(on)s or %(oldest_days)s days before; add one.",
                currency=currency,
                on=on,
                oldest_days=oldest_days,
            )
        )
    return max(fitting, key=lambda quote: (quote.on, quote.source))


def rate_on(quotes: Iterable[FxQuote], *, currency: str, base_currency: str, on: date) -> FxRate:
    """The rate from a currency to the base currency on a day, by way of the euro."""
    if currency == base_currency:
        return par(currency, on=on)
    known = tuple(quotes)
    per_euro, ends, sources = [], [], []
    for code in (currency, base_currency):
        if code == _EURO:
            per_euro.append(Fraction(1))
        else:
            quote = quote_on(known, currency=code, on=on)
            per_euro.append(Fraction(quote.per_euro))
            ends.append(quote.on)
            sources.append(quote.source)
    source = ", ".join(dict.fromkeys(sources))
    return FxRate(currency, base_currency, per_euro[1] / per_euro[0], min(ends), source)


def par(currency: str, *, on: date) -> FxRate:
    """The rate of a currency to itself."""
    return FxRate(currency, currency, Fraction(1), on, "par")


def fixed(rate: Decimal, *, currency: str, base_currency: str, on: date, source: str) -> FxRate:
    """A rate that somebody states, for example of a bank or of a contract."""
    return FxRate(currency, base_currency, Fraction(rate), on, source)


def convert(amount: Money, rate: FxRate, *, mode: Rounding = Rounding.HALF_UP) -> Valued:
    """The amount with its base value, rounded once."""
    if amount.currency != rate.currency:
        raise JournalInvalid(
            say(
                "A rate of %(currency)s cannot convert %(other)s.",
                currency=rate.currency,
                other=amount.currency,
            )
        )
    return Valued(amount, from_fraction(Fraction(amount.amount) * rate.rate, rate.base_currency, mode))


def clear(carried: Valued, amount: Money) -> Valued:
    """So much of a carried value, with its share of the base value. The last part takes all that is left (R14)."""
    rest = carried.amount - amount
    if amount.amount * carried.amount.amount < 0 or abs(amount.amount) > abs(carried.amount.amount):
        raise JournalInvalid(say("%(open)s is open; %(amount)s cannot be cleared.", open=carried.amount, amount=amount))
    if not rest:
        return carried
    share = Fraction(amount.amount) / Fraction(carried.amount.amount)
    return Valued(amount, from_fraction(Fraction(carried.base.amount) * share, carried.base.currency))


def minus(left: Valued, right: Valued) -> Valued:
    """What is left of a value after a part was cleared."""
    return Valued(left.amount - right.amount, left.base - right.base)
