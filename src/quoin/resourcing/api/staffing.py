"""Staffing runs and repairs over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    PublicId,
    Router,
    list_response,
    operation,
    respond_json,
    whole_list,
)
from quoin.resourcing.actions import staffing as actions
from quoin.resourcing.actions import staffing_repair as repairing
from quoin.resourcing.api.wire import BookingId, DemandId, PersonId, ProjectId, TaskId, TeamId, booking_out
from quoin.resourcing.queries import staffing as queries
from quoin.resourcing.queries import staffing_words as words
from quoin.resourcing.queries.staffing_repair import Trouble, damage, repairs_of

router = Router(tags=["staffing"])
RunId = Annotated[UUID, PublicId("sfr")]
SeatId = Annotated[UUID, PublicId("sfp")]


class RunIn(ApiIn):
    """What to aim at and how hard to try. With `work` in place of the clock the same input gives the same answer."""

    goal: str = ""
    weights: dict[str, int] = {}
    request_ids: list[DemandId] = []
    seconds: int = 30
    work: int | None = None
    seed: int = 1
    keeps_tentative: bool = True


class AcceptIn(ApiIn):
    """Which plan (0 is the best), and which of its proposals; none named: all that stand."""

    plan: int = 0
    proposal_ids: list[SeatId] = []


class GoalIn(ApiIn):
    """The goal of a team, or of everybody without one."""

    goal: str
    weights: dict[str, int] = {}
    team_id: TeamId | None = None


class TroubleIn(ApiIn):
    """Somebody is away from a day to a day; or work on a project or task is some weeks later from a day on."""

    from_on: date
    person_id: PersonId | None = None
    until_on: date | None = None
    project_id: ProjectId | None = None
    task_id: TaskId | None = None
    weeks: int = 0


class MoveIn(ApiIn):
    """A hurt booking goes to a person, some weeks later."""

    booking_id: BookingId
    person_id: PersonId
    weeks: int = 0


class RepairIn(TroubleIn):
    """The trouble, and the moves of the repair that was chosen."""

    moves: list[MoveIn]


@router.get("/staffing-runs", summary="List staffing runs")
@operation(queries.VIEW)
def list_runs(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.RUNS, queries.visible_runs(request.actor), words.run_out)


@router.post("/staffing-runs", summary="Solve all open requests")
@operation(actions.START)
def create_run(request: ApiRequest, body: RunIn) -> HttpResponse:
    asked = body.model_dump()
    run = actions.start_staffing(request.actor, demand_ids=asked.pop("request_ids"), **asked)
    return respond_json(words.run_out(run), status=202)


@router.get("/staffing-runs/{run_id}", summary="A staffing run with its plans")
@operation(queries.VIEW)
def get_run(request: ApiRequest, run_id: RunId) -> HttpResponse:
    return respond_json(words.answer_out(request.actor, queries.run_for(request.actor, run_id)))


@router.get("/staffing-runs/{run_id}/why-not", summary="Why not each other person")
@operation(queries.VIEW)
def get_why_not(request: ApiRequest, run_id: RunId) -> HttpResponse:
    rows = words.why_not_out(queries.run_for(request.actor, run_id))
    return whole_list(rows)


@router.post("/staffing-runs/{run_id}/stop", summary="Stop a staffing run with the best so far")
@operation(actions.STOP)
def stop_run(request: ApiRequest, run_id: RunId) -> HttpResponse:
    return respond_json(words.run_out(actions.stop_staffing(request.actor, run_id=run_id)))


@router.post("/staffing-runs/{run_id}/accept", summary="Accept proposals: tentative bookings")
@operation(actions.ACCEPT)
def accept_run(request: ApiRequest, run_id: RunId, body: AcceptIn) -> HttpResponse:
    made = actions.accept_staffing(request.actor, run_id=run_id, plan=body.plan, proposal_ids=body.proposal_ids)
    return whole_list([booking_out(one) for one in made])


@router.post("/staffing-goals", summary="Keep what staffing aims at")
@operation(actions.SET_GOAL)
def set_goal(request: ApiRequest, body: GoalIn) -> HttpResponse:
    row = actions.set_staffing_goal(request.actor, **body.model_dump())
    return respond_json({"id": row.public_id, "goal": row.goal, "weights": row.weights})


@router.post("/staffing-repairs", summary="The three smallest repairs after illness or delay")
@operation(queries.VIEW)
def find_repairs(request: ApiRequest, body: TroubleIn) -> HttpResponse:
    found = damage(request.actor, Trouble.of(body.model_dump()))
    rows = [words.repair_out(request.actor, found, one) for one in repairs_of(found)]
    return whole_list(rows)


@router.post("/staffing-repairs/apply", summary="Apply a repair")
@operation(repairing.REPAIR)
def apply_repair(request: ApiRequest, body: RepairIn) -> HttpResponse:
    given = body.model_dump()
    made = repairing.repair_bookings(request.actor, moves=given.pop("moves"), trouble=given)
    return whole_list([booking_out(one) for one in made])
