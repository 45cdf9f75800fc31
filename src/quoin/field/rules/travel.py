"""Travel between sites: an estimate without a map service, and a shorter round.

Distance is the great circle (haversine formula, Sinnott, Sky & Telescope 68 (1984) 158) times a detour factor; the
time is an estimate to plan with, never one to bill by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Final

_EARTH_KM: Final = 6371.0
_DETOUR: Final = 1.3
"""Roads are about so much longer than the straight line (Boscoe et al. 2012 found 1.4 in towns, 1.2 outside)."""
_SLOW_KM_PER_HOUR, _FAST_KM_PER_HOUR = 40.0, 85.0
_LOCAL_KM: Final = 20.0
_SETTING_OUT: Final = 10
"""Minutes to pack, park and walk."""
_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Round:
    """An order to visit places in, and what it takes compared with the order given."""

    order: tuple[int, ...]
    minutes: int
    saved_minutes: int


def distance_km(start: Place, end: Place) -> float:
    """Kilometres by the great circle."""
    half_height = sin(radians(end.latitude - start.latitude) / 2)
    half_width = sin(radians(end.longitude - start.longitude) / 2)
    chord = half_height**2 + cos(radians(start.latitude)) * cos(radians(end.latitude)) * half_width**2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(chord)))


def travel_minutes(start: Place | None, end: Place | None) -> int | None:
    """Minutes by road, in steps of five; None where a place is not known."""
    if start is None or end is None:
        return None
    kilometres = distance_km(start, end) * _DETOUR
    slow = min(kilometres, _LOCAL_KM)
    hours = slow / _SLOW_KM_PER_HOUR + (kilometres - slow) / _FAST_KM_PER_HOUR
    return ceil((hours * 60 + (_SETTING_OUT if kilometres > 1 else 0)) / _STEP) * _STEP


def best_round(home: Place, stops: Sequence[Place]) -> Round:
    """A short round from home over all stops and back: nearest neighbour, then 2-opt until nothing improves."""
    given = tuple(range(len(stops)))
    order = _two_opt(home, stops, _nearest(home, stops))
    before, after = _length(home, stops, given), _length(home, stops, order)
    if after >= before:
        return Round(given, before, 0)
    return Round(order, after, before - after)


def _nearest(home: Place, stops: Sequence[Place]) -> tuple[int, ...]:
    left, order, at = set(range(len(stops))), [], home
    while left:
        here = at
        chosen = min(left, key=lambda index: (distance_km(here, stops[index]), index))
        left.discard(chosen)
        order.append(chosen)
        at = stops[chosen]
    return tuple(order)


def _two_opt(home: Place, stops: Sequence[Place], order: tuple[int, ...]) -> tuple[int, ...]:
    best, length = order, _length(home, stops, order)
    while True:
        turned = [
            best[:start] + best[start:end][::-1] + best[end:]
            for start in range(len(best) - 1)
            for end in range(start + 2, len(best) + 1)
        ]
        shortest = min(turned, key=lambda one: _length(home, stops, one), default=best)
        if _length(home, stops, shortest) >= length:
            return best
        best, length = shortest, _length(home, stops, shortest)


def _length(home: Place, stops: Sequence[Place], order: Sequence[int]) -> int:
    round_trip = [home, *(stops[index] for index in order), home]
    return sum(travel_minutes(start, end) or 0 for start, end in pairwise(round_trip))
