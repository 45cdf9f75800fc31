"""Drafts over the API: their lines, the work on them, how they are grouped, split and brought together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, Router, operation, respond_json
from quoin.billing.actions import drafts, lines, rearranging
from quoin.billing.api.wire import ChargeId, InvoiceId, LineId, WriteDownId
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.said import invoice_out, line_out
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id
from quoin.sales.types import LineGrouping

router = Router(tags=["drafts"])


class Versioned(ApiIn):
    """A change; with `version` it is refused if somebody changed the draft since that version was read."""

    version: int | None = None


class LineIn(Versioned):
    """A typed line; a discount has a negative quantity."""

    description: str
    quantity: Decimal = Decimal(1)
    unit: str = "C62"
    unit_price: Decimal = Decimal(0)


class LinePatch(Versioned):
    """The text of a line; of a typed one its quantity and price too. Absent fields stay."""

    description: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None


class HoursIn(Versioned):
    """How many minutes of the line are billed; the rest is written down with the reason."""

    billed_minutes: int
    reason: str


class PriceIn(Versioned):
    """The price that is billed: per hour for time, else for all of the line. The reason is kept."""

    unit_price: Decimal
    reason: str


class RestoreIn(Versioned):
    """Which changed quantities or prices of the line are taken back."""

    write_down_ids: list[WriteDownId]
    reason: str


class WorkOutIn(Versioned):
    """Work to take off the line."""

    charge_ids: list[ChargeId]


class WorkIn(Versioned):
    """Unbilled work for the draft; on a line of it, or as lines by the rule of its contract."""

    charge_ids: list[ChargeId]
    line_id: LineId | None = None


class PlaceIn(Versioned):
    """The place of the line, counted from 1."""

    position: int


class GroupIn(Versioned):
    """By what the lines are grouped; null means by the contract's rule."""

    grouping: LineGrouping | None = None


class SplitIn(Versioned):
    """Lines that go onto a draft of their own."""

    line_ids: list[LineId]


class MoveIn(ApiIn):
    """Lines of another draft that come onto this one."""

    line_ids: list[LineId]


class MergeIn(ApiIn):
    """The draft that takes all lines."""

    into_id: InvoiceId


class StepIn(ApiIn):
    """Drafts, and what becomes of them: in_review, approved, or draft again."""

    invoice_ids: list[InvoiceId]
    to: str


@router.post("/invoices/step", summary="Send drafts to review, approve them, or take that back")
@operation("billing.invoice.step")
def step_drafts(request: ApiRequest, body: StepIn) -> HttpResponse:
    return respond_json({"moved": drafts.step_drafts(request.actor, invoice_ids=body.invoice_ids, to=body.to)})


@router.post("/invoices/{invoice_id}/lines", summary="Add a line to a draft")
@operation("billing.line.add")
def add_invoice_line(request: ApiRequest, invoice_id: InvoiceId, body: LineIn) -> HttpResponse:
    line = drafts.add_line(request.actor, invoice_id=invoice_id, **body.model_dump())
    return respond_json({"id": public_id("inl", line.id)}, status=201)


@router.patch("/invoices/{invoice_id}/lines/{line_id}", summary="Edit a line of a draft")
@operation("billing.line.edit")
def edit_invoice_line(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId, body: LinePatch) -> HttpResponse:
    _require(request, invoice_id, line_id)
    drafts.edit_line(request.actor, line_id=line_id, **body.model_dump(exclude_unset=True))
    return _draft(request, invoice_id)


@router.delete("/invoices/{invoice_id}/lines/{line_id}", summary="Remove a line of a draft")
@operation("billing.line.remove")
def remove_invoice_line(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId) -> HttpResponse:
    _require(request, invoice_id, line_id)
    drafts.remove_line(request.actor, line_id=line_id)
    return HttpResponse(status=204)


@router.post("/invoices/{invoice_id}/lines/{line_id}/write-down", summary="Bill fewer hours than worked")
@operation("billing.line.write_down", needs_key=True)
def write_line_down(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId, body: HoursIn) -> HttpResponse:
    _require(request, invoice_id, line_id)
    lines.write_line_down(request.actor, line_id=line_id, **body.model_dump())
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/lines/{line_id}/reprice", summary="Bill a line at another price")
@operation("billing.line.reprice", needs_key=True)
def reprice_line(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId, body: PriceIn) -> HttpResponse:
    _require(request, invoice_id, line_id)
    lines.reprice_line(request.actor, line_id=line_id, **body.model_dump())
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/lines/{line_id}/restore", summary="Take changed hours or prices of a line back")
@operation("billing.line.restore", needs_key=True)
def restore_line(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId, body: RestoreIn) -> HttpResponse:
    _require(request, invoice_id, line_id)
    lines.restore_line(request.actor, line_id=line_id, **body.model_dump())
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/lines/{line_id}/take-out", summary="Take work out of a draft")
@operation("billing.line.take_out")
def take_work_out(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId, body: WorkOutIn) -> HttpResponse:
    _require(request, invoice_id, line_id)
    lines.take_work_out(request.actor, line_id=line_id, **body.model_dump())
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/lines/{line_id}/place", summary="Put a line in another place")
@operation("billing.line.place")
def place_line(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId, body: PlaceIn) -> HttpResponse:
    _require(request, invoice_id, line_id)
    rearranging.place_line(request.actor, line_id=line_id, **body.model_dump())
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/work", summary="Add unbilled work to a draft")
@operation("billing.line.add_work")
def add_work(request: ApiRequest, invoice_id: InvoiceId, body: WorkIn) -> HttpResponse:
    lines.add_work(request.actor, invoice_id=invoice_id, **body.model_dump())
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/regroup", summary="Group the lines of a draft")
@operation("billing.invoice.regroup")
def regroup_draft(request: ApiRequest, invoice_id: InvoiceId, body: GroupIn) -> HttpResponse:
    rearranging.regroup_draft(request.actor, invoice_id=invoice_id, grouping=body.grouping or "", version=body.version)
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/split", summary="Put lines of a draft on a draft of their own")
@operation("billing.invoice.split")
def split_draft(request: ApiRequest, invoice_id: InvoiceId, body: SplitIn) -> HttpResponse:
    made = rearranging.split_draft(request.actor, invoice_id=invoice_id, **body.model_dump())
    return _draft(request, made.id, status=201)


@router.post("/invoices/{invoice_id}/move-lines", summary="Move lines of another draft onto this one")
@operation("billing.line.move")
def move_lines(request: ApiRequest, invoice_id: InvoiceId, body: MoveIn) -> HttpResponse:
    rearranging.move_lines(request.actor, line_ids=body.line_ids, invoice_id=invoice_id)
    return _draft(request, invoice_id)


@router.post("/invoices/{invoice_id}/merge", summary="Put all lines of a draft on another one")
@operation("billing.invoice.merge")
def merge_drafts(request: ApiRequest, invoice_id: InvoiceId, body: MergeIn) -> HttpResponse:
    rearranging.merge_drafts(request.actor, invoice_id=invoice_id, into_id=body.into_id)
    return _draft(request, body.into_id)


def _require(request: ApiRequest, invoice_id: UUID, line_id: UUID) -> None:
    if queries.line_for(request.actor, line_id).invoice_id != invoice_id:
        raise NotFound("There is no such line on this invoice.")


def _draft(request: ApiRequest, invoice_id: UUID, *, status: int = 200) -> HttpResponse:
    """The draft as it is now, with its lines; only its id for whoever may change but not see it."""
    if not request.actor.may(queries.VIEW):
        return respond_json({"id": public_id("inv", invoice_id)}, status=status)
    row = queries.invoice_for(request.actor, invoice_id)
    found: list[dict[str, Any]] = [line_out(line, row.currency) for line in queries.lines_of(row)]
    return respond_json({**invoice_out(row), "lines": found}, status=status)
