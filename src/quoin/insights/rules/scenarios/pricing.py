"""Planned work of a plan, by project, person and month, and what it costs and earns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from quoin.catalog.rules.rates import RateBook
from quoin.catalog.types import RateSubject
from quoin.insights.rules.scenarios.facts import Facts, ProjectFact
from quoin.kernel.money import Money, for_minutes


@dataclass(frozen=True, slots=True)
class Planned:
    """Minutes at one cost and one price. A rate is None where there is none; `unpriced` says which is missing."""

    project_id: UUID
    project: str
    who: str
    month_on: date
    minutes: int
    cost_rate: Money | None
    bill_rate: Money | None
    demand_id: UUID | None = None
    unpriced: str = ""


def planned_work(facts: Facts, *, only_asked: bool = False) -> tuple[Planned, ...]:
    """What is booked in the horizon, and what is asked for and not booked yet."""
    asked = tuple(_asked(facts))
    return asked if only_asked else (*_booked(facts), *asked)


def cost_of(facts: Facts, work: Planned) -> Money | None:
    """In the currency of the comparison."""
    return _worth(facts, work.minutes, work.cost_rate)


def revenue_of(facts: Facts, work: Planned) -> Money | None:
    """Of work that is billed by the hour, in the currency of the comparison."""
    return _worth(facts, work.minutes, work.bill_rate)


def _worth(facts: Facts, minutes: int, rate: Money | None) -> Money | None:
    return None if rate is None else facts.worth(for_minutes(minutes, rate.amount, rate.currency))


class _Prices:
    """Rates of a plan; each currency's book is made once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._books = {currency: RateBook(rows) for currency, rows in facts.rates.items()}

    def rate(self, project: ProjectFact, person_id: UUID | None, role_id: UUID | None, day: date) -> Money | None:
        """What an hour is sold at; None where the work is not billed by the hour."""
        book = self._books.get(project.currency)
        if not project.is_by_the_hour or book is None:
            return None
        sold = project.roles.get(person_id) if person_id else None
        subject = RateSubject(
            project_id=project.id, contract_id=project.contract_id, client_id=project.client_id,
            card_id=project.card_id, person_id=person_id, role_id=sold or role_id,
        )  # fmt: skip
        found = book.price(subject=subject, on=day)
        return found.rate_per_hour if found else None


def _booked(facts: Facts) -> Iterator[Planned]:
    prices = _Prices(facts)
    for booking in sorted(facts.bookings.values(), key=lambda one: (str(one.person_id), one.starts_on, str(one.id))):
        project, person = facts.projects.get(booking.project_id), facts.people.get(booking.person_id)
        if project is None or person is None:
            continue
        role = booking.job_role_id or person.role_id
        sums: defaultdict[tuple[date, Money | None, Money | None], int] = defaultdict(int)
        for day, minutes in booking.days.items():
            if facts.has(day):
                rates = (person.cost_on(day), prices.rate(project, person.id, role, day))
                sums[day.replace(day=1), *rates] += minutes
        for (month, cost, bill), minutes in sums.items():
            yield Planned(
                project.id, project.name, person.name, month, minutes, cost, bill,
                unpriced=_unpriced(facts, project, person.name, cost, bill),
            )  # fmt: skip


def _unpriced(facts: Facts, project: ProjectFact, who: str, cost: Money | None, bill: Money | None) -> str:  # noqa: PLR0917 - the parts of a sentence
    if cost is None:
        return f"{who} has no cost rate"
    if project.is_by_the_hour and bill is None:
        return f"{project.name} has no rate for {who}"
    rates = [rate for rate in (cost, bill) if rate is not None]
    missing = next((rate.currency for rate in rates if facts.worth(rate) is None), "")
    return f"no exchange rate for {missing}" if missing else ""


def _asked(facts: Facts) -> Iterator[Planned]:
    prices = _Prices(facts)
    booked = _booked_for_demands(facts)
    for demand in sorted(facts.demands.values(), key=lambda one: str(one.id)):
        project = facts.projects.get(demand.project_id)
        if project is None:
            continue
        sums: defaultdict[tuple[date, Money | None, Money | None], int] = defaultdict(int)
        for day, wanted in demand.wanted.items():
            left = wanted - booked[demand.id, day]
            if left > 0 and facts.has(day):
                month = day.replace(day=1)
                rates = (facts.role_cost(demand.role_id, month), prices.rate(project, None, demand.role_id, day))
                sums[month, *rates] += left
        who = demand.role or demand.title
        for (month, cost, bill), minutes in sums.items():
            yield Planned(project.id, project.name, who, month, minutes, cost, bill, demand.id)


def _booked_for_demands(facts: Facts) -> defaultdict[tuple[UUID, date], int]:
    found: defaultdict[tuple[UUID, date], int] = defaultdict(int)
    for booking in facts.bookings.values():
        if booking.demand_id is not None:
            for day, minutes in booking.days.items():
                found[booking.demand_id, day] += minutes
    return found
