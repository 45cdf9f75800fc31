"""How old open money is: 0-30, 31-60, 61-90 and over 90 days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quoin.billing.types import OpenInvoice
from quoin.kernel.money import Money, zero


class AgeBand(StrEnum):
    """Days since a day; NOT_DUE lies in the future."""

    NOT_DUE = "not_due"
    TO_30 = "0-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    OVER_90 = "90+"


@dataclass(frozen=True, slots=True)
class Aged:
    """Money per band in one currency. Every band is there, empty ones with zero."""

    currency: str
    bands: tuple[tuple[AgeBand, Money], ...]


_LIMITS = ((30, AgeBand.TO_30), (60, AgeBand.TO_60), (90, AgeBand.TO_90))


def age_band(since: date, *, on: date) -> AgeBand:
    """The band of something that is open since a day. The day itself counts as 0 days."""
    days = (on - since).days
    if days < 0:
        return AgeBand.NOT_DUE
    return next((band for limit, band in _LIMITS if days <= limit), AgeBand.OVER_90)


def age(items: Iterable[tuple[date, Money]], *, on: date) -> tuple[Aged, ...]:
    """Money by band for each currency, sorted by currency; currencies are never added."""
    sums: dict[str, dict[AgeBand, Money]] = {}
    for since, amount in items:
        bands = sums.setdefault(amount.currency, {band: zero(amount.currency) for band in AgeBand})
        band = age_band(since, on=on)
        bands[band] += amount
    return tuple(Aged(currency, tuple(sums[currency].items())) for currency in sorted(sums))


def age_receivables(invoices: Iterable[OpenInvoice], *, on: date) -> tuple[Aged, ...]:
    """Open invoices by days overdue. Money retained until acceptance is never overdue."""
    items = []
    for invoice in invoices:
        due = invoice.open if invoice.retained is None else invoice.open - invoice.retained
        items.append((invoice.due_on, due))
        if invoice.retained is not None:
            items.append((date.max, invoice.retained))
    return age(items, on=on)
