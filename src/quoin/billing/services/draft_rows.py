"""Drafts as they are changed: found and locked at the version that was seen, summed up anew after the change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from quoin.base.actions import touch
from quoin.billing.models import Invoice, InvoiceLine
from quoin.billing.services.totals import refresh_draft
from quoin.kernel.errors import Conflict, NotFound, Stale
from quoin.kernel.words import say


def locked_draft(invoice_id: UUID | str, version: int | None = None) -> Invoice:
    """The draft, locked; Conflict if it is issued, Stale if it is not at the version that was seen."""
    rows = Invoice.objects.select_for_update(of=("self",)).select_related("entity", "client")
    found = rows.filter(id=invoice_id).first()
    if found is None:
        raise NotFound("There is no such draft.")
    _refuse_issued(found)
    if version is not None and version != found.version:
        raise Stale("Somebody changed this draft since you opened it. Load it again.")
    return found


def locked_drafts(invoice_ids: Iterable[UUID]) -> dict[UUID, Invoice]:
    """These drafts by id, locked in the order of their ids."""
    ids = set(invoice_ids)
    rows = Invoice.objects.select_for_update(of=("self",)).select_related("entity", "client")
    found = {row.id: row for row in rows.filter(id__in=ids).order_by("id")}
    if len(found) != len(ids):
        raise NotFound("There is no such draft.")
    for row in found.values():
        _refuse_issued(row)
    return found


def locked_line(line_id: UUID | str, version: int | None = None) -> tuple[InvoiceLine, Invoice]:
    """The line with its draft, which is locked."""
    line = InvoiceLine.objects.filter(id=line_id).first()
    if line is None:
        raise NotFound("There is no such line.")
    draft = locked_draft(line.invoice_id, version)
    # Whoever held the lock may have taken the line away.
    line = InvoiceLine.objects.filter(id=line_id, invoice=draft).first()
    if line is None:
        raise NotFound("There is no such line any more. Load the draft again.")
    return line, draft


def next_position(draft: Invoice) -> int:
    """The place below the last line."""
    last = InvoiceLine.objects.filter(invoice=draft).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def saved(draft: Invoice, fields: Sequence[str] = ()) -> Invoice:
    """The changed draft with a new version and new sums. What was approved before the change waits for it again."""
    draft.version += 1
    # Over the API and on undo days arrive as text.
    due_on: Any = draft.due_on
    if isinstance(due_on, str):
        draft.due_on = date.fromisoformat(due_on) if due_on else None
    if draft.status == "approved":
        draft.status = "draft"
    draft.save(update_fields=[*fields, "status", "version", "period_from", "period_until"])
    touch(draft.public_id)
    return refresh_draft(draft)


def _refuse_issued(row: Invoice) -> None:
    if row.status == "issued":
        raise Conflict(say("%(number)s is issued and never changes. Correct it with a credit note.", number=row.number))
