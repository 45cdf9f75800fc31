"""Prepaid packs: the pack that expires first is used first; a pack never goes below zero.

The price of a pack is shared over its minutes by cumulative rounding, so that the last minute takes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from quoin.billing.types import BillingInvalid, Pack
from quoin.kernel.money import Money, for_minutes, from_fraction


@dataclass(frozen=True, slots=True)
class PackState:
    """A pack and what was used of it, or gone by expiry."""

    pack: Pack
    used: int = 0
    expired: int = 0

    @property
    def left(self) -> int:
        return self.pack.minutes - self.used - self.expired

    def worth(self, gone: int) -> Money:
        """The part of the price that so many minutes stand for, rounded."""
        price = self.pack.price
        return from_fraction(Fraction(price.amount) * Fraction(gone, self.pack.minutes), price.currency)


@dataclass(frozen=True, slots=True)
class PackUse:
    """Minutes taken from one pack and their part of its price."""

    pack_id: UUID
    minutes: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What a use took from which packs, what was left over at the overdraw rate, and the packs afterwards."""

    uses: tuple[PackUse, ...]
    overdraw_minutes: int
    overdraw: Money
    packs: tuple[PackState, ...]


@dataclass(frozen=True, slots=True)
class Expiry:
    """Minutes that expired with their part of the price (breakage), and the packs afterwards."""

    expired: tuple[PackUse, ...]
    packs: tuple[PackState, ...]


def draw(packs: Iterable[PackState], *, minutes: int, on: date, overdraw_rate_per_hour: Money) -> Draw:
    """Use minutes on a day, from packs that are sold and not expired then."""
    if minutes < 0:
        raise BillingInvalid("A pack is used by positive minutes.")
    ordered = sorted(packs, key=_first_expiry)
    after, uses, left = [], [], minutes
    for state in ordered:
        taken = min(left, state.left) if _is_usable(state.pack, on) else 0
        changed = replace(state, used=state.used + taken)
        after.append(changed)
        if taken:
            gone = state.used + state.expired
            uses.append(PackUse(state.pack.id, taken, state.worth(gone + taken) - state.worth(gone)))
            left -= taken
    rate = overdraw_rate_per_hour
    overdraw = for_minutes(left, rate.amount, rate.currency)
    return Draw(uses=tuple(uses), overdraw_minutes=left, overdraw=overdraw, packs=tuple(after))


def expire(packs: Iterable[PackState], *, on: date) -> Expiry:
    """What is lost on or before the day. Running it again finds nothing more."""
    after, expired = [], []
    for state in sorted(packs, key=_first_expiry):
        ends = state.pack.expires_on
        if ends is not None and ends <= on and state.left:
            amount = state.pack.price - state.worth(state.used + state.expired)
            expired.append(PackUse(state.pack.id, state.left, amount))
            after.append(replace(state, expired=state.expired + state.left))
        else:
            after.append(state)
    return Expiry(tuple(expired), tuple(after))


def _is_usable(pack: Pack, on: date) -> bool:
    return pack.sold_on <= on and (pack.expires_on is None or on < pack.expires_on)


def _first_expiry(state: PackState) -> tuple[date, date, UUID]:
    return state.pack.expires_on or date.max, state.pack.sold_on, state.pack.id
