"""A day's visits of one technician in a shorter order, with the times that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quoin.field.rules.travel import Place, best_round, travel_minutes


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of the day: where it is, when its work begins now, how long it lasts."""

    place: Place
    starts_at: datetime
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Order:
    """The stops in a new order, with their new starts, and the minutes of travel that are saved."""

    stops: tuple[tuple[int, datetime], ...]
    """Index of the stop and its new start."""
    saved_minutes: int


def suggested_order(home: Place, stops: Sequence[Stop]) -> Order:
    """The shortest round found; the first work begins when it begins now, then travel and work follow each other."""
    if not stops:
        return Order((), 0)
    given = sorted(range(len(stops)), key=lambda index: stops[index].starts_at)
    found = best_round(home, [stops[index].place for index in given])
    if not found.saved_minutes:
        return Order(tuple((index, stops[index].starts_at) for index in given), 0)
    at = stops[given[0]].starts_at
    placed: list[tuple[int, datetime]] = []
    for position, number in enumerate(found.order):
        index = given[number]
        if position:
            before = stops[placed[-1][0]]
            at += before.lasts + timedelta(minutes=travel_minutes(before.place, stops[index].place) or 0)
        placed.append((index, at))
    return Order(tuple(placed), found.saved_minutes)
