"""What all commands about bookings do: find, check whose it is, check that it fits, write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import Conflict, Forbidden, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say
from quoin.people.models import Person
from quoin.people.queries.within import people_within, person_within
from quoin.projects.models import Project, Task
from quoin.resourcing.models import Booking, Demand, Override
from quoin.resourcing.queries import within_reach
from quoin.resourcing.services.bookings import days_of, lock_people, snapshot, spread_days, write_days
from quoin.resourcing.services.limits import GRANT, check_certificates, check_effort, crowded_days, make_room

_IDS = frozenset({"person_id", "project_id", "task_id", "demand_id", "job_role_id"})
_DAYS = frozenset({"starts_on", "ends_on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingIn:
    """A booking as it is asked for."""

    person_id: UUID
    project_id: UUID
    starts_on: date
    ends_on: date
    effort: str = "percent"
    amount: int = 100
    is_firm: bool = False
    task_id: UUID | None = None
    demand_id: UUID | None = None
    job_role_id: UUID | None = None
    note: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any], *, pointer: str) -> BookingIn:
        """From plain values, also as the trail keeps them (ids and days as text)."""
        known = {one.name for one in fields(cls)}
        for name in given:
            if name not in known:
                raise invalid(
                    f"{pointer}/{name}", say("A booking has no field %(name)s.", name=name), code="unknown_field"
                )
        for name in ("person_id", "project_id", "starts_on", "ends_on"):
            if given.get(name) is None:
                raise invalid(f"{pointer}/{name}", say("A booking needs %(name)s.", name=name), code="required")
        return cls(**{name: _plain(name, value) for name, value in given.items()})

    @classmethod
    def restored(cls, given: Mapping[str, Any], *, pointer: str) -> tuple[Booking, dict[date, int]]:
        """A booking and its days from a snapshot."""
        left = dict(given)
        try:
            days = {date.fromisoformat(str(day)): int(minutes) for day, minutes in left.pop("days").items()}
            booking = Booking(
                id=UUID(str(left.pop("id"))), booked_at=datetime.fromisoformat(str(left.pop("booked_at"))),
                booked_by_id=UUID(str(by)) if (by := left.pop("booked_by_id")) else None,
            )  # fmt: skip
        except (KeyError, ValueError, AttributeError):
            raise invalid(pointer, "This is no booking that was kept for undo.") from None
        for name, value in vars_of(cls.of(left, pointer=pointer)).items():
            setattr(booking, name, value)
        return booking, days


def vars_of(wanted: BookingIn) -> dict[str, Any]:
    """The fields by name."""
    return {one.name: getattr(wanted, one.name) for one in fields(wanted)}


def _plain(name: str, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if name in _IDS:
        return UUID(value)
    return date.fromisoformat(value) if name in _DAYS else value


def make(actor: Actor, right: str, wanted: BookingIn, *, reason: str) -> Booking:
    """A new booking that fits; OverCapacity, NotCertified or Forbidden else."""
    booking = Booking(id=uuid7(), booked_by_id=actor.person_id, booked_at=actor.now, **vars_of(wanted))
    check_effort(booking.effort, booking.amount)
    lock_people([booking.person_id])
    _settle(actor, right, booking, before={}, reason=reason)
    return booking


def change(actor: Actor, right: str, booking: Booking, changed: Mapping[str, Any], *, reason: str) -> None:
    """New values for a booking that was locked; its days are spread anew where the values ask for it."""
    before = days_of([booking.id])[booking.id]
    for name, value in changed.items():
        setattr(booking, name, value)
    booking.version += 1
    if set(changed) <= {"note", "task_id", "project_id"} and before:
        _check_parts(actor, booking)
        check_reach(actor, right, booking)
        booking.save()
        return
    _settle(actor, right, booking, before=before if "person_id" not in changed else {}, reason=reason)


def _settle(actor: Actor, right: str, booking: Booking, *, before: Mapping[date, int], reason: str) -> None:
    if booking.ends_on < booking.starts_on:
        raise invalid("/ends_on", "The last day is before the first. Check both days.")
    person = _check_parts(actor, booking)
    check_reach(actor, right, booking)
    days = spread_days(booking)
    check_certificates(booking, days)
    was_firm = Booking.objects.filter(id=booking.id, is_firm=True).exists()
    if booking.is_firm:
        wanted = {day: minutes for day, minutes in days.items() if not was_firm or before.get(day) != minutes}
        make_room(actor, person, crowded_days(person.id, wanted, beside=[booking.id]), reason=reason)
    booking.save()
    write_days(booking, days)


def _check_parts(actor: Actor, booking: Booking) -> Person:
    person = Person.objects.filter(id=booking.person_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    project = Project.objects.filter(id=booking.project_id).first()
    if project is None:
        raise NotFound("There is no such project.")
    if project.status == "closed":
        raise Conflict(say("%(project)s is closed. Open it again before you book on it.", project=project.name))
    if booking.task_id and not Task.objects.filter(id=booking.task_id, project=project).exists():
        raise invalid("/task_id", "The task is not one of this project.")
    if booking.demand_id and not Demand.objects.filter(id=booking.demand_id, project=project).exists():
        raise invalid("/demand_id", "The request is not one of this project.")
    booking.person, booking.project = person, project
    return person


def check_reach(actor: Actor, right: str, booking: Booking) -> None:
    """Whose booking it is: own, of the team, or (tentative only) of a project that the actor manages."""
    if actor.scope(right) is Scope.ALL or people_within(actor, right).filter(id=booking.person_id).exists():
        return
    managed = Project.objects.filter(id=booking.project_id, manager=actor.person_id, manager__isnull=False)
    if actor.scope(right) is not Scope.TEAM or not managed.exists():
        raise NotFound("There is no such person or project, or it is not yours to plan.")
    if booking.is_firm:
        raise Forbidden(
            say(
                "%(person)s is of another team: book them as tentative, or send a request to their team.",
                person=booking.person.name,
            )
        )


def the_bookings(
    actor: Actor, right: str, booking_ids: Collection[UUID], *, beside: Collection[UUID] = ()
) -> list[Booking]:
    """The bookings, locked with their people (and others who will get them); NotFound if one is out of reach."""
    wanted = {UUID(str(one)) for one in booking_ids}
    if not wanted:
        raise invalid("/booking_ids", "Name at least one booking.", code="required")
    reached = Booking.objects.filter(within_reach(actor, right), id__in=wanted)
    lock_people({*reached.values_list("person_id", flat=True), *beside})
    rows = reached.select_for_update(of=("self",)).select_related("person", "project", "demand")
    found = list(rows.order_by("starts_on", "id"))
    if {one.id for one in found} != wanted:
        raise NotFound("There is no such booking, or it is not yours to plan.")
    return found


def snapshots(bookings: Sequence[Booking]) -> list[dict[str, Any]]:
    """The bookings with their days, for undo."""
    days = days_of([one.id for one in bookings])
    return [snapshot(one, days[one.id]) for one in bookings]


def take_away(bookings: Sequence[Booking]) -> None:
    """Delete bookings with their days."""
    for booking in bookings:
        write_days(booking, {})
    Booking.objects.filter(id__in=[one.id for one in bookings]).delete()


def add_override(actor: Actor, *, person_id: UUID, day_on: date, minutes: int, reason: str) -> Override:
    """An approval of more than the day's capacity."""
    person = person_within(actor, GRANT, person_id)
    if actor.person_id is None or actor.person_id == person.id:
        raise Forbidden("Somebody else approves that you are booked over capacity.")
    if not reason.strip():
        raise invalid("/reason", "Say why; it stays on record.", code="required")
    if not 1 <= minutes <= _FULL_DAY:
        raise invalid("/minutes", "Approve from 1 minute to 24 hours.")
    lock_people([person.id])
    return Override.objects.create(
        person=person, day_on=day_on, minutes=minutes, reason=reason.strip(), approved_by_id=actor.person_id,
        approved_at=actor.now,
    )  # fmt: skip


def the_override(actor: Actor, override_id: UUID | str) -> Override:
    """The override, its person locked."""
    row = Override.objects.filter(id=override_id).first()
    if row is None or not people_within(actor, "resourcing.override.withdraw").filter(id=row.person_id).exists():
        raise NotFound("There is no such approval.")
    lock_people([row.person_id])
    return row


_FULL_DAY = 1440
