"""Levelling of plans over the API: what it would do, and doing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, Router, operation, respond_json
from quoin.kernel.ids import public_id
from quoin.projects.actions import plan as actions
from quoin.projects.api.plan import ProjectId, effect_out
from quoin.projects.queries import project_for
from quoin.projects.queries.levelling import Proposal, Told, level_by, level_preview
from quoin.projects.queries.plan import VIEW_PLAN

router = Router(tags=["plans"])


class LevelIn(ApiIn):
    """How to level: `by` is rule or solver; `within_float` moves nothing that would move the end or a deadline."""

    by: str = "rule"
    within_float: bool = False


@router.post("/projects/{project_id}/plan/level/preview", summary="What levelling would do")
@operation(VIEW_PLAN)
def preview_level(request: ApiRequest, project_id: ProjectId, body: LevelIn) -> HttpResponse:
    found = level_preview(
        request.actor, project_id, by=level_by(body.by), within_float=body.within_float
    )  # fmt: skip
    return respond_json(proposal_out(found))


@router.post("/projects/{project_id}/plan/level", summary="Let tasks wait for the people who do them")
@operation("projects.plan.level")
def level_plan(request: ApiRequest, project_id: ProjectId, body: LevelIn) -> HttpResponse:
    project_for(request.actor, project_id)
    found = actions.level_plan(
        request.actor, project_id=project_id, by=body.by, within_float=body.within_float
    )  # fmt: skip
    return respond_json(proposal_out(found))


def proposal_out(found: Proposal) -> dict[str, Any]:
    """What levelling found, as the API writes it; `effect` is null where nothing has to move."""
    return {
        "by": found.by.value,
        "changes": len(found.changes),
        "ends_at": found.ends_at,
        "ends_at_by_rule": found.rule_ends_at,
        "waits": [_told_out(one) for one in found.waits],
        "left": [_told_out(one) for one in found.left],
        "effect": effect_out(found.preview.effect) if found.preview else None,
    }


def _told_out(one: Told) -> dict[str, Any]:
    return {
        "task_id": public_id("tsk", one.task_id), "number": one.number, "name": one.name,
        "person_id": public_id("per", one.person_id), "person": one.person, "on": one.on, "until": one.until,
        "why": one.why,
    }  # fmt: skip
