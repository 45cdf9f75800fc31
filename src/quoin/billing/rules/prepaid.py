"""Prepaid packs: the pack that expires first is used first; a pack never goes below zero (I-17, R13).

The price of a pack is shared over its units by cumulative rounding, so that the last unit takes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from quoin.billing.types import BillingInvalid, Overflow, Pack, PackUnit, PackWork
from quoin.kernel.money import Money, from_fraction, zero

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackUse:
    """What one piece of work took from one pack: units, the minutes and value they cover, their part of the price."""

    pack_id: UUID
    work_id: UUID
    units: Decimal
    minutes: int
    value: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Work, or the part of it, that the packs meant for it have no room for; `pack_id` is the last of them."""

    work_id: UUID
    minutes: int
    value: Money
    pack_id: UUID
    overflow: Overflow


@dataclass(frozen=True, slots=True)
class Cover:
    """Uses in the order of the work, what was left over, and the packs afterwards."""

    uses: tuple[PackUse, ...]
    rests: tuple[Rest, ...]
    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True)
class Lapse:
    """Units of a pack that expired, and their part of the price (breakage)."""

    pack_id: UUID
    units: Decimal
    amount: Money


def cover(packs: Iterable[Pack], works: Iterable[PackWork]) -> Cover:
    """Set work against packs, oldest work first, each from the pack that expires first."""
    known = {pack.id: pack for pack in sorted(packs, key=_first_expiry)}
    uses: list[PackUse] = []
    rests: list[Rest] = []
    for work in sorted(works, key=lambda one: (one.work_on, one.id)):
        if work.minutes < 0 or work.value.amount < 0:
            raise BillingInvalid("A pack is used by positive work.")
        fitting = [key for key, pack in known.items() if covers(pack, work)]
        left = work
        for key in fitting:
            use = _use(known[key], left)
            if use is not None:
                uses.append(use)
                _, known[key] = take(known[key], use.units)
                left = replace(left, minutes=left.minutes - use.minutes, value=left.value - use.value)
        if fitting and (left.minutes or left.value):
            last = known[fitting[-1]]
            rests.append(
                Rest(
                    work_id=work.id, minutes=left.minutes, value=left.value, pack_id=last.id, overflow=last.overflow
                )
            )  # fmt: skip
    return Cover(tuple(uses), tuple(rests), tuple(known.values()))


def covers(pack: Pack, work: PackWork) -> bool:
    """Whether the pack is meant for the work, room or not."""
    is_time = pack.sold_on <= work.work_on and (pack.expires_on is None or work.work_on < pack.expires_on)
    is_place = not pack.project_ids or work.project_id in pack.project_ids
    is_role = not pack.role_ids or work.role_id in pack.role_ids
    need = work.minutes if pack.unit is PackUnit.MINUTES else work.value.amount
    return is_time and is_place and is_role and need > 0


def take(pack: Pack, units: Decimal) -> tuple[Money, Pack]:
    """The part of the price that so many units stand for, and the pack without them."""
    if not _NOTHING <= units <= pack.left:
        raise BillingInvalid("A pack has no more than is left of it.")
    left = pack.left - units
    stays = from_fraction(Fraction(pack.price.amount) * Fraction(left) / Fraction(pack.size), pack.price.currency)
    # Units that were given back may have cost a cent more or less: what is worth nothing more is taken from nobody.
    worth = min(stays, pack.worth, key=lambda money: money.amount) if left else zero(stays.currency)
    return pack.worth - worth, replace(pack, left=left, worth=worth)


def lapses(packs: Iterable[Pack], *, on: date) -> tuple[Lapse, ...]:
    """What is lost on or before the day."""
    return tuple(
        Lapse(pack.id, pack.left, pack.worth)
        for pack in sorted(packs, key=_first_expiry)
        if pack.expires_on is not None and pack.expires_on <= on and pack.left
    )


def _use(pack: Pack, work: PackWork) -> PackUse | None:
    """What the rest of the work takes from the pack."""
    if pack.unit is PackUnit.MINUTES:
        units = min(pack.left, Decimal(work.minutes))
        minutes = int(units)
        value = work.value
        if minutes < work.minutes:
            value = from_fraction(Fraction(value.amount) * Fraction(minutes, work.minutes), value.currency)
    else:
        units = min(pack.left, work.value.amount)
        value = replace(work.value, amount=units)
        is_whole = value == work.value
        minutes = work.minutes if is_whole else int(Fraction(units) / Fraction(work.value.amount or 1) * work.minutes)
    if units <= 0:
        return None
    amount, _ = take(pack, units)
    return PackUse(pack_id=pack.id, work_id=work.id, units=units, minutes=minutes, value=value, amount=amount)


def _first_expiry(pack: Pack) -> tuple[date, date, UUID]:
    return pack.expires_on or date.max, pack.sold_on, pack.id
