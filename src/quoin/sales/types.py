"""What a contract says, as values: how work under it is billed, capped, rounded and paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money, Rounding
from quoin.kernel.words import say

_ALL_PERCENT = 100


class TermsInvalid(Invalid):
    """The terms of a contract contradict each other."""

    code = "terms_invalid"


class ContractKind(StrEnum):
    """What the client pays for."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_PRICE = "fixed_price"
    RETAINER = "retainer"
    NON_BILLABLE = "non_billable"


class IncrementScope(StrEnum):
    """What is brought to whole increments: each entry, a person's day, or all time on an invoice."""

    ENTRY = "entry"
    DAY_PERSON = "day_person"
    INVOICE = "invoice"


class RoundingDirection(StrEnum):
    """Which whole increment is taken. A tie of NEAREST goes up."""

    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class BillingFrequency(StrEnum):
    """How often an invoice is due; ON_DEMAND is billed when somebody says so."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    ON_DEMAND = "on_demand"


class LineGrouping(StrEnum):
    """What becomes one invoice line. Lines are always parted by kind and rate as well."""

    TASK = "task"
    PERSON = "person"
    ROLE = "role"
    WEEK = "week"
    ONE = "one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Increment:
    """Billing step of time. One minute bills what was worked."""

    minutes: int = 1
    scope: IncrementScope = IncrementScope.ENTRY
    direction: RoundingDirection = RoundingDirection.UP

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise TermsInvalid("A billing increment is at least one minute.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """Not to exceed. A hard cap holds work back; a soft one only warns. `alert_ratio` is when to tell."""

    amount: Money
    is_hard: bool = True
    alert_ratio: Decimal = Decimal("0.8")


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """The client's order. No amount means any; `valid_until` is the last day that may be billed on it."""

    number: str
    amount: Money | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainerTerms:
    """A fee per month that includes minutes. Unused minutes last `rollover_months` more months."""

    included_minutes: int
    fee: Money
    overage_rate_per_hour: Money
    rollover_months: int = 0

    def __post_init__(self) -> None:
        if self.included_minutes < 1 or self.rollover_months < 0:
            raise TermsInvalid("A retainer includes minutes and rolls them over for zero or more months.")
        if self.fee.currency != self.overage_rate_per_hour.currency:
            raise TermsInvalid("The fee and the overage rate of a retainer are in one currency.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """Everything that pricing, billing and recognition need to know about a contract."""

    contract_id: UUID
    client_id: UUID
    kind: ContractKind
    currency: str
    rate_card_id: UUID | None = None
    increment: Increment = field(default_factory=Increment)
    rounding: Rounding = Rounding.HALF_UP
    cap: Cap | None = None
    purchase_order: PurchaseOrder | None = None
    retainer: RetainerTerms | None = None
    expense_markup_percent: Decimal = Decimal(0)
    retention_percent: Decimal = Decimal(0)
    is_vat_inclusive: bool = False
    needs_note: bool = False
    payment_terms_days: int = 30
    frequency: BillingFrequency = BillingFrequency.MONTHLY
    grouping: LineGrouping = LineGrouping.TASK
    shows_hours: bool = True

    def __post_init__(self) -> None:
        if (self.kind is ContractKind.RETAINER) != (self.retainer is not None):
            raise TermsInvalid("A retainer contract has retainer terms, and no other kind has them.")
        if any(money.currency != self.currency for money in self._amounts()):
            raise TermsInvalid(
                say("All amounts of the contract are in its currency, %(currency)s.", currency=self.currency)
            )
        if any(money.round() != money for money in self._amounts()):
            raise TermsInvalid(
                say("Amounts of the contract are in whole minor units of %(currency)s.", currency=self.currency)
            )
        if not 0 <= self.retention_percent < _ALL_PERCENT or self.payment_terms_days < 0:
            raise TermsInvalid("Retention is from 0 to below 100 per cent, and payment is due on or after issue.")

    def _amounts(self) -> tuple[Money, ...]:
        amounts = (
            self.cap.amount if self.cap else None,
            self.purchase_order.amount if self.purchase_order else None,
            self.retainer.fee if self.retainer else None,
        )
        return tuple(amount for amount in amounts if amount is not None)


RECOGNITION_METHODS = ("right_to_invoice", "cost_to_cost", "milestone", "straight_line", "as_billed")
"""How revenue of a contract is recognised (R6)."""
