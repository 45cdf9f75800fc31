"""Checks, trail, undo and exports over the API."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase

from quoin.base.http.api import (
    ApiIn,
    ApiOut,
    ApiRequest,
    ListOut,
    PublicId,
    Router,
    list_response,
    operation,
    respond_json,
)
from quoin.base.listing.query import pairs_of
from quoin.compliance import actions
from quoin.compliance.actions import exports as export_actions
from quoin.compliance.queries import exports as export_queries
from quoin.compliance.queries import trail as queries
from quoin.compliance.queries.checks import SEE_CHECKS, run_checks
from quoin.compliance.queries.trail_export import as_text, changed_values
from quoin.kernel.ids import public_id

router = Router(tags=["Audit"])
ActionId = Annotated[UUID, PublicId("act")]
ExportId = Annotated[UUID, PublicId("xpt")]


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


@router.get("/audit-values")
@operation(queries.SEE_TRAIL)
def list_values(request: ApiRequest) -> HttpResponse:
    """Every changed column, before and after, of the actions that the filter of `/audit-actions` leaves."""
    found = changed_values(request.actor, pairs_of(request.GET))
    return HttpResponse(as_text(found, "json"), content_type="application/json")


@router.get("/audit-actions/{action_id}")
@operation(queries.SEE_TRAIL)
def get_action(request: ApiRequest, action_id: ActionId) -> HttpResponse:
    """One action with the columns that it changed."""
    found = queries.action_for(request.actor, action_id)
    changes = [asdict(change) for change in queries.changes_of(request.actor, found)]
    return respond_json({**_action(found), "arguments": queries.arguments_of(request.actor, found), "changes": changes})


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


class ExportIn(ApiIn):
    """csv or json."""

    form: str = "csv"


class ExportOut(ApiOut):
    """An export of the whole firm; `finished_at` is null while it is written."""

    id: ExportId
    asked_at: datetime
    asked_by: str
    form: str
    finished_at: datetime | None
    rows: int | None
    size_bytes: int | None
    sha256: str


@router.get("/exports", response=ListOut[ExportOut])
@operation(export_queries.READ_EXPORTS)
def list_exports(request: ApiRequest) -> HttpResponse:
    """Exports of the last week."""
    return list_response(request, export_queries.EXPORTS, export_queries.exports(request.actor), _export)


@router.post("/exports", response={202: ExportOut})
@operation("compliance.export.create")
def create_export(request: ApiRequest, body: ExportIn) -> HttpResponse:
    """Ask for everything of the firm; a job writes it."""
    return respond_json(_export(export_actions.create_export(request.actor, form=body.form)), status=202)


@router.get("/exports/{export_id}", response=ExportOut)
@operation(export_queries.READ_EXPORTS)
def get_export(request: ApiRequest, export_id: ExportId) -> HttpResponse:
    """How far it is."""
    return respond_json(_export(export_queries.export_for(request.actor, export_id)))


@router.get("/exports/{export_id}/file")
@operation(export_queries.READ_EXPORTS)
def get_export_file(request: ApiRequest, export_id: ExportId) -> HttpResponseBase:
    """The zip."""
    export = export_queries.export_for(request.actor, export_id)
    return export_queries.zip_response(export)


@router.delete("/exports/{export_id}", response={204: None})
@operation("compliance.export.delete")
def delete_export(request: ApiRequest, export_id: ExportId) -> HttpResponse:
    """Be rid of it before its week is over."""
    export_actions.delete_export(request.actor, export_id=export_id)
    return HttpResponse(status=204)


def _export(row: Any) -> dict[str, Any]:
    return {
        "id": public_id("xpt", row.id), "asked_at": row.asked_at, "asked_by": row.asked_by, "form": row.form,
        "finished_at": row.finished_at, "rows": row.rows, "size_bytes": row.size_bytes, "sha256": row.sha256,
    }  # fmt: skip


def _action(row: Any) -> dict[str, Any]:
    return {
        "id": public_id("act", row.id), "name": row.name, "at": row.at, "actor_name": row.actor_name,
        "source": row.source, "target": row.target, "reason": row.reason, "request_id": row.request_id,
        "can_undo": row.undo is not None,
    }  # fmt: skip
