"""Rates that include VAT: what is earned by an hour is the rate without it (IFRS 15.47)."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext

from quoin.catalog.rules.rates import RateTimeline
from quoin.kernel.money import Money

_HUNDRED = Decimal(100)
# Rates are kept with six decimals, so that the gross of a year of work comes back to the cent.
_PLACES = Decimal("0.000001")
_DIGITS = 40


def net_rate(gross: Money, *, vat_percent: Decimal) -> Money:
    """The rate without the VAT in it, to six decimals."""
    with localcontext() as context:
        context.prec = _DIGITS
        net = gross.amount * _HUNDRED / (_HUNDRED + vat_percent)
        return Money(net.quantize(_PLACES, rounding=ROUND_HALF_UP), gross.currency)


def net_timeline(timeline: RateTimeline, *, vat_percent: Decimal) -> RateTimeline:
    """The same rates on the same days, without VAT."""
    rows = tuple(
        None if row is None else replace(row, rate_per_hour=net_rate(row.rate_per_hour, vat_percent=vat_percent))
        for row in timeline.rows
    )
    return RateTimeline(timeline.starts, rows)
