"""Writing the expenses of a plan, and approving them."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from quoin.imports.rules.planned import Kind, Outcome, PlannedExpense, Use
from quoin.imports.services.lines import keep_before
from quoin.imports.services.load import Load
from quoin.imports.services.refusing import ImportRefused, refuse_rows
from quoin.kernel.errors import Invalid, NotFound
from quoin.kernel.words import say, say_many
from quoin.people.models import Person
from quoin.timesheets.models import Expense
from quoin.timesheets.services.decide_expenses import approve_chosen
from quoin.timesheets.services.load_expenses import ExpenseRow, change_expenses, load_expenses
from quoin.timesheets.services.receipts import store_receipt
from quoin.timesheets.services.spending import snapshot

APPROVE = "timesheets.expense.approve"
_NOTHING = Decimal(0)


def new_rows(load: Load) -> list[ExpenseRow]:
    """What is new of the plan's expenses."""
    return [_row(load, item) for item in _of(load, Outcome.NEW)]


def write_expenses(load: Load, rows: list[ExpenseRow]) -> None:
    """Write the new expenses; ImportRefused names file and line of those that cannot be."""
    if not rows:
        return
    status = "open" if load.answers.load.status == "open" else "submitted"
    try:
        load_expenses(load.actor, rows, status=status, import_id=load.batch.id)
    except Invalid as fault:
        refuse_rows(fault, [(item.expense.file, item.expense.line) for item in _of(load, Outcome.NEW)])
    bare = Expense.objects.filter(import_id=load.batch.id, receipt_id=None, category__kind="receipt").count()
    if status == "submitted" and bare:
        load.notes.append(
            say_many(
                "%(count)s expense comes in without its receipt, which stays where the file is from.",
                "%(count)s expenses come in without their receipts, which stay where the file is from.",
                count=bare,
            )
        )


def change(load: Load) -> int:
    """Write what the file has changed of open expenses."""
    changed = _of(load, Outcome.CHANGE)
    if not changed:
        return 0
    found = {str(row.id): row for row in Expense.objects.filter(id__in=[item.existing_id for item in changed])}
    befores = [(item.expense.external_id, _before(found[item.existing_id])) for item in changed]
    rows = [(UUID(item.existing_id), _row(load, item, found[item.existing_id])) for item in changed]
    try:
        count = change_expenses(load.actor, rows)
    except Invalid as fault:
        refuse_rows(fault, [(item.expense.file, item.expense.line) for item in changed])
    keep_before(load.actor, load.batch.id, befores)
    return count


def approve(load: Load, approver: Person) -> tuple[int, int]:
    """Approve what was written; own expenses of the approver and of the importer stay handed in (I-38)."""
    own = {approver.id, load.actor.person_id}
    expenses = list(Expense.objects.filter(import_id=load.batch.id).values_list("id", "person_id"))
    ids = [expense_id for expense_id, person_id in expenses if person_id not in own]
    waiting = len(expenses) - len(ids)
    if waiting:
        load.notes.append(
            say_many(
                "%(count)s expense waits for approval by somebody else: nobody approves their own.",
                "%(count)s expenses wait for approval by somebody else: nobody approves their own.",
                count=waiting,
            )
        )
    if ids:
        try:
            approve_chosen(replace(load.actor, person_id=approver.id), APPROVE, ids)
        except NotFound as fault:
            remedy = say("Other managers answer for some of it. Import it as submitted; they approve it.")
            raise ImportRefused(say("You may not approve all of these expenses. %(remedy)s", remedy=remedy)) from fault
    return len(ids), waiting


def _of(load: Load, outcome: Outcome) -> list[PlannedExpense]:
    return [item for item in load.plan.expenses if item.outcome is outcome]


def _row(load: Load, item: PlannedExpense, there: Expense | None = None) -> ExpenseRow:
    """The values to be written. A quantity, a VAT or a receipt that the file does not tell stays as it is."""
    expense, ids = item.expense, load.ids
    home = dict(load.answers.mapping.projects).get("")
    project_id = (
        ids[Kind.PROJECT, expense.project_key]
        if expense.project_key
        else UUID(home.id if isinstance(home, Use) else "")
    )
    quantity = expense.quantity or (there.quantity if there else None)
    vat = expense.vat if expense.vat is not None else (there.vat_amount if there else _NOTHING)
    return ExpenseRow(
        ids[Kind.PERSON, expense.person_key], project_id, ids.get((Kind.TASK, expense.task_key)),
        ids[Kind.CATEGORY, expense.category_key], expense.spent_on, expense.supplier, expense.note, quantity,
        expense.amount, vat, expense.currency, expense.is_billable, expense.is_reimbursable, expense.external_id,
        _receipt_id(load, item, there),
    )  # fmt: skip


def _receipt_id(load: Load, item: PlannedExpense, there: Expense | None) -> UUID | None:
    """The stored receipt of the row."""
    paper = load.papers.get(item.expense.receipt)
    if paper is None:
        return there.receipt_id if there else None
    load.receipts += 1
    return store_receipt(load.actor, name=paper.name, content=paper.content).id


def _before(row: Expense) -> str:
    return json.dumps({**snapshot(row), "person_id": str(row.person_id), "version": row.version})
