"""People over the API. Costs have routes of their own, with a permission of their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    MoneyIn,
    PublicId,
    Router,
    check_match,
    etag_of,
    list_response,
    operation,
    respond_json,
    whole_list,
)
from quoin.kernel.ids import public_id
from quoin.people import actions, queries
from quoin.people.queries.lists import PEOPLE

router = Router(tags=["people"])
PersonId = Annotated[UUID, PublicId("per")]
EntityId = Annotated[UUID, PublicId("ent")]
TeamId = Annotated[UUID, PublicId("tea")]
JobRoleId = Annotated[UUID, PublicId("job")]
CalendarId = Annotated[UUID, PublicId("wca")]


class PersonIn(ApiIn):
    """A person to be added."""

    name: str
    entity_id: EntityId
    email: str = ""
    number: str = ""
    team_id: TeamId | None = None
    manager_id: PersonId | None = None
    job_role_id: JobRoleId | None = None
    kind: str = "employee"
    hired_on: date | None = None
    left_on: date | None = None
    calendar_id: CalendarId | None = None
    zone: str = ""
    place: str = ""
    languages: list[str] = []


class PersonPatch(ApiIn):
    """What to change of a person; absent fields stay."""

    name: str | None = None
    email: str | None = None
    number: str | None = None
    team_id: TeamId | None = None
    manager_id: PersonId | None = None
    job_role_id: JobRoleId | None = None
    hired_on: date | None = None
    left_on: date | None = None
    calendar_id: CalendarId | None = None
    zone: str = ""
    place: str = ""
    languages: list[str] = []


class CostRateIn(ApiIn):
    """The cost of an hour from a day on."""

    valid_from: date
    per_hour: MoneyIn


class WorkPatternIn(ApiIn):
    """Minutes per weekday, Monday first, from a day on."""

    valid_from: date
    weekday_minutes: list[int]


@router.get("/people", summary="List people")
@operation(queries.VIEW)
def list_people(request: ApiRequest) -> HttpResponse:
    return list_response(request, PEOPLE, queries.visible_people(request.actor), person_out)


@router.post("/people", summary="Add a person")
@operation("people.person.create")
def create_person(request: ApiRequest, body: PersonIn) -> HttpResponse:
    return respond_json(person_out(actions.create_person(request.actor, **body.model_dump())), status=201)


@router.get("/people/{person_id}", summary="A person")
@operation(queries.VIEW)
def get_person(request: ApiRequest, person_id: PersonId) -> HttpResponse:
    found = person_out(queries.person_for(request.actor, person_id))
    return respond_json(found, etag=etag_of(*found.values()))


@router.patch("/people/{person_id}", summary="Edit a person")
@operation("people.person.edit")
def edit_person(request: ApiRequest, person_id: PersonId, body: PersonPatch) -> HttpResponse:
    check_match(request, etag_of(*person_out(queries.person_for(request.actor, person_id)).values()))
    actions.edit_person(request.actor, person_id=person_id, **body.model_dump(exclude_unset=True))
    return _answer(request, person_id)


@router.get("/people/{person_id}/cost-rates", summary="Cost rates of a person")
@operation(queries.VIEW_COST)
def list_cost_rates(request: ApiRequest, person_id: PersonId) -> HttpResponse:
    rows = queries.cost_rates(request.actor, person_id)
    return whole_list([_cost_out(row) for row in rows])


@router.post("/people/{person_id}/cost-rates", summary="Set a cost rate from a day on")
@operation("people.cost_rate.set")
def set_cost_rate(request: ApiRequest, person_id: PersonId, body: CostRateIn) -> HttpResponse:
    queries.person_for(request.actor, person_id)
    rate = actions.set_cost_rate(
        request.actor,
        person_id=person_id,
        valid_from=body.valid_from,
        amount_per_hour=Decimal(body.per_hour.amount),
        currency=body.per_hour.currency,
    )
    return respond_json(_cost_out(rate), status=201)


@router.delete("/people/{person_id}/cost-rates/last", summary="Delete the last cost rate")
@operation("people.cost_rate.delete")
def delete_cost_rate(request: ApiRequest, person_id: PersonId) -> HttpResponse:
    actions.delete_cost_rate(request.actor, cost_rate_id=queries.last_cost_rate(request.actor, person_id).id)
    return HttpResponse(status=204)


@router.post("/people/{person_id}/work-patterns", summary="Set working hours from a day on")
@operation("people.work_pattern.set")
def set_work_pattern(request: ApiRequest, person_id: PersonId, body: WorkPatternIn) -> HttpResponse:
    queries.person_for(request.actor, person_id)
    row = actions.set_work_pattern(request.actor, person_id=person_id, **body.model_dump())
    return respond_json({"valid_from": row.valid_from, "weekday_minutes": row.weekday_minutes}, status=201)


def _answer(request: ApiRequest, person_id: UUID) -> HttpResponse:
    found = person_out(queries.person_for(request.actor, person_id))
    return respond_json(found, etag=etag_of(*found.values()))


def person_out(person: Any) -> dict[str, Any]:
    """A person as the API writes them."""
    return {
        "id": person.public_id,
        "name": person.name,
        "email": person.email,
        "number": person.number,
        "kind": person.kind,
        "entity_id": public_id("ent", person.entity_id),
        "team_id": public_id("tea", person.team_id) if person.team_id else None,
        "manager_id": public_id("per", person.manager_id) if person.manager_id else None,
        "job_role_id": public_id("job", person.job_role_id) if person.job_role_id else None,
        "calendar_id": public_id("wca", person.calendar_id) if person.calendar_id else None,
        "zone": person.zone,
        "place": person.place,
        "languages": person.languages,
        "hired_on": person.hired_on,
        "left_on": person.left_on,
    }


def _cost_out(rate: Any) -> dict[str, Any]:
    amount = {"amount": f"{Decimal(rate.amount_per_hour):f}", "currency": rate.currency}
    return {"valid_from": rate.valid_from, "per_hour": amount}
