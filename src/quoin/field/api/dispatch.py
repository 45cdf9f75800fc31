"""What the dispatch board does, over the API: try a place, order a day, record hours."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from quoin.base.http.api import ApiRequest, Router, operation, respond_json
from quoin.field import actions, queries
from quoin.field.api.bodies import ArrangeIn, PersonId, TryIn, VisitId
from quoin.field.queries.board import people_of_board, suggestion_for
from quoin.field.queries.dispatch import Draft, plan_of
from quoin.field.queries.words import trouble_words
from quoin.field.rules.dispatch import troubles
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id

router = Router(tags=["field"])
_PLAN = "field.visit.plan"


@router.post("/visits/{visit_id}/try", summary="What would be in the way of a visit there; nothing is written")
@operation(_PLAN)
def try_visit(request: ApiRequest, visit_id: VisitId, body: TryIn) -> HttpResponse:
    found = queries.visit_for(request.actor, visit_id)
    found.starts_at, found.ends_at = body.starts_at, body.ends_at
    plan = plan_of(request.actor, found, Draft(tuple(body.crew), tuple(body.equipment)))
    against = [
        {"code": one.trouble.value, "is_hard": one.is_hard, "detail": trouble_words(one)} for one in troubles(plan)
    ]
    return respond_json({"against": against})


@router.get("/visits/order", summary="A shorter order of somebody's day and the travel that it saves")
@operation(_PLAN)
def suggest_order(request: ApiRequest, person_id: PersonId, on: date) -> HttpResponse:
    person = next((one for one in people_of_board(request.actor) if one.id == person_id), None)
    if person is None:
        raise NotFound("There is no such person on the board.")
    found = suggestion_for(request.actor, person, on)
    moves = [
        {
            "visit_id": found.visits[index].public_id, "starts_at": at,
            "ends_at": at + (found.visits[index].ends_at - found.visits[index].starts_at),  # type: ignore[operator]  # placed visits have both
        }
        for index, at in found.order.stops
    ]  # fmt: skip
    return respond_json({"saved_minutes": found.order.saved_minutes, "moves": moves})


@router.post("/visits/arrange", summary="New hours for draft visits, with one undo")
@operation("field.visit.arrange")
def arrange(request: ApiRequest, body: ArrangeIn) -> HttpResponse:
    for move in body.moves:
        queries.visit_for(request.actor, move.visit_id)
    moves = [{"visit_id": one.visit_id, "hours": [one.starts_at, one.ends_at]} for one in body.moves]
    done = actions.arrange_visits(request.actor, moves=moves)
    return respond_json({"arranged": [public_id("vis", one) for one in done]})


@router.post("/visits/{visit_id}/record-time", summary="Bring the crew's hours to their timesheets")
@operation("field.visit.record_time")
def record_time(request: ApiRequest, visit_id: VisitId) -> HttpResponse:
    queries.visit_for(request.actor, visit_id)
    told = actions.record_time(request.actor, visit_id=visit_id)
    return respond_json(
        {"recorded": told.people, "refused": [{"name": name, "why": why} for name, why in told.refused]}
    )
