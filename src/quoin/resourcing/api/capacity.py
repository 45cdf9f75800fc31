"""Capacity over the API: a person's, the planner's grid, and demand against what is there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query

from quoin.base.http.api import ApiIn, ApiRequest, Router, operation, respond_json
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.people.queries.within import person_within
from quoin.resourcing import queries
from quoin.resourcing.api.wire import JobRoleId, PersonId, SkillId, TeamId, shown
from quoin.resourcing.queries import planner, supply
from quoin.resourcing.types import Cell

router = Router(tags=["capacity"])


class GridIn(ApiIn):
    """Which people and which columns."""

    from_on: date | None = None
    weeks: int = 12
    unit: str = "week"
    team_id: TeamId | None = None
    job_role_id: JobRoleId | None = None
    skill_id: SkillId | None = None
    least_level: int = 1
    free_percent: int = 0
    free_from: date | None = None
    free_until: date | None = None
    with_actual: bool = False
    q: str = ""


class SupplyIn(ApiIn):
    """Which months, and by role, by team or of one skill."""

    from_on: date | None = None
    months: int = 6
    skill_id: SkillId | None = None
    least_level: int = 3
    by: str = "role"


@router.get("/planner", summary="People by weeks or days: capacity, firm, tentative, away")
@operation(queries.VIEW)
def get_planner(request: ApiRequest, asked: Annotated[GridIn, Query()]) -> HttpResponse:
    found = planner.grid(request.actor, _wanted(request, asked))
    rows = [
        {
            "person_id": public_id("per", row.person.id), "name": row.person.name,
            "team_id": shown("tea", row.person.team_id), "job_role_id": shown("job", row.person.job_role_id),
            "cells": [_cell(cell) for cell in row.cells],
        }
        for row in found.rows
    ]  # fmt: skip
    return respond_json({"starts": found.starts, "data": rows, "totals": [_cell(cell) for cell in found.totals]})


@router.get("/people/{person_id}/capacity", summary="Capacity and load of a person, day by day")
@operation(queries.VIEW)
def person_capacity(
    request: ApiRequest, person_id: PersonId, from_on: date | None = None, until_on: date | None = None
) -> HttpResponse:
    person = person_within(request.actor, queries.VIEW, person_id)
    first = from_on or request.actor.today
    last = until_on or first + timedelta(days=27)
    if last < first:
        raise invalid("/until_on", "The last day is before the first. Check both days.")
    wanted = planner.Wanted(from_on=first, columns=(last - first).days + 1, step=1, people=(person.id,))
    found = planner.grid(request.actor, wanted)
    cells = found.rows[0].cells if found.rows else ()
    days = [{"on": day, **_cell(cell)} for day, cell in zip(found.starts, cells, strict=False)]
    return respond_json({"person_id": public_id("per", person.id), "data": days})


@router.get("/supply", summary="Capacity and demand by role, team or skill and month")
@operation(queries.VIEW)
def get_supply(request: ApiRequest, asked: Annotated[SupplyIn, Query()]) -> HttpResponse:
    if not 1 <= asked.months <= _MOST_MONTHS:
        raise invalid("/months", "Ask for 1 to 24 months.")
    first = asked.from_on or request.actor.today
    if asked.by not in {"role", "team"}:
        raise invalid("/by", "Supply is by role or by team, or of a skill.")
    if asked.skill_id is None and asked.by == "team":
        rows, prefix = supply.supply_by_team(request.actor, first, asked.months), "tea"
    elif asked.skill_id is None:
        rows, prefix = supply.supply_by_role(request.actor, first, asked.months), "job"
    else:
        prefix = "skl"
        rows = supply.supply_by_skill(
            request.actor, first, asked.months, [asked.skill_id], least_level=asked.least_level
        )
    names = ("month_on", "people", "capacity", "firm", "tentative", "demand", "pipeline", "gap")
    return respond_json(
        {"data": [{"of": shown(prefix, row.key), **{name: getattr(row, name) for name in names}} for row in rows]}
    )


def _wanted(request: ApiRequest, asked: GridIn) -> planner.Wanted:
    if asked.unit not in {"week", "day"}:
        raise invalid("/unit", "A column is a week or a day.")
    first = asked.from_on or request.actor.today
    step = 7 if asked.unit == "week" else 1
    if step > 1:
        first -= timedelta(days=first.weekday())
    return planner.Wanted(
        from_on=first, columns=asked.weeks * 7 // step, step=step, team_id=asked.team_id,
        job_role_id=asked.job_role_id, skill_id=asked.skill_id, least_level=asked.least_level,
        free_percent=asked.free_percent, free_from=asked.free_from, free_until=asked.free_until,
        with_actual=asked.with_actual, search=asked.q,
    )  # fmt: skip


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "capacity": cell.capacity, "firm": cell.firm, "tentative": cell.tentative, "away": cell.away,
        "actual": cell.actual, "percent": cell.percent, "free": cell.free,
    }  # fmt: skip


_MOST_MONTHS = 24
