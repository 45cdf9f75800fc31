"""Teams and job roles over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json
from quoin.people.actions import organisation as actions
from quoin.people.queries import VIEW
from quoin.people.queries import organisation as queries

router = Router(tags=["people"])
TeamId = Annotated[UUID, PublicId("tea")]
PersonId = Annotated[UUID, PublicId("per")]
JobRoleId = Annotated[UUID, PublicId("job")]


class NameIn(ApiIn):
    """What it is called."""

    name: str


class TeamPatch(ApiIn):
    """What to change of a team; absent fields stay. `person_ids` are all who are in it afterwards."""

    name: str = ""
    person_ids: list[PersonId] | None = None


@router.get("/teams", summary="List teams")
@operation(VIEW)
def list_teams(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.TEAMS, queries.team_list(request.actor), _out)


@router.post("/teams", summary="Add a team")
@operation("people.team.create")
def create_team(request: ApiRequest, body: NameIn) -> HttpResponse:
    made = actions.create_team(request.actor, name=body.name)
    return respond_json(_out(queries.team_for(request.actor, made.id)), status=201)


@router.get("/teams/{team_id}", summary="A team and who is in it")
@operation(VIEW)
def get_team(request: ApiRequest, team_id: TeamId) -> HttpResponse:
    return respond_json(_team_out(request, team_id))


@router.patch("/teams/{team_id}", summary="Edit a team and who is in it")
@operation("people.team.edit")
def edit_team(request: ApiRequest, team_id: TeamId, body: TeamPatch) -> HttpResponse:
    actions.edit_team(request.actor, team_id=team_id, **body.model_dump(exclude_unset=True))
    return respond_json(_team_out(request, team_id))


@router.delete("/teams/{team_id}", summary="Delete a team that nobody is in")
@operation("people.team.delete")
def delete_team(request: ApiRequest, team_id: TeamId) -> HttpResponse:
    actions.delete_team(request.actor, team_id=team_id)
    return HttpResponse(status=204)


@router.get("/job-roles", summary="List job roles")
@operation(VIEW)
def list_job_roles(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.JOB_ROLES, queries.job_role_list(request.actor), _out)


@router.post("/job-roles", summary="Add a job role")
@operation("people.job_role.create")
def create_job_role(request: ApiRequest, body: NameIn) -> HttpResponse:
    made = actions.create_job_role(request.actor, name=body.name)
    return respond_json(_out(queries.job_role_for(request.actor, made.id)), status=201)


@router.get("/job-roles/{job_role_id}", summary="A job role and the certificates it needs")
@operation(VIEW)
def get_job_role(request: ApiRequest, job_role_id: JobRoleId) -> HttpResponse:
    found = _out(queries.job_role_for(request.actor, job_role_id))
    needed = [one.public_id for one in queries.certificates_needed(job_role_id)]
    return respond_json({**found, "certificate_ids": needed})


@router.patch("/job-roles/{job_role_id}", summary="Edit a job role")
@operation("people.job_role.edit")
def edit_job_role(request: ApiRequest, job_role_id: JobRoleId, body: NameIn) -> HttpResponse:
    actions.edit_job_role(request.actor, job_role_id=job_role_id, name=body.name)
    return respond_json(_out(queries.job_role_for(request.actor, job_role_id)))


@router.delete("/job-roles/{job_role_id}", summary="Delete a job role that nothing uses")
@operation("people.job_role.delete")
def delete_job_role(request: ApiRequest, job_role_id: JobRoleId) -> HttpResponse:
    actions.delete_job_role(request.actor, job_role_id=job_role_id)
    return HttpResponse(status=204)


def _team_out(request: ApiRequest, team_id: UUID) -> dict[str, Any]:
    found = _out(queries.team_for(request.actor, team_id))
    return {**found, "person_ids": [one.public_id for one in queries.team_members(request.actor, team_id)]}


def _out(row: Any) -> dict[str, Any]:
    return {"id": row.public_id, "name": row.name, "people": row.people}
