"""Scenarios over the API: kept, changed, compared, applied."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json, whole_list
from quoin.insights.actions import scenarios as actions
from quoin.insights.queries.scenarios import (
    VIEW_SCENARIOS,
    comments_of,
    scenario_for,
    scenario_named,
    visible_scenarios,
)
from quoin.insights.queries.scenarios import words as texts
from quoin.insights.queries.scenarios.applying import plan_for
from quoin.insights.queries.scenarios.compare import compare
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say

router = Router(tags=["scenarios"])
ScenarioId = Annotated[UUID, PublicId("scn")]
PersonId = Annotated[UUID, PublicId("per")]
ChangeId = Annotated[UUID, PublicId("sch")]


class ChangeIn(ApiIn):
    """A change: its kind, and the fields of that kind (ids as UUIDs)."""

    kind: str
    data: dict[str, Any]


class ScenarioIn(ApiIn):
    """A scenario, with changes where wanted."""

    name: str
    note: str = ""
    reach: str = "private"
    from_on: date | None = None
    until_on: date | None = None
    reader_ids: list[PersonId] = []
    """Whom it is shared with, where `reach` is people."""
    changes: list[ChangeIn] = []


class ScenarioPatch(ApiIn):
    """What to change of a scenario; absent fields stay."""

    name: str = ""
    note: str = ""
    reach: str = "private"
    from_on: date | None = None
    until_on: date | None = None
    reader_ids: list[PersonId] | None = None


class CommentIn(ApiIn):
    """What somebody says."""

    text: str


class ApplyIn(ApiIn):
    """Which changes (all when left out), and whether bookings become tentative or firm."""

    change_ids: list[ChangeId] | None = None
    firmness: str = "tentative"
    is_dry_run: bool = False


@router.get("/scenarios", summary="List scenarios")
@operation(VIEW_SCENARIOS)
def list_scenarios(request: ApiRequest) -> HttpResponse:
    rows = [texts.scenario_out(row) for row in visible_scenarios(request.actor)]
    return whole_list(rows)


@router.post("/scenarios", summary="Make a scenario")
@operation("insights.scenario.create")
def create_scenario(request: ApiRequest, body: ScenarioIn) -> HttpResponse:
    given = body.dict(exclude={"changes"}, exclude_unset=True)
    made = actions.create_scenario(
        request.actor, **given, changes=[{"kind": one.kind, **one.data} for one in body.changes]
    )
    return respond_json(texts.scenario_out(made), status=201)


@router.get("/scenarios/compare", summary="Compare scenarios with the plan of record")
@operation(VIEW_SCENARIOS)
def compare_scenarios(request: ApiRequest) -> HttpResponse:
    """`with`: up to three ids or names, by comma; `from`, `until`; `differences=true` for rows that differ."""
    given = request.GET
    named = [one for one in given.get("with", "").split(",") if one]
    found = compare(
        request.actor, [scenario_named(request.actor, one) for one in named], from_on=_day(given.get("from", "")),
        until_on=_day(given.get("until", "")),
    )  # fmt: skip
    return respond_json(texts.comparison_out(found, differences_only=given.get("differences") == "true"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise invalid("/from", say("%(text)s is not a day.", text=text), remedy="Write it as 2026-05-31.") from None


@router.get("/scenarios/{scenario_id}", summary="A scenario with its changes")
@operation(VIEW_SCENARIOS)
def get_scenario(request: ApiRequest, scenario_id: ScenarioId) -> HttpResponse:
    found = scenario_for(request.actor, scenario_id)
    said = [
        {"text": one.text, "at": one.said_at, "by": one.person.name if one.person else ""} for one in comments_of(found)
    ]
    return respond_json(
        texts.scenario_out(found)
        | {"all_changes": texts.changes_out(found), "comments": said, "readers": texts.readers_out(found)}
    )


@router.patch("/scenarios/{scenario_id}", summary="Change or share a scenario")
@operation("insights.scenario.edit")
def edit_scenario(request: ApiRequest, scenario_id: ScenarioId, body: ScenarioPatch) -> HttpResponse:
    made = actions.edit_scenario(request.actor, scenario_id=scenario_id, **body.dict(exclude_unset=True))
    return respond_json(texts.scenario_out(made))


@router.delete("/scenarios/{scenario_id}", summary="Discard a scenario")
@operation("insights.scenario.discard")
def discard_scenario(request: ApiRequest, scenario_id: ScenarioId) -> HttpResponse:
    actions.discard_scenario(request.actor, scenario_id=scenario_id)
    return HttpResponse(status=204)


@router.post("/scenarios/{scenario_id}/reopen", summary="Bring a scenario back")
@operation("insights.scenario.reopen")
def reopen_scenario(request: ApiRequest, scenario_id: ScenarioId) -> HttpResponse:
    return respond_json(texts.scenario_out(actions.reopen_scenario(request.actor, scenario_id=scenario_id)))


@router.post("/scenarios/{scenario_id}/changes", summary="Put a change into a scenario")
@operation("insights.scenario.add")
def add_change(request: ApiRequest, scenario_id: ScenarioId, body: ChangeIn) -> HttpResponse:
    row = actions.add_change(request.actor, scenario_id=scenario_id, kind=body.kind, **body.data)
    return respond_json(texts.change_out(row), status=201)


@router.delete("/scenarios/{scenario_id}/changes/{change_id}", summary="Take a change out of a scenario")
@operation("insights.scenario.drop")
def drop_change(request: ApiRequest, scenario_id: ScenarioId, change_id: ChangeId) -> HttpResponse:
    found = scenario_for(request.actor, scenario_id)
    if all(one["id"] != request.path.rsplit("/", 1)[-1] for one in texts.changes_out(found)):
        raise NotFound("There is no such change.")
    actions.drop_change(request.actor, change_id=change_id)
    return HttpResponse(status=204)


@router.post("/scenarios/{scenario_id}/comments", summary="Comment on a scenario")
@operation("insights.scenario.comment")
def comment_scenario(request: ApiRequest, scenario_id: ScenarioId, body: CommentIn) -> HttpResponse:
    row = actions.comment_scenario(request.actor, scenario_id=scenario_id, text=body.text)
    return respond_json({"text": row.text, "at": row.said_at}, status=201)


@router.post("/scenarios/{scenario_id}/apply", summary="Apply a scenario, or preview it")
@operation("insights.scenario.apply")
def apply_scenario(request: ApiRequest, scenario_id: ScenarioId, body: ApplyIn) -> HttpResponse:
    if body.is_dry_run:
        found = scenario_for(request.actor, scenario_id)
        return respond_json(texts.plan_out(plan_for(request.actor, found, change_ids=body.change_ids)))
    done = actions.apply_scenario(request.actor, scenario_id=scenario_id, as_=body.firmness, change_ids=body.change_ids)
    return respond_json(texts.plan_out(done))
