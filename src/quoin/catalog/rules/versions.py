"""A new version of rates from a day on: what would be written, and what it does to unbilled work.

Nothing before the day changes: a replaced row is closed at the day, never edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.catalog.rules.rates import RateBook, key_words
from quoin.catalog.types import PercentChange, PlannedRate, RateEffect, RateKey, RateRow, RateUse, RateVersionInvalid
from quoin.kernel.money import EXACT, Money, for_minutes, zero
from quoin.kernel.period import Period
from quoin.kernel.words import say

_HUNDRED = Decimal(100)


def new_version(
    rows: Iterable[RateRow], *, from_on: date, change: PercentChange | Mapping[RateKey, Money]
) -> tuple[PlannedRate, ...]:
    """Rows to add from the day: each row that is valid then, by a percentage, or the given rates.

    A planned row lasts as long as the row that it replaces, and no longer than up to a version that is
    planned already. RateVersionInvalid if a row starts on that very day or changes its currency.
    """
    known = tuple(rows)
    if isinstance(change, PercentChange):
        return _by_percent(known, from_on=from_on, percent=change.percent)
    return tuple(_planned(known, key=key, rate=rate, from_on=from_on) for key, rate in change.items())


def apply_version(rows: Iterable[RateRow], planned: Iterable[PlannedRate]) -> tuple[RateRow, ...]:
    """The rows as they would stand with the planned version, for a preview. New rows have made-up ids."""
    new = tuple(planned)
    closed_at = {row.replaces.id: row.valid.start for row in new if row.replaces is not None}
    kept = (
        replace(row, valid=Period(row.valid.start, closed_at[row.id])) if row.id in closed_at else row for row in rows
    )
    added = (RateRow(UUID(int=number), row.key, row.rate_per_hour, row.valid) for number, row in enumerate(new, 1))
    return (*kept, *added)


def version_effect(uses: Iterable[RateUse], *, before: RateBook, after: RateBook) -> tuple[RateEffect, ...]:
    """What changes for work that is not billed yet, by currency, sorted. Entries whose rate stays are not counted."""
    effects: dict[str, RateEffect] = {}
    for use in uses:
        old = before.price(subject=use.subject, on=use.work_on)
        new = after.price(subject=use.subject, on=use.work_on)
        rates = (old.rate_per_hour if old else None, new.rate_per_hour if new else None)
        if rates[0] != rates[1]:
            for currency in {rate.currency for rate in rates if rate is not None}:
                known = effects.get(currency) or RateEffect(currency, 0, 0, zero(currency), zero(currency))
                effects[currency] = _counted(known, use, *rates)
    return tuple(effects[currency] for currency in sorted(effects))


def _counted(effect: RateEffect, use: RateUse, old: Money | None, new: Money | None) -> RateEffect:
    return RateEffect(
        effect.currency,
        effect.entries + 1,
        effect.minutes + use.minutes,
        effect.before + _worth(use.minutes, old, effect.currency),
        effect.after + _worth(use.minutes, new, effect.currency),
        effect.unpriced_before + (old is None),
    )


def _worth(minutes: int, rate: Money | None, currency: str) -> Money:
    if rate is None or rate.currency != currency:
        return zero(currency)
    return for_minutes(minutes, rate.amount, currency)


def _by_percent(rows: tuple[RateRow, ...], *, from_on: date, percent: Decimal) -> tuple[PlannedRate, ...]:
    if percent <= -_HUNDRED:
        raise RateVersionInvalid("A rate can be lowered by less than 100 per cent.")
    factor = EXACT.divide(EXACT.add(_HUNDRED, percent), _HUNDRED)
    keys = dict.fromkeys(row.key for row in rows if from_on in row.valid)
    plans = []
    for key in keys:
        current = _current(rows, key=key, from_on=from_on)
        assert current is not None  # the key was taken from a row that is valid on the day
        plans.append(_planned(rows, key=key, rate=(current.rate_per_hour * factor).round(), from_on=from_on))
    return tuple(plans)


def _planned(rows: tuple[RateRow, ...], *, key: RateKey, rate: Money, from_on: date) -> PlannedRate:
    starts = sorted(row.valid.start for row in rows if row.key == key)
    if from_on in starts:
        raise RateVersionInvalid(
            say(
                "The rate of %(rate)s has a version from %(from_on)s already; edit that one.",
                rate=key_words(key),
                from_on=from_on,
            )
        )
    current = _current(rows, key=key, from_on=from_on)
    if current is not None and current.rate_per_hour.currency != rate.currency:
        raise RateVersionInvalid(
            say(
                "The rate of %(rate)s stays in %(currency)s.",
                rate=key_words(key),
                currency=current.rate_per_hour.currency,
            )
        )
    ends = [start for start in starts if start > from_on]
    if current is not None and current.valid.end is not None:
        ends.append(current.valid.end)
    return PlannedRate(key, rate, Period(from_on, min(ends, default=None)), current)


def _current(rows: tuple[RateRow, ...], *, key: RateKey, from_on: date) -> RateRow | None:
    fitting = [row for row in rows if row.key == key and from_on in row.valid]
    return max(fitting, key=lambda row: row.valid.start, default=None)
