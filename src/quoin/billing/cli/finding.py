"""What people call invoices, drafts, runs and lines on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from quoin.base.console import Session
from quoin.billing.queries import invoices as queries
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import from_public_id


def invoice_by(session: Session, text: str) -> Any:
    """The invoice with this number or id."""
    rows = queries.visible_invoices(session.actor)
    try:
        found = rows.filter(id=from_public_id("inv", text)).first()
    except ValueError:
        found = rows.filter(number__iexact=text).first()
    if found is None:
        raise NotFound(f"There is no invoice {text}.")
    return found


def draft_by(session: Session, text: str) -> Any:
    """The draft with this id, or the only one of the client with this name or number."""
    rows = queries.visible_invoices(session.actor).exclude(status="issued")
    try:
        found = list(rows.filter(id=from_public_id("inv", text)))
    except ValueError:
        found = list(rows.filter(client__name__iexact=text)[:2]) or list(rows.filter(client__number__iexact=text)[:2])
    if len(found) != 1:
        several = "Several drafts are" if found else "No draft is"
        raise NotFound(f"{several} called {text}. Name one by its id: quoin draft list")
    return found[0]


def line_at(invoice: Any, position: int) -> Any:
    """The line at this place of the invoice, counted from 1."""
    lines = queries.lines_of(invoice)
    if not 1 <= position <= len(lines):
        raise NotFound(f"There is no line {position}; the document has {len(lines)}.")
    return lines[position - 1]


def run_by(session: Session, text: str) -> Any:
    """The billing run with this number or id."""
    rows = queries.runs(session.actor)
    try:
        found = rows.filter(id=from_public_id("brn", text)).first()
    except ValueError:
        found = rows.filter(number=int(text)).first() if text.isdigit() else None
    if found is None:
        raise NotFound(f"There is no billing run {text}.")
    return found


def ids_of(prefix: str, texts: Iterable[str]) -> list[UUID]:
    """Ids as they are shown."""
    try:
        return [from_public_id(prefix, text) for text in texts]
    except ValueError as fault:
        raise NotFound(str(fault)) from fault
