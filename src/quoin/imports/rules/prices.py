"""Prices per hour that a file implies: told as a rate, or found behind its amounts.

A tool computes `amount = rate x duration` and rounds to the cent, so each amount leaves an interval in which the rate
must lie. The rate of a run of entries is the roundest number in the intersection of their intervals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

from quoin.imports.types import ImportedEntry

_SECONDS = Decimal(3600)
_MINUTES = Decimal(60)
_HALF_CENT = Decimal("0.005")
_MOST_DIGITS = 4
_PRECISION = 40


@dataclass(frozen=True, slots=True)
class PriceStep:
    """A price per hour from a day on; the first of a key holds since ever (`from_on` None)."""

    from_on: date | None
    rate_per_hour: Decimal


@dataclass(frozen=True, slots=True)
class PriceKey:
    """What a price is for: everybody on the project, or one person on it (`person_key` not '')."""

    project_key: str
    person_key: str = ""


@dataclass(frozen=True, slots=True)
class _Interval:
    low: Decimal
    high: Decimal

    def meet(self, other: _Interval) -> _Interval | None:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return _Interval(low, high) if low <= high else None


_ANY = _Interval(Decimal(0), Decimal("1e12"))


def implied_prices(entries: Iterable[ImportedEntry]) -> dict[PriceKey, tuple[PriceStep, ...]]:
    """Steps of prices per project, and per person where people of a project differ. Prices of zero are left out.

    Entries that are not billable, or tell neither rate nor amount, say nothing.
    """
    told: dict[PriceKey, list[ImportedEntry]] = defaultdict(list)
    for entry in entries:
        if entry.is_billable and entry.minutes and entry.project_key and (entry.rate_per_hour or entry.amount):
            told[PriceKey(entry.project_key, entry.person_key)].append(entry)
    with localcontext() as context:
        context.prec = _PRECISION
        steps = {key: _steps(sorted(rows, key=lambda row: row.work_on)) for key, rows in told.items()}
    return _joined(steps)


def _steps(rows: list[ImportedEntry]) -> tuple[PriceStep, ...]:
    """Runs of one price in the order of days."""
    runs: list[_Run] = []
    for row in rows:
        longer = runs[-1].with_row(row) if runs else None
        if longer is None:
            runs.append(_Run(row.work_on).with_row(row) or _Run(row.work_on))
        else:
            runs[-1] = longer
    kept: list[PriceStep] = []
    for run in runs:
        rate = run.rate
        last = kept[-1] if kept else None
        # Two prices on one day cannot be told apart by day; the first of the day holds.
        is_new_day = last is None or run.from_on > (last.from_on or rows[0].work_on)
        if rate is not None and is_new_day and (last is None or last.rate_per_hour != rate):
            kept.append(PriceStep(None if last is None else run.from_on, rate))
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Run:
    """Entries that can have one price: the price they tell, and where it lies by their amounts."""

    from_on: date
    told: Decimal | None = None
    exact: _Interval | None = _ANY
    whole: _Interval | None = _ANY

    def with_row(self, row: ImportedEntry) -> _Run | None:
        """The run with one more entry, or None if they cannot have the same price."""
        exact, whole = _met(self.exact, row, by_seconds=True), _met(self.whole, row, by_seconds=False)
        told = row.rate_per_hour or self.told
        if self.told and row.rate_per_hour and self.told != row.rate_per_hour:
            return None
        if told:
            is_open = any(_holds(interval, told) for interval in (exact, whole))
            return _Run(self.from_on, told, exact, whole) if is_open or row.rate_per_hour else None
        return None if exact is None and whole is None else _Run(self.from_on, None, exact, whole)

    @property
    def rate(self) -> Decimal | None:
        if self.told:
            return self.told
        candidates = [_roundest(interval) for interval in (self.whole, self.exact) if interval and interval != _ANY]
        return min(candidates, key=_digits, default=None)


def _holds(interval: _Interval | None, rate: Decimal) -> bool:
    return interval is not None and interval.low <= rate <= interval.high


def _met(before: _Interval | None, row: ImportedEntry, *, by_seconds: bool) -> _Interval | None:
    if row.amount is None or before is None:
        return before
    interval = _interval(row, by_seconds)
    return before if interval is None else before.meet(interval)


def _interval(row: ImportedEntry, by_seconds: bool) -> _Interval | None:
    hours = row.seconds / _SECONDS if by_seconds else row.minutes / _MINUTES
    if row.amount is None or not hours:
        return None
    return _Interval((row.amount - _HALF_CENT) / hours, (row.amount + _HALF_CENT) / hours)


def _roundest(interval: _Interval) -> Decimal:
    """The number with the fewest decimals in the interval, nearest to its middle."""
    middle = (interval.low + interval.high) / 2
    for digits in range(_MOST_DIGITS + 1):
        unit = Decimal(1).scaleb(-digits)
        near = middle.quantize(unit, ROUND_HALF_UP)
        if interval.low <= near <= interval.high:
            return near
        first = interval.low.quantize(unit, ROUND_CEILING)
        if first <= interval.high:
            return first
    return middle.quantize(Decimal(1).scaleb(-_MOST_DIGITS), ROUND_HALF_UP)


def _digits(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _joined(steps: Mapping[PriceKey, tuple[PriceStep, ...]]) -> dict[PriceKey, tuple[PriceStep, ...]]:
    """One price for the project where all its people have the same single one."""
    by_project: dict[str, list[PriceKey]] = defaultdict(list)
    for key in steps:
        by_project[key.project_key].append(key)
    found: dict[PriceKey, tuple[PriceStep, ...]] = {}
    for project_key, keys in by_project.items():
        rates = {step.rate_per_hour for key in keys for step in steps[key]}
        if len(rates) == 1:
            found[PriceKey(project_key)] = (PriceStep(None, rates.pop()),)
        else:
            found.update({key: steps[key] for key in keys})
    return found
