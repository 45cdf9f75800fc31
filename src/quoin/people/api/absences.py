"""Absences and leave over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.actor import Actor
from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json
from quoin.kernel.ids import public_id
from quoin.people.actions import absences as actions
from quoin.people.queries import absences as queries

router = Router(tags=["absences"])
PersonId = Annotated[UUID, PublicId("per")]
AbsenceId = Annotated[UUID, PublicId("abs")]


class AbsenceIn(ApiIn):
    """Leave asked for, or sickness reported. Halves: from noon on the first day, until noon on the last."""

    person_id: PersonId
    kind: str
    starts_on: date
    ends_on: date
    starts_half: bool = False
    ends_half: bool = False
    note: str = ""


class DecisionIn(ApiIn):
    """What the person reads about the decision."""

    note: str = ""


class RestoreIn(ApiIn):
    """What it is again: requested, or approved."""

    status: str = "requested"


class AllowanceIn(ApiIn):
    """Days of leave of a year."""

    year: int
    days: Decimal
    carried_days: Decimal = Decimal(0)
    carried_until: date | None = None
    accrues_monthly: bool = False


class CarryIn(ApiIn):
    """From which year what is left is carried, how much of it, and until when it can be taken."""

    year: int
    at_most: Decimal | None = None
    carried_until: date | None = None


@router.get("/absences", summary="List absences; why others are away stays theirs")
@operation(queries.VIEW_ABSENCE)
def list_absences(request: ApiRequest) -> HttpResponse:
    rows = queries.visible_absences(request.actor)
    listing = queries.absence_listing(request.actor)
    return list_response(request, listing, rows, lambda row: absence_out(request.actor, row))


@router.post("/absences", summary="Ask for leave, or report sick")
@operation("people.absence.request")
def request_absence(request: ApiRequest, body: AbsenceIn) -> HttpResponse:
    made = actions.request_absence(request.actor, **body.model_dump())
    return respond_json(absence_out(request.actor, made), status=201)


@router.get("/absences/{absence_id}", summary="An absence")
@operation(queries.VIEW_ABSENCE)
def get_absence(request: ApiRequest, absence_id: AbsenceId) -> HttpResponse:
    found = queries.absence_for(request.actor, absence_id)
    return respond_json({**absence_out(request.actor, found), "working_days": queries.length_of(found)})


@router.post("/absences/{absence_id}/approve", summary="Approve an absence")
@operation("people.absence.approve")
def approve_absence(request: ApiRequest, absence_id: AbsenceId, body: DecisionIn) -> HttpResponse:
    made = actions.approve_absence(request.actor, absence_id=absence_id, note=body.note)
    return respond_json(absence_out(request.actor, made))


@router.post("/absences/{absence_id}/refuse", summary="Refuse an absence")
@operation("people.absence.refuse")
def refuse_absence(request: ApiRequest, absence_id: AbsenceId, body: DecisionIn) -> HttpResponse:
    made = actions.refuse_absence(request.actor, absence_id=absence_id, note=body.note)
    return respond_json(absence_out(request.actor, made))


@router.post("/absences/{absence_id}/cancel", summary="Take an absence back")
@operation("people.absence.cancel")
def cancel_absence(request: ApiRequest, absence_id: AbsenceId) -> HttpResponse:
    return respond_json(absence_out(request.actor, actions.cancel_absence(request.actor, absence_id=absence_id)))


@router.post("/absences/{absence_id}/restore", summary="Put an absence back to requested or approved")
@operation("people.absence.restore")
def restore_absence(request: ApiRequest, absence_id: AbsenceId, body: RestoreIn) -> HttpResponse:
    made = actions.restore_absence(request.actor, absence_id=absence_id, status=body.status)
    return respond_json(absence_out(request.actor, made))


@router.get("/people/{person_id}/leave", summary="What is left of a year's leave")
@operation(queries.VIEW_ALLOWANCE)
def get_balance(request: ApiRequest, person_id: PersonId, year: int | None = None) -> HttpResponse:
    found = queries.balance_for(request.actor, person_id, year or request.actor.today.year)
    if found is None:
        return respond_json({"year": year or request.actor.today.year, "left": None})
    names = ("year", "earned", "carried", "lapsed", "taken", "asked", "left")
    return respond_json({name: getattr(found, name) for name in names})


@router.put("/people/{person_id}/leave", summary="Set somebody's days of leave")
@operation("people.allowance.set")
def set_allowance(request: ApiRequest, person_id: PersonId, body: AllowanceIn) -> HttpResponse:
    row = actions.set_allowance(request.actor, person_id=person_id, **body.model_dump())
    return respond_json({name: getattr(row, name) for name in AllowanceIn.model_fields})


@router.post("/leave/carry", summary="Carry leave into the next year")
@operation("people.allowance.carry")
def carry_allowances(request: ApiRequest, body: CarryIn) -> HttpResponse:
    return respond_json({"people": actions.carry_allowances(request.actor, **body.model_dump())})


def absence_out(actor: Actor, absence: Any) -> dict[str, Any]:
    """An absence as the API writes it to this reader."""
    return {
        "id": absence.public_id,
        "person_id": public_id("per", absence.person_id),
        "kind": queries.shown_kind(actor, absence),
        "starts_on": absence.starts_on,
        "ends_on": absence.ends_on,
        "starts_half": absence.starts_half,
        "ends_half": absence.ends_half,
        "status": absence.status,
        "note": queries.shown_note(actor, absence),
        "decided_by_id": public_id("per", absence.decided_by_id) if absence.decided_by_id else None,
        "decision_note": queries.shown_note(actor, absence) and absence.decision_note,
    }
