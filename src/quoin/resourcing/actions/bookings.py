"""Commands about bookings: make, change, move, split, copy, confirm, delete; each can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.events.live import publish
from quoin.kernel.errors import Conflict, invalid
from quoin.kernel.words import say
from quoin.resourcing.actions.writing import (
    BookingIn,
    add_override,
    change,
    check_reach,
    make,
    snapshots,
    take_away,
    the_bookings,
    the_override,
)
from quoin.resourcing.models import Booking
from quoin.resourcing.services.bookings import lock_people, restore_days, snapshot, write_days
from quoin.resourcing.services.limits import check_effort

_RESTORE = "resourcing.booking.restore"
_CREATE, _EDIT, _DELETE = "resourcing.booking.create", "resourcing.booking.edit", "resourcing.booking.delete"
_MOVE, _COPY, _SPLIT = "resourcing.booking.move", "resourcing.booking.copy", "resourcing.booking.split"
_SET_FIRM, _BULK = "resourcing.booking.set_firm", "resourcing.booking.create_many"
_EDITABLE = frozenset(
    {"project_id", "task_id", "job_role_id", "starts_on", "ends_on", "effort", "amount", "note", "is_firm"}
)


@action(_CREATE, label=_("Book somebody"))
def create_booking(  # noqa: PLR0913 - the fields of a booking, all by name
    actor: Actor,
    *,
    person_id: UUID,
    project_id: UUID,
    starts_on: date,
    ends_on: date,
    effort: str = "percent",
    amount: int = 100,
    is_firm: bool = False,
    task_id: UUID | None = None,
    demand_id: UUID | None = None,
    job_role_id: UUID | None = None,
    note: str = "",
    override_reason: str = "",
) -> Booking:
    """Set time aside: minutes a day, per cent of the day, or minutes in all. Firm time must fit, or be approved."""
    wanted = BookingIn(
        person_id=person_id, project_id=project_id, starts_on=starts_on, ends_on=ends_on, effort=effort, amount=amount,
        is_firm=is_firm, task_id=task_id, demand_id=demand_id, job_role_id=job_role_id, note=note,
    )  # fmt: skip
    booking = make(actor, _CREATE, wanted, reason=override_reason)
    undo_with(_DELETE, booking_ids=[booking.id])
    _tell(actor, "created", [booking])
    touch(booking.public_id, reason=override_reason)
    return booking


@action(_BULK, label=_("Book several people or times at once"))
def create_bookings(actor: Actor, *, bookings: Sequence[Mapping[str, Any]], override_reason: str = "") -> list[Booking]:
    """All or none. Each is given by the fields of a single booking."""
    if not bookings:
        raise invalid("/bookings", "Name at least one booking.", code="required")
    wanted = [BookingIn.of(one, pointer=f"/bookings/{at}") for at, one in enumerate(bookings)]
    lock_people({one.person_id for one in wanted})
    made = [make(actor, _BULK, one, reason=override_reason) for one in wanted]
    undo_with(_DELETE, booking_ids=[one.id for one in made])
    _tell(actor, "created", made)
    touch(made[0].public_id, reason=override_reason)
    return made


@action(_EDIT, label=_("Change a booking"))
def edit_booking(actor: Actor, /, *, booking_id: UUID, override_reason: str = "", **fields: Any) -> Booking:
    for name in fields:
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("A booking has no field %(name)s that can be set.", name=name), code="unknown_field"
            )
    (booking,) = the_bookings(actor, _EDIT, [booking_id])
    check_effort(fields.get("effort", booking.effort), fields.get("amount", booking.amount))
    undo_with(_RESTORE, bookings=snapshots([booking]))
    change(actor, _EDIT, booking, fields, reason=override_reason)
    _tell(actor, "changed", [booking])
    touch(booking.public_id, reason=override_reason)
    return booking


@action(_MOVE, label=_("Move bookings"))
def move_bookings(
    actor: Actor,
    *,
    booking_ids: Collection[UUID],
    by_days: int = 0,
    person_id: UUID | None = None,
    is_firm: bool | None = None,
    override_reason: str = "",
) -> list[Booking]:
    """To other days, to another person, or both, and firm or tentative where it says so.

    Hours are spread anew by the capacity that is there.
    """
    found = the_bookings(actor, _MOVE, booking_ids, beside=[person_id] if person_id else [])
    undo_with(_RESTORE, bookings=snapshots(found))
    step = timedelta(days=by_days)
    # All leave before the first one arrives: a row of bookings may move into each other's places.
    for booking in found:
        write_days(booking, {})
    for booking in found:
        fields: dict[str, Any] = {"starts_on": booking.starts_on + step, "ends_on": booking.ends_on + step}
        if person_id is not None:
            fields["person_id"] = person_id
        if is_firm is not None:
            fields["is_firm"] = is_firm
        change(actor, _MOVE, booking, fields, reason=override_reason)
    _tell(actor, "changed", found)
    touch(found[0].public_id, reason=override_reason)
    return found


@action(_COPY, label=_("Copy a booking"))
def copy_booking(
    actor: Actor,
    *,
    booking_id: UUID,
    person_id: UUID | None = None,
    starts_on: date | None = None,
    is_firm: bool | None = None,
    override_reason: str = "",
) -> Booking:
    """The same booking for somebody else, from another day on, or both."""
    (booking,) = the_bookings(actor, _COPY, [booking_id], beside=[person_id] if person_id else [])
    step = (starts_on or booking.starts_on) - booking.starts_on
    wanted = BookingIn(
        person_id=person_id or booking.person_id, project_id=booking.project_id, starts_on=booking.starts_on + step,
        ends_on=booking.ends_on + step, effort=booking.effort, amount=booking.amount,
        is_firm=booking.is_firm if is_firm is None else is_firm, task_id=booking.task_id, demand_id=booking.demand_id,
        job_role_id=booking.job_role_id, note=booking.note,
    )  # fmt: skip
    made = make(actor, _COPY, wanted, reason=override_reason)
    undo_with(_DELETE, booking_ids=[made.id])
    _tell(actor, "created", [made])
    touch(made.public_id, reason=override_reason)
    return made


@action(_SPLIT, label=_("Split a booking in two"))
def split_booking(actor: Actor, *, booking_id: UUID, on: date) -> tuple[Booking, Booking]:
    """Two bookings: up to the day before `on`, and from it. Every day keeps its minutes."""
    (booking,) = the_bookings(actor, _SPLIT, [booking_id])
    if not booking.starts_on < on <= booking.ends_on:
        raise invalid("/on", "Split at a day inside of the booking, after its first.")
    before = snapshots([booking])
    days = {date.fromisoformat(day): minutes for day, minutes in before[0]["days"].items()}
    first, second = ({d: m for d, m in days.items() if (d < on) is is_first} for is_first in (True, False))
    if not first or not second:
        raise invalid("/on", "One part would have no working day. Split elsewhere.")
    later = Booking(**{k: v for k, v in snapshot(booking, {}).items() if k not in {"id", "days"}})
    later.starts_on, booking.ends_on = on, on - timedelta(days=1)
    if booking.effort == "total":
        booking.amount, later.amount = sum(first.values()), sum(second.values())
    booking.version += 1
    booking.save()
    write_days(booking, first)
    later.save(force_insert=True)
    write_days(later, second)
    undo_with(_RESTORE, bookings=before, remove_ids=[later.id])
    _tell(actor, "changed", [booking, later])
    touch(booking.public_id)
    return booking, later


@action(_SET_FIRM, label=_("Make bookings firm or tentative"))
def set_firm(
    actor: Actor, *, booking_ids: Collection[UUID], is_firm: bool = True, override_reason: str = ""
) -> list[Booking]:
    found = the_bookings(actor, _SET_FIRM, booking_ids)
    undo_with(_RESTORE, bookings=snapshots(found))
    for booking in found:
        if booking.is_firm != is_firm:
            change(actor, _SET_FIRM, booking, {"is_firm": is_firm}, reason=override_reason)
    _tell(actor, "changed", found)
    touch(found[0].public_id, reason=override_reason)
    return found


@action(_DELETE, label=_("Delete bookings"))
def delete_bookings(actor: Actor, *, booking_ids: Collection[UUID]) -> None:
    found = the_bookings(actor, _DELETE, booking_ids)
    undo_with(_RESTORE, bookings=snapshots(found))
    touch(found[0].public_id)
    _tell(actor, "deleted", found)
    take_away(found)


@action(_RESTORE, label=_("Put bookings back as they were"))
def restore_bookings(
    actor: Actor, *, bookings: Sequence[Mapping[str, Any]], remove_ids: Iterable[UUID | str] = ()
) -> list[Booking]:
    """Undo of a change: the bookings with exactly the days they had. What was freed and taken since is refused."""
    gone = [UUID(str(one)) for one in remove_ids]
    kept = [BookingIn.restored(one, pointer=f"/bookings/{at}") for at, one in enumerate(bookings)]
    there = {one.id: one for one in Booking.objects.filter(id__in=[*gone, *(one.id for one, _days in kept)])}
    lock_people({one.person_id for one in there.values()} | {one.person_id for one, _days in kept})
    for one in (*there.values(), *(one for one, _days in kept)):
        check_reach(actor, _RESTORE, one)
    undo_with(
        _RESTORE, bookings=snapshots(list(there.values())), remove_ids=[o.id for o, _d in kept if o.id not in there]
    )
    take_away([one for key, one in there.items() if key in set(gone)])
    back = []
    for booking, days in kept:
        former = there.get(booking.id)
        booking.version = former.version + 1 if former else 1
        booking.save(force_insert=former is None, force_update=former is not None)
        restore_days(booking, days)
        back.append(booking)
    _tell(actor, "changed", back)
    touch(back[0].public_id if back else "")
    return back


@action("resourcing.override.grant", label=_("Approve time over capacity"))
def grant_override(actor: Actor, *, person_id: UUID, day_on: date, minutes: int, reason: str) -> UUID:
    """So many more firm minutes may be booked on the day. Nobody approves their own."""
    row = add_override(actor, person_id=person_id, day_on=day_on, minutes=minutes, reason=reason)
    undo_with("resourcing.override.withdraw", override_id=row.id)
    touch(row.public_id, reason=reason)
    return row.id


@action("resourcing.override.withdraw", label=_("Withdraw an approval over capacity"))
def withdraw_override(actor: Actor, *, override_id: UUID | str) -> None:
    """Refused by the database while bookings need it."""
    row = the_override(actor, override_id)
    touch(row.public_id)
    row.delete()


def _tell(actor: Actor, what: str, bookings: Sequence[Booking]) -> None:
    if not bookings:
        raise Conflict("Nothing to do: no booking was named.")
    publish(actor.tenant_id, "resourcing.booking")
    emit(
        actor, f"resourcing.booking.{what}", running_action_id(), booking_ids=[one.id for one in bookings],
        person_ids=sorted({one.person_id for one in bookings}, key=str),
        project_ids=sorted({one.project_id for one in bookings}, key=str),
    )  # fmt: skip
