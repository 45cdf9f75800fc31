"""Invoices: list, read, download, issue, credit, correct, send."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, Router, list_response, operation, respond_json, whole_list
from quoin.billing.actions import drafts, links
from quoin.billing.actions.invoices import ISSUE, correct_invoice, credit_invoice, issue_invoices
from quoin.billing.actions.runs import discard_draft
from quoin.billing.adapters.rechecking import issued_findings
from quoin.billing.api.wire import ChargeId, ClientId, ContractId, EntityId, InvoiceId, LineId
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.said import invoice_out, issued_out, line_out
from quoin.billing.rules.einvoice_check import InvoiceRefused
from quoin.kernel.errors import Conflict
from quoin.kernel.ids import public_id

router = Router(tags=["invoices"])


class InvoiceIn(ApiIn):
    """An invoice written by hand; lines are added to it."""

    client_id: ClientId
    entity_id: EntityId | None = None
    contract_id: ContractId | None = None
    currency: str = ""
    is_vat_inclusive: bool = False


class InvoicePatch(ApiIn):
    """What to change of a draft; absent fields stay."""

    note: str = ""
    purchase_order: str = ""
    buyer_reference: str = ""
    due_on: date | None = None
    payment_days: int = 30
    shows_hours: bool = True
    version: int | None = None


class IssueIn(ApiIn):
    """The day on the invoice; today if absent."""

    issue_on: date | None = None


class LineAmountIn(ApiIn):
    """So much of a line, net."""

    line_id: LineId
    amount: Decimal


class CreditIn(ApiIn):
    """Why, and what: nothing said is all that is left, else charges or amounts by line."""

    reason: str
    charge_ids: list[ChargeId] | None = None
    amounts: list[LineAmountIn] | None = None
    issue_on: date | None = None
    reopens_work: bool = False
    """Whether the credited time is also opened for correction."""


class CorrectIn(ApiIn):
    """Why, and which work; all of it if absent."""

    reason: str
    charge_ids: list[ChargeId] | None = None
    issue_on: date | None = None


class SendIn(ApiIn):
    """Where to; the client's own address if empty."""

    to: str = ""


@router.get("/invoices", summary="List invoices")
@operation(queries.VIEW)
def list_invoices(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.INVOICES, queries.visible_invoices(request.actor), invoice_out)


@router.post("/invoices", summary="Write an invoice by hand")
@operation("billing.invoice.create", needs_key=True)
def create_invoice(request: ApiRequest, body: InvoiceIn) -> HttpResponse:
    row = drafts.create_invoice(request.actor, **body.model_dump())
    return respond_json({"id": row.public_id, "version": row.version}, status=201)


@router.get("/invoices/{invoice_id}", summary="An invoice with its lines")
@operation(queries.VIEW)
def get_invoice(request: ApiRequest, invoice_id: InvoiceId) -> HttpResponse:
    row = queries.invoice_for(request.actor, invoice_id)
    lines = [line_out(line, row.currency) for line in queries.lines_of(row)]
    return respond_json({**invoice_out(row), "lines": lines})


@router.patch("/invoices/{invoice_id}", summary="Edit a draft")
@operation("billing.invoice.edit")
def edit_invoice(request: ApiRequest, invoice_id: InvoiceId, body: InvoicePatch) -> HttpResponse:
    row = drafts.edit_draft(request.actor, invoice_id=invoice_id, **body.model_dump(exclude_unset=True))
    return respond_json({"id": row.public_id, "version": row.version})


@router.delete("/invoices/{invoice_id}", summary="Discard a draft")
@operation("billing.invoice.discard")
def discard_invoice(request: ApiRequest, invoice_id: InvoiceId) -> HttpResponse:
    discard_draft(request.actor, invoice_id=invoice_id)
    return HttpResponse(status=204)


@router.get("/invoices/{invoice_id}/lines/{line_id}/entries", summary="The work on a line")
@operation(queries.VIEW)
def list_line_entries(request: ApiRequest, invoice_id: InvoiceId, line_id: LineId) -> HttpResponse:
    queries.invoice_for(request.actor, invoice_id)
    line = queries.line_for(request.actor, line_id)
    rows = [
        {
            "charge_id": public_id("chg", item.charge_id),
            "on": item.charge.work_on.isoformat(),
            "person": item.charge.person.name if item.charge.person else None,
            "task": item.charge.task.name if item.charge.task else None,
            "note": item.charge.note,
            "worked_minutes": item.charge.minutes,
            "billed_minutes": item.minutes,
            "amount": {"amount": f"{item.amount:.2f}", "currency": item.charge.currency},
        }
        for item in queries.items_of(line)
    ]
    return whole_list(rows)


@router.get("/invoices/{invoice_id}/pdf", summary="The issued PDF (Factur-X)")
@operation(queries.VIEW)
def get_invoice_pdf(request: ApiRequest, invoice_id: InvoiceId) -> HttpResponse:
    row = queries.invoice_for(request.actor, invoice_id)
    return file_response(bytes(queries.document_bytes(row).pdf), f"{row.number}.pdf", "application/pdf")


@router.get("/invoices/{invoice_id}/xml", summary="The issued e-invoice: syntax=ubl or cii")
@operation(queries.VIEW)
def get_invoice_xml(request: ApiRequest, invoice_id: InvoiceId, syntax: str = "ubl") -> HttpResponse:
    row = queries.invoice_for(request.actor, invoice_id)
    document = queries.document_bytes(row)
    content = document.cii if syntax == "cii" else document.ubl
    return file_response(bytes(content), f"{row.number}.xml", "application/xml")


@router.get("/invoices/{invoice_id}/findings", summary="What is wrong with a draft, or with the issued files")
@operation(queries.VIEW)
def get_invoice_findings(request: ApiRequest, invoice_id: InvoiceId) -> HttpResponse:
    row = queries.invoice_for(request.actor, invoice_id)
    found = queries.draft_findings(row) if row.status != "issued" else issued_findings(row, queries.document_bytes(row))
    data = [{"pointer": p.pointer, "code": p.code, "detail": p.detail, "help": p.help} for p in found]
    return respond_json({"is_valid": not found, "findings": data})


@router.post("/invoices/{invoice_id}/issue", summary="Issue a draft")
@operation(ISSUE, needs_key=True)
def issue_invoice(request: ApiRequest, invoice_id: InvoiceId, body: IssueIn) -> HttpResponse:
    found = issue_invoices(request.actor, invoice_ids=[invoice_id], issue_on=body.issue_on)
    if not found.refused:
        return respond_json(issued_out(found))
    refused = found.refused[0]
    if queries.invoice_for(request.actor, invoice_id).status == "issued":
        raise Conflict(refused.detail)
    raise InvoiceRefused(refused.detail, problems=refused.problems)


@router.post("/invoices/{invoice_id}/credit", summary="Credit an invoice")
@operation("billing.invoice.credit", needs_key=True)
def credit(request: ApiRequest, invoice_id: InvoiceId, body: CreditIn) -> HttpResponse:
    amounts = None if body.amounts is None else {str(one.line_id): one.amount for one in body.amounts}
    note = credit_invoice(request.actor, invoice_id=invoice_id, amounts=amounts, **body.model_dump(exclude={"amounts"}))
    return respond_json({"id": note.public_id, "number": note.number}, status=201)


@router.post("/invoices/{invoice_id}/correct", summary="Credit an invoice and open a draft with the same work")
@operation("billing.invoice.correct", needs_key=True)
def correct(request: ApiRequest, invoice_id: InvoiceId, body: CorrectIn) -> HttpResponse:
    note, draft = correct_invoice(request.actor, invoice_id=invoice_id, **body.model_dump())
    answer = {"credit_note": {"id": note.public_id, "number": note.number}, "draft": {"id": draft.public_id}}
    return respond_json(answer, status=201)


@router.post("/invoices/{invoice_id}/send", summary="Mail an invoice with a link for the client")
@operation("billing.invoice.send", needs_key=True)
def send_invoice(request: ApiRequest, invoice_id: InvoiceId, body: SendIn) -> HttpResponse:
    made = links.send_invoice(request.actor, invoice_id=invoice_id, to=body.to)
    return respond_json({"to": made.link.sent_to, "url": made.url, "expires_at": made.link.expires_at.isoformat()})


def file_response(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep under its name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
