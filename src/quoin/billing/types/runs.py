"""Values of a billing run: what it covers, its drafts and checks, what it holds, its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from quoin.billing.types.charges import Charge, ChargeKind
from quoin.kernel.money import Money
from quoin.sales.types import ContractTerms, LineGrouping


class HoldReason(StrEnum):
    """Why a charge, or part of it, is on no draft of a run."""

    ON_HOLD = "on_hold"
    NOT_APPROVED = "not_approved"
    AFTER_SCOPE = "after_scope"
    NOT_IN_SCOPE = "not_in_scope"
    NO_CONTRACT = "no_contract"
    CLIENT_BLOCKED = "client_blocked"
    CURRENCY_MISMATCH = "currency_mismatch"
    CAP_REACHED = "cap_reached"
    ORDER_USED_UP = "order_used_up"
    ORDER_EXPIRED = "order_expired"


@dataclass(frozen=True, slots=True)
class BilledCharge:
    """What of a charge stands on a draft. `increment` is what the billing increment added to the charge's amount."""

    charge: Charge
    minutes: int
    amount: Money
    increment: Money


@dataclass(frozen=True, slots=True)
class HeldCharge:
    """What of a charge stays unbilled, with the reason in words."""

    charge: Charge
    minutes: int
    amount: Money
    increment: Money
    reason: HoldReason
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A line of a draft. Net is the sum of its charges; a time line has one rate."""

    key: str
    kind: ChargeKind
    description: str
    worked_minutes: int
    billed_minutes: int
    rate_per_hour: Money | None
    net: Money
    charges: tuple[BilledCharge, ...]


class CheckCode(StrEnum):
    """What a billing run looks at before a draft may go out."""

    CAP_LEFT = "cap_left"
    CAP_EXCEEDED = "cap_exceeded"
    CAP_REACHED = "cap_reached"
    ORDER_LEFT = "order_left"
    ORDER_USED_UP = "order_used_up"
    RATE_ZERO = "rate_zero"
    NOTE_MISSING = "note_missing"
    MILESTONE_UNSIGNED = "milestone_unsigned"
    CHANGE_VS_LAST = "change_vs_last"
    WEEKEND = "weekend"
    NEGATIVE = "negative"
    OVERAGE = "overage"


@dataclass(frozen=True, slots=True)
class Check:
    """A finding, in words. `charge_ids` are what to open; `values` fill a translated text of the same code."""

    code: CheckCode
    words: str
    charge_ids: tuple[UUID, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One invoice to be. Without checks it is clean."""

    client_id: UUID
    contract_ids: tuple[UUID, ...]
    currency: str
    order_number: str
    lines: tuple[DraftLine, ...]
    net: Money
    last_net: Money | None
    checks: tuple[Check, ...]

    @property
    def is_clean(self) -> bool:
        return not self.checks


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractState:
    """A contract at the start of a run: its terms, what was billed on it before, and what stops it.

    `ordered` is what was billed on the purchase order, `last_net` what the last invoice came to.
    """

    terms: ContractTerms
    billed: Money
    ordered: Money
    last_net: Money | None = None
    client_name: str = ""
    blocked_because: str = ""
    names: Mapping[UUID, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScope:
    """What a run covers. `contract_ids` None means all; `grouping` None means by each contract's own rule."""

    work_until: date
    on: date
    contract_ids: frozenset[UUID] | None = None
    includes_unapproved: bool = False
    grouping: LineGrouping | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProof:
    """Nothing is lost: approved value and what increments add = drafts + held + waiting, in one currency."""

    currency: str
    wip: Money
    increments: Money
    drafts: Money
    held: Money
    waiting: Money

    @property
    def is_equal(self) -> bool:
        return self.wip + self.increments == self.drafts + self.held + self.waiting


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Charges that one reason keeps off the drafts, in one currency."""

    reason: HoldReason
    count: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """What a billing run would write. `waiting` is what is not approved yet; it is held as well, for that reason."""

    drafts: tuple[Draft, ...]
    held: tuple[HeldCharge, ...]
    waiting: tuple[HeldCharge, ...]
    left_out: tuple[LeftOut, ...]
    proofs: tuple[RunProof, ...]

    @property
    def is_proven(self) -> bool:
        return all(proof.is_equal for proof in self.proofs)
