"""Visits over the API: planned, published, worked on site."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import File, Form
from ninja.files import UploadedFile

from quoin.base.http.api import ApiRequest, Router, list_response, operation, respond_json
from quoin.field import actions, queries
from quoin.field.api.bodies import (
    AnswerIn,
    CheckId,
    FinishIn,
    PartIn,
    PlanIn,
    PublishIn,
    ReasonIn,
    SignIn,
    StartIn,
    VisitId,
    VisitIn,
    VisitPatch,
)
from quoin.field.api.wire import check_out, equipment_out, part_out, visit_out
from quoin.field.queries.dispatch import troubles_of, visits_between
from quoin.field.queries.lists import VISITS
from quoin.field.queries.signing import photo_of, signature_of
from quoin.field.queries.words import trouble_words
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.words import say

router = Router(tags=["field"])
_MOST_DAYS = 62


@router.get("/visits", summary="List visits")
@operation(queries.VIEW)
def list_visits(request: ApiRequest) -> HttpResponse:
    return list_response(request, VISITS, queries.visible_visits(request.actor), visit_out)


@router.get("/visits/board", summary="Visits of some days with their crews and what is in the way")
@operation(queries.VIEW)
def board(request: ApiRequest, first: date, until: date) -> HttpResponse:
    if not 0 < (until - first).days <= _MOST_DAYS:
        raise invalid("/until", say("Ask for 1 to %(most_days)s days.", most_days=_MOST_DAYS))
    rows = visits_between(request.actor, first, until)
    return respond_json({"data": [_whole(request, row) for row in rows]})


@router.post("/visits/publish", summary="Publish visits to their crews")
@operation("field.visit.publish")
def publish_visits(request: ApiRequest, body: PublishIn) -> HttpResponse:
    done = actions.publish_visits(request.actor, visit_ids=body.visit_ids)
    return respond_json({"published": [public_id("vis", one) for one in done]})


@router.post("/visits", summary="Plan a visit")
@operation("field.visit.create")
def create_visit(request: ApiRequest, body: VisitIn) -> HttpResponse:
    return respond_json(visit_out(actions.create_visit(request.actor, **_told(body))), status=201)


@router.get("/visits/{visit_id}", summary="A visit with crew, checklist, parts and what is in the way")
@operation(queries.VIEW)
def get_visit(request: ApiRequest, visit_id: VisitId) -> HttpResponse:
    return respond_json(_whole(request, queries.visit_for(request.actor, visit_id)))


@router.patch("/visits/{visit_id}", summary="Edit a visit")
@operation("field.visit.edit")
def edit_visit(request: ApiRequest, visit_id: VisitId, body: VisitPatch) -> HttpResponse:
    return respond_json(visit_out(actions.edit_visit(request.actor, visit_id=visit_id, **_told(body))))


@router.post("/visits/{visit_id}/plan", summary="Give a visit its time and crew")
@operation("field.visit.plan")
def plan_visit(request: ApiRequest, visit_id: VisitId, body: PlanIn) -> HttpResponse:
    told = body.model_dump()
    start, end = told.pop("starts_at"), told.pop("ends_at")
    if (start is None) != (end is None):
        raise invalid("/ends_at", "Give both the start and the end, or neither.", code="required")
    hours = (start, end) if start is not None else None
    return respond_json(visit_out(actions.plan_visit(request.actor, visit_id=visit_id, hours=hours, **told)))


@router.post("/visits/{visit_id}/unpublish", summary="Take a visit back to draft")
@operation("field.visit.unpublish")
def unpublish_visit(request: ApiRequest, visit_id: VisitId) -> HttpResponse:
    return respond_json(visit_out(actions.unpublish_visit(request.actor, visit_id=visit_id)))


@router.post("/visits/{visit_id}/cancel", summary="Cancel a visit")
@operation("field.visit.cancel")
def cancel_visit(request: ApiRequest, visit_id: VisitId, body: ReasonIn) -> HttpResponse:
    return respond_json(visit_out(actions.cancel_visit(request.actor, visit_id=visit_id, reason=body.reason)))


@router.post("/visits/{visit_id}/start", summary="Set out for a visit, or begin its work")
@operation("field.visit.start")
def start_visit(request: ApiRequest, visit_id: VisitId, body: StartIn) -> HttpResponse:
    return respond_json(visit_out(actions.start_visit(request.actor, visit_id=visit_id, **body.model_dump())))


@router.post("/visit-checks/{check_id}", summary="Answer a line of a checklist")
@operation("field.check.answer")
def answer_check(request: ApiRequest, check_id: CheckId, body: AnswerIn) -> HttpResponse:
    return respond_json(check_out(actions.answer_check(request.actor, check_id=check_id, **body.model_dump())))


@router.post(
    "/visit-checks/{check_id}/photo", summary="Answer a line of a checklist with a photo (multipart/form-data)"
)
@operation("field.check.answer")
def answer_with_photo(
    request: ApiRequest, check_id: CheckId, photo: File[UploadedFile], told: Form[AnswerIn]
) -> HttpResponse:
    given = (photo.name or "photo", photo.read())
    return respond_json(
        check_out(actions.answer_check(request.actor, check_id=check_id, photo=given, **told.model_dump()))
    )


@router.post("/visits/{visit_id}/parts", summary="Record a part that was used")
@operation("field.part.use")
def use_part(request: ApiRequest, visit_id: VisitId, body: PartIn) -> HttpResponse:
    return respond_json(part_out(actions.use_part(request.actor, visit_id=visit_id, **body.model_dump())), status=201)


@router.post("/visits/{visit_id}/finish", summary="Finish a visit")
@operation("field.visit.finish")
def finish_visit(request: ApiRequest, visit_id: VisitId, body: FinishIn) -> HttpResponse:
    return respond_json(visit_out(actions.finish_visit(request.actor, visit_id=visit_id, **body.model_dump())))


@router.post("/visits/{visit_id}/sign", summary="Have a visit signed by the client")
@operation("field.visit.sign")
def sign_visit(request: ApiRequest, visit_id: VisitId, body: SignIn) -> HttpResponse:
    return respond_json(visit_out(actions.sign_visit(request.actor, visit_id=visit_id, **body.model_dump())))


@router.post("/visits/{visit_id}/sign/drawn", summary="Have a visit signed with a picture (multipart/form-data)")
@operation("field.visit.sign")
def sign_drawn(
    request: ApiRequest, visit_id: VisitId, signature: File[UploadedFile], told: Form[SignIn]
) -> HttpResponse:
    signed = actions.sign_visit(request.actor, visit_id=visit_id, signature=signature.read(), **told.model_dump())
    return respond_json(visit_out(signed))


@router.get("/visits/{visit_id}/signature", summary="The picture of the client's signature")
@operation(queries.VIEW)
def get_signature(request: ApiRequest, visit_id: VisitId) -> HttpResponse:
    return _picture(signature_of(request.actor, visit_id))


@router.get("/visits/{visit_id}/photos/{check_id}", summary="The photo of a line of the checklist")
@operation(queries.VIEW)
def get_photo(request: ApiRequest, visit_id: VisitId, check_id: CheckId) -> HttpResponse:
    return _picture(photo_of(request.actor, visit_id, check_id))


def _picture(stored: Any) -> HttpResponse:
    response = HttpResponse(bytes(stored.content), content_type=stored.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _whole(request: ApiRequest, visit: Any) -> dict[str, Any]:
    crew = [
        {"person_id": public_id("per", row.person_id), "name": row.person.name, "is_lead": row.is_lead}
        for row in queries.crew_of(visit)
    ]
    against = [
        {"code": one.trouble.value, "is_hard": one.is_hard, "detail": trouble_words(one)}
        for one in troubles_of(request.actor, visit)
    ]
    return {
        **visit_out(visit),
        "crew": crew,
        "equipment": [equipment_out(row) for row in queries.equipment_of(visit)],
        "checklist": [check_out(row) for row in queries.checks_of(visit)],
        "parts": [part_out(row) for row in queries.parts_of(visit)],
        "against": against,
    }


def _told(body: VisitPatch) -> dict[str, Any]:
    told = body.model_dump(exclude_unset=True)
    if told.get("checklist") is not None:
        told["checklist"] = [(line["text"], line.get("needs_photo", False)) for line in told["checklist"]]
    return {name: value for name, value in told.items() if value is not None or name not in {"checklist", "deliveries"}}
