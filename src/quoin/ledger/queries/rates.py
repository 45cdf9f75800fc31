"""Exchange rates: the published quotes around a day, and the rate that they give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from quoin.ledger.models import FxRate as FxRateRow
from quoin.ledger.rules.fx import par, rate_on
from quoin.ledger.types import FxQuote, FxRate

_LOOK_BACK = timedelta(days=7)


def rate(*, currency: str, base_currency: str, on: date) -> FxRate:
    """The rate of the day, or of the last day before it that has one; RateMissing if that is long ago."""
    if currency == base_currency:
        return par(currency, on=on)
    known = quotes((currency, base_currency), first=on, last=on)
    return rate_on(known, currency=currency, base_currency=base_currency, on=on)


def quotes(currencies: Iterable[str], *, first: date, last: date) -> tuple[FxQuote, ...]:
    """What was published for the currencies in these days and the week before them."""
    found = FxRateRow.objects.filter(currency__in=set(currencies), on__gte=first - _LOOK_BACK, on__lte=last)
    return tuple(FxQuote(row.currency, row.per_euro, row.on, row.source) for row in found)


class RateTable:
    """Rates for many days of a batch: the quotes are read once."""

    def __init__(self, currencies: Iterable[str], *, first: date, last: date) -> None:
        wanted = frozenset(currencies)
        self._quotes: dict[date, list[FxQuote]] = {}
        for quote in quotes(wanted, first=first, last=last) if len(wanted) > 1 else ():
            self._quotes.setdefault(quote.on, []).append(quote)
        self._known: dict[tuple[str, str, date], FxRate] = {}

    def rate(self, *, currency: str, base_currency: str, on: date) -> FxRate:
        """As `rate`, without a look at the database."""
        key = (currency, base_currency, on)
        known = self._known.get(key)
        if known is None:
            days = (on - timedelta(days=back) for back in range(_LOOK_BACK.days + 1))
            near = [quote for day in days for quote in self._quotes.get(day, ())]
            known = rate_on(near, currency=currency, base_currency=base_currency, on=on)
            self._known[key] = known
        return known


def latest_day(source: str) -> date | None:
    """The newest day that the source has a quote for."""
    newest = FxRateRow.objects.filter(source=source).order_by("-on").first()
    return newest.on if newest else None


def known_currencies(*, since: date) -> list[str]:
    """Currencies with a quote since a day, and the euro, which they are quoted in."""
    rows = FxRateRow.objects.filter(on__gte=since).order_by().values_list("currency", flat=True).distinct()
    return sorted({*rows, "EUR"})


def quotes_of(day: date) -> tuple[FxQuote, ...]:
    """All quotes that apply on a day, by currency: the last published ones."""
    newest: dict[str, FxQuote] = {}
    rows = FxRateRow.objects.filter(on__gte=day - _LOOK_BACK, on__lte=day).order_by("on", "source")
    for row in rows:
        newest[row.currency] = FxQuote(row.currency, row.per_euro, row.on, row.source)
    return tuple(newest[currency] for currency in sorted(newest))
