"""What the routes of time and expenses share: ids, and how rows are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from quoin.base.http.api import ApiIn, PublicId
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.kernel.period import monday_of
from quoin.timesheets.rules.cells import total_minutes
from quoin.timesheets.types import Entry, RowKey

EntryId = Annotated[UUID, PublicId("tim")]
PersonId = Annotated[UUID, PublicId("per")]
ProjectId = Annotated[UUID, PublicId("prj")]
TaskId = Annotated[UUID, PublicId("tsk")]
ExpenseId = Annotated[UUID, PublicId("exp")]
CategoryId = Annotated[UUID, PublicId("exc")]
FileId = Annotated[UUID, PublicId("fil")]


def entry_out(row: Any) -> dict[str, Any]:
    """A time entry as the API writes it."""
    return {
        "id": public_id("tim", row.id), "person_id": public_id("per", row.person_id),
        **row_out(RowKey(row.project_id, row.task_id)), "work_on": row.work_on, "minutes": row.minutes,
        "note": row.note, "is_billable": row.is_billable, "status": row.status, "started_at": row.started_at,
        "ended_at": row.ended_at, "version": row.version, "return_note": row.return_note,
        "external_key": row.external_key,
    }  # fmt: skip


def expense_out(row: Any) -> dict[str, Any]:
    """An expense as the API writes it."""
    return {
        "id": public_id("exp", row.id), "person_id": public_id("per", row.person_id),
        **row_out(RowKey(row.project_id, row.task_id)), "category_id": public_id("exc", row.category_id),
        "spent_on": row.spent_on, "supplier": row.supplier, "note": row.note,
        "quantity": None if row.quantity is None else f"{row.quantity.normalize():f}",
        "gross": _money(row.gross_amount, row.currency), "vat": _money(row.vat_amount, row.currency),
        "base_net": _money(row.base_net_amount, row.base_currency),
        "base_vat": _money(row.base_vat_amount, row.base_currency),
        "fx_rate": f"{row.fx_rate:f}", "fx_on": row.fx_on, "fx_source": row.fx_source,
        "is_billable": row.is_billable, "is_reimbursable": row.is_reimbursable,
        "receipt_id": public_id("fil", row.receipt_id) if row.receipt_id else None, "status": row.status,
        "version": row.version, "return_note": row.return_note,
    }  # fmt: skip


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": f"{Money(amount, currency).round().amount:f}", "currency": currency}


def row_out(row: RowKey) -> dict[str, str | None]:
    return {
        "project_id": public_id("prj", row.project_id),
        "task_id": public_id("tsk", row.task_id) if row.task_id else None,
    }


def cell_out(cell: tuple[Entry, ...]) -> dict[str, Any]:
    first = cell[0]
    return {
        **row_out(first.row), "work_on": first.work_on, "minutes": total_minutes(cell), "note": cell[-1].note,
        "is_billable": cell[-1].is_billable, "status": first.status.value,
        "entry_ids": [public_id("tim", entry.id) for entry in cell],
    }  # fmt: skip


def cells_of(found: list[Entry]) -> list[dict[str, Any]]:
    cells: dict[tuple[RowKey, date], list[Entry]] = {}
    for entry in found:
        cells.setdefault((entry.row, entry.work_on), []).append(entry)
    return [cell_out(tuple(cell)) for cell in cells.values()]


def monday(week: str) -> date:
    try:
        return monday_of(week)
    except ValueError as fault:
        raise invalid("/week", str(fault)) from fault


def given(body: ApiIn) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True)
