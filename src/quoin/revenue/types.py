"""Values of revenue recognition: policies, what was earned and why, and changes of a contract."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money


class RevenueInvalid(Invalid):
    """Progress, price or plan contradict each other."""

    code = "revenue_invalid"


class RevenuePolicy(StrEnum):
    """How a contract earns (R6). A change of policy is a new version with a date."""

    RIGHT_TO_INVOICE = "right_to_invoice"
    COST_TO_COST = "cost_to_cost"
    HOURS_TO_HOURS = "hours_to_hours"
    MILESTONES = "milestones"
    STRAIGHT_LINE = "straight_line"
    POINT_IN_TIME = "point_in_time"
    AS_BILLED = "as_billed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a performance obligation is, as an exact share from 0 to 1, and how that was measured."""

    share: Fraction
    words: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """Revenue to date, what is to be posted now (negative is legal), and why."""

    to_date: Money
    posting: Money
    words: str


class ChangeTreatment(StrEnum):
    """What a change order does to revenue (R8, IFRS 15.18-21)."""

    SEPARATE_CONTRACT = "separate_contract"
    PROSPECTIVE = "prospective"
    CATCH_UP = "catch_up"
    CONSTRAINED = "constrained"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrder:
    """A change of scope. No price means that it is approved but not priced yet."""

    price: Money | None
    stand_alone_price: Money | None
    is_distinct: bool


@dataclass(frozen=True, slots=True)
class Treatment:
    """How the change is treated, and why, with the paragraph."""

    kind: ChangeTreatment
    words: str


@dataclass(frozen=True, slots=True)
class NetPosition:
    """What one contract shows: an asset or a liability, as positive amounts, never both (R10)."""

    asset: Money
    liability: Money
