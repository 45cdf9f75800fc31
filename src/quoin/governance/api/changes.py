"""Change orders over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiRequest, Router, list_response, operation, respond_json
from quoin.governance import queries
from quoin.governance.actions import change_lines, changes
from quoin.governance.api.bodies import AnswerIn, ChangeId, ChangeIn, ChangePatch, LineId, LineIn, ReasonIn, SendIn
from quoin.governance.api.wire import change_out, effect_out, line_out
from quoin.governance.queries.effect import effect_of
from quoin.governance.queries.lists import CHANGES

router = Router(tags=["governance"])


def _change(request: ApiRequest, order_id: UUID) -> dict[str, Any]:
    found = queries.change_for(request.actor, order_id)
    return {**change_out(found), "lines": [line_out(found, row) for row in queries.lines_of(found)]}


@router.get("/change-orders", summary="List change orders")
@operation(queries.VIEW_CHANGES)
def list_changes(request: ApiRequest) -> HttpResponse:
    return list_response(request, CHANGES, queries.visible_changes(request.actor), change_out)


@router.post("/change-orders", summary="Write a change order")
@operation("governance.change.create")
def create_change(request: ApiRequest, body: ChangeIn) -> HttpResponse:
    made = changes.create_change(request.actor, **body.model_dump(exclude_unset=True))
    return respond_json(_change(request, made.id), status=201)


@router.get("/change-orders/{order_id}", summary="A change order with its lines")
@operation(queries.VIEW_CHANGES)
def get_change(request: ApiRequest, order_id: ChangeId) -> HttpResponse:
    return respond_json(_change(request, order_id))


@router.get("/change-orders/{order_id}/effect", summary="What a change order would do to price, budget, plan, people")
@operation(queries.VIEW_CHANGES)
def get_effect(request: ApiRequest, order_id: ChangeId) -> HttpResponse:
    return respond_json(effect_out(effect_of(request.actor, queries.change_for(request.actor, order_id))))


@router.patch("/change-orders/{order_id}", summary="Edit a draft")
@operation("governance.change.edit")
def edit_change(request: ApiRequest, order_id: ChangeId, body: ChangePatch) -> HttpResponse:
    changes.edit_change(request.actor, order_id=order_id, **body.model_dump(exclude_unset=True))
    return respond_json(_change(request, order_id))


@router.post("/change-orders/{order_id}/lines", summary="Add a line to a draft")
@operation("governance.change_line.add")
def add_line(request: ApiRequest, order_id: ChangeId, body: LineIn) -> HttpResponse:
    change_lines.add_line(request.actor, order_id=order_id, **body.model_dump(exclude_unset=True))
    return respond_json(_change(request, order_id), status=201)


@router.delete("/change-orders/{order_id}/lines/{order_line_id}", summary="Remove a line of a draft")
@operation("governance.change_line.remove")
def remove_line(request: ApiRequest, order_id: ChangeId, order_line_id: LineId) -> HttpResponse:
    queries.change_for(request.actor, order_id)
    change_lines.remove_line(request.actor, order_line_id=order_line_id)
    return HttpResponse(status=204)


@router.post("/change-orders/{order_id}/send", summary="Send a change order; answers with the client's link, once")
@operation("governance.change.send")
def send_change(request: ApiRequest, order_id: ChangeId, body: SendIn) -> HttpResponse:
    sent = changes.send_change(request.actor, order_id=order_id, to=body.to)
    return respond_json({**_change(request, order_id), "url": sent.url})


@router.post("/change-orders/{order_id}/accept", summary="Record the client's acceptance and apply all of it")
@operation("governance.change.accept")
def accept_change(request: ApiRequest, order_id: ChangeId, body: AnswerIn) -> HttpResponse:
    changes.accept_change(request.actor, order_id=order_id, **body.model_dump())
    return respond_json(_change(request, order_id))


@router.post("/change-orders/{order_id}/decline", summary="Record that the client declined")
@operation("governance.change.decline")
def decline_change(request: ApiRequest, order_id: ChangeId, body: AnswerIn) -> HttpResponse:
    changes.decline_change(request.actor, order_id=order_id, **body.model_dump())
    return respond_json(_change(request, order_id))


@router.post("/change-orders/{order_id}/withdraw", summary="Withdraw a change order")
@operation("governance.change.withdraw")
def withdraw_change(request: ApiRequest, order_id: ChangeId, body: ReasonIn) -> HttpResponse:
    changes.withdraw_change(request.actor, order_id=order_id, reason=body.reason)
    return respond_json(_change(request, order_id))


@router.post("/change-orders/{order_id}/reopen", summary="Make a sent, declined or withdrawn order a draft again")
@operation("governance.change.reopen")
def reopen_change(request: ApiRequest, order_id: ChangeId, body: ReasonIn) -> HttpResponse:
    changes.reopen_change(request.actor, order_id=order_id, reason=body.reason)
    return respond_json(_change(request, order_id))


@router.post("/change-orders/{order_id}/reverse", summary="Take an acceptance back with all that it changed")
@operation("governance.change.reverse")
def reverse_change(request: ApiRequest, order_id: ChangeId, body: ReasonIn) -> HttpResponse:
    changes.reverse_change(request.actor, order_id=order_id, reason=body.reason)
    return respond_json(_change(request, order_id))
