"""Imports over the API: a file in, the plan or the result out, undo, reconciliation."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import Field

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    MoneyIn,
    PublicId,
    Router,
    list_response,
    operation,
    respond_json,
)
from quoin.base.listing import Column, Kind, Listing
from quoin.imports import actions, queries
from quoin.imports.adapters.opened import Opened, open_bytes
from quoin.imports.queries import ImportBatch
from quoin.imports.queries.mapping import columns_of, mapping_of
from quoin.imports.queries.planning import has_errors
from quoin.imports.queries.reconcile import reconcile
from quoin.imports.queries.runs import run_out, standing_of
from quoin.imports.queries.words import batch_out, reconciliation_out
from quoin.imports.rules.loading import Answers, EntryStatus, LoadOptions
from quoin.imports.rules.planned import PlanOptions
from quoin.imports.types import DateOrder, ReadOptions
from quoin.kernel.errors import invalid
from quoin.kernel.words import say

router = Router(tags=["imports"])
ImportId = Annotated[UUID, PublicId("imp")]
IMPORTS = Listing(
    key="imports",
    columns=(
        Column(key="started_at", label="Started", kind=Kind.DAY),
        Column(key="status", label="Status"),
        Column(key="source", label="Source"),
        Column(key="file", label="File", source="file_name"),
    ),
    search=("file_name__icontains",),
    sort="-started_at",
)


class ImportIn(ApiIn):
    """A file and how it is imported. `rate` prices what has no price, `cost` is per hour of people who have none,
    `currency` is that of amounts without one.
    """

    file_name: str = Field(max_length=200)
    content_base64: str
    profile: str = ""
    status: Literal["open", "submitted", "approved"] = "open"
    approver: str = ""
    rate: MoneyIn | None = None
    cost: MoneyIn | None = None
    country: str = ""
    card: str = ""
    date_order: Literal["ymd", "dmy", "mdy"] | None = None
    decimal_point: Literal[".", ","] | None = None
    zone: str = "UTC"
    currency: str = Field(default="", max_length=3)
    default_client: str = ""
    default_project: str = ""
    takes_changes: bool = True
    skip_errors: bool = False
    plan_sha256: str = ""
    mapping: dict[str, dict[str, str]] = {}


class UploadIn(ApiIn):
    """What stands beside the file in a form; the other answers need the JSON call."""

    profile: str = ""
    status: Literal["open", "submitted", "approved"] = "open"
    date_order: Literal["ymd", "dmy", "mdy"] | None = None
    country: str = ""
    currency: str = Field(default="", max_length=3)
    plan_sha256: str = ""


@router.get("/imports", summary="List imports")
@operation(queries.VIEW)
def list_imports(request: ApiRequest) -> HttpResponse:
    return list_response(
        request, IMPORTS, queries.batches(request.actor), lambda row: batch_out(row, with_report=False)
    )


@router.post("/imports", summary="Import a file; with dry_run=true only say what would happen")
@operation(actions.APPLY)
def create_import(request: ApiRequest, body: ImportIn) -> HttpResponse:
    """With dry_run=true errors of the file are in the answer (200); without, they are refused (422)."""
    return _import(request, _opened(body), profile=body.profile, answers=_answers(body), plan_sha256=body.plan_sha256)


@router.post("/imports/upload", summary="Import a file that is sent as multipart/form-data")
@operation(actions.APPLY)
def upload_import(request: ApiRequest, file: File[UploadedFile], told: Form[UploadIn]) -> HttpResponse:
    opened = open_bytes(file.name or "upload", file.read())
    answers = Answers(
        read=ReadOptions(
            date_order=DateOrder(told.date_order) if told.date_order else None, currency=told.currency.upper()
        ),
        load=LoadOptions(status=EntryStatus(told.status), country=told.country),
    )
    return _import(request, opened, profile=told.profile, answers=answers, plan_sha256=told.plan_sha256)


@router.get("/imports/{import_id}", summary="An import with its counts, check sums and errors")
@operation(queries.VIEW)
def get_import(request: ApiRequest, import_id: ImportId) -> HttpResponse:
    return respond_json(_with_run(request, import_id))


@router.post("/imports/{import_id}/apply", summary="Write in the background what a dry run showed")
@operation(actions.START)
def start_import(request: ApiRequest, import_id: ImportId) -> HttpResponse:
    """Answers at once (202); `run` of the import tells how far it is."""
    actions.start_batch(request.actor, batch_id=import_id)
    return respond_json(_with_run(request, import_id), status=202)


@router.post("/imports/{import_id}/stop", summary="Stop an import that is being written")
@operation(actions.STOP)
def stop_import(request: ApiRequest, import_id: ImportId) -> HttpResponse:
    actions.stop_batch(request.actor, batch_id=import_id)
    return respond_json(_with_run(request, import_id))


@router.post("/imports/{import_id}/undo", summary="Take an import back")
@operation(actions.UNDO)
def undo_import(request: ApiRequest, import_id: ImportId) -> HttpResponse:
    return respond_json(batch_out(actions.undo_batch(request.actor, batch_id=import_id)))


@router.get("/imports/{import_id}/reconcile", summary="The file beside the database")
@operation(queries.VIEW)
def reconcile_import(request: ApiRequest, import_id: ImportId) -> HttpResponse:
    batch = queries.batch_for(request.actor, import_id)
    return respond_json({"id": batch.public_id, **reconciliation_out(reconcile(request.actor, batch))})


def _with_run(request: ApiRequest, import_id: UUID) -> dict[str, Any]:
    batch = queries.batch_for(request.actor, import_id)
    return {**batch_out(batch), "run": run_out(standing_of(request.actor, batch))}


def _import(request: ApiRequest, opened: Opened, *, profile: str, answers: Answers, plan_sha256: str) -> HttpResponse:
    actor = request.actor
    batch: ImportBatch = actions.upload_batch(actor, opened=opened, profile=profile, answers=answers)
    if _is_dry_run(request):
        batch = actions.dry_run_batch(actor, batch_id=batch.id, opened=opened)
        found: dict[str, Any] = {
            **batch_out(batch),
            "is_applicable": not (has_errors(batch.report) or batch.report["refusal"]),
        }
        return respond_json(found)
    batch = actions.apply_batch(actor, batch_id=batch.id, opened=opened, plan_sha256=plan_sha256)
    return respond_json(batch_out(batch), status=201)


def _is_dry_run(request: HttpRequest) -> bool:
    return request.GET.get("dry_run") == "true"


def _opened(body: ImportIn) -> Opened:
    try:
        content = base64.b64decode(body.content_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("/content_base64", say("The content is not base64: %(error)s.", error=error)) from error
    return open_bytes(body.file_name, content)


def _answers(body: ImportIn) -> Answers:
    return Answers(
        read=ReadOptions(
            date_order=DateOrder(body.date_order) if body.date_order else None,
            decimal_point=body.decimal_point, zone=body.zone, columns=columns_of(body.mapping),
            currency=body.currency.upper(),
            default_client=body.default_client, default_project=body.default_project,
        ),
        mapping=mapping_of(body.mapping),
        plan=PlanOptions(takes_changes=body.takes_changes),
        load=LoadOptions(
            status=EntryStatus(body.status), rate_per_hour=body.rate.amount if body.rate else None,
            currency=body.rate.currency if body.rate else "", country=body.country, card=body.card,
            approver=body.approver, leaves_errors=body.skip_errors,
            cost_per_hour=body.cost.amount if body.cost else None,
            cost_currency=body.cost.currency if body.cost else "",
        ),
    )  # fmt: skip
