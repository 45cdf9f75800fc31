"""Expenses against what is there: by external id new, change or same; skipped or in error with what they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quoin.imports.rules.plan_entries import BLOCKED, Parties, Where, flag, where_of
from quoin.imports.rules.planned import (
    Answer,
    Diff,
    ExistingExpense,
    Inventory,
    Outcome,
    PlannedExpense,
    PlanOptions,
)
from quoin.imports.types import Export, Finding, ImportedExpense, Level
from quoin.kernel.money import EXACT
from quoin.kernel.words import say, say_many


@dataclass(frozen=True, slots=True)
class PlannedSpending:
    """Expenses in file order, findings about them, and ids of earlier imported ones that the file has no more."""

    expenses: tuple[PlannedExpense, ...]
    findings: tuple[Finding, ...]
    gone: tuple[str, ...]


def plan_expenses(
    export: Export,
    inventory: Inventory,
    project_answers: Mapping[str, Answer],
    parties: Parties,
    *,
    options: PlanOptions,
) -> PlannedSpending:
    """The plan of all expenses of the export."""
    existing = {row.external_id: row for row in inventory.expenses if row.external_id}
    planned = tuple(
        _plan_expense(
            expense, _where(expense, parties, project_answers), existing.get(expense.external_id),
            category_id=_category_id(expense, parties), options=options,
        )
        for expense in export.records.expenses
    )  # fmt: skip
    gone = _gone(export, inventory, parties)
    return PlannedSpending(planned, _missing(gone), gone)


def _where(expense: ImportedExpense, parties: Parties, project_answers: Mapping[str, Answer]) -> Where:
    category = parties.categories[expense.category_key]
    if category.outcome in BLOCKED:
        reason = say("Category %(name)s: %(reason)s", name=repr(category.record.name), reason=category.reason)
        return Where(outcome=category.outcome, reason=reason)
    return where_of(expense, parties, project_answers)


def _category_id(expense: ImportedExpense, parties: Parties) -> str:
    return parties.categories[expense.category_key].existing_id


def _plan_expense(
    expense: ImportedExpense, where: Where, existing: ExistingExpense | None, *, category_id: str, options: PlanOptions
) -> PlannedExpense:
    if where.outcome in BLOCKED or existing is None:
        return PlannedExpense(where.outcome, expense, "", (), where.reason)
    diffs = _diffs(expense, where, category_id, existing)
    if not diffs:
        return PlannedExpense(Outcome.SAME, expense, existing.id, (), say("Already imported."))
    if not options.takes_changes:
        reason: str = say("Changed, but changes are not taken.")
        return PlannedExpense(Outcome.SKIP, expense, existing.id, diffs, reason)
    if existing.locked_because:
        reason = say("It differs from what is there, which may not change: %(why)s.", why=existing.locked_because)
        return PlannedExpense(Outcome.ERROR, expense, existing.id, diffs, reason)
    return PlannedExpense(Outcome.CHANGE, expense, existing.id, diffs, say("Changed since it was imported."))


def _diffs(expense: ImportedExpense, where: Where, category_id: str, existing: ExistingExpense) -> tuple[Diff, ...]:
    """What differs. A quantity, a VAT or a receipt that the file does not tell stays as it is."""
    pairs = (
        ("person", existing.person_id, where.person_id or "(new)"),
        ("project", existing.project_id, where.project_id or "(new)"),
        ("task", existing.task_id, where.task_id or ("(new)" if expense.task_key else "")),
        ("category", existing.category_id, category_id or "(new)"),
        ("day", existing.spent_on.isoformat(), expense.spent_on.isoformat()),
        ("supplier", existing.supplier, expense.supplier),
        ("note", existing.note, expense.note),
        ("quantity", _number(existing.quantity), _number(expense.quantity or existing.quantity)),
        ("amount", _number(existing.amount), _number(expense.amount)),
        ("vat", _number(existing.vat), _number(existing.vat if expense.vat is None else expense.vat)),
        ("currency", existing.currency, expense.currency),
        ("billable", flag(existing.is_billable), flag(expense.is_billable)),
        ("reimbursable", flag(existing.is_reimbursable), flag(expense.is_reimbursable)),
    )
    found = tuple(Diff(field, old, new) for field, old, new in pairs if old != new)
    if expense.receipt_sha256 in {"", existing.receipt_sha256}:
        return found
    return (*found, Diff("receipt", existing.receipt, expense.receipt))


def _number(value: Decimal | None) -> str:
    """Equal numbers are equal texts."""
    if value is None:
        return ""
    return f"{EXACT.normalize(value):f}" if value else "0"


def _gone(export: Export, inventory: Inventory, parties: Parties) -> tuple[str, ...]:
    """Ids of expenses of this source, of these people and days, that the file does not hold."""
    expenses = export.records.expenses
    if not expenses or not inventory.expenses:
        return ()
    own = {expense.external_id for expense in expenses}
    people = {parties.people[expense.person_key].existing_id for expense in expenses} - {""}
    first, last = min(row.spent_on for row in expenses), max(row.spent_on for row in expenses)
    return tuple(
        there.id
        for there in inventory.expenses
        if there.external_id not in own and there.person_id in people and first <= there.spent_on <= last
    )


def _missing(gone: Sequence[str]) -> tuple[Finding, ...]:
    if not gone:
        return ()
    message = say_many(
        "%(count)s expense that was imported earlier for these people and days is not in this file.",
        "%(count)s expenses that were imported earlier for these people and days are not in this file.",
        count=len(gone),
    )
    remedy = say("They were deleted or moved at the source, or the file is a part. Nothing is deleted here.")
    return (Finding(Level.WARNING, "gone", message, remedy),)
