"""A JSON list of flat objects as a table: each object a row, each name a column."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from quoin.imports.types import BadFile, Document, Table, bad_file
from quoin.kernel.words import say

_MOST_COLUMNS = 200


def table_of(document: Document) -> Table:
    """The table; BadFile if the document is not a list of flat objects. Lines count the objects from 1."""
    rows = document.content
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _refused(document.file, "The file is not a list of objects.")
    headers = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    if len(headers) > _MOST_COLUMNS:
        raise _refused(
            document.file,
            say("The objects have %(count)s names; %(most)s is the most.", count=len(headers), most=_MOST_COLUMNS),
        )
    columns = tuple(tuple(_cell(document.file, row, header) for row in rows) for header in headers)
    return Table(document.file, headers, tuple(range(1, len(rows) + 1)), columns, header_line=0, is_typed=True)


def _cell(file: str, row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | Decimal):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    raise _refused(file, say("%(name)s holds an object or a list, not one value.", name=repr(name)))


def _refused(file: str, message: str) -> BadFile:
    return bad_file("bad_json", message, "Write a list of flat objects, or upload a CSV.", file=file)
