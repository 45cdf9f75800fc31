"""Values of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from quoin.kernel.money import Money

FULL_WEEK = (480, 480, 480, 480, 480, 0, 0)
"""Forty hours, Monday to Friday, in minutes per weekday."""
OFFICE_SPANS = ((480, 720), (780, 1020))
OFFICE_WEEK = (*((OFFICE_SPANS,) * 5), (), ())
"""8 to 12 and 13 to 17, Monday to Friday."""
HIGHEST_LEVEL = 5


class AbsenceKind(StrEnum):
    """Why somebody is away."""

    VACATION = "vacation"
    SICK = "sick"
    PARENTAL = "parental"
    TRAINING = "training"
    UNPAID = "unpaid"
    OTHER = "other"

    @property
    def is_private(self) -> bool:
        """Whether others read only that the person is away."""
        return self in {AbsenceKind.SICK, AbsenceKind.PARENTAL, AbsenceKind.UNPAID, AbsenceKind.OTHER}

    @property
    def needs_approval(self) -> bool:
        """Nobody asks for leave to be ill."""
        return self is not AbsenceKind.SICK

    @property
    def takes_allowance(self) -> bool:
        return self is AbsenceKind.VACATION


class AbsenceStatus(StrEnum):
    """Where a request for leave stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Wish(StrEnum):
    """What somebody wants of a skill."""

    NONE = ""
    GROW = "grow"
    AVOID = "avoid"


@dataclass(frozen=True, slots=True)
class CostRow:
    """What an hour of a person costs from a day on."""

    person_id: UUID
    valid_from: date
    per_hour: Money


@dataclass(frozen=True, slots=True)
class Pattern:
    """Working minutes per weekday, Monday first, from a day on."""

    valid_from: date
    weekday_minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """A calendar in minutes per day, with what its parents say merged in."""

    weekday_minutes: tuple[int, ...] = FULL_WEEK
    exceptions: Mapping[date, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Away:
    """Days off, the last included. A half start is worked in the morning, a half end in the afternoon."""

    starts_on: date
    ends_on: date
    starts_half: bool = False
    ends_half: bool = False

    def minutes_of(self, day: date, whole: int) -> int:
        """How much of a day of so many minutes it takes."""
        if not self.starts_on <= day <= self.ends_on:
            return 0
        if self.starts_half and day == self.starts_on:
            return whole - whole // 2
        if self.ends_half and day == self.ends_on:
            return whole // 2
        return whole


@dataclass(frozen=True, slots=True)
class WorkTime:
    """All that decides how much somebody can work on a day."""

    calendar: DayCalendar = field(default_factory=DayCalendar)
    patterns: tuple[Pattern, ...] = ()
    """In the order of their first days."""
    absences: tuple[Away, ...] = ()
    hired_on: date | None = None
    left_on: date | None = None
    """First day no longer employed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """Days of leave of a year."""

    year: int
    days: Decimal
    carried_days: Decimal = Decimal(0)
    carried_until: date | None = None
    accrues_monthly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is left of a year's leave, in days."""

    year: int
    earned: Decimal
    carried: Decimal
    lapsed: Decimal
    """Carried days that were not taken in time."""
    taken: Decimal
    """Approved, whether past or to come."""
    asked: Decimal
    """Requested and not yet decided."""

    @property
    def left(self) -> Decimal:
        """Days that can still be asked for."""
        return self.earned + self.carried - self.lapsed - self.taken - self.asked
