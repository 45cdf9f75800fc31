"""Check sums of an import: the file's own totals beside the sums of what becomes of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from quoin.imports.rules.planned import CheckSums, Outcome, PlannedEntry, PlannedExpense
from quoin.imports.types import Export, ImportedEntry, ImportedExpense, RejectedEntry, Totals
from quoin.kernel.money import EXACT

Row = ImportedEntry | ImportedExpense | RejectedEntry


def check_sums(export: Export, entries: Sequence[PlannedEntry], expenses: Sequence[PlannedExpense]) -> CheckSums:
    """The file's own totals, and the sums per outcome over the plan; rejected rows count as errors."""
    rows: dict[Outcome, list[Row]] = {outcome: [] for outcome in Outcome}
    for planned in entries:
        rows[planned.outcome].append(planned.entry)
    for item in expenses:
        rows[item.outcome].append(item.expense)
    rows[Outcome.ERROR].extend(export.rejected)
    columns = tuple((outcome, totals_of(column)) for outcome, column in rows.items())
    return CheckSums(export.totals, columns, is_tied=added(total for _, total in columns) == export.totals)


def totals_of(rows: Sequence[Row]) -> Totals:
    """Rows, time, money and receipts of these rows."""
    money: dict[str, Decimal] = {}
    seconds = Decimal(0)
    for row in rows:
        seconds = EXACT.add(seconds, row.seconds)
        if row.amount is not None:
            money[row.currency] = EXACT.add(money.get(row.currency, Decimal(0)), row.amount)
    receipts = sum(1 for row in rows if not isinstance(row, ImportedEntry) and row.receipt_sha256)
    return Totals(len(rows), seconds, sum(row.minutes for row in rows), tuple(sorted(money.items())), receipts)


def added(columns: Iterable[Totals]) -> Totals:
    """The sum of totals."""
    totals = tuple(columns)
    money: dict[str, Decimal] = {}
    for total in totals:
        for currency, amount in total.money:
            money[currency] = EXACT.add(money.get(currency, Decimal(0)), amount)
    return Totals(
        sum(total.rows for total in totals),
        sum((total.seconds for total in totals), Decimal(0)),
        sum(total.minutes for total in totals),
        tuple(sorted(money.items())),
        sum(total.receipts for total in totals),
    )
