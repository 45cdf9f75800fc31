"""Values of prepaid packs: hours or money that a client buys ahead, the work that draws them down, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from quoin.kernel.errors import Conflict
from quoin.kernel.money import Money


class PackUsedUp(Conflict):
    """Approved work needs more than the pack has left, and the pack says that such work is refused."""

    code = "pack_used_up"


class PackUnit(StrEnum):
    """What a pack is counted in: minutes of work, or its price at the agreed rates."""

    MINUTES = "minutes"
    MONEY = "money"


class Overflow(StrEnum):
    """What becomes of work that a pack has no room for: billed at its rate, held back, or its approval refused."""

    BILL = "bill"
    HOLD = "hold"
    REFUSE = "refuse"


class MoveKind(StrEnum):
    """What changed a pack. GIVE_BACK takes a DRAW back, REVIVE an EXPIRE."""

    SALE = "sale"
    DRAW = "draw"
    GIVE_BACK = "give_back"
    EXPIRE = "expire"
    REVIVE = "revive"
    REFUND = "refund"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Units bought ahead, the price without VAT, and what is left of both.

    Usable for work from `sold_on` up to, not including, `expires_on`. Without projects or roles it covers all of them.
    """

    id: UUID
    sold_on: date
    expires_on: date | None
    size: Decimal
    price: Money
    left: Decimal
    worth: Money
    """The part of the price that is not used yet."""
    unit: PackUnit = PackUnit.MINUTES
    overflow: Overflow = Overflow.BILL
    project_ids: frozenset[UUID] = frozenset()
    role_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackWork:
    """Approved work that a pack may cover: its minutes to bill, and their price at the agreed rate."""

    id: UUID
    work_on: date
    minutes: int
    value: Money
    project_id: UUID | None = None
    role_id: UUID | None = None
