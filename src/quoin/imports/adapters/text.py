"""Bytes to text to cells: encoding and delimiter are found out, and what cannot be is said with its place."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from quoin.imports.adapters.limits import Limits
from quoin.imports.types import RAGGED, Finding, Level, Table, bad_file
from quoin.kernel.words import say

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = ",;\t|"
_NAMES = {",": say("comma"), ";": say("semicolon"), "\t": say("tab"), "|": say("bar")}
_SAMPLE_ROWS = 50
_SAMPLE_LETTERS = 64_000
_UTF8_REMEDY = say("Save the file as CSV UTF-8 and upload it again.")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the name of its encoding, and whether that was a guess."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()


def decode(file: str, content: bytes) -> Decoded:
    """The text of a file; BadFile names the byte that is wrong."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            if not encoding:
                raise bad_file("bad_encoding", "The file is UTF-32, which is not read.", _UTF8_REMEDY, file=file)
            return Decoded(_strict(file, content[len(bom) :], encoding, len(bom)), encoding.upper())
    if guessed := _utf16_without_mark(content):
        return Decoded(_strict(file, content, guessed, 0), guessed.upper())
    try:
        return Decoded(_without_nul(file, content.decode("utf-8")), "UTF-8")
    except UnicodeDecodeError as error:
        return _decode_western(file, content, error)


def read_table(file: str, text: str, limits: Limits) -> tuple[Table, tuple[Finding, ...], str]:
    """The table of a CSV text, findings about rows that are left out, and the delimiter's name."""
    delimiter = find_delimiter(text)
    records = _records(file, text, delimiter)
    header_line, headers = _header(file, records, limits)
    lines: list[int] = []
    rows: list[list[str]] = []
    ragged: list[tuple[int, int]] = []
    width = len(headers)
    for line, row in records:
        if len(row) != width:
            if not any(row):
                continue
            fitted = _fit(row, width)
            if fitted is None:
                ragged.append((line, len(row)))
                continue
            rows.append(fitted)
        elif any(row):
            rows.append(row)
        else:
            continue
        lines.append(line)
        if len(rows) > limits.rows:
            raise _too_many_rows(file, limits)
    columns = tuple(zip(*rows, strict=True)) if rows else tuple(() for _ in headers)
    _check_cells(file, columns, lines, limits)
    findings = tuple(_ragged(file, line, found, width) for line, found in ragged)
    return Table(file, tuple(headers), tuple(lines), columns, header_line), findings, _NAMES[delimiter]


def find_delimiter(text: str) -> str:
    """The delimiter that cuts most rows of the beginning into as many cells as the first row, and more than one."""
    sample = text[:_SAMPLE_LETTERS]
    if sample[:4].casefold() == "sep=" and sample[4:5] in _DELIMITERS and sample[4:5]:
        return sample[4]
    scores = [(_score(sample, delimiter), delimiter) for delimiter in _DELIMITERS]
    best = max(score for score, _ in scores)
    return next(delimiter for score, delimiter in scores if score == best)


def _score(sample: str, delimiter: str) -> tuple[int, int]:
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if row:
                widths.append(len(row))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return (0, 0)
    if not widths or widths[0] == 1:
        return (0, 0)
    # The last row of a sample may be cut off in the middle.
    same = Counter(widths[:-1] or widths)[widths[0]]
    return (same * 100 // len(widths[:-1] or widths), widths[0])


def _strict(file: str, content: bytes, encoding: str, skipped: int) -> str:
    try:
        return _without_nul(file, content.decode(encoding))
    except UnicodeDecodeError as error:
        raise bad_file(
            "bad_encoding",
            say(
                "The file says it is %(encoding)s, but byte %(byte)s is not.",
                encoding=encoding.upper(),
                byte=error.start + skipped,
            ),
            _UTF8_REMEDY,
            file=file,
        ) from error


def _utf16_without_mark(content: bytes) -> str:
    """UTF-16 by its zero bytes: Western text has one in every second place."""
    head = content[:2000]
    if len(head) < 4 or head.count(0) * 3 < len(head):  # noqa: PLR2004 - a third of zeros is no other text
        return ""
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _without_nul(file: str, text: str) -> str:
    place = text.find("\0")
    if place >= 0:
        raise bad_file(
            "nul",
            say("Character %(place)s of the file is NUL; this is not a text file.", place=place),
            "Upload the CSV or XLSX file itself.",
            file=file,
        )
    return text


def _decode_western(file: str, content: bytes, error: UnicodeDecodeError) -> Decoded:
    """Windows-1252 (of which Latin-1 text is a part), unless the file is mostly UTF-8 or holds unknown bytes."""
    if any(letter >= "\x80" for letter in content[: error.start].decode("utf-8")):
        raise bad_file(
            "bad_encoding",
            say(
                "The file is UTF-8 up to byte %(start)s (0x%(content)s) and something else from there.",
                start=error.start,
                content=f"{content[error.start]:02x}",
            ),
            say("The file was put together from two encodings. %(remedy)s", remedy=_UTF8_REMEDY),
            file=file,
        )
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as unknown:
        raise bad_file(
            "bad_encoding",
            say(
                "Byte %(start)s (0x%(content)s) is neither UTF-8 nor Windows-1252.",
                start=unknown.start,
                content=f"{content[unknown.start]:02x}",
            ),
            _UTF8_REMEDY,
            file=file,
        ) from unknown
    place = error.start
    sample = text[max(place - 12, 0) : place + 12].replace("\n", " ").replace("\r", "").strip()
    said = Finding(
        Level.WARNING,
        "encoding_guessed",
        say("The file is not UTF-8 and is read as Windows-1252; there it says %(sample)s.", sample=repr(sample)),
        say("If that looks wrong: save the file as CSV UTF-8 and upload it again."),
        file=file,
    )
    return Decoded(_without_nul(file, text), "Windows-1252", (said,))


def _records(file: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which they begin."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise bad_file(
            "bad_csv",
            say("The row that begins on line %(line)s cannot be read: %(error)s.", line=line, error=error),
            "Check its quotes: a quote inside a cell is doubled.",
            file=file,
            line=line,
        ) from error


def _header(file: str, records: Iterator[tuple[int, list[str]]], limits: Limits) -> tuple[int, list[str]]:
    for line, row in records:
        is_hint = line == 1 and len(row) <= 2 and row and row[0].casefold().startswith("sep=")  # noqa: PLR2004
        if is_hint or not any(cell.strip() for cell in row):
            continue
        while not row[-1].strip():
            row.pop()
        if len(row) > limits.columns:
            raise bad_file(
                "too_many_columns",
                say("The file has %(count)s columns; %(columns)s is the most.", count=len(row), columns=limits.columns),
                "Export fewer columns.",
                file=file,
                line=line,
            )
        return line, row
    raise bad_file("empty_file", "The file has no rows.", "Export again; choose a period with entries.", file=file)


def _fit(row: list[str], width: int) -> list[str] | None:
    """The row without empty cells past the last header, or None if it has another number of cells."""
    if len(row) > width and not any(row[width:]):
        return row[:width]
    return None


def _ragged(file: str, line: int, found: int, width: int) -> Finding:
    return Finding(
        Level.ERROR,
        RAGGED,
        say("The row has %(found)s cells, the header %(width)s.", found=found, width=width),
        say("Check its quotes and delimiters; the row is left out."),
        file,
        line,
    )


def _too_many_rows(file: str, limits: Limits) -> Exception:
    return bad_file(
        "too_many_rows",
        say("The file has more than %(rows)s rows.", rows=f"{limits.rows:,}"),
        "Split it by month or year, or import it on the command line.",
        file=file,
    )


def _check_cells(file: str, columns: tuple[tuple[str, ...], ...], lines: list[int], limits: Limits) -> None:
    for column in columns:
        if column and max(map(len, column)) > limits.cell_characters:
            place = next(index for index, cell in enumerate(column) if len(cell) > limits.cell_characters)
            raise bad_file(
                "cell_too_long",
                say(
                    "A cell has %(count)s characters; %(cell_characters)s is the most.",
                    count=f"{len(column[place]):,}",
                    cell_characters=f"{limits.cell_characters:,}",
                ),
                "Shorten it; an unclosed quote is the usual cause.",
                file=file,
                line=lines[place],
            )
