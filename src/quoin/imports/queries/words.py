"""An import and its reconciliation as plain values, the same for API and command line."""

from __future__ import annotations

from typing import Any

from quoin.imports.models import ImportBatch
from quoin.imports.queries.reconcile import Reconciliation, Side
from quoin.imports.queries.told import in_words
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money


def batch_out(batch: ImportBatch, *, with_report: bool = True) -> dict[str, Any]:
    """An import: where it stands, what it would do or did, and what is wrong with the file."""
    report = in_words(batch.report)
    found: dict[str, Any] = {
        "id": batch.public_id,
        "status": batch.status,
        "file": batch.file_name,
        "file_sha256": batch.file_sha256,
        "profile": report.get("profile", batch.profile),
        "source": batch.source,
        "entries": batch.written.get("entries", 0),
        "expenses": batch.written.get("expenses", 0),
        "receipts": batch.written.get("receipts", 0),
        "plan_sha256": batch.plan_sha256,
        "started_at": batch.started_at,
        "applied_at": batch.applied_at,
        "undone_at": batch.undone_at,
    }
    if not with_report:
        return found
    return {
        **found,
        "summary": report.get("summary", []),
        "check": report.get("check"),
        "refusal": report.get("refusal", ""),
        "errors": report.get("errors", []),
        "warnings": report.get("warnings", []),
        "changes": report.get("changes", []),
        "skips": report.get("skips", []),
        "gone": report.get("gone", 0),
        "notes": report.get("notes", []),
        "detected": report.get("detected", []),
        "written": in_words(batch.written),
        "undo": in_words(batch.undo_report),
    }


def reconciliation_out(found: Reconciliation) -> dict[str, Any]:
    """Sums of both sides, by group, and the rows that differ."""
    return {
        "is_tied": found.is_tied,
        "rounding_seconds": f"{found.rounding_seconds:f}",
        "total": _side(found.total),
        **{f"by_{name}": [_side(side) for side in sides] for name, sides in found.groups.items()},
        "differences": [
            {
                "file": row.file, "line": row.line, "person": row.person, "project": row.project,
                "work_on": row.work_on, "file_minutes": row.file_minutes, "there_minutes": row.there_minutes,
                "reason": row.reason,
                "entry_id": public_id("tim", row.there_id) if row.there_id and row.kind == "entry" else None,
                "expense_id": public_id("exp", row.there_id) if row.there_id and row.kind == "expense" else None,
                "file_amount": _money(row.file_amount) if row.file_amount else None,
                "there_amount": _money(row.there_amount) if row.there_amount else None,
            }
            for row in found.differences
        ],
    }  # fmt: skip


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name, "client": side.detail, "file_rows": side.file_rows, "there_rows": side.there_rows,
        "file_minutes": side.file_minutes, "there_minutes": side.there_minutes,
        "left_out_rows": side.left_out_rows, "removed_rows": side.removed_rows, "changed_rows": side.changed_rows,
        "file_money": [_money(money) for money in side.file_money],
        "charged_money": [_money(money) for money in side.charged_money],
        "spent_file": [_money(money) for money in side.spent_file],
        "spent_there": [_money(money) for money in side.spent_there],
        "file_receipts": side.file_receipts, "there_receipts": side.there_receipts, "is_tied": side.is_tied,
    }  # fmt: skip


def _money(money: Money) -> dict[str, str]:
    return {"amount": f"{money.amount:f}", "currency": money.currency}
