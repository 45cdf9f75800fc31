"""Deals in a scenario: one that is won, one that is lost, and a fixed price that changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from quoin.insights.rules.scenarios.changes import Change
from quoin.insights.rules.scenarios.facts import DemandFact, DueFact, Facts, ProjectFact, shortened, span
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.money import Money, total
from quoin.kernel.period import add_months
from quoin.kernel.words import say
from quoin.people.types import FULL_WEEK
from quoin.resourcing.rules.spreading import wanted_minutes


def won(facts: Facts, change: Change) -> Facts:
    """A deal: a project with its team's requests and its price in monthly parts."""
    data = change.data
    first = date.fromisoformat(data["starts_on"])
    last = first + timedelta(weeks=data["weeks"]) - timedelta(days=1)
    project = ProjectFact(
        id=change.part("project"), number="", name=data["name"], client_id=UUID(data["client_id"]), status="planned",
        kind="fixed_price", currency=data["currency"], starts_on=first, ends_on=last,
    )  # fmt: skip
    days = span(first, last)
    demands = {}
    for at, one in enumerate(data["team"]):
        role = UUID(one["role_id"])
        usual = {day: FULL_WEEK[day.weekday()] for day in days}
        wanted = wanted_minutes(days, usual, minutes_per_week=None, percent=one["percent"])
        for number in range(one["count"]):
            key = change.part(f"demand {at} {number}")
            demands[key] = DemandFact(
                id=key, number=0, title=data["name"], project_id=project.id, role_id=role,
                role=facts.role_name(role), wanted=wanted,
            )  # fmt: skip
    due = {
        one.id: one for one in _instalments(change, project, Money(Decimal(data["price"]), data["currency"]).round())
    }
    return replace(
        facts, projects={**facts.projects, project.id: project}, demands={**facts.demands, **demands},
        due={**facts.due, **due},
    )  # fmt: skip


def _instalments(change: Change, project: ProjectFact, price: Money) -> Iterable[DueFact]:
    """The price in equal parts at the ends of the months in which the work goes on."""
    assert project.starts_on is not None
    assert project.ends_on is not None
    ends, month = [], project.starts_on.replace(day=1)
    while month <= project.ends_on:
        ends.append(min(add_months(month, 1) - timedelta(days=1), project.ends_on))
        month = add_months(month, 1)
    for number, (day, part) in enumerate(zip(ends, price.allocate([1] * len(ends)), strict=True)):
        yield DueFact(
            id=change.part(f"due {number}"), kind="deal", label=project.name, contract_id=None, project_id=project.id,
            price=part, due_on=day,
        )  # fmt: skip


def lost(facts: Facts, change: Change) -> Facts:
    """The project ends on the day before: no booking, no request and no money of it from there on."""
    project = facts.projects.get(UUID(change.data["project_id"]))
    if project is None:
        raise NotFound("The project is closed, or not there any more.")
    on = date.fromisoformat(change.data["on"])
    last = on - timedelta(days=1)
    bookings = {}
    for key, one in facts.bookings.items():
        if one.project_id != project.id or one.ends_on < on:
            bookings[key] = one
        elif one.starts_on < on:
            bookings[key] = shortened(one, last)
    # A contract under which others work goes on for them.
    is_alone = sum(one.contract_id == project.contract_id for one in facts.projects.values()) == 1
    due = {
        key: one
        for key, one in facts.due.items()
        if one.due_on < on or not (one.project_id == project.id and (one.contract_id is None or is_alone))
    }
    ended = replace(project, status="closed", ends_on=_until(project.ends_on, last),
                    finish_on=_until(project.finish_on, last) if project.finish_on else None)  # fmt: skip
    return replace(
        facts, bookings=bookings, due=due, projects={**facts.projects, project.id: ended},
        demands={key: one for key, one in facts.demands.items() if one.project_id != project.id},
    )  # fmt: skip


def _until(end: date | None, last: date) -> date:
    return min(end, last) if end else last


def repriced(facts: Facts, change: Change) -> Facts:
    """Another fixed price: the difference goes on the parts that are not reached, in their proportion."""
    found = facts.prices.get(UUID(change.data["contract_id"]))
    if found is None:
        raise NotFound("The contract has no fixed price, or is not there any more.")
    price = Money(Decimal(change.data["price"]), found.price.currency).round()
    if not found.parts:
        raise invalid("/price", say("All parts of %(name)s are reached: its price stays.", name=found.name))
    still_open = total(found.parts.values(), price.currency)
    left = still_open + (price - found.price)
    if left.amount < 0:
        raise invalid(
            "/price",
            say(
                "%(price)s is less than what is reached of %(name)s already.", price=price.amount, name=found.name
            ),
        )  # fmt: skip
    weights = [part.amount for part in found.parts.values()] if still_open else [1] * len(found.parts)
    parts = dict(zip(found.parts, left.allocate(weights), strict=True))
    due = {key: replace(one, price=parts[key]) if key in parts else one for key, one in facts.due.items()}
    return replace(facts, due=due, prices={**facts.prices, found.contract_id: replace(found, price=price, parts=parts)})
