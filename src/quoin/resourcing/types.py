"""Values of resourcing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from quoin.kernel.errors import Conflict
from quoin.kernel.ids import public_id


class Effort(StrEnum):
    """How the amount of a booking spreads over its days."""

    PER_DAY = "per_day"
    PERCENT = "percent"
    TOTAL = "total"


class DemandStatus(StrEnum):
    """Where a demand stands. A draft is a placeholder in the plan that nobody was asked to fill."""

    DRAFT = "draft"
    OPEN = "open"
    PROPOSED = "proposed"
    PART = "part"
    FILLED = "filled"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What somebody says who was asked."""

    WILLING = "willing"
    UNWILLING = "unwilling"
    TALK = "talk"


class OverCapacity(Conflict):
    """Firm minutes do not fit into the days."""

    code = "over_capacity"


class NotCertified(Conflict):
    """The work needs a certificate that does not hold on every day."""

    code = "not_certified"


@dataclass(frozen=True, slots=True)
class Crowded:
    """A day into which the wanted minutes do not fit."""

    day: date
    capacity: int
    booked: int
    wanted: int
    approved: int = 0
    by: tuple[str, ...] = ()
    """Who booked what is there: project and name."""

    @property
    def missing(self) -> int:
        return self.booked + self.wanted - self.capacity - self.approved


@dataclass(frozen=True, slots=True)
class SkillNeed:
    """A skill from a level on."""

    skill_id: UUID
    name: str
    level: int
    is_must: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A demand as staffing reads it."""

    days: tuple[date, ...]
    job_role_id: UUID | None = None
    minutes_per_week: int | None = None
    percent: int | None = None
    curve: tuple[int, ...] = ()
    skills: tuple[SkillNeed, ...] = ()
    certificates: tuple[tuple[UUID, str], ...] = ()
    languages: tuple[str, ...] = ()
    place: str = ""
    client_id: UUID | None = None
    project_id: UUID | None = None
    rate_per_hour: Decimal | None = None
    """What an hour is sold at, in the currency of the costs; None: not known."""


@dataclass(frozen=True, slots=True)
class HeldSkill:
    """What somebody can do, and what they wish."""

    level: int
    is_confirmed: bool = False
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may fill a need, with all that the ranking looks at."""

    person_id: UUID
    name: str
    job_role_id: UUID | None = None
    capacity: Mapping[date, int] = field(default_factory=lambda: MappingProxyType({}))
    firm: Mapping[date, int] = field(default_factory=lambda: MappingProxyType({}))
    tentative: Mapping[date, int] = field(default_factory=lambda: MappingProxyType({}))
    skills: Mapping[UUID, HeldSkill] = field(default_factory=lambda: MappingProxyType({}))
    certificates: Mapping[UUID, tuple[tuple[date, date | None], ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    languages: tuple[str, ...] = ()
    place: str = ""
    cost_per_hour: Decimal | None = None
    worked_minutes_for_client: int = 0
    worked_minutes_on_project: int = 0
    wanted_clients: frozenset[UUID] = frozenset()
    unwanted_clients: frozenset[UUID] = frozenset()
    wanted_places: frozenset[str] = frozenset()
    unwanted_places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Points that somebody gets or loses, with the facts in words."""

    key: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate who fits, with the points that add up to the score."""

    person_id: UUID
    name: str
    score: int
    reasons: tuple[Reason, ...]
    free_ratio: Decimal
    """Share of the wanted minutes that fits beside the firm bookings."""
    margin_ratio: Decimal | None = None

    @property
    def person_public(self) -> str:
        return public_id("per", self.person_id)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A candidate who cannot do it, and every reason why not."""

    person_id: UUID
    name: str
    reasons: tuple[Reason, ...]

    @property
    def person_public(self) -> str:
        return public_id("per", self.person_id)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who fits, best first, and who does not."""

    fitting: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]


class Cell(NamedTuple):
    """A person's week or day in the planner. Minutes; `actual` is None where it was not asked for."""

    workable: int
    capacity: int
    firm: int
    tentative: int
    actual: int | None = None

    @property
    def away(self) -> int:
        return self.workable - self.capacity

    @property
    def percent(self) -> int | None:
        """Firm minutes by capacity; None where there is none and nothing is booked."""
        return _percent(self.firm, self.capacity)

    @property
    def percent_with_tentative(self) -> int | None:
        return _percent(self.firm + self.tentative, self.capacity)

    @property
    def free(self) -> int:
        return max(self.capacity - self.firm, 0)


def _percent(part: int, whole: int) -> int | None:
    if whole <= 0:
        return None if part == 0 else 999
    return (part * 200 + whole) // (2 * whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A whole-day entry: first and last day, both included; or from `begins_at` to `ends_at` where it has hours."""

    uid: str
    title: str
    starts_on: date
    ends_on: date
    stamped_at: datetime
    sequence: int = 0
    is_tentative: bool = False
    is_busy: bool = True
    description: str = ""
    url: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
