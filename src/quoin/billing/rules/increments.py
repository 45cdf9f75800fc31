"""Billing increments: what of worked minutes is billed. Worked minutes themselves never change.

Where a person's day or a whole invoice is brought to whole increments, the entries share the result by
largest remainder, so that they still add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from quoin.sales.types import Increment, IncrementScope, RoundingDirection


@dataclass(frozen=True, slots=True)
class Worked:
    """Minutes of one entry, and who worked them on which day."""

    minutes: int
    person_id: UUID | None
    work_on: date


def step(minutes: int, increment: Increment) -> int:
    """Minutes in whole increments. Negative minutes (corrections) mirror positive ones."""
    if minutes < 0:
        return -step(-minutes, increment)
    whole, rest = divmod(minutes, increment.minutes)
    if increment.direction is RoundingDirection.UP:
        return (whole + (rest > 0)) * increment.minutes
    if increment.direction is RoundingDirection.DOWN:
        return whole * increment.minutes
    return (whole + (2 * rest >= increment.minutes)) * increment.minutes


def step_all(entries: Sequence[Worked], increment: Increment) -> tuple[int, ...]:
    """Billed minutes of each entry, in the order given, by the scope of the increment."""
    if increment.scope is IncrementScope.ENTRY or increment.minutes == 1:
        return tuple(step(entry.minutes, increment) for entry in entries)
    billed = [0] * len(entries)
    for members in _groups(entries, increment.scope):
        worked = [entries[i].minutes for i in members]
        for i, minutes in zip(members, share(step(sum(worked), increment), worked), strict=True):
            billed[i] = minutes
    return tuple(billed)


def share(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole minutes by weight that add up to the total: largest remainder, a tie to the earlier one.

    Weights of mixed signs share the difference to their own sum by absolute size.
    """
    sizes = [abs(weight) for weight in weights]
    whole = sum(sizes)
    if whole == 0:
        return tuple(weights)
    extra = total - sum(weights)
    sign = -1 if extra < 0 else 1
    floors = [abs(extra) * size // whole for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda i: -(abs(extra) * sizes[i] % whole))
    for i in by_remainder[: abs(extra) - sum(floors)]:
        floors[i] += 1
    return tuple(weight + sign * part for weight, part in zip(weights, floors, strict=True))


def increment_words(increment: Increment) -> str:
    """The rule as a sentence, for screens that explain a billed quantity."""
    if increment.minutes == 1:
        return "Billed to the minute as worked."
    way = {
        RoundingDirection.UP: "up to",
        RoundingDirection.NEAREST: "to the nearest",
        RoundingDirection.DOWN: "down to",
    }[increment.direction]
    what = {
        IncrementScope.ENTRY: "Each entry",
        IncrementScope.DAY_PERSON: "Each person's day",
        IncrementScope.INVOICE: "All time on the invoice",
    }[increment.scope]
    return f"{what} is billed {way} whole {increment.minutes} minutes."


def _groups(entries: Sequence[Worked], scope: IncrementScope) -> list[list[int]]:
    if scope is IncrementScope.INVOICE:
        return [list(range(len(entries)))]
    groups: dict[tuple[UUID | None, date], list[int]] = {}
    for i, entry in enumerate(entries):
        groups.setdefault((entry.person_id, entry.work_on), []).append(i)
    return list(groups.values())
