"""Bookings, requests and what they need."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from quoin.people.models import Person
from quoin.projects.models import Project
from quoin.resourcing.actions.bookings import create_booking
from quoin.resourcing.models import Booking, DayLoad
from tests.make import billing
from tests.make.world import World

MONDAY = date(2026, 6, 1)


def day(offset: int) -> date:
    """So many days after a Monday in June."""
    return MONDAY + timedelta(days=offset)


def project(world: World, **fields: Any) -> Project:
    return billing.job(world, **{"rate": "95", **fields})


def booked(
    world: World, person: Person, on: Project, *, first: int = 0, last: int = 4, percent: int = 100, **fields: Any
) -> Booking:
    """A booking through the action; firm unless said otherwise."""
    return create_booking(
        world.actor, person_id=person.id, project_id=on.id, starts_on=day(first), ends_on=day(last), effort="percent",
        amount=percent, **{"is_firm": True, **fields},
    )  # fmt: skip


def load(world: World, person: Person) -> list[tuple[int, int, int, int, int]]:
    """Firm, tentative, capacity, override and conflict of each day that has load, in order."""
    with world.inside():
        rows = DayLoad.objects.filter(tenant_id=world.tenant_id, person_id=person.id).order_by("day_on")
        return [
            (row.firm_minutes, row.tentative_minutes, row.capacity_minutes, row.override_minutes, row.conflict_minutes)
            for row in rows
            if row.firm_minutes or row.tentative_minutes or row.conflict_minutes
        ]
