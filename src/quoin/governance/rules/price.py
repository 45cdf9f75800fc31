"""What a change order does to a price: parts added and taken off, hours times rate, the contract's value as a sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.kernel.errors import Conflict
from quoin.kernel.money import Money, for_minutes
from quoin.kernel.words import say


class PriceTooLow(Conflict):
    """More is taken off a price than is still open."""

    code = "price_too_low"


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part of the price, and whether its amount may still change."""

    id: UUID
    name: str
    amount: Decimal
    is_open: bool


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A line of a change order that changes the price; negative takes off."""

    id: UUID
    text: str
    amount: Decimal
    due_on: date | None = None
    bills_on_due_day: bool = False


@dataclass(frozen=True, slots=True)
class PricePlan:
    """What becomes of the parts: lines that become parts, new amounts of parts, parts that go."""

    delta: Decimal
    add: tuple[PriceLine, ...] = ()
    amounts: tuple[tuple[UUID, Decimal], ...] = ()
    drop: tuple[UUID, ...] = ()


def plan_price(parts: Sequence[OpenPart], lines: Iterable[PriceLine]) -> PricePlan:
    """Positive lines become parts. Negative ones come off the open parts, the last first; a price without parts
    has none afterwards. PriceTooLow if the open parts do not suffice.
    """
    wanted = list(lines)
    delta = sum((line.amount for line in wanted), Decimal(0))
    if not parts:
        return PricePlan(delta)
    off = -sum((line.amount for line in wanted if line.amount < 0), Decimal(0))
    amounts: list[tuple[UUID, Decimal]] = []
    drop: list[UUID] = []
    for part in reversed([one for one in parts if one.is_open]):
        if not off:
            break
        taken = min(off, part.amount)
        off -= taken
        if taken == part.amount:
            drop.append(part.id)
        else:
            amounts.append((part.id, part.amount - taken))
    if off:
        raise PriceTooLow(
            say(
                "The change takes off %(off)s more than is still open of the price. Credit what is billed instead.",
                off=off,
            )
        )
    return PricePlan(delta, tuple(line for line in wanted if line.amount > 0), tuple(amounts), tuple(drop))


def worth(minutes: int, rate: Money) -> Money:
    """Hours times rate, in whole cents; negative hours take off."""
    value = for_minutes(abs(minutes), rate.amount, rate.currency).round()
    return value if minutes >= 0 else -value


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One of the things that a contract's value is made of."""

    kind: str
    amount: Decimal
    change_id: UUID | None = None


def value_lines(current: Decimal, accepted: Sequence[tuple[UUID, Decimal, Decimal]]) -> tuple[ValueLine, ...]:
    """The original price, each accepted change as (id, price before, amount) in the order of acceptance, and what was
    changed in the contract itself. The lines add up to the current price, whatever happened.
    """
    original = accepted[0][1] if accepted else current
    lines = [ValueLine("original", original)]
    lines += [ValueLine("change", amount, change_id) for change_id, _before, amount in accepted]
    by_hand = current - sum((line.amount for line in lines), Decimal(0))
    if by_hand:
        lines.append(ValueLine("by_hand", by_hand))
    return tuple(lines)
