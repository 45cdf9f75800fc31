"""Exports: typed cells, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from quoin.base.listing import Column, Kind, Sheet, Status
from quoin.kernel.money import Money

COLUMNS = (
    Column(key="name", label="Name"),
    Column(key="state", label="State", kind=Kind.STATUS, statuses={"paid": Status("success", "Paid")}),
    Column(key="due_on", label="Due", kind=Kind.DAY),
    Column(key="minutes", label="Worked", kind=Kind.MINUTES),
    Column(key="net", label="Net", kind=Kind.MONEY),
)
ROW = {
    "name": "Fjord, AS",
    "state": "paid",
    "due_on": date(2026, 5, 6),
    "minutes": 450,
    "net": Money(Decimal("-48310.05"), "EUR"),
}
EMPTY = {"name": "", "state": None, "due_on": None, "minutes": None, "net": None}


def test_csv_holds_typed_values_and_the_currency_in_its_own_column() -> None:
    text = "".join(Sheet(COLUMNS, [ROW, EMPTY]).csv())

    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["Name", "State", "Due", "Worked (h)", "Net", "Net (currency)"],
        ["Fjord, AS", "Paid", "2026-05-06", "7.5000", "-48310.05", "EUR"],
        ["", "", "", "", "", ""],
    ]


def test_xlsx_holds_numbers_as_numbers_and_days_as_days() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(Sheet(COLUMNS, [ROW]).xlsx()))

    assert book.get_sheet_by_index(0).to_python() == [
        ["Name", "State", "Due", "Worked (h)", "Net", "Net (currency)"],
        ["Fjord, AS", "Paid", date(2026, 5, 6), 7.5, -48310.05, "EUR"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])
def test_text_that_looks_like_a_formula_is_quoted(text: str) -> None:
    sheet = Sheet(COLUMNS[:1], [{"name": text}])

    cells = list(csv.reader(io.StringIO("".join(sheet.csv()), newline="")))
    book = CalamineWorkbook.from_filelike(io.BytesIO(Sheet(COLUMNS[:1], [{"name": text}]).xlsx()))

    assert cells[1] == [f"'{text}"]
    assert str(book.get_sheet_by_index(0).to_python()[1][0]).startswith("'")


def test_a_label_that_looks_like_a_formula_is_quoted_too() -> None:
    text = "".join(Sheet((Column(key="name", label="=cmd"),), []).csv())

    assert text == "\ufeff'=cmd\r\n"
