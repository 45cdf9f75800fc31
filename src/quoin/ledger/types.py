"""Values of the ledger: account roles, journal lines, rates, periods. Debits are positive, credits negative.

A line has an amount in the currency of its document and the same value in the base currency of the books.
Dimensions are ids that the ledger stores and never looks up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from quoin.kernel.errors import Conflict, Invalid
from quoin.kernel.money import Money
from quoin.kernel.period import Period


class JournalInvalid(Invalid):
    """A journal does not balance or has fewer than two lines."""

    code = "journal_invalid"


class RateMissing(Conflict):
    """No exchange rate is known for the pair on or shortly before the day."""

    code = "exchange_rate_missing"


class PeriodClosed(Conflict):
    """No open accounting period is left for the posting."""

    code = "period_closed"


class Side(StrEnum):
    """The side on which a balance of the account usually stands."""

    DEBIT = "debit"
    CREDIT = "credit"


class AccountKind(StrEnum):
    """Where an account is reported."""

    ASSET = "asset"
    LIABILITY = "liability"
    REVENUE = "revenue"
    COST = "cost"


class AccountRole(StrEnum):
    """What an account is for. Tenants map their own chart of accounts to these roles."""

    BANK = "1000"
    BANK_FOREIGN = "1010"
    RECEIVABLE = "1100"
    RETENTION_RECEIVABLE = "1110"
    CONTRACT_ASSET = "1150"
    DEFERRED_COMMISSION = "1300"
    COMMISSION_RECOVERABLE = "1310"
    INPUT_VAT = "1400"
    DUE_FROM_GROUP = "1500"
    CURRENCY_CLEARING = "1990"
    PAYABLE = "2000"
    DUE_TO_EMPLOYEES = "2050"
    OUTPUT_VAT = "2100"
    CONTRACT_LIABILITY = "2200"
    CLIENT_DEPOSIT = "2250"
    COMMISSION_PAYABLE = "2300"
    PARTNER_SHARE_PAYABLE = "2310"
    PARTNER_SHARE_ACCRUED = "2320"
    DUE_TO_GROUP = "2400"
    ONEROUS_PROVISION = "2500"
    CLIENT_CREDIT = "2700"
    REVENUE_TIME = "4000"
    REVENUE_FIXED_PRICE = "4010"
    REVENUE_SUBSCRIPTION = "4020"
    REVENUE_RETAINER = "4030"
    REVENUE_EXPENSES = "4040"
    REVENUE_PARTNER = "4050"
    REVENUE_GROUP = "4060"
    WRITE_DOWN = "4900"
    BREAKAGE = "4950"
    REBILLABLE_COST = "5010"
    SUBCONTRACT_COST = "5020"
    COMMISSION_COST = "5100"
    ONEROUS_COST = "5200"
    DELIVERY_COST = "5900"
    BAD_DEBT = "6000"
    BANK_CHARGES = "6100"
    CASH_DISCOUNT = "6200"
    ROUNDING = "6900"
    FX_GAIN = "7000"
    FX_LOSS = "7010"

    @property
    def kind(self) -> AccountKind:
        """Assets 1, liabilities 2, revenue 4, costs 5 and 6; exchange gains are revenue, losses cost."""
        return AccountKind.REVENUE if self is AccountRole.FX_GAIN else _KINDS[self.value[0]]

    @property
    def usual_side(self) -> Side:
        """Write-downs are contra to revenue: they stand in debit."""
        if self is AccountRole.WRITE_DOWN:
            return Side.DEBIT
        return Side.CREDIT if self.kind in {AccountKind.LIABILITY, AccountKind.REVENUE} else Side.DEBIT

    @property
    def is_monetary(self) -> bool:
        """Whether foreign balances are revalued (R14): money and claims to money, not VAT or contract liabilities."""
        return self in _MONETARY


_KINDS = {
    "1": AccountKind.ASSET,
    "2": AccountKind.LIABILITY,
    "4": AccountKind.REVENUE,
    "5": AccountKind.COST,
    "6": AccountKind.COST,
    "7": AccountKind.COST,
}
_MONETARY = frozenset(
    {
        AccountRole.BANK,
        AccountRole.BANK_FOREIGN,
        AccountRole.RECEIVABLE,
        AccountRole.RETENTION_RECEIVABLE,
        AccountRole.CONTRACT_ASSET,
        AccountRole.COMMISSION_RECOVERABLE,
        AccountRole.DUE_FROM_GROUP,
        AccountRole.PAYABLE,
        AccountRole.DUE_TO_EMPLOYEES,
        AccountRole.COMMISSION_PAYABLE,
        AccountRole.PARTNER_SHARE_PAYABLE,
        AccountRole.PARTNER_SHARE_ACCRUED,
        AccountRole.DUE_TO_GROUP,
        AccountRole.CLIENT_CREDIT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """What a line is about. All ids are opaque to the ledger."""

    client_id: UUID | None = None
    contract_id: UUID | None = None
    project_id: UUID | None = None
    person_id: UUID | None = None
    obligation_id: UUID | None = None
    """A promise that stands apart from the net position of its contract, such as a prepaid pack."""

    @property
    def stands_for(self) -> UUID | None:
        """What has the asset or the liability (R10): the promise, or else the contract."""
        return self.obligation_id or self.contract_id


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A debit (positive) or credit (negative) in document currency, and its value in base currency."""

    account: AccountRole
    amount: Money
    base: Money
    dimensions: Dimensions = field(default_factory=Dimensions)


@dataclass(frozen=True, slots=True)
class SourceRef:
    """What caused a posting. Unique per posting, so that nothing is posted twice."""

    type: str
    id: UUID
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingDates:
    """The four dates of a posting (R18). Only `posting_on` must lie in an open period."""

    work_on: date
    tax_point_on: date
    document_on: date
    posting_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Lines that are posted together or not at all; `kind` names the business fact."""

    kind: str
    posting_on: date
    text: str
    lines: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True)
class Valued:
    """An amount in document currency and its value in base currency."""

    amount: Money
    base: Money


@dataclass(frozen=True, slots=True)
class FxQuote:
    """Units of a currency for one euro, as published by the source for the day."""

    currency: str
    per_euro: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class FxRate:
    """One unit of `currency` is `rate` units of `base_currency`. The rate is exact: rates are never rounded (R1)."""

    currency: str
    base_currency: str
    rate: Fraction
    on: date
    source: str

    @property
    def shown(self) -> Decimal:
        """To read, never to count with: six decimals."""
        return (Decimal(self.rate.numerator) / Decimal(self.rate.denominator)).quantize(Decimal("0.000001"))


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is still open of a document on an account: its amount, and the base value it is carried at."""

    id: UUID
    account: AccountRole
    open: Valued
    dimensions: Dimensions = field(default_factory=Dimensions)


@dataclass(frozen=True, slots=True)
class Position:
    """What stands for one contract, in positive amounts: an asset (earned, not billed) or a liability
    (billed, not earned), never both (R10).
    """

    asset: Valued
    liability: Valued

    def __post_init__(self) -> None:
        if self.asset.amount and self.liability.amount:
            raise JournalInvalid("A contract shows an asset or a liability, not both (IFRS 15.105).")


class PeriodState(StrEnum):
    """Whether an accounting period takes postings."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AccountingPeriod:
    """A period of the books of one legal entity."""

    period: Period
    state: PeriodState
