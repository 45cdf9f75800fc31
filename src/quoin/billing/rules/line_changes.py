"""What a changed quantity or price of a line means for the charges behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from quoin.billing.types import BillingInvalid
from quoin.kernel.money import Money, Rounding, for_minutes

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What of a charge is unbilled."""

    minutes: int
    amount: Decimal


def given_up(minutes: Sequence[tuple[Key, int]], *, over: int) -> tuple[tuple[Key, int], ...]:
    """Which minutes are given up so that `over` fewer are billed: the latest work first."""
    left, found = over, []
    for key, length in reversed(minutes):
        taken = min(length, left)
        if taken > 0:
            found.append((key, taken))
            left -= taken
    if left:
        raise BillingInvalid("More minutes would be given up than there are.")
    return tuple(found)


def new_worths(
    work: Mapping[UUID, OpenWork], *, price: Decimal, currency: str, is_timed: bool, mode: Rounding
) -> dict[UUID, Decimal]:
    """What each charge comes to at a new price: per hour for time, else its part of the price for all of it."""
    if is_timed:
        return {key: for_minutes(one.minutes, price, currency, mode).amount for key, one in work.items()}
    weights = _weights(work.values())
    shares = Money(price, currency).allocate(weights)
    return {key: share.amount for key, share in zip(work, shares, strict=True)}


def _weights(work: Iterable[OpenWork]) -> list[Decimal]:
    amounts = [max(one.amount, Decimal(0)) for one in work]
    return amounts if any(amounts) else [Decimal(1)] * len(amounts)
