"""Values of billing: what is priced, what it came to, where it stands on an invoice, and why.

A charge is one billable fact (an entry, an expense, a milestone, a fee) with its amount rounded once. Worked
minutes are a fact of their own: nothing here changes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from quoin.catalog.types import RateRow
from quoin.kernel.errors import Conflict, Invalid
from quoin.kernel.money import Money, zero
from quoin.sales.types import ContractTerms, LineGrouping


class BillingInvalid(Invalid):
    """An amount, a share or a number of minutes breaks a rule of billing."""

    code = "billing_invalid"


class CreditTooHigh(Conflict):
    """A credit would take back more than is left of the invoice line."""

    code = "credit_too_high"


class WorkUnpriced(Conflict):
    """Approved work has no rate. `problems` names the entries; a rate for them is the remedy."""

    code = "work_unpriced"


class ChargeBilled(Conflict):
    """The charge is on an invoice or a draft, or was written down: that is taken back first."""

    code = "charge_billed"


class WriteDownTooHigh(Conflict):
    """More is given up than the actor may decide alone."""

    code = "write_down_too_high"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Prepaid minutes and their price without VAT. Usable from `sold_on` up to, not including, `expires_on`."""

    id: UUID
    sold_on: date
    expires_on: date | None
    minutes: int
    price: Money


@dataclass(frozen=True, slots=True)
class VatKey:
    """A VAT category (EN 16931 BT-118) and its rate in per cent; None for category O."""

    category: str
    percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLine:
    """A line of an issued invoice as far as a credit needs it: what it came to, and what was credited of it."""

    id: UUID
    vat: VatKey
    net: Money
    credited: Money
    charges: tuple[tuple[UUID, Money], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedVat:
    """The VAT of one category of an issued invoice, and what earlier credits took back of it."""

    key: VatKey
    net: Money
    vat: Money
    credited_net: Money
    credited_vat: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvoice:
    """An invoice that waits for money. `retained` is the part that is not due before acceptance."""

    id: UUID
    number: str
    client_name: str
    open: Money
    due_on: date
    retained: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """Money that came in, as the bank reports it."""

    id: UUID
    on: date
    amount: Money
    payer_name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What an invoice gets: an amount (None: as much as is left and open), and a cash discount in per cent."""

    invoice_id: UUID
    amount: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
