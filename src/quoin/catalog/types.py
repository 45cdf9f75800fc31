"""Values that catalog shares with other apps: rate rows, what they price, and why one of them won."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money
from quoin.kernel.period import Period


class RateKeyInvalid(Invalid):
    """A rate row names two places, or a person and a role."""

    code = "rate_key_invalid"


class RateVersionInvalid(Invalid):
    """A planned version of a rate card contradicts the rows that are there."""

    code = "rate_version_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSubject:
    """What is to be priced. None means: not known, or there is none.

    `card_id` is the rate card that the contract or client uses; the company card serves everybody.
    """

    project_id: UUID | None = None
    contract_id: UUID | None = None
    client_id: UUID | None = None
    card_id: UUID | None = None
    person_id: UUID | None = None
    role_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateKey:
    """What a row prices: at most one place and at most one of person and role.

    No place means the company card; neither person nor role means everybody.
    """

    project_id: UUID | None = None
    contract_id: UUID | None = None
    client_id: UUID | None = None
    card_id: UUID | None = None
    person_id: UUID | None = None
    role_id: UUID | None = None

    def __post_init__(self) -> None:
        places = (self.project_id, self.contract_id, self.client_id, self.card_id)
        if sum(place is not None for place in places) > 1:
            raise RateKeyInvalid("A rate row belongs to one project, one contract, one client or one card.")
        if self.person_id is not None and self.role_id is not None:
            raise RateKeyInvalid("A rate row prices a person or a role, not both.")


@dataclass(frozen=True, slots=True)
class RateRow:
    """A price per hour for a key from a day on. The end of `valid` is open or excluded."""

    id: UUID
    key: RateKey
    rate_per_hour: Money
    valid: Period


class RateReason(StrEnum):
    """Why a row that fits the subject was chosen or not."""

    CHOSEN = "chosen"
    MORE_SPECIFIC_PLACE = "more_specific_place"
    MORE_SPECIFIC_WHO = "more_specific_who"
    NEWER_VERSION = "newer_version"
    STARTS_LATER = "starts_later"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class RateConsidered:
    """A row that fits the subject, and what became of it. `words` is an English sentence for the log."""

    row: RateRow
    reason: RateReason
    words: str
    beaten_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class RateChoice:
    """The row that prices, or None, and every row that fits the subject, strongest first."""

    row: RateRow | None
    path: tuple[RateConsidered, ...]


@dataclass(frozen=True, slots=True)
class PlannedRate:
    """A row of a new version. `replaces` is the row that it follows, closed at the new row's start."""

    key: RateKey
    rate_per_hour: Money
    valid: Period
    replaces: RateRow | None


@dataclass(frozen=True, slots=True)
class RateUse:
    """Work that is priced by rates and not billed yet: what an effect preview counts."""

    subject: RateSubject
    work_on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class RateEffect:
    """What a planned version changes, in one currency. Amounts are of the changed entries only."""

    currency: str
    entries: int
    minutes: int
    before: Money
    after: Money
    unpriced_before: int = 0


@dataclass(frozen=True, slots=True)
class PercentChange:
    """A change of each rate by a percentage, in per cent: 3.5 raises by 3.5 %, -10 lowers by a tenth."""

    percent: Decimal


CATEGORY_KINDS = ("receipt", "mileage", "per_diem")
"""Kinds of expense: paid as on the receipt, per kilometre, or per day."""
