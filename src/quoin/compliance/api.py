"""Checks, trail and undo over the API."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiOut, ApiRequest, ListOut, PublicId, Router, list_response, operation, respond_json
from quoin.compliance import actions
from quoin.compliance.queries import trail as queries
from quoin.compliance.queries.checks import SEE_CHECKS, run_checks
from quoin.kernel.ids import public_id

router = Router(tags=["Audit"])
ActionId = Annotated[UUID, PublicId("act")]


class ActionOut(ApiOut):
    """One entry of the trail."""

    id: ActionId
    name: str
    at: datetime
    actor_name: str
    source: str
    target: str
    reason: str
    request_id: UUID
    can_undo: bool


@router.get("/audit-actions", response=ListOut[ActionOut])
@operation(queries.SEE_TRAIL)
def list_actions(request: ApiRequest) -> HttpResponse:
    """Every command: who, when, what, why, from where."""
    return list_response(request, queries.TRAIL, queries.trail(request.actor), _action)


@router.get("/audit-actions/{action_id}")
@operation(queries.SEE_TRAIL)
def get_action(request: ApiRequest, action_id: ActionId) -> HttpResponse:
    """One action with the columns that it changed."""
    found = queries.action_for(request.actor, action_id)
    changes = [asdict(change) for change in queries.changes_of(found)]
    return respond_json({**_action(found), "arguments": found.arguments, "changes": changes})


@router.get("/checks")
@operation(SEE_CHECKS)
def list_checks(request: ApiRequest) -> HttpResponse:
    """Every rule of the books and the rows that break it."""
    checks = [{**asdict(check), "holds": check.holds} for check in run_checks(request.actor)]
    return respond_json({"data": checks, "holds": all(check["holds"] for check in checks)})


@router.post("/undo/{action_id}")
@operation(queries.UNDO)
def undo(request: ApiRequest, action_id: ActionId) -> HttpResponse:
    """Take back an own action of the last day."""
    done = actions.undo(request.actor, action_id=action_id)
    return respond_json({"undone": done.public_id, "name": done.name})


def _action(row: Any) -> dict[str, Any]:
    return {
        "id": public_id("act", row.id), "name": row.name, "at": row.at, "actor_name": row.actor_name,
        "source": row.source, "target": row.target, "reason": row.reason, "request_id": row.request_id,
        "can_undo": row.undo is not None,
    }  # fmt: skip
