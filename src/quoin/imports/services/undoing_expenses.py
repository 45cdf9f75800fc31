"""Taking the expenses of an import back, as its time: what was changed since stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.imports.models import ImportBatch, ImportLine
from quoin.imports.services.kept import CHANGED, Kept, Undone, refuse_billed
from quoin.kernel.words import Sentence, say
from quoin.timesheets.models import Expense
from quoin.timesheets.services.decide_expenses import reopen_chosen
from quoin.timesheets.services.load_expenses import ExpenseRow, change_expenses, remove_expenses

REOPEN = "timesheets.expense.reopen"
_NOTE = "Import taken back"


def undo_expenses(actor: Actor, batch: ImportBatch, undone: Undone) -> None:
    """Remove the expenses that the import made and restore those that it changed."""
    _remove(actor, batch, undone)
    _restore(actor, batch, undone)


def _remove(actor: Actor, batch: ImportBatch, undone: Undone) -> None:
    status = batch.answers.get("load", {}).get("status", "open")
    fitting = {"open": {"open"}, "submitted": {"submitted"}, "approved": {"approved", "submitted"}}[status]
    rows = list(Expense.objects.filter(import_id=batch.id).order_by("id"))
    refuse_billed([row.id for row in rows], "expense")
    mine = []
    for row in rows:
        if row.version == 1 and row.status in fitting:
            mine.append(row)
            continue
        reason = CHANGED if row.version > 1 else say("It is %(state)s by now.", state=Sentence(row.status))
        undone.kept.append(Kept("expense", row.id, _label(row), reason))
    approved = [row.id for row in mine if row.status == "approved"]
    if approved:
        actor.require(REOPEN)
        reopen_chosen(actor, REOPEN, approved, _NOTE)
    remove_expenses(row.id for row in mine)
    undone.removed["expense"] = len(mine)


def _restore(actor: Actor, batch: ImportBatch, undone: Undone) -> None:
    lines = ImportLine.objects.filter(batch=batch, kind="expense", outcome="change", before__isnull=False)
    befores = {line.external_key: line.before for line in lines}
    changes = []
    for row in Expense.objects.filter(external_key__in=list(befores)).order_by("id"):
        before = befores[row.external_key]
        assert before is not None  # the query asks for those that have one
        if row.version != before["version"] + 1 or row.status not in {"open", "returned"}:
            undone.kept.append(Kept("expense", row.id, _label(row), CHANGED))
            continue
        changes.append((row.id, _as_before(row.external_key, before)))
    undone.restored["expense"] = change_expenses(actor, changes)


def _as_before(key: str, before: Mapping[str, Any]) -> ExpenseRow:
    return ExpenseRow(
        UUID(before["person_id"]), UUID(before["project_id"]),
        UUID(before["task_id"]) if before["task_id"] else None, UUID(before["category_id"]),
        date.fromisoformat(before["spent_on"]), before["supplier"], before["note"],
        Decimal(before["quantity"]) if before["quantity"] else None, Decimal(before["gross_amount"]),
        Decimal(before["vat_amount"]), before["currency"], before["is_billable"], before["is_reimbursable"], key,
        UUID(before["receipt_id"]) if before.get("receipt_id") else None,
    )  # fmt: skip


def _label(row: Expense) -> str:
    return say(
        "Expense of %(day)s: %(amount)s %(currency)s", day=row.spent_on, amount=row.gross_amount, currency=row.currency
    )
