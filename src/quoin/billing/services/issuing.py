"""Issuing: check, number, print, chain, post. The number is taken last of all locks but the chain's (I-23, I-28).

Documents that the exact check refuses are left as they are, with the reasons; all others are issued together.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from quoin.base.actor import Actor
from quoin.base.numbering import entity_series, next_number
from quoin.billing.adapters.facturx import RenderedDocuments, render_documents
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine, IssuedDocument
from quoin.billing.queries.documents import document_of, due_on, snapshot
from quoin.billing.queries.parties import buyer_of, seller_of, treatment, wrong_vat_ids
from quoin.billing.rules.einvoice import InvoiceDocument
from quoin.billing.rules.einvoice_check import require_issuable
from quoin.billing.rules.tax import VatCategory
from quoin.billing.services.invoice_books import Part, PartKey, nets_by_contract, parts_of, post_issue, use_contracts
from quoin.billing.services.printing import presentation_of
from quoin.billing.services.totals import retotal, set_treatment
from quoin.kernel.errors import Conflict, DomainError, Problem
from quoin.kernel.money import Money, Rounding
from quoin.ledger.queries.rates import rate as fx_rate
from quoin.ledger.rules.fx import convert
from quoin.ledger.types import FxRate
from quoin.sales.models import Contract

FIRST_HASH = "0" * 64
_PROVISIONAL = "DRAFT-0000"
_LINE_FIELDS = ("tax_category", "tax_percent", "tax_reason", "net_amount", "quantity", "unit_price")


Book = Callable[[Invoice], Decimal]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft that was not issued, and why."""

    invoice_id: UUID
    detail: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued, in order of number, and what was refused."""

    invoices: tuple[Invoice, ...]
    refused: tuple[Refusal, ...]


@dataclass(slots=True)
class Ready:
    """A document that passed the check and waits for its number."""

    invoice: Invoice
    lines: list[InvoiceLine]
    items: list[InvoiceItem]
    rate: FxRate
    wrong_ids: frozenset[str]


def issue_documents(actor: Actor, invoices: Iterable[Invoice], *, issue_on: date, book: Book | None = None) -> Issued:
    """Issue drafts together; those that are not fit are returned with what is wrong.

    `book` posts a credit note once it has its number and returns its worth in the currency of the books.
    """
    ready: list[Ready] = []
    refused: list[Refusal] = []
    for invoice in invoices:
        try:
            ready.append(prepare(invoice, issue_on=issue_on))
        except DomainError as fault:
            refused.append(Refusal(invoice.id, fault.detail, fault.problems))
    series: defaultdict[str, list[Ready]] = defaultdict(list)
    for one in ready:
        series[series_of(one.invoice, issue_on)].append(one)
    issued = [invoice for name in sorted(series) for invoice in _issue_series(actor, name, series[name], book)]
    return Issued(tuple(issued), tuple(refused))


def series_of(invoice: Invoice, issue_on: date) -> str:
    """The series that numbers the document."""
    return entity_series(invoice.kind, invoice.entity_id, issue_on.year)


def prepare(invoice: Invoice, *, issue_on: date) -> Ready:
    """Bring a draft to what it would say on the day, and check it. Raises what is wrong."""
    if invoice.status == "issued":
        raise Conflict(f"{invoice.number} is issued already.")
    lines = list(InvoiceLine.objects.filter(invoice=invoice).order_by("position"))
    items = list(InvoiceItem.objects.filter(line__invoice=invoice).select_related("charge").order_by("charge_id"))
    invoice.issue_on = issue_on
    invoice.due_on = None if invoice.kind == "credit_note" else due_on(invoice, issue_on)
    invoice.tax_point_on = invoice.period_until or issue_on
    if invoice.kind == "invoice":
        _settle(invoice, lines)
    rate = _rate(invoice)
    wrong = wrong_vat_ids(invoice.entity, invoice.client) if invoice.kind == "invoice" else frozenset()
    document = _document(replace_number(invoice, _PROVISIONAL), lines, rate)
    require_issuable(document, mode=Rounding(invoice.rounding), wrong_vat_ids=wrong)
    _require_same(invoice, document)
    return Ready(invoice, lines, items, rate, wrong)


def replace_number(invoice: Invoice, number: str) -> Invoice:
    """The draft with a number to check it by."""
    invoice.number = number
    return invoice


def _settle(invoice: Invoice, lines: list[InvoiceLine]) -> None:
    """VAT as of the day, sums, retention and the snapshot of the parties."""
    assert invoice.tax_point_on is not None
    found = treatment(invoice.entity, invoice.client, on=invoice.tax_point_on)
    number, invoice.number = invoice.number, None
    set_treatment(invoice, lines, found)
    InvoiceLine.objects.bulk_update(lines, _LINE_FIELDS)
    retotal([invoice])
    invoice.number = number
    invoice.retention_amount = _retention(invoice, lines)
    has_vat = found.category is not VatCategory.NOT_SUBJECT
    invoice.parties = snapshot(
        seller_of(invoice.entity, has_vat=has_vat),
        buyer_of(invoice.client, has_vat=has_vat),
        invoice.entity,
        {found.category.value: found.exemption} if found.exemption.text or found.exemption.code else {},
    )


def _retention(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Decimal:
    ratios = dict(
        Contract.objects.filter(id__in={line.contract_id for line in lines if line.contract_id}).values_list(
            "id", "retention_ratio"
        )
    )
    exact = sum(
        (line.net_amount * ratios.get(line.contract_id, Decimal(0)) for line in lines if line.contract_id), Decimal(0)
    )
    return Money(exact, invoice.currency).round(Rounding(invoice.rounding)).amount


def _rate(invoice: Invoice) -> FxRate:
    assert invoice.tax_point_on is not None
    base = invoice.entity.currency
    if invoice.kind == "credit_note":
        return FxRate(invoice.currency, base, Fraction(invoice.fx_rate), invoice.tax_point_on, "invoice")
    return fx_rate(currency=invoice.currency, base_currency=base, on=invoice.tax_point_on)


def _document(invoice: Invoice, lines: Sequence[InvoiceLine], rate: FxRate) -> InvoiceDocument:
    document = document_of(invoice, lines, parties=invoice.parties)
    if rate.currency == rate.base_currency or not document.totals.tax:
        return document
    # VAT is owed in the currency of the books, and the document tells it in that too (EN 16931 BT-111).
    tax = convert(Money(document.totals.tax, rate.currency), rate).base.amount
    return replace(
        document, accounting_currency=rate.base_currency,
        totals=replace(document.totals, tax_in_accounting_currency=tax),
    )  # fmt: skip


def _require_same(invoice: Invoice, document: InvoiceDocument) -> None:
    totals = document.totals
    if (totals.net, totals.tax, totals.gross) != (invoice.net_amount, invoice.tax_amount, invoice.gross_amount):
        raise Conflict("The document and its sums differ. Open the draft, save it and issue again.")


def _issue_series(actor: Actor, series: str, ready: list[Ready], book: Book | None) -> list[Invoice]:
    """All documents of one series: one block of numbers, then each is printed, chained and posted."""
    ready.sort(key=lambda one: (one.invoice.client.name.casefold(), one.invoice.id))
    invoices = [one.invoice for one in ready]
    parts = {one.invoice.id: parts_of(one.invoice, items=one.items, lines=one.lines) for one in ready}
    if invoices[0].kind == "invoice":
        for one in ready:
            use_contracts(actor, nets_by_contract(parts[one.invoice.id], one.invoice.currency))
    first = next_number(series, count=len(ready))
    position = next_number(f"chain:{invoices[0].entity_id}", count=len(ready))
    previous = _hash_before(invoices[0].entity_id, position)
    for place, one in enumerate(ready):
        _number(one.invoice, series, first + place)
        rendered = _render(one)
        previous = _store(one, rendered, position=position + place, previous=previous)
        _finish(actor, one, parts[one.invoice.id], book)
    return invoices


def _number(invoice: Invoice, series: str, sequence: int) -> None:
    assert invoice.issue_on is not None
    sign = "CN-" if invoice.kind == "credit_note" else ""
    invoice.series, invoice.sequence = series, sequence
    invoice.number = f"{invoice.entity.code}-{sign}{invoice.issue_on.year}-{sequence:04d}"


def _render(one: Ready) -> RenderedDocuments:
    return render_documents(
        _document(one.invoice, one.lines, one.rate),
        presentation=presentation_of(one.invoice),
        mode=Rounding(one.invoice.rounding),
        wrong_vat_ids=one.wrong_ids,
    )


def _hash_before(entity_id: UUID, position: int) -> str:
    found = IssuedDocument.objects.filter(entity_id=entity_id, position=position - 1).values_list("hash", flat=True)
    return found.first() or FIRST_HASH


def _store(one: Ready, rendered: RenderedDocuments, *, position: int, previous: str) -> str:
    content = canonical_content(one, rendered)
    row = IssuedDocument.objects.create(
        entity_id=one.invoice.entity_id, invoice=one.invoice, position=position, content=content, pdf=rendered.pdf,
        ubl=rendered.ubl, cii=rendered.cii, pdf_sha256=rendered.pdf_sha256, ubl_sha256=rendered.ubl_sha256,
        cii_sha256=rendered.cii_sha256, previous_hash=previous, hash=chain_hash(previous, content),
    )  # fmt: skip
    return row.hash


def canonical_content(one: Ready, rendered: RenderedDocuments) -> dict[str, Any]:
    """All that a document says, the work behind it, and the hashes of its files, as plain JSON values."""
    document = _document(one.invoice, one.lines, one.rate)
    by_line: defaultdict[UUID, list[list[str]]] = defaultdict(list)
    for item in one.items:
        by_line[item.line_id].append([str(item.charge_id), str(item.minutes), f"{item.amount.normalize():f}"])
    said = {
        "document": asdict(document),
        "items": [by_line[line.id] for line in one.lines],
        "entity": str(one.invoice.entity_id),
        "client": str(one.invoice.client_id),
        "fx_rate": str(one.rate.rate),
        "files": {"pdf": rendered.pdf_sha256, "ubl": rendered.ubl_sha256, "cii": rendered.cii_sha256},
    }
    found: dict[str, Any] = json.loads(json.dumps(said, cls=DjangoJSONEncoder))
    return found


def chain_hash(previous: str, content: Any) -> str:
    """SHA-256 over the hash before and the canonical content."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _finish(actor: Actor, one: Ready, parts: dict[PartKey, Part], book: Book | None) -> None:
    invoice = one.invoice
    if invoice.kind == "invoice":
        invoice.base_amount = post_issue(actor, invoice, parts, rate=one.rate).amount
        invoice.fx_rate = str(one.rate.rate)
        Charge.objects.filter(id__in=[item.charge_id for item in one.items]).update(status="billed")
    elif book is not None:
        invoice.base_amount = book(invoice)
    invoice.status, invoice.issued_at, invoice.issued_by_id = "issued", actor.now, actor.user_id
    invoice.version += 1
    invoice.save()
