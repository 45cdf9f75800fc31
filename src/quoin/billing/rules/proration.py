"""Part periods by days, without floats: shares of a price over days, and a change in mid-cycle (R15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from quoin.billing.types import BillingInvalid
from quoin.kernel.money import Money, from_fraction
from quoin.kernel.period import Period


@dataclass(frozen=True, slots=True)
class CycleChange:
    """A change within a cycle, as two document lines: the unused rest of the old price, and the new price for it."""

    rest: Period
    credit: Money
    charge: Money


def day_count(period: Period) -> int:
    """Days in a period that has an end."""
    if period.end is None:
        raise BillingInvalid("A period without an end has no number of days.")
    return (period.end - period.start).days


def split_by_days(price: Money, parts: Sequence[Period]) -> tuple[Money, ...]:
    """The price over consecutive parts of its cycle, by days; the shares add up to it."""
    if any(left.end != right.start for left, right in pairwise(parts)):
        raise BillingInvalid("The parts of a cycle follow each other without gap or overlap.")
    return price.allocate([day_count(part) for part in parts])


def part_price(price: Money, *, cycle: Period, part: Period) -> Money:
    """The price of a part of the cycle, rounded once."""
    if part.start < cycle.start or part.end is None or cycle.end is None or cycle.end < part.end:
        raise BillingInvalid("The part lies outside its cycle.")
    days = Fraction(day_count(part), day_count(cycle))
    return from_fraction(Fraction(price.amount) * days, price.currency)


def change_in_cycle(*, old: Money, new: Money, cycle: Period, rest: Period) -> CycleChange:
    """Credit for the rest of the cycle at the old price and charge for it at the new one."""
    return CycleChange(rest, -part_price(old, cycle=cycle, part=rest), part_price(new, cycle=cycle, part=rest))
