"""Workbooks, read by a child process that may die without harm; its death is a clear error here."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quoin.imports.adapters.archives import open_archive
from quoin.imports.adapters.limits import Limits
from quoin.imports.types import BadFile, Table, bad_file
from quoin.kernel.words import say

Answer = list[str] | dict[str, Any]
_CHILD = Path(__file__).with_name("sheet_child.py")
_PATIENCE_SECONDS = 10
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_REMEDY = "Save the sheet as CSV UTF-8 and upload that."
_MESSAGES = {
    "too_large": "xlsx_too_large", "too_long": "xlsx_too_large", "memory": "xlsx_memory", "doctype": "xlsx_doctype",
    "bad_number": "bad_number", "unreadable": "bad_xlsx",
}  # fmt: skip
"""Codes of refusals by what the child says."""


def read_workbook(file: str, content: bytes, limits: Limits) -> tuple[Table, ...]:
    """A table for each sheet that has rows; BadFile if the workbook is refused or its reader dies."""
    archive, _ = open_archive(file, content, limits)
    archive.close()
    tables: list[Table] = []
    rows: list[list[str]] = []
    head: dict[str, object] = {}
    for answer in _answers(file, content, limits):
        if isinstance(answer, list):
            rows.append(answer)
        elif "sheet" in answer:
            head, rows = answer, []
        elif "formulas" in answer:
            tables.extend(_tables(file, head, rows, answer["formulas"]))
    if not tables:
        raise bad_file("empty_file", "The workbook has no rows.", "Export again.", file=file)
    return tuple(tables)


def _answers(file: str, content: bytes, limits: Limits) -> list[Answer]:
    """The lines of the child, which ends with one that says so."""
    caps = {
        "rows": limits.rows,
        "columns": limits.columns,
        "cell": limits.cell_characters,
        "output": limits.unpacked_bytes,
        "bytes": limits.child_bytes,
        "seconds": limits.child_seconds,
    }
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and our own file; the upload is only its input
            [sys.executable, "-I", str(_CHILD), json.dumps(caps)],
            input=content,
            capture_output=True,
            timeout=limits.child_seconds + _PATIENCE_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise bad_file(
            "xlsx_time",
            say("The workbook was not read in %(timeout)s s.", timeout=f"{error.timeout:.0f}"),
            _REMEDY,
            file=file,
        ) from error
    answers: list[Answer] = []
    for line in child.stdout.splitlines():
        try:
            answers.append(json.loads(line))
        except ValueError:
            # A child that was ended in the middle of a line has not said the end either.
            break
    last = answers[-1] if answers else None
    if isinstance(last, dict) and "error" in last:
        raise _refusal(file, last)
    if not isinstance(last, dict) or "end" not in last:
        raise _death(file, child.returncode)
    return answers


def _death(file: str, code: int) -> BadFile:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return bad_file("xlsx_time", "The workbook takes too long to read.", _REMEDY, file=file)
    # Memory that is refused ends the reader with an abort.
    return bad_file("xlsx_memory", "The workbook needs more memory than an upload may take.", _REMEDY, file=file)


def _refusal(file: str, answer: dict[str, object]) -> BadFile:
    said = str(answer["error"])
    return bad_file(_MESSAGES[said], _sentence(said, answer), _REMEDY, file=file)


def _sentence(said: str, answer: dict[str, object]) -> str:
    sheet, detail = repr(answer.get("sheet")), answer.get("detail")
    match said:
        case "too_large":
            rows, columns = f"{answer['rows']:,}", f"{answer['columns']:,}"
            return say(
                "Sheet %(sheet)s has %(rows)s rows and %(columns)s columns.", sheet=sheet, rows=rows, columns=columns
            )
        case "too_long":
            return say("Sheet %(sheet)s holds too much text.", sheet=sheet)
        case "memory":
            return say("The workbook needs more memory than an upload may take.")
        case "doctype":
            return say("The workbook declares a document type or an entity in %(detail)s.", detail=repr(detail))
        case "bad_number":
            return say("The workbook holds a number that is none (%(detail)s).", detail=detail)
        case _:
            return say("The workbook cannot be read: %(detail)s.", detail=detail)


def _tables(file: str, head: dict[str, object], rows: Sequence[list[str]], formulas: object) -> tuple[Table, ...]:
    """The table of a sheet whose first row with text is the header, or nothing for an empty sheet."""
    filled = [index for index, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        return ()
    left = int(str(head["first_column"]))
    headers = list(rows[filled[0]])
    while headers and not headers[-1].strip():
        headers.pop()
    width = len(headers)
    body = [rows[index][:width] for index in filled[1:]]
    places = formulas if isinstance(formulas, list) else []
    return (
        Table(
            file=f"{file}#{head['sheet']}",
            headers=tuple(headers),
            lines=tuple(index + 1 for index in filled[1:]),
            columns=tuple(zip(*body, strict=True)) if body else tuple(() for _ in headers),
            header_line=filled[0] + 1,
            is_typed=True,
            formulas=tuple(_place(str(place), left) for place in places if _PLACE.fullmatch(str(place))),
        ),
    )


def _place(name: str, left: int) -> tuple[int, int]:
    """Row from 1 and column from 0 within the table, of a cell name like `E5`."""
    found = _PLACE.fullmatch(name)
    letters, row = (found[1], int(found[2])) if found else ("A", 0)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return row, column - left
