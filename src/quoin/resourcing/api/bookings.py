"""Bookings over the API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    Router,
    check_match,
    etag_of,
    list_response,
    operation,
    respond_json,
)
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.words import say
from quoin.resourcing import queries
from quoin.resourcing.actions import bookings
from quoin.resourcing.api.wire import (
    BookingId,
    DemandId,
    JobRoleId,
    OverrideId,
    PersonId,
    ProjectId,
    TaskId,
    booking_out,
)

router = Router(tags=["bookings"])
_MOST = 1000


class BookingIn(ApiIn):
    """Time to be set aside. `effort` says what `amount` is: per cent of the day, minutes per day, or in all."""

    person_id: PersonId
    project_id: ProjectId
    starts_on: date
    ends_on: date
    effort: str = "percent"
    amount: int = 100
    is_firm: bool = False
    task_id: TaskId | None = None
    request_id: DemandId | None = None
    job_role_id: JobRoleId | None = None
    note: str = ""
    override_reason: str = ""


class BookingsIn(ApiIn):
    """Bookings to be made together: all or none."""

    bookings: list[BookingIn]
    override_reason: str = ""


class BookingPatch(ApiIn):
    """What to change of a booking; absent fields stay."""

    project_id: ProjectId | None = None
    task_id: TaskId | None = None
    job_role_id: JobRoleId | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    effort: str = "percent"
    amount: int = 100
    is_firm: bool = False
    note: str = ""
    override_reason: str = ""


class MoveIn(ApiIn):
    """Where bookings go."""

    booking_ids: list[BookingId]
    by_days: int = 0
    person_id: PersonId | None = None
    override_reason: str = ""


class CopyIn(ApiIn):
    """Whose copy, and from when."""

    person_id: PersonId | None = None
    starts_on: date | None = None
    override_reason: str = ""


class SplitIn(ApiIn):
    """The first day of the second part."""

    on: date


class FirmIn(ApiIn):
    """Bookings that become firm, or tentative again."""

    booking_ids: list[BookingId]
    is_firm: bool = True
    override_reason: str = ""


class OverrideIn(ApiIn):
    """More than the day's capacity may be booked."""

    person_id: PersonId
    day_on: date
    minutes: int
    reason: str


@router.get("/bookings", summary="List bookings")
@operation(queries.VIEW)
def list_bookings(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.BOOKINGS, queries.visible_bookings(request.actor), booking_out)


@router.post("/bookings", summary="Book somebody")
@operation("resourcing.booking.create")
def create_booking(request: ApiRequest, body: BookingIn) -> HttpResponse:
    made = bookings.create_booking(request.actor, **_given(body))
    return respond_json(booking_out(made), status=201)


@router.post("/bookings/bulk", summary="Book several people or times, all or none")
@operation("resourcing.booking.create_many")
def create_bookings(request: ApiRequest, body: BookingsIn) -> HttpResponse:
    if not 1 <= len(body.bookings) <= _MOST:
        raise invalid("/bookings", say("Between 1 and %(most)s bookings are made at once.", most=_MOST))
    wanted = [{k: v for k, v in _given(one).items() if k != "override_reason"} for one in body.bookings]
    made = bookings.create_bookings(request.actor, bookings=wanted, override_reason=body.override_reason)
    return respond_json({"data": [booking_out(one) for one in made]}, status=201)


@router.get("/bookings/conflicts", summary="Firm bookings on days that lost capacity")
@operation(queries.VIEW)
def list_conflicts(request: ApiRequest) -> HttpResponse:
    rows = queries.bookings_in_conflict(request.actor)
    return list_response(request, queries.BOOKINGS, rows, booking_out)


@router.post("/bookings/move", summary="Move bookings to other days or another person")
@operation("resourcing.booking.move")
def move_bookings(request: ApiRequest, body: MoveIn) -> HttpResponse:
    found = bookings.move_bookings(request.actor, **body.model_dump())
    return respond_json({"data": [booking_out(one) for one in found]})


@router.post("/bookings/confirm", summary="Make bookings firm or tentative")
@operation("resourcing.booking.set_firm")
def set_firm(request: ApiRequest, body: FirmIn) -> HttpResponse:
    found = bookings.set_firm(request.actor, **body.model_dump())
    return respond_json({"data": [booking_out(one) for one in found]})


@router.get("/bookings/{booking_id}", summary="A booking with its days")
@operation(queries.VIEW)
def get_booking(request: ApiRequest, booking_id: BookingId) -> HttpResponse:
    found = queries.booking_for(request.actor, booking_id)
    days = [{"on": day, "minutes": minutes} for day, minutes in queries.days_of_booking(found)]
    return respond_json({**booking_out(found), "days": days}, etag=etag_of(found.id, found.version))


@router.patch("/bookings/{booking_id}", summary="Change a booking")
@operation("resourcing.booking.edit")
def edit_booking(request: ApiRequest, booking_id: BookingId, body: BookingPatch) -> HttpResponse:
    _match(request, booking_id)
    made = bookings.edit_booking(request.actor, booking_id=booking_id, **body.model_dump(exclude_unset=True))
    return respond_json(booking_out(made), etag=etag_of(made.id, made.version))


@router.delete("/bookings/{booking_id}", summary="Delete a booking")
@operation("resourcing.booking.delete")
def delete_booking(request: ApiRequest, booking_id: BookingId) -> HttpResponse:
    _match(request, booking_id)
    bookings.delete_bookings(request.actor, booking_ids=[booking_id])
    return HttpResponse(status=204)


@router.post("/bookings/{booking_id}/copy", summary="Copy a booking")
@operation("resourcing.booking.copy")
def copy_booking(request: ApiRequest, booking_id: BookingId, body: CopyIn) -> HttpResponse:
    queries.booking_for(request.actor, booking_id)
    made = bookings.copy_booking(request.actor, booking_id=booking_id, **body.model_dump())
    return respond_json(booking_out(made), status=201)


@router.post("/bookings/{booking_id}/split", summary="Split a booking in two")
@operation("resourcing.booking.split")
def split_booking(request: ApiRequest, booking_id: BookingId, body: SplitIn) -> HttpResponse:
    _match(request, booking_id)
    parts = bookings.split_booking(request.actor, booking_id=booking_id, on=body.on)
    return respond_json({"data": [booking_out(one) for one in parts]})


@router.post("/capacity-overrides", summary="Approve time over capacity")
@operation("resourcing.override.grant")
def grant_override(request: ApiRequest, body: OverrideIn) -> HttpResponse:
    made = bookings.grant_override(request.actor, **body.model_dump())
    return respond_json({"id": public_id("ovr", made), **body.model_dump(exclude={"person_id"})}, status=201)


@router.delete("/capacity-overrides/{override_id}", summary="Withdraw an approval over capacity")
@operation("resourcing.override.withdraw")
def withdraw_override(request: ApiRequest, override_id: OverrideId) -> HttpResponse:
    bookings.withdraw_override(request.actor, override_id=override_id)
    return HttpResponse(status=204)


def _given(body: BookingIn) -> dict[str, Any]:
    fields = body.model_dump()
    fields["demand_id"] = fields.pop("request_id")
    return fields


def _match(request: ApiRequest, booking_id: UUID) -> None:
    found = queries.booking_for(request.actor, booking_id)
    check_match(request, etag_of(found.id, found.version))
