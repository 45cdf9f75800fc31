"""One writer of tables for CSV and XLSX: what you see is what you export, safely.

A text that a spreadsheet would take for a formula gets a leading quote; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from quoin.base.listing.columns import Column, Kind
from quoin.kernel.money import Money

if TYPE_CHECKING:
    import xlsxwriter
from quoin.kernel.quantity import hours

Cell = str | Decimal | int | date | datetime | None
# OWASP "CSV injection": these openings, the last in full width, make a spreadsheet evaluate the text.
_FORMULA_OPENINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_text(text: str) -> str:
    """The text, with a leading quote where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_FORMULA_OPENINGS) else text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of typed cells. Money takes two columns: the amount and its currency."""

    columns: tuple[Column, ...]
    rows: Iterable[object]

    def header(self) -> list[str]:
        names: list[str] = []
        for column in self.columns:
            names.append(f"{column.label} (h)" if column.kind is Kind.MINUTES else str(column.label))
            if column.kind is Kind.MONEY:
                names.append(f"{column.label} (currency)")
        return names

    def csv(self) -> Iterator[str]:
        """Lines of RFC 4180 with a byte order mark, so that spreadsheets read UTF-8."""
        yield "\ufeff" + _line([safe_text(name) for name in self.header()])
        for cells in self._cells():
            yield _line([_csv_text(cell) for cell in cells])

    def xlsx(self) -> bytes:
        """A workbook with typed cells and a frozen, filterable header."""
        # It takes a fifth of a second to load, and only an export asks for it.
        import xlsxwriter

        target = io.BytesIO()
        book = xlsxwriter.Workbook(
            target,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
            },
        )
        sheet = book.add_worksheet()
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        names = self.header()
        sheet.write_row(0, 0, [safe_text(name) for name in names], styles["head"])
        last = 0
        for last, cells in enumerate(self._cells(), start=1):
            for position, cell in enumerate(cells):
                _write(sheet, styles, (last, position), cell)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(names) - 1)
        sheet.set_column(0, len(names) - 1, 16)
        book.close()
        return target.getvalue()

    def _cells(self) -> Iterator[list[Cell]]:
        for row in self.rows:
            cells: list[Cell] = []
            for column in self.columns:
                cells.extend(_cell(column, column.read(row)))
            yield cells


def _cell(column: Column, value: object) -> list[Cell]:
    if column.kind is Kind.MONEY:
        return [value.amount, value.currency] if isinstance(value, Money) else [None, None]
    if value is None:
        return [None]
    if column.kind is Kind.MINUTES and isinstance(value, int):
        return [hours(value)]
    if column.kind is Kind.STATUS:
        status = column.statuses.get(str(value))
        return [str(status.label) if status else str(value)]
    if isinstance(value, Decimal | int | date):
        return [value]
    return [str(value)]


def _csv_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, date):
        return cell.isoformat()
    return safe_text(cell) if isinstance(cell, str) else str(cell)


def _line(texts: list[str]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow(texts)
    return target.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, styles: dict[str, object], at: tuple[int, int], cell: Cell) -> None:
    row, position = at
    if cell is None:
        return
    if isinstance(cell, date):
        sheet.write_datetime(row, position, cell, styles["day"])
    elif isinstance(cell, Decimal):
        sheet.write_number(row, position, cell, styles["amount"])
    elif isinstance(cell, int):
        sheet.write_number(row, position, cell)
    else:
        sheet.write_string(row, position, safe_text(cell))
