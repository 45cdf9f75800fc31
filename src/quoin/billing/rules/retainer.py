"""Retainers: a monthly fee that includes minutes. The oldest minutes are used first; what lasts too long expires.

The fee of a month is a liability until its minutes are used or expire. Each month's fee is shared over its own
minutes by cumulative rounding, so that the last minute takes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from quoin.billing.types import BillingInvalid
from quoin.kernel.money import Money, for_minutes, from_fraction, total
from quoin.kernel.period import add_months
from quoin.sales.types import RetainerTerms


@dataclass(frozen=True, slots=True)
class RetainerLot:
    """The included minutes of one month and how many of them are gone."""

    month: date
    minutes: int
    fee: Money
    used: int = 0

    @property
    def left(self) -> int:
        return self.minutes - self.used

    def worth(self, used: int) -> Money:
        """The part of the fee that so many used minutes stand for, rounded."""
        return from_fraction(Fraction(self.fee.amount) * Fraction(used, self.minutes), self.fee.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainerMonth:
    """What became of one month. `used_worth` and `breakage` leave the liability; `overage` is billed on top."""

    month: date
    from_rollover: int
    from_current: int
    overage_minutes: int
    expired_minutes: int
    rolled_on_minutes: int
    used_worth: Money
    overage: Money
    breakage: Money


def run_retainer(
    terms: RetainerTerms, used_by_month: Iterable[tuple[date, int]], *, opening: tuple[RetainerLot, ...] = ()
) -> tuple[RetainerMonth, ...]:
    """Month after month, from the lots that are open at the start. Months follow each other without a gap."""
    lots = opening
    months: list[RetainerMonth] = []
    for month, used in used_by_month:
        if months and month != add_months(months[-1].month, 1):
            raise BillingInvalid("The months of a retainer follow each other.")
        found, lots = retainer_month(terms, lots, month=month, used=used)
        months.append(found)
    return tuple(months)


def retainer_month(
    terms: RetainerTerms, lots: tuple[RetainerLot, ...], *, month: date, used: int
) -> tuple[RetainerMonth, tuple[RetainerLot, ...]]:
    """One month and the lots that go on. `month` is its first day."""
    if used < 0 or month.day != 1:
        raise BillingInvalid("A retainer month starts on the first and uses no negative minutes.")
    current = RetainerLot(month, terms.included_minutes, terms.fee)
    drawn, overage = _draw((*lots, current), used)
    worth = total(
        (new.worth(new.used) - old.worth(old.used) for old, new in zip((*lots, current), drawn, strict=True)),
        terms.fee.currency,
    )
    expired = tuple(lot for lot in drawn if add_months(lot.month, terms.rollover_months) <= month)
    kept = tuple(lot for lot in drawn if lot not in expired and lot.left)
    rate = terms.overage_rate_per_hour
    return RetainerMonth(
        month=month,
        from_rollover=used - overage - drawn[-1].used,
        from_current=drawn[-1].used,
        overage_minutes=overage,
        expired_minutes=sum(lot.left for lot in expired),
        rolled_on_minutes=sum(lot.left for lot in kept),
        used_worth=worth,
        overage=for_minutes(overage, rate.amount, rate.currency),
        breakage=total((lot.fee - lot.worth(lot.used) for lot in expired), terms.fee.currency),
    ), kept


def _draw(lots: tuple[RetainerLot, ...], minutes: int) -> tuple[tuple[RetainerLot, ...], int]:
    drawn = []
    for lot in lots:
        taken = min(lot.left, minutes)
        minutes -= taken
        drawn.append(replace(lot, used=lot.used + taken))
    return tuple(drawn), minutes
