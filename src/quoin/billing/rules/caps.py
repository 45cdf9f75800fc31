"""Caps and purchase orders: work is billed, oldest first, as far as every limit has room; the rest is held back.

The charge that meets the limit is split. What is billed never exceeds any limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quoin.billing.types import BilledCharge, HeldCharge, HoldReason
from quoin.kernel.money import Money, total, zero


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may still be billed, and the reason and the sentence for what does not fit."""

    reason: HoldReason
    room: Money
    words: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is billed and what is held; together they are what was given."""

    billed: tuple[BilledCharge, ...]
    held: tuple[HeldCharge, ...]


def fit(charges: Iterable[BilledCharge], *, limits: Iterable[Limit]) -> Fitted:
    """Charges within the limits, by day of work and then by id. Negative charges make room."""
    tight = tuple(limits)
    in_order = sorted(charges, key=lambda billed: (billed.charge.work_on, billed.charge.id.int))
    if not tight:
        return Fitted(tuple(in_order), ())
    billed: list[BilledCharge] = []
    held: list[HeldCharge] = []
    limit = min(tight, key=lambda limit: limit.room.amount)
    used = zero(tight[0].room.currency)
    for candidate in in_order:
        room = limit.room - used
        if candidate.amount.amount <= 0 or not room < candidate.amount:
            billed.append(candidate)
            used += candidate.amount
        else:
            part, rest = _split(candidate, limit=limit, room=room)
            billed += part
            held.append(rest)
            used += total((item.amount for item in part), used.currency)
    return Fitted(tuple(billed), tuple(held))


def _split(candidate: BilledCharge, *, limit: Limit, room: Money) -> tuple[tuple[BilledCharge, ...], HeldCharge]:
    charge, amount = candidate.charge, candidate.amount
    if room.amount <= 0:
        rest = HeldCharge(charge, candidate.minutes, amount, candidate.increment, limit.reason, limit.words)
        return (), rest
    minutes = int(candidate.minutes * room.amount / amount.amount)
    part = BilledCharge(charge, minutes, room, candidate.increment)
    nothing = zero(amount.currency)
    words = f"{limit.words} {room} of {amount} is billed."
    return (part,), HeldCharge(charge, candidate.minutes - minutes, amount - room, nothing, limit.reason, words)
