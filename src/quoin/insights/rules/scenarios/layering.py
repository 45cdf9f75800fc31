"""Laying changes over the live plan. What a change is about may be gone or look different by now: both are said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.catalog.rules.versions import apply_version, new_version
from quoin.catalog.types import PercentChange
from quoin.insights.rules.scenarios.changes import (
    BOOK,
    HIRE,
    KINDS,
    LEAVE,
    LOSE,
    MOVE,
    PLAN,
    PRICE,
    RATE,
    REMOVE,
    SHIFT,
    SUBJECTS,
    WIN,
    Change,
)
from quoin.insights.rules.scenarios.dating import dated, shift_changes
from quoin.insights.rules.scenarios.deals import lost, repriced, won
from quoin.insights.rules.scenarios.facts import BookingFact, Facts, PersonFact, ProjectFact, shortened
from quoin.kernel.errors import DomainError, NotFound
from quoin.kernel.money import Money
from quoin.people.rules.capacity import capacity_minutes
from quoin.people.types import CostRow, WorkTime
from quoin.resourcing.rules.spreading import spread
from quoin.resourcing.types import Effort

_MAKES = frozenset({"task.add", "link.add", "assign"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that meets something else than when it was made. A `gone` one is left out, a `changed` one is not."""

    change_id: UUID
    kind: str
    """gone, changed, refused, or needs: made by a change that was not chosen."""
    text: str
    needs_id: UUID | None = None
    """The change that it needs."""


@dataclass(frozen=True, slots=True)
class Layered:
    """The plan with the changes, and what was in the way."""

    facts: Facts
    conflicts: tuple[Conflict, ...] = ()


def layered(facts: Facts, changes: Iterable[Change]) -> Layered:
    """The plan with the changes laid over it, in an order that does not depend on the order given."""
    live, conflicts = facts, list[Conflict]()
    ordered = sorted(changes, key=lambda one: (KINDS.index(one.kind), str(one.id)))
    for change in ordered:
        try:
            after = _STEPS[change.kind](facts, change)
        except NotFound as missing:
            conflicts.append(Conflict(change.id, "gone", missing.detail))
            continue
        except DomainError as refused:
            conflicts.append(Conflict(change.id, "refused", refused.detail))
            continue
        now = state_of(live, change)
        if change.was and now and now != change.was:
            conflicts.append(Conflict(change.id, "changed", _differences(change.was, now)))
        facts = after
    return Layered(facts, tuple(conflicts))


def _differences(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    return "; ".join(
        f"{name} was {then or 'open'}, is {now.get(name) or 'open'}"
        for name, then in was.items()
        if then != now.get(name)
    )


def state_of(facts: Facts, change: Change) -> dict[str, str]:
    """What the change's subject looks like, in the words that a conflict is told with; empty if there is none."""
    what, name = SUBJECTS[change.kind]
    key = UUID(str(change.data[name]))
    if what == "booking" and (booking := facts.bookings.get(key)):
        who = facts.people.get(booking.person_id)
        return {
            "person": who.name if who else "", "first day": booking.starts_on.isoformat(),
            "last day": booking.ends_on.isoformat(), "effort": f"{booking.amount} {booking.effort}",
        }  # fmt: skip
    if what == "project" and (project := facts.projects.get(key)):
        return {"status": project.status, "end": project.end_on.isoformat() if project.end_on else ""}
    if what == "contract" and (priced := facts.prices.get(key)):
        return {"price": str(priced.price.amount)}
    if what == "person" and (person := facts.people.get(key)):
        left = person.time.left_on
        return {"last day": left.isoformat() if left else ""}
    return {}


def made_by(change: Change) -> frozenset[UUID]:
    """Ids of what the change makes, which other changes may be about."""
    if change.kind == HIRE:
        return frozenset(change.part(number) for number in range(1, change.data["count"] + 1))
    if change.kind == WIN:
        team = enumerate(change.data["team"])
        demands = {change.part(f"demand {at} {number}") for at, one in team for number in range(one["count"])}
        return frozenset({change.part("project"), *demands})
    return frozenset()


def _person(facts: Facts, key: Any) -> PersonFact:
    found = facts.people.get(UUID(str(key)))
    if found is None:
        raise NotFound("The person is not there any more.")
    return found


def _project(facts: Facts, key: Any) -> ProjectFact:
    found = facts.projects.get(UUID(str(key)))
    if found is None:
        raise NotFound("The project is closed, or not there any more.")
    return found


def _booking(facts: Facts, key: Any) -> BookingFact:
    found = facts.bookings.get(UUID(str(key)))
    if found is None:
        raise NotFound("The booking is not there any more.")
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)


def placed(facts: Facts, booking: BookingFact) -> BookingFact:
    """The booking with its minutes spread by what the person can work."""
    length = (booking.ends_on - booking.starts_on).days + 1
    capacity = capacity_minutes(_person(facts, booking.person_id).time, booking.starts_on, length)
    minutes = spread(Effort(booking.effort), booking.amount, capacity)
    days = {booking.starts_on + timedelta(days=at): one for at, one in enumerate(minutes) if one}
    return replace(booking, days=days)


def _with_booking(facts: Facts, *bookings: BookingFact) -> Facts:
    return replace(facts, bookings={**facts.bookings, **{one.id: one for one in bookings}})


def _book(facts: Facts, change: Change) -> Facts:
    data = change.data
    demand = UUID(data["demand_id"]) if data["demand_id"] else None
    if demand is not None and demand not in facts.demands:
        raise NotFound("The request is filled, cancelled, or not there any more.")
    booking = BookingFact(
        id=change.part("booking"), person_id=_person(facts, data["person_id"]).id,
        project_id=_project(facts, data["project_id"]).id, starts_on=_day(data["starts_on"]),
        ends_on=_day(data["ends_on"]), effort=data["effort"], amount=data["amount"], is_firm=data["is_firm"],
        demand_id=demand, job_role_id=UUID(data["job_role_id"]) if data["job_role_id"] else None,
    )  # fmt: skip
    return _with_booking(facts, placed(facts, booking))


def _move(facts: Facts, change: Change) -> Facts:
    booking = _booking(facts, change.data["booking_id"])
    step = timedelta(days=change.data["by_days"])
    to = change.data["person_id"] or booking.person_id
    moved = replace(
        booking, person_id=_person(facts, to).id, starts_on=booking.starts_on + step, ends_on=booking.ends_on + step
    )
    return _with_booking(facts, placed(facts, moved))


def _remove(facts: Facts, change: Change) -> Facts:
    gone = _booking(facts, change.data["booking_id"]).id
    return replace(facts, bookings={key: one for key, one in facts.bookings.items() if key != gone})


def _hire(facts: Facts, change: Change) -> Facts:
    data, made = change.data, {}
    role = UUID(data["role_id"])
    peers = [one for one in facts.people.values() if one.role_id == role]
    like = peers[0] if peers else next(iter(facts.people.values()), None)
    starts = _day(data["starts_on"])
    cost = hire_cost(facts, data)
    for number in range(1, data["count"] + 1):
        key = change.part(number)
        name = data["name"] or (peers[0].role if peers else "")
        made[key] = PersonFact(
            id=key, name=f"{name} {number}" if data["count"] > 1 else name, role_id=role,
            role=peers[0].role if peers else name,
            entity_id=UUID(data["entity_id"]) if data["entity_id"] else (like.entity_id if like else None),
            time=WorkTime(
                facts.usual, (), (), starts, _day(data["ends_on"]) + timedelta(days=1) if data["ends_on"] else None
            ),
            costs=(CostRow(key, starts, cost),) if cost else (),
        )  # fmt: skip
    return replace(facts, people={**facts.people, **made})


def hire_cost(facts: Facts, data: Mapping[str, Any]) -> Money | None:
    """What an hour of the hire costs: as given, or the mean of those who have the role."""
    if data["cost_per_hour"] is not None:
        return Money(Decimal(data["cost_per_hour"]), data["currency"] or facts.currency)
    return facts.role_cost(UUID(data["role_id"]), _day(data["starts_on"]))


def _leave(facts: Facts, change: Change) -> Facts:
    person, on = _person(facts, change.data["person_id"]), _day(change.data["on"])
    left = replace(person, time=replace(person.time, left_on=on))
    bookings = {}
    for key, one in facts.bookings.items():
        if one.person_id != person.id or one.ends_on < on:
            bookings[key] = one
        elif one.starts_on < on:
            bookings[key] = shortened(one, on - timedelta(days=1))
    return replace(facts, people={**facts.people, person.id: left}, bookings=bookings)


def _rate(facts: Facts, change: Change) -> Facts:
    card = facts.cards.get(UUID(change.data["card_id"]))
    if card is None:
        raise NotFound("The rate card is not there any more.")
    rows = facts.rates[card.currency]
    own = [row for row in rows if row.id in card.row_ids]
    others = [row for row in rows if row.id not in card.row_ids]
    planned = new_version(
        own, from_on=_day(change.data["from_on"]), change=PercentChange(Decimal(change.data["percent"]))
    )
    after = apply_version(own, planned)
    kept = replace(card, row_ids=frozenset(row.id for row in after))
    return replace(facts, rates={**facts.rates, card.currency: (*others, *after)}, cards={**facts.cards, card.id: kept})


def _plan(facts: Facts, change: Change) -> Facts:
    made = [
        {"id": str(change.part(f"plan {number}")), **one} if one["op"] in _MAKES else one
        for number, one in enumerate(change.data["changes"])
    ]
    return dated(facts, _project(facts, change.data["project_id"]).id, made)


def _shift(facts: Facts, change: Change) -> Facts:
    """The project from a day on, by so many days: tasks not begun, bookings, its end, and what its contract brings."""
    project = _project(facts, change.data["project_id"])
    step = timedelta(days=change.data["days"])
    pivot = _day(change.data["from_on"]) if change.data["from_on"] else facts.today
    moved = shift_changes(facts, project.id, step, pivot)
    facts = dated(facts, project.id, moved) if moved else facts
    shifted = facts.projects[project.id]
    ends = shifted.ends_on + step if shifted.ends_on and shifted.ends_on >= pivot else shifted.ends_on
    starts = shifted.starts_on + step if shifted.starts_on and shifted.starts_on >= pivot else shifted.starts_on
    facts = replace(facts, projects={**facts.projects, project.id: replace(shifted, ends_on=ends, starts_on=starts)})
    return _shift_due(_shift_bookings(facts, change, pivot, step), project, pivot, step)


def _shift_bookings(facts: Facts, change: Change, pivot: date, step: timedelta) -> Facts:
    project_id = UUID(change.data["project_id"])
    changed = []
    for one in facts.bookings.values():
        if one.project_id != project_id or one.ends_on < pivot:
            continue
        if one.starts_on >= pivot:
            later = replace(one, starts_on=one.starts_on + step, ends_on=one.ends_on + step)
        else:
            rest = sum(minutes for day, minutes in one.days.items() if day >= pivot)
            if not rest:
                continue
            later = replace(
                one, id=change.part(one.id), starts_on=pivot + step, ends_on=one.ends_on + step,
                amount=rest if one.effort == "total" else one.amount,
            )  # fmt: skip
            changed.append(shortened(one, pivot - timedelta(days=1)))
        changed.append(placed(facts, later))
    return _with_booking(facts, *changed)


def _shift_due(facts: Facts, project: ProjectFact, pivot: date, step: timedelta) -> Facts:
    """Milestones go with the project, if no other project works under the contract."""
    under = [one for one in facts.projects.values() if one.contract_id == project.contract_id]
    if project.contract_id is None or len(under) > 1:
        return facts
    due = {
        key: replace(one, due_on=one.due_on + step)
        if one.contract_id == project.contract_id and one.kind == "milestone" and one.due_on >= pivot
        else one
        for key, one in facts.due.items()
    }
    return replace(facts, due=due)


_STEPS: Mapping[str, Callable[[Facts, Change], Facts]] = {
    HIRE: _hire, WIN: won, RATE: _rate, PRICE: repriced, PLAN: _plan, SHIFT: _shift, BOOK: _book, MOVE: _move,
    REMOVE: _remove, LEAVE: _leave, LOSE: lost,
}  # fmt: skip
