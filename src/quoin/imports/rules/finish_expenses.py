"""Expenses with their keys and their part of the check sums of the file.

An expense without an id gets a natural key: who, the day, the project and the category. Equal keys are numbered in
the order of what their rows say, as those of time are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from quoin.imports.rules.expenses import ExpenseColumns
from quoin.imports.rules.finish import KEY_LETTERS, Place, number_keys
from quoin.imports.types import Finding, ImportedExpense, RejectedEntry, Totals
from quoin.kernel.money import EXACT


@dataclass(frozen=True, slots=True)
class FinishedExpenses:
    """Expenses and rejected rows of all tables, and their totals."""

    expenses: tuple[ImportedExpense, ...]
    rejected: tuple[RejectedEntry, ...]
    totals: Totals
    findings: tuple[Finding, ...]


def finish_expenses(tables: Sequence[ExpenseColumns], cut: Sequence[RejectedEntry]) -> FinishedExpenses:
    """Expenses in file order. Rows with an error are rejected, as are those that `cut` names; all count."""
    ids = [_bases(columns) for columns in tables]
    findings = number_keys(ids, says=lambda place: _says(tables, place), at=lambda place: _at(tables, place))
    expenses: list[ImportedExpense] = []
    rejected = [replace(row, is_expense=True) for row in cut]
    for columns, own_ids in zip(tables, ids, strict=True):
        for index in range(len(columns.lines)):
            if index in columns.bad:
                rejected.append(_rejected(columns, index))
            else:
                expenses.append(_expense(columns, index, own_ids[index]))
    return FinishedExpenses(tuple(expenses), tuple(rejected), _totals(tables, len(cut)), tuple(findings))


def _expense(columns: ExpenseColumns, index: int, external_id: str) -> ImportedExpense:
    day, amount = columns.days[index], columns.amounts[index]
    assert day is not None  # a row without a day or an amount is bad
    assert amount is not None
    receipt = columns.receipts[index]
    return ImportedExpense(
        external_id, columns.person_keys[index], columns.project_keys[index], columns.task_keys[index],
        columns.category_keys[index], day, columns.suppliers[index], columns.notes[index], columns.quantities[index],
        amount, columns.vats[index], columns.currencies[index], columns.billable[index], columns.reimbursable[index],
        columns.file, columns.lines[index], receipt.name if receipt else "", receipt.sha256 if receipt else "",
    )  # fmt: skip


def _rejected(columns: ExpenseColumns, index: int) -> RejectedEntry:
    receipt = columns.receipts[index]
    return RejectedEntry(
        columns.file, columns.lines[index], amount=columns.amounts[index], currency=columns.currencies[index],
        is_expense=True, vat=columns.vats[index], receipt_sha256=receipt.sha256 if receipt else "",
    )  # fmt: skip


def _bases(columns: ExpenseColumns) -> list[str]:
    """Keys before numbering: the source's own id, or a hash of who, when and on what."""
    rows = zip(
        columns.external_ids,
        columns.person_keys,
        columns.days,
        columns.project_keys,
        columns.category_keys,
        strict=True,
    )
    return [
        f"{columns.source}:{own}"
        if own
        else f"{columns.source}:{sha256(chr(10).join([who, str(day), work, kind]).encode()).hexdigest()[:KEY_LETTERS]}"
        for own, who, day, work, kind in rows
    ]


def _says(tables: Sequence[ExpenseColumns], place: Place) -> tuple[str, str, str, Decimal]:
    columns, index = tables[place[0]], place[1]
    return (
        columns.suppliers[index], columns.notes[index], columns.currencies[index], columns.amounts[index] or Decimal(0),
    )  # fmt: skip


def _at(tables: Sequence[ExpenseColumns], place: Place) -> tuple[str, int]:
    return tables[place[0]].file, tables[place[0]].lines[place[1]]


def _totals(tables: Sequence[ExpenseColumns], cut: int) -> Totals:
    """Summed over the columns, not over the expenses, so that it is a check on them."""
    money: dict[str, Decimal] = {}
    rows = cut
    for columns in tables:
        rows += len(columns.lines)
        for amount, currency in zip(columns.amounts, columns.currencies, strict=True):
            if amount is not None:
                money[currency] = EXACT.add(money.get(currency, Decimal(0)), amount)
    receipts = sum(receipt is not None for columns in tables for receipt in columns.receipts)
    return Totals(rows=rows, money=tuple(sorted(money.items())), receipts=receipts)
