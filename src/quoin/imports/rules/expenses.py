"""Rows of an expense table into columns of values: who spent what, when, on which project, in which category.

A row with a bad cell is kept aside with its money, so that the sums of the file still tie out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quoin.imports.rules.catalogue import Catalogue
from quoin.imports.rules.cells import Cells
from quoin.imports.rules.entries import (
    AMOUNT_PLACES,
    currencies_of,
    each_once,
    flags_of,
    missing_of,
    numbers_of,
    people_of,
    work_of,
)
from quoin.imports.rules.receipts import receipts_of
from quoin.imports.rules.styles import Styles
from quoin.imports.rules.times import read_days
from quoin.imports.rules.values.words import fold
from quoin.imports.types import Field, ImportedCategory, Paper, ReadOptions
from quoin.kernel.currency import minor_unit
from quoin.kernel.words import say

_QUANTITY_PLACES = 6


@dataclass(frozen=True, slots=True)
class ExpenseColumns:
    """The rows of one table, as parallel columns. `bad` are indexes of rows that cannot be booked."""

    source: str
    file: str
    lines: Sequence[int]
    bad: set[int]
    external_ids: Sequence[str]
    person_keys: Sequence[str]
    project_keys: Sequence[str]
    task_keys: Sequence[str]
    category_keys: Sequence[str]
    days: Sequence[date | None]
    suppliers: Sequence[str]
    notes: Sequence[str]
    quantities: Sequence[Decimal | None]
    amounts: Sequence[Decimal | None]
    vats: Sequence[Decimal | None]
    currencies: Sequence[str]
    billable: Sequence[bool]
    reimbursable: Sequence[bool]
    receipts: Sequence[Paper | None]


def read_expense_columns(
    cells: Cells, styles: Styles, catalogue: Catalogue, *, options: ReadOptions, papers: Sequence[Paper] = ()
) -> ExpenseColumns:
    """The columns of a table of expenses; findings go to `cells`, names to the catalogue."""
    as_text = options.formulas_as_text
    people = people_of(cells, catalogue, options)
    projects, tasks = work_of(cells, catalogue, options)
    categories = _categories(cells, catalogue, options)
    days = read_days(cells, styles, Field.DATE, is_required=True)
    amounts = numbers_of(cells, Field.AMOUNT, styles, AMOUNT_PLACES)
    vats = numbers_of(cells, Field.VAT, styles, AMOUNT_PLACES)
    currencies = currencies_of(cells, amounts, [None] * cells.rows, options)
    _judge_money(cells, amounts, vats, currencies)
    external_ids = cells.read_text(Field.EXTERNAL_ID, one_line=True, formulas_as_text=True)
    receipts = receipts_of(cells, external_ids, papers)
    return ExpenseColumns(
        source="expenses",
        file=cells.table.file,
        lines=cells.table.lines,
        bad=cells.bad,
        external_ids=external_ids,
        person_keys=people,
        project_keys=projects,
        task_keys=tasks,
        category_keys=categories,
        days=days,
        suppliers=cells.read_text(Field.SUPPLIER, one_line=True, formulas_as_text=as_text),
        notes=cells.read_text(Field.NOTE, one_line=False, formulas_as_text=as_text),
        quantities=numbers_of(cells, Field.QUANTITY, styles, _QUANTITY_PLACES),
        amounts=amounts,
        vats=vats,
        currencies=currencies,
        billable=flags_of(cells, Field.BILLABLE, missing=True),
        reimbursable=flags_of(cells, Field.REIMBURSABLE, missing=True),
        receipts=receipts,
    )


def _categories(cells: Cells, catalogue: Catalogue, options: ReadOptions) -> list[str]:
    names = cells.read_text(Field.CATEGORY, one_line=True, formulas_as_text=options.formulas_as_text)
    file, lines = cells.table.file, cells.table.lines

    def add(index: int) -> str:
        name = names[index]
        if not name:
            return ""
        return catalogue.add_category(ImportedCategory(fold(name), name, file=file, line=lines[index]))

    found = each_once(((name,) for name in names), add)
    for index in missing_of(found):
        cells.refuse(index, "no_category", say("The row names no category."), say("Write what kind of expense it is."))
    return found


def _judge_money(
    cells: Cells, amounts: Sequence[Decimal | None], vats: Sequence[Decimal | None], currencies: Sequence[str]
) -> None:
    """An expense is more than zero, its VAT is a part of it, and both are amounts that the currency has."""
    for index, (amount, vat, currency) in enumerate(zip(amounts, vats, currencies, strict=True)):
        if index in cells.bad:
            continue
        if amount is None or amount <= 0:
            cells.refuse(
                index,
                "not_positive",
                say("The amount is not more than zero."),
                say("Write what was paid. Take a refund off the receipt that it refunds."),
            )
        elif not 0 <= (vat or 0) < amount:
            cells.refuse(
                index,
                "bad_vat",
                say("The VAT of %(vat)s is not a part of the amount of %(amount)s.", vat=vat, amount=amount),
                say("Write the amount with its VAT, and the VAT as an amount, not as a percentage."),
            )
        elif currency and any(part % minor_unit(currency) for part in (amount, vat or Decimal(0))):
            cells.refuse(
                index,
                "bad_number",
                say("%(currency)s has no amounts that small.", currency=currency),
                say("Round the amount as it was paid."),
            )
