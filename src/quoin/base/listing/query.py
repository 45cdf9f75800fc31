"""The list grammar: a query string becomes a checked Query, and a Query becomes a query string again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from typing_extensions import override

from quoin.base.listing.columns import Column, Kind, Listing
from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.quantity import parse_duration
from quoin.kernel.words import say

Value = str | int | bool | Decimal | date
MAX_LIMIT = 200
MAX_VALUES = 200
MAX_TEXT = 200
MAX_VIEW = 40
_FIELD = re.compile(r"(?P<key>[a-z][a-z0-9_]*)(?:\[(?P<op>[a-z]+)\])?")
# A plus that a link did not escape arrives as a space, which is stripped: `3d` means `+3d`.
_RELATIVE = re.compile(r"(?P<sign>[+-]?)(?P<count>\d{1,4})(?P<unit>[dw])")
# Parameters of the page that are not fields: never mistaken for a filter.
RESERVED = frozenset({"q", "sort", "cursor", "limit", "columns", "peek", "format", "view"})


@dataclass(frozen=True, slots=True)
class Sort:
    """A column and its direction."""

    key: str
    is_descending: bool = False

    @override
    def __str__(self) -> str:
        return f"-{self.key}" if self.is_descending else self.key


@dataclass(frozen=True, slots=True)
class Filter:
    """`field[op]=text`, with the values that the text means."""

    key: str
    op: str
    text: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for a part of a list."""

    q: str = ""
    sort: tuple[Sort, ...] = ()
    filters: tuple[Filter, ...] = ()
    cursor: str = ""
    limit: int = 50
    columns: tuple[str, ...] = ()
    is_default_sort: bool = True
    view: str = ""
    """Id of the saved view that was opened, or `all`; kept while filters change. It filters nothing itself."""

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of a URL that says the same."""
        found = [("view", self.view)] if self.view else []
        if self.q:
            found.append(("q", self.q))
        if not self.is_default_sort:
            found.append(("sort", ",".join(str(part) for part in self.sort)))
        found += [(f.key if f.op == "eq" else f"{f.key}[{f.op}]", f.text) for f in self.filters]
        if self.columns:
            found.append(("columns", ",".join(self.columns)))
        if self.cursor:
            found.append(("cursor", self.cursor))
        return found

    def query_string(self) -> str:
        return urlencode(self.pairs(), safe="[],")

    def sorted_by(self, *sort: Sort) -> Query:
        return replace(self, sort=sort, is_default_sort=False, cursor="")

    def without(self, dropped: Filter) -> Query:
        return replace(self, filters=tuple(f for f in self.filters if f != dropped), cursor="")

    def cleared(self) -> Query:
        """The same view of everything."""
        return replace(self, q="", filters=(), cursor="")

    def after(self, cursor: str) -> Query:
        return replace(self, cursor=cursor)


def parse(listing: Listing, parameters: Iterable[tuple[str, str]], *, on: date) -> Query:
    """The Query of these URL parameters; `on` is the day that `today` and `-14d` mean.

    Raises Invalid that names every parameter which is not understood.
    """
    problems: list[Problem] = []
    filters: list[Filter] = []
    special: dict[str, str] = {}
    for name, text in parameters:
        if name in RESERVED:
            special[name] = text
        elif text != "":
            _collect(listing, name, text, on=on, filters=filters, problems=problems)
    sort = _sort(listing, special.get("sort", "") or listing.sort, problems)
    limit = _limit(special.get("limit", ""), listing.limit, problems)
    columns = _columns(listing, special.get("columns", ""), problems)
    if problems:
        raise Invalid(problems[0].detail, problems=tuple(problems))
    return Query(
        q=special.get("q", "").strip()[:MAX_TEXT],
        sort=sort,
        filters=tuple(filters),
        cursor=special.get("cursor", ""),
        limit=limit,
        columns=columns,
        view=special.get("view", "")[:MAX_VIEW],
        is_default_sort=not special.get("sort"),
    )


def _collect(
    listing: Listing, name: str, text: str, *, on: date, filters: list[Filter], problems: list[Problem]
) -> None:
    try:
        filters.append(_filter(listing, name, text, on))
    except Invalid as error:
        problems.extend(error.problems)


def _filter(listing: Listing, name: str, text: str, on: date) -> Filter:
    found = _FIELD.fullmatch(name)
    column = listing.column(found["key"]) if found else None
    if found is None or column is None or not column.allowed_ops:
        filterable = ", ".join(c.key for c in listing.columns if c.allowed_ops)
        raise _invalid(
            name,
            "unknown_field",
            say("%(name)s is not a field of this list.", name=repr(name)),
            say("Fields are: %(filterable)s.", filterable=filterable),
        )
    op = found["op"] or "eq"
    if op not in column.allowed_ops:
        raise _invalid(
            name,
            "unknown_operator",
            say("%(op)s does not work on %(column_key)s.", op=repr(op), column_key=repr(column.key)),
            say("Use %(operators)s.", operators=", ".join(column.allowed_ops)),
        )
    return Filter(column.key, op, text, _values(column, name, op=op, text=text, on=on))


def _values(column: Column, name: str, *, op: str, text: str, on: date) -> tuple[Value, ...]:
    if op == "isnull":
        if text not in {"true", "false"}:
            raise _invalid(name, "invalid_value", say("%(name)s takes true or false.", name=name), "")
        return (text == "true",)
    parts = [part.strip() for part in text.split(",")] if op in {"in", "nin"} else [text.strip()]
    if len(parts) > MAX_VALUES:
        raise _invalid(
            name,
            "too_many_values",
            say("%(name)s takes at most %(max_values)s values.", name=name, max_values=MAX_VALUES),
            "",
        )
    if op == "like":
        return tuple(part[:MAX_TEXT] for part in parts)
    return tuple(_value(column, name, part, on) for part in parts)


def _value(column: Column, name: str, text: str, on: date) -> Value:
    try:
        match column.kind:
            case Kind.DAY:
                return day_of(text, on)
            case Kind.MINUTES:
                return int(text) if text.isascii() and text.isdigit() else parse_duration(text).minutes
            case Kind.MONEY | Kind.NUMBER:
                return _decimal(text)
            case Kind.PERCENT:
                return _decimal(text.rstrip("% ")) / 100
            case Kind.STATUS | Kind.FLAG:
                return _chosen(column, text)
            case _:
                return text[:MAX_TEXT]
    except (ValueError, InvalidOperation) as error:
        raise _invalid(name, "invalid_value", say("%(name)s: %(error)s", name=name, error=error), "") from error


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text.replace("−", "-").replace(" ", ""))
    except InvalidOperation:
        raise ValueError(say("%(text)s is not a number. Write it as 1234.50.", text=repr(text))) from None
    if not value.is_finite() or abs(value.adjusted()) > 20:  # noqa: PLR2004 - wider than any column
        raise ValueError(say("%(text)s is out of range.", text=repr(text)))
    return value


def _chosen(column: Column, text: str) -> str | bool:
    if column.statuses and text not in column.statuses:
        raise ValueError(say("%(text)s is none of %(statuses)s.", text=repr(text), statuses=", ".join(column.statuses)))
    return text == "true" if column.kind is Kind.FLAG else text


def day_of(text: str, on: date) -> date:
    """`2026-05-06`, `today`, `+3d`, `-2w`; ValueError otherwise."""
    if text == "today":
        return on
    try:
        if found := _RELATIVE.fullmatch(text):
            days = int(found["count"]) * (7 if found["unit"] == "w" else 1)
            return on + timedelta(days=-days if found["sign"] == "-" else days)
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(
            say("%(text)s is not a day. Write it as 2026-05-06, today, +3d or -2w.", text=repr(text))
        ) from None


def _sort(listing: Listing, text: str, problems: list[Problem]) -> tuple[Sort, ...]:
    found: list[Sort] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        sort = Sort(part.removeprefix("-"), is_descending=part.startswith("-"))
        column = listing.column(sort.key)
        if sort.key != "id" and (column is None or not column.is_sortable):
            sortable = ", ".join(c.key for c in listing.columns if c.is_sortable)
            problems.append(
                Problem(
                    "/sort",
                    "unknown_field",
                    say("The list cannot be sorted by %(sort_key)s.", sort_key=repr(sort.key)),
                    say("Sort by: %(sortable)s.", sortable=sortable),
                )
            )
        elif sort.key not in {other.key for other in found}:
            found.append(sort)
    return tuple(found)


def _limit(text: str, default: int, problems: list[Problem]) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MAX_LIMIT):  # noqa: PLR2004 - no huge integers
        problems.append(
            Problem("/limit", "invalid_value", say("limit is a number from 1 to %(max_limit)s.", max_limit=MAX_LIMIT))
        )
        return default
    return int(text)


def _columns(listing: Listing, text: str, problems: list[Problem]) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(filter(None, text.split(","))))
    unknown = [key for key in keys if listing.column(key) is None]
    problems.extend(
        Problem("/columns", "unknown_field", say("The list has no column %(key)s.", key=repr(key))) for key in unknown
    )
    return keys


def _invalid(name: str, code: str, detail: str, remedy: str) -> Invalid:
    return Invalid(detail, problems=(Problem(f"/{name}", code, detail, remedy),))


def pairs_of(parameters: Mapping[str, object]) -> list[tuple[str, str]]:
    """All pairs of a QueryDict, or of a plain mapping."""
    if hasattr(parameters, "lists"):
        return [(name, value) for name, values in parameters.lists() for value in values]
    return [(name, str(value)) for name, value in parameters.items()]
