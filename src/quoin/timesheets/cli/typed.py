"""What people type about their time, and entries as rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from quoin.base.console import Session
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import from_public_id, public_id
from quoin.kernel.period import monday_of, week_of
from quoin.kernel.quantity import clock
from quoin.timesheets.queries import access, rows
from quoin.timesheets.queries.week import RowView


def row_of(session: Session, work: str) -> RowView:
    """The row that the words mean: exactly one, or the one without a task when a project is named."""
    found = rows.bookable_rows(session.actor, access.own_person(session.actor), text=work, limit=20)
    projects = {row.key.project_id for row in found}
    if not found:
        raise NotFound(f"No project or task of yours is called {work}.")
    if len(found) > 1 and len(projects) > 1:
        names = "; ".join(row.names.label for row in found[:5])
        raise invalid("/work", f"{work} may mean several things: {names}. Say more words.")
    return found[0]


def person_of(session: Session, text: str) -> UUID:
    if not text:
        return access.own_person(session.actor)
    try:
        return from_public_id("per", text)
    except ValueError as fault:
        raise invalid("/person", str(fault)) from fault


def monday_of_text(session: Session, text: str) -> date:
    if not text:
        return week_of(session.actor.today).start
    try:
        return monday_of(text)
    except ValueError as fault:
        raise invalid("/week", str(fault)) from fault


def day_of_text(session: Session, text: str) -> date:
    known = {"": 0, "today": 0, "yesterday": 1}
    if text in known:
        return session.actor.today - timedelta(days=known[text])
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid("/on", f"{text!r} is not a day. Write it as 2026-05-06.") from None


def decimal_of(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise invalid("/amount", f"{text!r} is not a number. Write it as 12.50.") from None


def entry_out(entry: Any) -> dict[str, Any]:
    return {
        "id": public_id("tim", entry.id), "date": entry.work_on.isoformat(), "project": entry.project.name,
        "task": entry.task.name if entry.task else "", "time": clock(entry.minutes), "minutes": entry.minutes,
        "note": entry.note, "billable": entry.is_billable, "status": entry.status,
    }  # fmt: skip
