"""Child process that reads one untrusted workbook: `python -I sheet_child.py '{"rows": ..., ...}' < book > rows`.

It is given no more memory, time, files or output than it needs, and knows nothing of Quoin: this file is run by
its path and imports the standard library and calamine only. It answers in JSON lines: an object per sheet, then
its rows and its formula cells, at last `{"end": true}`; or `{"error": code, ...}`.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

_FORMULA = re.compile(rb"<(?:[A-Za-z]+:)?f[\s/>]")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BLOCK = 1 << 16
_OVERLAP = 64
_SHOWN_FORMULAS = 1_000


class Refused(Exception):
    """The workbook is refused; the code and the details go to the parent."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.answer = {"error": code, **details}


def main(caps: dict[str, int]) -> None:
    """Read the workbook on standard input and write its rows."""
    resource.setrlimit(resource.RLIMIT_AS, (caps["bytes"], caps["bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (caps["seconds"], caps["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    content = sys.stdin.buffer.read()
    try:
        formulas = _formulas(content)
        _write(content, formulas, caps)
    except Refused as refused:
        _say(refused.answer)
    except MemoryError:
        _say({"error": "memory"})
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, OSError, ValueError, OverflowError) as error:
        _say({"error": "unreadable", "detail": str(error)[:200]})


def _write(content: bytes, formulas: dict[str, list[str]], caps: dict[str, int]) -> None:
    written = 0
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            start, end = sheet.start or (0, 0), sheet.end or (0, 0)
            if end[0] > caps["rows"] or sheet.width > caps["columns"]:
                raise Refused("too_large", sheet=name, rows=end[0] + 1, columns=sheet.width)
            # Rows are given from the first of the sheet, cells from the first column with a value.
            _say({"sheet": name, "first_column": start[1] + 1})
            for row in sheet.iter_rows():
                cells = [_cell(value) for value in row]
                written += sum(map(len, cells))
                if written > caps["output"] or len(max(cells, key=len, default="")) > caps["cell"]:
                    raise Refused("too_long", sheet=name)
                _say(cells)
            _say({"formulas": formulas.get(name, [])})
    _say({"end": True})


def _cell(value: object) -> str:
    """The value as text: dates in ISO, numbers with a point, so that nothing has to be guessed from them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds") if value.time() != time() else value.date().isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN is what differs from itself
        raise Refused("bad_number", detail=str(value))
    if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - whole numbers that a double holds exactly
        return str(int(value))
    text = repr(value)
    if "e" in text:
        return text
    # Three decimals could be read as a group of thousands; four cannot.
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text  # noqa: PLR2004


def _clock(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _formulas(content: bytes) -> dict[str, list[str]]:
    """Cells with a formula, by sheet. The XML is looked at in detail only where a formula stands."""
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        suspects = [
            member
            for member in archive.infolist()
            if member.filename.endswith((".xml", ".rels")) and _scan(archive, member)
        ]
        names = _sheet_names(archive) if suspects else {}
        for member in suspects:
            if member.filename in names:
                found[names[member.filename]] = _formula_cells(archive, member)
    return found


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """The name of each sheet by its file in the workbook."""
    targets = {
        found["Id"]: posixpath.normpath(posixpath.join("/xl", found["Target"])).lstrip("/")
        for found in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if "Id" in found and "Target" in found
    }
    names: dict[str, str] = {}
    for found in _elements(archive, "xl/workbook.xml", "sheet"):
        target = targets.get(next((value for name, value in found.items() if name.endswith(":id")), ""))
        if target is not None:
            names[target] = found.get("name", "")
    return names


def _elements(archive: zipfile.ZipFile, file: str, wanted: str) -> list[dict[str, str]]:
    """Attributes of all elements of a name."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    if file in archive.namelist():
        parser.Parse(archive.read(file), True)
    return found


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a formula occurs; a document type or an entity is refused."""
    has_formula, tail = False, b""
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            piece = tail + block
            if _DECLARED.search(piece):
                raise Refused("doctype", detail=member.filename)
            has_formula = has_formula or bool(_FORMULA.search(piece))
            tail = piece[-_OVERLAP:]
    return has_formula


def _formula_cells(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> list[str]:
    cells: list[str] = []
    place = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal place
        local = name.rpartition(":")[2]
        if local == "c":
            place = attributes.get("r", "")
        elif local == "f" and len(cells) < _SHOWN_FORMULAS:
            cells.append(place)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
    parser.Parse(b"", True)
    return cells


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
