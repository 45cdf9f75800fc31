"""Reading one column at a time: each distinct value is parsed once, and a bad value marks its rows.

Styles (order of a date, decimal mark) are settled over all columns of the table before any value is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from quoin.imports.rules.headers import Layout, Place
from quoin.imports.rules.values import words
from quoin.imports.types import Field, Finding, Level, Table
from quoin.kernel.words import say

T = TypeVar("T")
_SHOWN = 120


@dataclass(slots=True)
class Cells:
    """The columns of a table by field, and what was found on the way. `bad` are indexes of unusable rows."""

    table: Table
    layout: Layout
    findings: list[Finding] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    @property
    def rows(self) -> int:
        return len(self.table.lines)

    def raw(self, wanted: Field) -> Sequence[str] | None:
        """The column of a field, or None if the table has none."""
        place = self.layout.place(wanted)
        return None if place is None else self.table.columns[place.index]

    def read(
        self, wanted: Field, parse: Callable[[str], T], *, empty: T, code: str, remedy: str, is_required: bool = False
    ) -> list[T]:
        """The parsed column; `empty` stands for missing and bad cells. A bad cell makes its row bad."""
        place = self.layout.place(wanted)
        if place is None:
            return [empty] * self.rows
        column = self.table.columns[place.index]
        parsed: dict[str, T] = {}
        wrong: dict[str, str] = {}
        for value in set(column):
            if not value.strip():
                parsed[value] = empty
                if is_required:
                    wrong[value] = say("%(header)s is empty.", header=place.header)
                continue
            try:
                parsed[value] = parse(value)
            except ValueError as error:
                parsed[value] = empty
                wrong[value] = say("%(error)s.", error=str(error))
        if wrong:
            self._mark(place, wrong, code=code, remedy=remedy)
        return [parsed[value] for value in column]

    def read_text(self, wanted: Field, *, one_line: bool, formulas_as_text: bool) -> list[str]:
        """A column of text; cells that a spreadsheet would calculate are refused or reported."""
        parse = words.clean_name if one_line else words.clean
        texts = self.read(
            wanted,
            parse,
            empty="",
            code="bad_text",
            remedy="Correct the cell; it holds characters that cannot be stored.",
        )
        place = self.layout.place(wanted)
        if place is not None and not self.table.is_typed:
            self._report_formulas(place, formulas_as_text=formulas_as_text)
        return texts

    def refuse_formulas(self) -> None:
        """Mark rows with a calculated cell in a column that is read."""
        if not self.table.formulas:
            return
        rows = {line: index for index, line in enumerate(self.table.lines)}
        headers = {place.index: place.header for place in self.layout.places}
        for line, column in self.table.formulas:
            if line in rows and column in headers:
                self.refuse(
                    rows[line],
                    "formula_cell",
                    say(
                        "The cell in %(header)s is a formula; its stored value may be out of date.",
                        header=headers[column],
                    ),
                    "Replace formulas by their values (copy, paste values), or import the stored values.",
                    column=headers[column],
                )

    def refuse(self, index: int, code: str, message: str, remedy: str, *, column: str = "", value: str = "") -> None:
        """A row that cannot be used."""
        self.bad.add(index)
        self.remark(Level.ERROR, code, message, remedy, index=index, column=column, value=value)

    def remark(
        self, level: Level, code: str, message: str, remedy: str, *, index: int = -1, column: str = "", value: str = ""
    ) -> None:
        """A finding about a row, or about the table (index -1)."""
        line = self.table.lines[index] if index >= 0 else 0
        self.findings.append(Finding(level, code, message, remedy, self.table.file, line, column, value[:_SHOWN]))

    def _mark(self, place: Place, wrong: dict[str, str], *, code: str, remedy: str) -> None:
        for index, value in enumerate(self.table.columns[place.index]):
            if value in wrong:
                self.refuse(index, code, wrong[value], remedy, column=place.header, value=value)

    def _report_formulas(self, place: Place, *, formulas_as_text: bool) -> None:
        column = self.table.columns[place.index]
        suspects = {value for value in set(column) if words.starts_like_formula(value.lstrip())}
        if not suspects:
            return
        refused = set() if formulas_as_text else {v for v in suspects if words.looks_like_formula(v.lstrip())}
        for index, value in enumerate(column):
            if value in refused:
                self.refuse(
                    index,
                    "formula_cell",
                    say("%(value)s is a formula, not text.", value=repr(value[:_SHOWN])),
                    "Replace it by its value, or import formulas as text.",
                    column=place.header,
                    value=value,
                )
            elif value in suspects:
                self.remark(
                    Level.WARNING,
                    "formula_like",
                    say("%(value)s begins like a formula; it is kept as plain text.", value=repr(value[:_SHOWN])),
                    "Nothing to do; exports put a quote before it.",
                    index=index,
                    column=place.header,
                    value=value,
                )
