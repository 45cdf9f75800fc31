"""Acceptance certificates, the installed base and checklists over the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import File, Form
from ninja.files import UploadedFile

from quoin.base.http.api import ApiRequest, Router, list_response, operation, respond_json
from quoin.field import actions, queries
from quoin.field.api.bodies import (
    AcceptanceId,
    AcceptIn,
    ChecklistId,
    ChecklistIn,
    ChecklistPatch,
    DeliveryId,
    ReasonIn,
)
from quoin.field.api.wire import acceptance_out, accepted_unit_out, checklist_out
from quoin.field.queries import acceptance
from quoin.field.queries.lists import ACCEPTANCES, CHECKLISTS, INSTALLED_BASE

router = Router(tags=["field"])


@router.get("/installed-base", summary="List what clients accepted, with serial numbers and warranty")
@operation(queries.VIEW)
def list_installed(request: ApiRequest) -> HttpResponse:
    return list_response(request, INSTALLED_BASE, acceptance.installed_base(request.actor), accepted_unit_out)


@router.get("/acceptances", summary="List acceptance certificates")
@operation(queries.VIEW)
def list_acceptances(request: ApiRequest) -> HttpResponse:
    return list_response(request, ACCEPTANCES, acceptance.visible_certificates(request.actor), acceptance_out)


@router.get("/acceptances/{acceptance_id}", summary="An acceptance certificate with all that it says")
@operation(queries.VIEW)
def get_acceptance(request: ApiRequest, acceptance_id: AcceptanceId) -> HttpResponse:
    found = acceptance.certificate_for(request.actor, acceptance_id)
    withdrawn = acceptance.withdrawal_of(found)
    told = {"withdrawn_at": withdrawn.withdrawn_at, "reason": withdrawn.reason} if withdrawn else None
    return respond_json({**acceptance_out(found), "content": found.content, "withdrawal": told})


@router.get("/acceptances/{acceptance_id}/pdf", summary="The certificate as it was signed")
@operation(queries.VIEW)
def get_printed(request: ApiRequest, acceptance_id: AcceptanceId) -> HttpResponse:
    found, content = acceptance.printed_of(request.actor, acceptance_id)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="A-{found.number:04d}.pdf"'
    return response


@router.post("/deliveries/{delivery_id}/accept", summary="Have goods accepted by the client")
@operation("field.acceptance.issue")
def accept(request: ApiRequest, delivery_id: DeliveryId, body: AcceptIn) -> HttpResponse:
    made = actions.issue_acceptance(request.actor, delivery_id=delivery_id, **body.model_dump())
    return respond_json(_told(request, made), status=201)


@router.post(
    "/deliveries/{delivery_id}/accept/signed", summary="Have goods accepted with a signature (multipart/form-data)"
)
@operation("field.acceptance.issue")
def accept_signed(
    request: ApiRequest, delivery_id: DeliveryId, signature: File[UploadedFile], told: Form[AcceptIn]
) -> HttpResponse:
    made = actions.issue_acceptance(
        request.actor, delivery_id=delivery_id, signature=signature.read(), **told.model_dump()
    )
    return respond_json(_told(request, made), status=201)


@router.post("/acceptances/{acceptance_id}/withdraw", summary="Withdraw an acceptance certificate")
@operation("field.acceptance.withdraw")
def withdraw(request: ApiRequest, acceptance_id: AcceptanceId, body: ReasonIn) -> HttpResponse:
    acceptance.certificate_for(request.actor, acceptance_id)
    made = actions.withdraw_acceptance(request.actor, acceptance_id=acceptance_id, reason=body.reason)
    return respond_json(_told(request, made))


def _told(request: ApiRequest, made: Any) -> dict[str, Any]:
    return acceptance_out(acceptance.certificate_for(request.actor, made.id))


@router.get("/checklists", summary="List checklists")
@operation(queries.VIEW)
def list_checklists(request: ApiRequest) -> HttpResponse:
    return list_response(request, CHECKLISTS, acceptance.checklists(request.actor), checklist_out)


@router.post("/checklists", summary="Make a checklist")
@operation("field.checklist.create")
def create_checklist(request: ApiRequest, body: ChecklistIn) -> HttpResponse:
    made = actions.create_checklist(request.actor, **_lines(body.model_dump()))
    return respond_json(_whole(made), status=201)


@router.get("/checklists/{checklist_id}", summary="A checklist with its lines")
@operation(queries.VIEW)
def get_checklist(request: ApiRequest, checklist_id: ChecklistId) -> HttpResponse:
    return respond_json(_whole(acceptance.checklist_for(request.actor, checklist_id)))


@router.patch("/checklists/{checklist_id}", summary="Change a checklist; visits keep what they copied")
@operation("field.checklist.edit")
def edit_checklist(request: ApiRequest, checklist_id: ChecklistId, body: ChecklistPatch) -> HttpResponse:
    acceptance.checklist_for(request.actor, checklist_id)
    told = _lines(body.model_dump(exclude_unset=True))
    return respond_json(_whole(actions.edit_checklist(request.actor, checklist_id=checklist_id, **told)))


def _whole(found: Any) -> dict[str, Any]:
    lines = [{"text": row.text, "needs_photo": row.needs_photo} for row in acceptance.lines_of_checklist(found)]
    return {**checklist_out(found), "lines": lines}


def _lines(told: dict[str, Any]) -> dict[str, Any]:
    if told.get("lines") is not None:
        told["lines"] = [(line["text"], line.get("needs_photo", False)) for line in told["lines"]]
    return told
