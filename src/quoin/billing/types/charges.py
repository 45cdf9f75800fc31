"""Values of what is priced: approved work, charges, their fate, milestones and packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from quoin.billing.types.errors import BillingInvalid
from quoin.catalog.types import RateRow
from quoin.kernel.money import Money, zero


class ChargeKind(StrEnum):
    """What a charge stands for."""

    TIME = "time"
    EXPENSE = "expense"
    MILESTONE = "milestone"
    FEE = "fee"
    OVERAGE = "overage"
    PREPAID = "prepaid"


class ChargeStatus(StrEnum):
    """Where a charge stands. INCLUDED is paid by a fixed price or retainer; VOID was taken back."""

    UNBILLED = "unbilled"
    DRAFTED = "drafted"
    BILLED = "billed"
    WRITTEN_OFF = "written_off"
    INCLUDED = "included"
    NON_BILLABLE = "non_billable"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedEntry:
    """One version of an approved time entry. `charge_id` is the id that its charge will carry."""

    id: UUID
    version: int
    charge_id: UUID
    contract_id: UUID
    client_id: UUID
    project_id: UUID
    task_id: UUID | None
    person_id: UUID
    role_id: UUID | None
    work_on: date
    worked_minutes: int
    is_billable: bool
    note: str = ""
    cost_per_hour: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedExpense:
    """One version of an approved expense, in the currency of the contract at the frozen rate of the spending day."""

    id: UUID
    version: int
    charge_id: UUID
    contract_id: UUID
    client_id: UUID
    project_id: UUID
    person_id: UUID
    spent_on: date
    net: Money
    vat: Money
    is_vat_recoverable: bool
    is_billable: bool = True
    description: str = ""

    @property
    def cost(self) -> Money:
        """What the expense costs the firm: VAT that comes back is no cost."""
        return self.net if self.is_vat_recoverable else self.net + self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A billable fact and its price. `rate` is the row that priced it; `note` is what the client reads.

    `is_stepped` says that billing increments were applied already, as they are to the rest of a charge that
    a cap has split.
    """

    id: UUID
    kind: ChargeKind
    source_id: UUID
    source_version: int
    contract_id: UUID
    client_id: UUID
    project_id: UUID | None
    task_id: UUID | None
    person_id: UUID | None
    role_id: UUID | None
    work_on: date
    worked_minutes: int
    billable_minutes: int
    rate_per_hour: Money | None
    amount: Money
    cost: Money | None
    rate: RateRow | None = None
    note: str = ""
    is_approved: bool = True
    is_signed: bool = True
    is_stepped: bool = False
    held_until: date | None = None
    hold_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFate:
    """Where the minutes and the money of one approved charge are (I-13). A write-up adds money, never minutes."""

    approved_minutes: int
    approved: Money
    billed_minutes: int = 0
    billed: Money
    written_off_minutes: int = 0
    written_off: Money
    written_up: Money

    def __post_init__(self) -> None:
        minutes = (self.approved_minutes, self.billed_minutes, self.written_off_minutes, self.unbilled_minutes)
        if min(minutes) < 0:
            raise BillingInvalid("Billed and written off minutes cannot exceed the approved ones.")

    @property
    def unbilled_minutes(self) -> int:
        return self.approved_minutes - self.billed_minutes - self.written_off_minutes

    @property
    def unbilled(self) -> Money:
        return self.approved + self.written_up - self.billed - self.written_off

    @classmethod
    def of(cls, charge: Charge) -> ChargeFate:
        """The fate of a charge that was just approved: all of it is unbilled."""
        nothing = zero(charge.amount.currency)
        return cls(
            approved_minutes=charge.billable_minutes,
            approved=charge.amount,
            billed=nothing,
            written_off=nothing,
            written_up=nothing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A part of a fixed price that falls due on reaching it. Billed whole or not at all (I-19)."""

    id: UUID
    charge_id: UUID
    name: str
    share_percent: Decimal
    due_on: date
    is_reached: bool = False
    is_signed: bool = False
