"""Staffing requests, their candidates and answers over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

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
from quoin.kernel.ids import public_id
from quoin.resourcing.actions import candidates, demands
from quoin.resourcing.api.wire import (
    CertificateId,
    DemandId,
    JobRoleId,
    PersonId,
    ProjectId,
    ProposalId,
    SkillId,
    TaskId,
    booking_out,
    demand_out,
    proposal_out,
)
from quoin.resourcing.queries import demands as queries
from quoin.resourcing.types import Reason

router = Router(tags=["staffing"])


class SkillNeedIn(ApiIn):
    """A skill from a level on: a must, or nice to have."""

    skill_id: SkillId
    level: int = 3
    is_must: bool = True


class RequestPatch(ApiIn):
    """What to change of a request; absent fields stay. Effort is hours per week or per cent, one of the two."""

    title: str = ""
    task_id: TaskId | None = None
    job_role_id: JobRoleId | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    minutes_per_week: int | None = None
    percent: int | None = None
    curve: list[int] = []
    languages: list[str] = []
    place: str = ""
    priority: int = 2
    is_firm: bool = True
    most_people: int = 1
    least_share: int = 50
    slack_weeks: int = 0
    note: str = ""
    skills: list[SkillNeedIn] = []
    certificate_ids: list[CertificateId] = []


class RequestIn(RequestPatch):
    """Somebody is needed."""

    project_id: ProjectId
    starts_on: date
    ends_on: date
    is_draft: bool = False


class CandidateIn(ApiIn):
    """Who is proposed or asked."""

    person_id: PersonId
    note: str = ""


class AnswerIn(ApiIn):
    """The person's own answer: willing, unwilling or talk."""

    answer: str
    note: str = ""


class AcceptIn(ApiIn):
    """Who fills the request, or a part of it."""

    person_id: PersonId
    percent: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_firm: bool = False
    override_reason: str = ""


class StatusIn(ApiIn):
    """The status a request goes back to."""

    status: str = "open"


@router.get("/requests", summary="List staffing requests")
@operation(queries.VIEW_DEMAND)
def list_requests(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.DEMANDS, queries.visible_demands(request.actor), demand_out)


@router.post("/requests", summary="Ask for somebody")
@operation("resourcing.demand.create")
def create_request(request: ApiRequest, body: RequestIn) -> HttpResponse:
    return respond_json(demand_out(demands.create_demand(request.actor, **body.model_dump())), status=201)


@router.get("/requests/{request_id}", summary="A staffing request")
@operation(queries.VIEW_DEMAND)
def get_request(request: ApiRequest, request_id: DemandId) -> HttpResponse:
    found = queries.demand_for(request.actor, request_id)
    needs = [
        {
            "skill_id": public_id("skl", row.skill_id),
            "skill": row.skill.name,
            "level": row.level,
            "is_must": row.is_must,
        }
        for row in queries.skills_of_demand(found)
    ]
    certificates = [public_id("crt", row.certificate_id) for row in queries.certificates_of_demand(found)]
    answer = {
        **demand_out(found), "skills": needs, "certificate_ids": certificates,
        "proposals": [proposal_out(row) for row in queries.proposals_of(found)],
    }  # fmt: skip
    return respond_json(answer, etag=etag_of(found.id, found.version))


@router.patch("/requests/{request_id}", summary="Change a staffing request")
@operation("resourcing.demand.edit")
def edit_request(request: ApiRequest, request_id: DemandId, body: RequestPatch) -> HttpResponse:
    found = queries.demand_for(request.actor, request_id)
    check_match(request, etag_of(found.id, found.version))
    made = demands.edit_demand(request.actor, demand_id=request_id, **body.model_dump(exclude_unset=True))
    return _answer(made)


@router.post("/requests/{request_id}/open", summary="Open a draft")
@operation("resourcing.demand.open")
def open_request(request: ApiRequest, request_id: DemandId) -> HttpResponse:
    return _answer(demands.open_demand(request.actor, demand_id=request_id))


@router.post("/requests/{request_id}/cancel", summary="Cancel a staffing request")
@operation("resourcing.demand.cancel")
def cancel_request(request: ApiRequest, request_id: DemandId) -> HttpResponse:
    return _answer(demands.cancel_demand(request.actor, demand_id=request_id))


@router.post("/requests/{request_id}/reopen", summary="Ask again")
@operation("resourcing.demand.reopen")
def reopen_request(request: ApiRequest, request_id: DemandId, body: StatusIn) -> HttpResponse:
    return _answer(demands.reopen_demand(request.actor, demand_id=request_id, status=body.status))


@router.get("/requests/{request_id}/candidates", summary="Who fits, with reasons, and why not the others")
@operation(queries.VIEW_DEMAND)
def list_candidates(request: ApiRequest, request_id: DemandId, rate: Decimal | None = None) -> HttpResponse:
    found = queries.demand_for(request.actor, request_id)
    ranking = queries.ranking_for(request.actor, found, rate_per_hour=rate)
    fitting = [
        {
            "person_id": public_id("per", one.person_id), "name": one.name, "score": one.score,
            "free_percent": int(one.free_ratio * 100),
            "margin_percent": None if one.margin_ratio is None else int(one.margin_ratio * 100),
            "reasons": _reasons(one.reasons),
        }
        for one in ranking.fitting
    ]  # fmt: skip
    excluded = [
        {"person_id": public_id("per", one.person_id), "name": one.name, "reasons": _reasons(one.reasons)}
        for one in ranking.excluded
    ]
    return respond_json({"data": fitting, "excluded": excluded})


@router.post("/requests/{request_id}/propose", summary="Propose somebody")
@operation("resourcing.demand.propose")
def propose(request: ApiRequest, request_id: DemandId, body: CandidateIn) -> HttpResponse:
    made = demands.propose(request.actor, demand_id=request_id, **body.model_dump())
    return respond_json(proposal_out(made), status=201)


@router.post("/requests/{request_id}/ask", summary="Ask a candidate")
@operation("resourcing.demand.ask")
def ask_candidate(request: ApiRequest, request_id: DemandId, body: CandidateIn) -> HttpResponse:
    made = demands.ask_candidate(request.actor, demand_id=request_id, **body.model_dump())
    return respond_json(proposal_out(made), status=201)


@router.post("/requests/{request_id}/decline", summary="Decline a candidate")
@operation(candidates.DECLINE)
def decline_candidate(request: ApiRequest, request_id: DemandId, body: CandidateIn) -> HttpResponse:
    made = candidates.decline_candidate(request.actor, demand_id=request_id, **body.model_dump())
    return respond_json(proposal_out(made))


@router.post("/proposals/{proposal_id}/answer", summary="Say whether one wants to")
@operation("resourcing.demand.answer")
def answer_request(request: ApiRequest, proposal_id: ProposalId, body: AnswerIn) -> HttpResponse:
    made = demands.answer_request(request.actor, proposal_id=proposal_id, **body.model_dump())
    return respond_json(proposal_out(made))


@router.post("/requests/{request_id}/accept", summary="Accept somebody: makes the bookings")
@operation("resourcing.demand.accept")
def accept_candidate(request: ApiRequest, request_id: DemandId, body: AcceptIn) -> HttpResponse:
    made = demands.accept_candidate(request.actor, demand_id=request_id, **body.model_dump())
    return respond_json({"data": [booking_out(one) for one in made]}, status=201)


def _answer(demand: Any) -> HttpResponse:
    return respond_json(demand_out(demand), etag=etag_of(demand.id, demand.version))


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [{"key": one.key, "points": one.points, "text": one.text} for one in reasons]
