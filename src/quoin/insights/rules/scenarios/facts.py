"""The live plan as values: people, bookings, projects, requests, prices and what is due. Scenarios change copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from uuid import UUID

from quoin.catalog.types import RateRow
from quoin.kernel.money import Money, from_fraction, total
from quoin.people.rules.capacity import capacity_minutes
from quoin.people.types import CostRow, DayCalendar, WorkTime
from quoin.projects.rules.plan import Plan

Days = Mapping[date, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFact:
    """Somebody whose time is planned; a hire of a scenario too."""

    id: UUID
    name: str
    role_id: UUID | None = None
    role: str = ""
    entity_id: UUID | None = None
    time: WorkTime = field(default_factory=WorkTime)
    costs: tuple[CostRow, ...] = ()
    """In the order of their first days."""

    def cost_on(self, day: date) -> Money | None:
        """What an hour costs on the day."""
        found = None
        for row in self.costs:
            if row.valid_from > day:
                break
            found = row.per_hour
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFact:
    """Time set aside, with its minutes by day."""

    id: UUID
    person_id: UUID
    project_id: UUID
    starts_on: date
    ends_on: date
    effort: str = "percent"
    amount: int = 100
    is_firm: bool = True
    days: Days = field(default_factory=lambda: MappingProxyType({}))
    demand_id: UUID | None = None
    job_role_id: UUID | None = None


def shortened(booking: BookingFact, last: date) -> BookingFact:
    """The booking up to the day; every day that is left keeps its minutes."""
    days = {day: minutes for day, minutes in booking.days.items() if day <= last}
    amount = sum(days.values()) if booking.effort == "total" else booking.amount
    return replace(booking, ends_on=last, days=days, amount=amount or booking.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFact:
    """A project: when it ends, and what its work is sold at."""

    id: UUID
    number: str
    name: str
    client_id: UUID | None = None
    client: str = ""
    status: str = "active"
    kind: str = ""
    """Kind of its contract; empty: not billed."""
    contract_id: UUID | None = None
    card_id: UUID | None = None
    currency: str
    payment_days: int = 30
    starts_on: date | None = None
    ends_on: date | None = None
    finish_on: date | None = None
    """By the last calculation of a plan that dates itself."""
    roles: Mapping[UUID, UUID] = field(default_factory=lambda: MappingProxyType({}))
    """What people are sold as here, by person."""

    @property
    def end_on(self) -> date | None:
        return self.finish_on or self.ends_on

    @property
    def is_by_the_hour(self) -> bool:
        return self.kind == "time_and_materials"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFact:
    """Money that a contract brings at a day: a milestone, a month's fee, or the price of a deal."""

    id: UUID
    kind: str
    """milestone, fee or deal."""
    label: str
    contract_id: UUID | None
    project_id: UUID | None
    price: Money
    due_on: date
    payment_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFact:
    """A fixed price and the parts of it that are not reached yet."""

    contract_id: UUID
    name: str
    price: Money
    parts: Mapping[UUID, Money] = field(default_factory=lambda: MappingProxyType({}))
    """Open milestones in their order, also those without a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandFact:
    """Somebody is asked for, with the minutes of each day."""

    id: UUID
    number: int
    title: str
    project_id: UUID
    role_id: UUID | None
    role: str
    wanted: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFact:
    """A rate card and the rows that stand on it."""

    id: UUID
    name: str
    currency: str
    row_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFact:
    """An invoice that is not paid yet."""

    id: UUID
    number: str
    client: str
    open: Money
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it. `plans` holds the plans that changes touch; other projects keep the end that was worked out."""

    today: date
    from_on: date
    until_on: date
    """Last day, included."""
    currency: str
    people: Mapping[UUID, PersonFact] = field(default_factory=dict)
    bookings: Mapping[UUID, BookingFact] = field(default_factory=dict)
    projects: Mapping[UUID, ProjectFact] = field(default_factory=dict)
    demands: Mapping[UUID, DemandFact] = field(default_factory=dict)
    due: Mapping[UUID, DueFact] = field(default_factory=dict)
    prices: Mapping[UUID, PriceFact] = field(default_factory=dict)
    """Fixed prices by contract."""
    open: tuple[OpenFact, ...] = ()
    rates: Mapping[str, tuple[RateRow, ...]] = field(default_factory=dict)
    """By currency."""
    cards: Mapping[UUID, CardFact] = field(default_factory=dict)
    plans: tuple[Plan, ...] = ()
    exchange: Mapping[str, Fraction] = field(default_factory=dict)
    """What one unit of a currency is worth in `currency`."""
    usual: DayCalendar = field(default_factory=DayCalendar)
    """The calendar of somebody who has none of their own."""
    roles: Mapping[UUID, str] = field(default_factory=dict)
    plan_changes: Mapping[UUID, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    """What was changed in plans, by project: the change set that the plan takes when it is applied."""

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days + 1

    def capacity(self, person_id: UUID) -> list[int]:
        """Minutes that the person can be booked on each day of the horizon."""
        return capacity_minutes(self.people[person_id].time, self.from_on, self.days)

    def role_name(self, role_id: UUID) -> str:
        return self.roles.get(role_id, "")

    def role_cost(self, role_id: UUID | None, day: date) -> Money | None:
        """What an hour of the role costs on the day: the mean of the people who have it, in one currency."""
        found = [self.worth(cost) for one in self.staff(role_id) if (cost := one.cost_on(day)) is not None]
        known = [one for one in found if one is not None]
        if not known:
            return None
        return from_fraction(Fraction(total(known, self.currency).amount) / len(known), self.currency)

    def staff(self, role_id: UUID | None) -> list[PersonFact]:
        """The people of a role who are with the firm."""
        return [one for one in self.people.values() if one.role_id == role_id and one.time.left_on is None]

    def has(self, day: date) -> bool:
        return self.from_on <= day <= self.until_on

    def worth(self, value: Money) -> Money | None:
        """In the currency of the comparison, rounded; None where no rate is known."""
        rate = self.exchange.get(value.currency)
        if value.currency == self.currency:
            return value
        return None if rate is None else from_rate(value, rate, self.currency)


def from_rate(value: Money, rate: Fraction, currency: str) -> Money:
    """At the rate, rounded to the currency's minor unit."""
    return from_fraction(Fraction(value.amount) * rate, currency)


def span(first: date, last: date) -> list[date]:
    """The days from the first to the last, both included."""
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]
