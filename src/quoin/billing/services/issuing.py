"""Issuing: number, print, chain, post. The numbers are taken last of all locks but the chain's (I-23, I-28).

Documents that the exact check refuses are left as they are, with the reasons; all others are issued together. They
are printed beside the posting, on other cores.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from psycopg.types.json import Jsonb

from quoin.base.actor import Actor
from quoin.base.db.bulk import execute_arrays, insert_columns, update_in_order
from quoin.base.numbering import entity_series, next_number
from quoin.billing.adapters.facturx import Printing, RenderedDocuments, print_together
from quoin.billing.models import Invoice, IssuedDocument
from quoin.billing.services.invoice_books import (
    Issue,
    nets_by_contract,
    parts_of,
    post_issues,
    use_contracts,
    written_off,
)
from quoin.billing.services.preparing import Ready, Refusal, prepare
from quoin.billing.services.printing import presentations_of
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, Rounding, zero

FIRST_HASH = "0" * 64
_STORED_AT_ONCE = 20
"""Documents that are sent to the database in one statement: each is some hundred kilobytes."""

_BILLED = "UPDATE billing_charge SET status = 'billed' WHERE tenant_id = %b AND id = ANY(%b::uuid[])"

Book = Callable[[Invoice], Decimal]


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued, in order of number, and what was refused."""

    invoices: tuple[Invoice, ...]
    refused: tuple[Refusal, ...]


def issue_documents(actor: Actor, invoices: Iterable[Invoice], *, issue_on: date, book: Book | None = None) -> Issued:
    """Issue drafts together; those that are not fit are returned with what is wrong.

    `book` posts a credit note once it has its number and returns its worth in the currency of the books.
    """
    ready, refused = prepare(invoices, issue_on=issue_on)
    series: defaultdict[str, list[Ready]] = defaultdict(list)
    for one in ready:
        series[series_of(one.invoice, issue_on)].append(one)
    for own in series.values():
        own.sort(key=lambda one: (one.invoice.client.name.casefold(), one.invoice.id))
    return Issued(tuple(_issue(actor, {name: series[name] for name in sorted(series)}, book)), tuple(refused))


def series_of(invoice: Invoice, issue_on: date) -> str:
    """The series that numbers the document."""
    return entity_series(invoice.kind, invoice.entity_id, issue_on.year)


def _issue(actor: Actor, series: Mapping[str, Sequence[Ready]], book: Book | None) -> list[Invoice]:
    """All documents together, the series one after the other: numbered, then printed, posted and chained."""
    ready = [one for own in series.values() for one in own]
    if not ready:
        return []
    invoices = [one.invoice for one in ready]
    off = written_off(item.charge_id for one in ready for item in one.items)
    issues = [
        Issue(one.invoice, parts_of(one.invoice, items=one.items, lines=one.lines, off=off), one.rate) for one in ready
    ]
    is_credit = invoices[0].kind == "credit_note"
    if not is_credit:
        use_contracts(actor, _nets(issues))
    places = {name: _number_all(name, own) for name, own in series.items()}
    with print_together(_printings(ready)) as printed:
        if not is_credit:
            _post(actor, issues, ready)
        elif book is not None:
            for invoice in invoices:
                invoice.base_amount = book(invoice)
        for invoice in invoices:
            invoice.status, invoice.issued_at, invoice.issued_by_id = "issued", actor.now, actor.user_id
            invoice.version += 1
        # The database compares each number with the one before it.
        update_in_order(invoices)
        for name, own in series.items():
            _store(own, printed, position=places[name])
    return invoices


def _number_all(series: str, ready: Sequence[Ready]) -> int:
    """Give the documents of a series their numbers; returns the place of the first in the chain of its company."""
    first = next_number(series, count=len(ready))
    for sequence, one in enumerate(ready, first):
        _number(one.invoice, series, sequence)
    return next_number(f"chain:{ready[0].invoice.entity_id}", count=len(ready))


def _number(invoice: Invoice, series: str, sequence: int) -> None:
    assert invoice.issue_on is not None
    sign = "CN-" if invoice.kind == "credit_note" else ""
    invoice.series, invoice.sequence = series, sequence
    invoice.number = f"{invoice.entity.code}-{sign}{invoice.issue_on.year}-{sequence:04d}"


def _printings(ready: Sequence[Ready]) -> list[Printing]:
    presentations = presentations_of((one.invoice, one.items) for one in ready)
    return [
        Printing(
            document=one.document(),
            presentation=presentations[one.invoice.id],
            mode=Rounding(one.invoice.rounding),
            wrong_vat_ids=one.wrong_ids,
        )
        for one in ready
    ]


def _nets(issues: Iterable[Issue]) -> dict[UUID, Money]:
    """What all documents come to per contract."""
    nets: dict[UUID, Money] = {}
    for one in issues:
        for contract_id, net in nets_by_contract(one.parts, one.invoice.currency).items():
            nets[contract_id] = nets.get(contract_id, zero(net.currency)) + net
    return nets


def _post(actor: Actor, issues: Sequence[Issue], ready: Sequence[Ready]) -> None:
    """Post the invoices; the work on them is billed."""
    for one, owed in zip(issues, post_issues(actor, issues), strict=True):
        one.invoice.base_amount, one.invoice.fx_rate = owed.amount, str(one.rate.rate)
    execute_arrays(_BILLED, [actor.tenant_id, [item.charge_id for one in ready for item in one.items]])


def _store(ready: Sequence[Ready], printed: Iterator[RenderedDocuments], *, position: int) -> None:
    """Keep the files in order, each with the hash over the one before it."""
    previous = _hash_before(ready[0].invoice.entity_id, position)
    rows = iter(enumerate(zip(ready, islice(printed, len(ready)), strict=True), position))
    while block := list(islice(rows, _STORED_AT_ONCE)):
        columns: defaultdict[str, list[Any]] = defaultdict(list)
        for place, (one, rendered) in block:
            content = canonical_content(one, rendered)
            digest = chain_hash(previous, content)
            said = {
                "id": uuid7(), "entity_id": one.invoice.entity_id, "invoice_id": one.invoice.id, "position": place,
                "content": Jsonb(content), "pdf": rendered.pdf, "ubl": rendered.ubl, "cii": rendered.cii,
                "pdf_sha256": rendered.pdf_sha256, "ubl_sha256": rendered.ubl_sha256,
                "cii_sha256": rendered.cii_sha256, "previous_hash": previous, "hash": digest,
            }  # fmt: skip
            previous = digest
            for name, value in said.items():
                columns[name].append(value)
        insert_columns(IssuedDocument, columns)


def _hash_before(entity_id: UUID, position: int) -> str:
    found = IssuedDocument.objects.filter(entity_id=entity_id, position=position - 1).values_list("hash", flat=True)
    return found.first() or FIRST_HASH


def canonical_content(one: Ready, rendered: RenderedDocuments) -> dict[str, Any]:
    """All that a document says, the work behind it, and the hashes of its files, as plain JSON values."""
    by_line: defaultdict[UUID, list[list[str]]] = defaultdict(list)
    for item in one.items:
        by_line[item.line_id].append([str(item.charge_id), str(item.minutes), f"{item.amount.normalize():f}"])
    said = {
        "document": asdict(one.document()),
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
