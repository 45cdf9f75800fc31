"""Carrying out what a new expected day does: the plan's change set, visits that nobody was promised, and bookings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quoin.base.actor import Actor
from quoin.field import services
from quoin.field.models import Delivery
from quoin.field.queries.slip import Slip
from quoin.field.types import VisitStatus
from quoin.kernel.errors import DomainError
from quoin.projects.queries.plan import load_plan
from quoin.projects.rules.inverse import inverse
from quoin.projects.rules.plan import Change
from quoin.projects.services import plan as plans
from quoin.resourcing.actions import bookings
from quoin.resourcing.models import Booking
from quoin.resourcing.services.bookings import days_of, snapshot


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of bookings: as they were before, and who stayed, with the reason."""

    before: tuple[dict[str, Any], ...] = ()
    stayed: tuple[tuple[str, str], ...] = ()


Move = Mapping[str, Any]
"""`visit_id` and `hours`, the start and end it is to have."""


def move_plan(actor: Actor, delivery: Delivery, changes: Iterable[Change]) -> Sequence[Change]:
    """Apply the change set; returns the one that takes it back."""
    wanted = list(changes)
    if not wanted:
        return []
    before = load_plan(delivery.project_id, today=actor.today)
    found = plans.change_plan(actor, delivery.project_id, wanted)
    return inverse(before, found.plan)


def move_visits(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """Move draft visits; returns where they were. One that was published meanwhile stays."""
    before = []
    for move in sorted(moves, key=lambda one: str(one["visit_id"])):
        found = services.visit(move["visit_id"])
        if found.status != VisitStatus.DRAFT or found.starts_at is None:
            continue
        before.append({"visit_id": found.id, "hours": [found.starts_at, found.ends_at]})
        starts_at, ends_at = (_instant(one) for one in move["hours"])
        services.set_time(found, starts_at, ends_at, found.travel_minutes)
        services.save_visit(found)
        services.move_holds(found)
    return before


def move_bookings(actor: Actor, slip: Slip) -> Booked:
    """Bookings go along with their tasks, by the booker's own command; one that does not fit stays, with the reason."""
    before: list[dict[str, Any]] = []
    stayed: list[tuple[str, str]] = []
    days = days_of([one.booking.id for one in slip.booked])
    # Of those that go later, the last goes first: a row of them moves into each other's places.
    later = sorted(slip.booked, key=lambda one: one.booking.starts_on, reverse=any(one.days > 0 for one in slip.booked))
    for one in later:
        kept = snapshot(one.booking, days[one.booking.id])
        try:
            bookings.move_bookings(actor, booking_ids=[one.booking.id], by_days=one.days)
        except DomainError as refused:
            stayed.append((one.booking.person.name, refused.detail))
        else:
            before.append(kept)
    return Booked(tuple(before), tuple(stayed))


def put_back(actor: Actor, kept: Sequence[Mapping[str, Any]]) -> Booked:
    """Bookings as they were kept; undo of a move. What they were meanwhile is kept in turn."""
    if not kept:
        return Booked()
    there = list(Booking.objects.filter(id__in=[one["id"] for one in kept]))
    days = days_of([one.id for one in there])
    now = tuple(snapshot(one, days[one.id]) for one in there)
    bookings.restore_bookings(actor, bookings=kept)
    return Booked(now)


def _instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
