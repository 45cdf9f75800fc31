"""From a scenario to what is to be done: the difference between the live plan and the plan with the changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from quoin.insights.rules.scenarios.changes import HIRE, LEAVE, RATE, WIN, Change
from quoin.insights.rules.scenarios.facts import BookingFact, Facts
from quoin.insights.rules.scenarios.layering import hire_cost

_BOOKED = ("person_id", "project_id", "starts_on", "ends_on", "effort", "amount")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `what` names it, `data` is what it takes; `text` is what the preview says."""

    what: str
    text: str
    data: Mapping[str, Any]


HIRED, WON, UNBOOK, REBOOK, BOOKED = "hire", "win", "unbook", "rebook", "book"
PLANNED, MOVED, DUE, RATED, LEFT = "plan", "move", "due", "rate", "leave"
REPRICED, CANCELLED, LOST = "reprice", "cancel", "lose"
ORDER = (HIRED, WON, UNBOOK, REBOOK, BOOKED, PLANNED, MOVED, REPRICED, DUE, RATED, CANCELLED, LOST, LEFT)


def steps_of(live: Facts, after: Facts, changes: Iterable[Change]) -> tuple[Step, ...]:
    """All steps, in the order in which they can be taken."""
    given = list(changes)
    found = [
        *_hires(live, after, given),
        *(_win(after, one) for one in given if one.kind == WIN),
        *_bookings(live, after),
        *_plans(live, after),
        *_ends(live, after),
        *_prices(live, after),
        *_due(live, after),
        *_lost(live, after),
        *(_rate(live, one) for one in given if one.kind == RATE and UUID(one.data["card_id"]) in live.cards),
        *(_left(after, one) for one in given if one.kind == LEAVE and UUID(one.data["person_id"]) in live.people),
    ]
    return tuple(sorted(found, key=lambda step: ORDER.index(step.what)))


def _hires(live: Facts, after: Facts, changes: Iterable[Change]) -> Iterable[Step]:
    for change in changes:
        if change.kind != HIRE:
            continue
        cost = hire_cost(live, change.data)
        for number in range(1, change.data["count"] + 1):
            person = after.people[change.part(number)]
            text = f"Hire {person.name} from {person.time.hired_on}"
            yield Step(HIRED, text, {"person": person, "cost": cost})


def _win(after: Facts, change: Change) -> Step:
    project = after.projects[change.part("project")]
    demands = [one for one in after.demands.values() if one.project_id == project.id]
    text = f"Start {project.name} from {project.starts_on} to {project.ends_on}, with {len(demands)} requests"
    return Step(WON, text, {"project": project, "change": change})


def _name(facts: Facts, booking: BookingFact) -> str:
    who, where = facts.people.get(booking.person_id), facts.projects.get(booking.project_id)
    return f"{who.name if who else '?'} on {where.name if where else '?'}"


def _bookings(live: Facts, after: Facts) -> Iterable[Step]:
    for key, one in live.bookings.items():
        if key not in after.bookings:
            text = f"Remove the booking of {_name(live, one)}, {_span(one)}"
            yield Step(UNBOOK, text, {"id": key})
    pairs = [(was, after.bookings[key]) for key, was in live.bookings.items() if key in after.bookings]
    for was, one in sorted(pairs, key=_without_meeting):
        fields = {name: getattr(one, name) for name in _BOOKED if getattr(one, name) != getattr(was, name)}
        if fields:
            text = f"Change the booking of {_name(live, was)}, {_span(was)}, to {_name(after, one)}, {_span(one)}"
            yield Step(REBOOK, text, {"id": one.id, **_arrival(was, one, fields)})
    for key, one in after.bookings.items():
        if key not in live.bookings:
            yield Step(BOOKED, f"Book {_name(after, one)}, {_span(one)}", {"booking": one})


def _arrival(was: BookingFact, one: BookingFact, fields: dict[str, Any]) -> dict[str, Any]:
    """Going to somebody else is a move by days; what is not said by it are fields to set."""
    if one.person_id == was.person_id:
        return {"to": None, "by_days": 0, "fields": fields}
    step = one.starts_on - was.starts_on
    told = {"person_id", "starts_on", *(["ends_on"] if one.ends_on - was.ends_on == step else [])}
    left = {name: value for name, value in fields.items() if name not in told}
    return {"to": one.person_id, "by_days": step.days, "fields": left}


def _span(booking: BookingFact) -> str:
    return f"{booking.starts_on} to {booking.ends_on}"


def _without_meeting(pair: tuple[BookingFact, BookingFact]) -> tuple[int, int]:
    """Of bookings that go later, the last goes first: a row of them moves into each other's places."""
    was, one = pair
    day = was.starts_on.toordinal()
    return (0, -day) if one.starts_on > was.starts_on else (1, day)


def _plans(live: Facts, after: Facts) -> Iterable[Step]:
    for key, changes in after.plan_changes.items():
        if key in live.projects:
            project = after.projects[key]
            text = f"Change the plan of {project.name}: {len(changes)} tasks, ends {project.end_on}"
            yield Step(PLANNED, text, {"project_id": key, "changes": changes})


def _ends(live: Facts, after: Facts) -> Iterable[Step]:
    for key, was in live.projects.items():
        one = after.projects[key]
        days = {"starts_on": one.starts_on, "ends_on": one.ends_on}
        fields = {name: day for name, day in days.items() if day != getattr(was, name)}
        if fields:
            text = f"{one.name} goes from {one.starts_on} to {one.ends_on}"
            yield Step(MOVED, text, {"project_id": key, "fields": fields})


def _due(live: Facts, after: Facts) -> Iterable[Step]:
    contracts: dict[UUID, dict[UUID, Any]] = {}
    for key, was in live.due.items():
        one = after.due.get(key, was)
        if one.due_on != was.due_on and one.contract_id is not None:
            contracts.setdefault(one.contract_id, {})[key] = one.due_on
    for contract_id, days in contracts.items():
        moved = ", ".join(f"{after.due[key].label} to {day}" for key, day in days.items())
        yield Step(DUE, f"Move {len(days)} milestones: {moved}", {"contract_id": contract_id, "days": days})


def _prices(live: Facts, after: Facts) -> Iterable[Step]:
    for key, was in live.prices.items():
        one = after.prices[key]
        if one.price != was.price:
            amounts = {part: money.amount for part, money in one.parts.items()}
            text = f"The price of {was.name} becomes {one.price.currency} {one.price.amount}, was {was.price.amount}"
            yield Step(REPRICED, text, {"contract_id": key, "price": one.price.amount, "amounts": amounts})


def _lost(live: Facts, after: Facts) -> Iterable[Step]:
    """What ends with a deal that is lost: its requests, then the project."""
    gone = {key for key, one in after.projects.items() if key in live.projects and one.status == "closed"}
    for key, demand in live.demands.items():
        if demand.project_id in gone:
            yield Step(CANCELLED, f"Cancel request #{demand.number} {demand.title or demand.role}", {"demand_id": key})
    for key in gone:
        yield Step(LOST, f"Close {live.projects[key].name}", {"project_id": key})


def _rate(live: Facts, change: Change) -> Step:
    card = live.cards[UUID(change.data["card_id"])]
    text = f"Rates of {card.name} by {change.data['percent']} per cent from {change.data['from_on']}"
    return Step(RATED, text, dict(change.data))


def _left(after: Facts, change: Change) -> Step:
    person = after.people[UUID(change.data["person_id"])]
    return Step(LEFT, f"{person.name} leaves on {change.data['on']}", {"person_id": person.id, "on": change.data["on"]})
