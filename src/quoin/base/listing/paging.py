"""Rows of a query: filters, keyset paging with the id as tie-break, totals of the filtered set.

A page is cut by comparing with the last row seen, never by counting rows off, so that page 2,000 costs what
page 1 costs and rows that arrive meanwhile neither repeat nor vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateTimeField, F, Model, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy
from django.utils import timezone

from quoin.base.listing.columns import Column, Kind, Listing, follow
from quoin.base.listing.query import Filter, Query, Sort
from quoin.kernel.currency import CODES
from quoin.kernel.errors import invalid
from quoin.kernel.money import Money
from quoin.kernel.words import say

Rows = QuerySet[Any, Any]
_SALT = "quoin.listing.cursor"
_CHUNK = 2000
_LOOKUPS = {
    "eq": "exact",
    "gt": "gt",
    "gte": "gte",
    "lt": "lt",
    "lte": "lte",
    "in": "in",
    "like": "icontains",
    "isnull": "isnull",
}


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a column over everything that the filters leave; money has one per currency."""

    key: str
    values: tuple[Money | Decimal | int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the list. `count` is that of the filtered set."""

    rows: tuple[Any, ...]
    count: int
    totals: tuple[Total, ...]
    next_cursor: str

    def total(self, key: str) -> tuple[Money | Decimal | int, ...]:
        return next((total.values for total in self.totals if total.key == key), ())


def page_of(listing: Listing, rows: Rows, query: Query, *, with_totals: bool = True) -> Page:
    """One page. Costs a query for the rows, one for the count, one per currency path of the totals."""
    narrowed = filtered(listing, rows, query)
    keys = _keys(listing, query.sort, rows.model)
    ordered = narrowed.order_by(*(key.order for key in keys))
    if query.cursor:
        ordered = ordered.filter(_after(keys, _decode(query.cursor, query.sort)))
    found = list(ordered[: query.limit + 1])
    has_more = len(found) > query.limit
    shown = tuple(found[: query.limit])
    if listing.prepare is not None:
        listing.prepare(shown)
    cursor = _encode(query.sort, [follow(shown[-1], key.path) for key in keys]) if has_more else ""
    totals = totals_of(listing, narrowed) if with_totals else ()
    count = len(shown) if not query.cursor and not has_more else narrowed.count()
    return Page(shown, count, totals, cursor)


def rows_of(listing: Listing, rows: Rows, query: Query) -> Iterator[Any]:
    """Every row of the filtered set in order, for an export."""
    keys = _keys(listing, query.sort, rows.model)
    found = filtered(listing, rows, query).order_by(*(key.order for key in keys)).iterator(chunk_size=_CHUNK)
    return found if listing.prepare is None else _prepared(listing.prepare, found)


def _prepared(prepare: Callable[[Sequence[Any]], None], found: Iterator[Any]) -> Iterator[Any]:
    while chunk := tuple(islice(found, _CHUNK)):
        prepare(chunk)
        yield from chunk


def filtered(listing: Listing, rows: Rows, query: Query) -> Rows:
    """The rows that the search text and the filters leave."""
    for word in query.q.split():
        condition = Q()
        for lookup in listing.search:
            condition |= Q(**{lookup: word})
        rows = rows.filter(condition)
    for part in query.filters:
        column = listing.column(part.key)
        if column is not None:
            rows = _narrowed(rows, column, part)
    return rows


def _narrowed(rows: Rows, column: Column, part: Filter) -> Rows:
    try:
        is_moment = column.kind is Kind.DAY and part.op != "isnull" and _is_moment(rows, column.filter_path)
        return rows.filter(_moments(column, part) if is_moment else _condition(column, part))
    except (ValidationError, ValueError) as error:
        # The column is of another type than its kind says; whoever typed the value gets an answer all the same.
        raise invalid(
            f"/{part.key}",
            say("%(part_key)s cannot be compared with %(text)s.", part_key=part.key, text=repr(part.text)),
            code="invalid_value",
        ) from error


def totals_of(listing: Listing, narrowed: Rows) -> tuple[Total, ...]:
    """Sums of the columns that the list totals; money is never added across currencies."""
    summed = [column for column in listing.columns if column.is_totalled]
    plain = [column for column in summed if column.kind is not Kind.MONEY or column.currency in CODES]
    found: dict[str, tuple[Money | Decimal | int, ...]] = {}
    if plain:
        sums = narrowed.order_by().aggregate(**{f"total_{column.key}": Sum(column.path) for column in plain})
        found |= {column.key: _plain_total(column, sums[f"total_{column.key}"]) for column in plain}
    for path in dict.fromkeys(column.currency for column in summed if column not in plain):
        columns = [column for column in summed if column not in plain and column.currency == path]
        found |= _per_currency(narrowed, path, columns)
    return tuple(Total(column.key, found[column.key]) for column in summed)


def _plain_total(column: Column, value: Decimal | int | None) -> tuple[Money | Decimal | int, ...]:
    if column.kind is Kind.MONEY:
        return (Money(Decimal(value or 0), column.currency),)
    return (value or 0,)


def _per_currency(narrowed: Rows, path: str, columns: list[Column]) -> dict[str, tuple[Money | Decimal | int, ...]]:
    sums = {f"total_{column.key}": Sum(column.path) for column in columns}
    groups = list(narrowed.order_by().values(total_currency=F(path)).annotate(**sums).order_by("total_currency"))
    return {
        column.key: tuple(
            Money(group[f"total_{column.key}"], group["total_currency"])
            for group in groups
            if group["total_currency"] and group[f"total_{column.key}"] is not None
        )
        for column in columns
    }


def _condition(column: Column, part: Filter) -> Q:
    path = column.filter_path
    value: object = list(part.values) if part.op in {"in", "nin"} else part.values[0]
    if part.op in {"ne", "nin"}:
        # SQL's NULL is neither equal nor unequal; people mean "not this", so rows without a value stay.
        return ~Q(**{f"{path}__{'in' if part.op == 'nin' else 'exact'}": value}) | Q(**{f"{path}__isnull": True})
    return Q(**{f"{path}__{_LOOKUPS[part.op]}": value})


def _is_moment(rows: Rows, path: str) -> bool:
    """Whether the column holds points in time, though its list shows and compares days."""
    if path in rows.query.annotations:
        return isinstance(rows.query.annotations[path].output_field, DateTimeField)
    model: Any = rows.model
    found: object = None
    for name in path.split("__"):
        try:
            found = model._meta.get_field(name)  # noqa: SLF001 - Django's documented Meta API
        except (AttributeError, FieldDoesNotExist):
            return False
        model = getattr(found, "related_model", None)
    return isinstance(found, DateTimeField)


def _moments(column: Column, part: Filter) -> Q:
    """The days of the filter as stretches of time where the reader is: from midnight up to the next one."""
    path = column.filter_path
    days = [value for value in part.values if isinstance(value, date)]
    if part.op in {"gt", "gte"}:
        return Q(**{f"{path}__gte": _midnight(days[0], after=part.op == "gt")})
    if part.op in {"lt", "lte"}:
        return Q(**{f"{path}__lt": _midnight(days[0], after=part.op == "lte")})
    within = Q()
    for day in days:
        within |= Q(**{f"{path}__gte": _midnight(day), f"{path}__lt": _midnight(day, after=True)})
    return within if part.op in {"eq", "in"} else ~within | Q(**{f"{path}__isnull": True})


def _midnight(day: date, *, after: bool = False) -> datetime:
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=int(after)), time.min))
    except OverflowError as error:
        raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Key:
    path: str
    is_descending: bool
    is_nullable: bool

    @property
    def order(self) -> OrderBy:
        last = True if self.is_nullable else None
        return F(self.path).desc(nulls_last=last) if self.is_descending else F(self.path).asc(nulls_last=last)

    def same(self, value: object) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: object) -> Q | None:
        """Rows after the value; empty values come last, so after them comes nothing."""
        if value is None:
            return None
        condition = Q(**{f"{self.path}__{'lt' if self.is_descending else 'gt'}": value})
        return condition | Q(**{f"{self.path}__isnull": True}) if self.is_nullable else condition


def _keys(listing: Listing, sort: tuple[Sort, ...], model: type[Model]) -> list[_Key]:
    keys = []
    for part in sort:
        column = listing.column(part.key)
        path = column.path if column is not None else part.key
        keys.append(_Key(path, part.is_descending, _is_nullable(model, path)))
    if "id" not in {key.path for key in keys}:
        keys.append(_Key("id", keys[-1].is_descending if keys else False, is_nullable=False))
    return keys


def _is_nullable(model: type[Model], path: str) -> bool:
    """Only a plain column of the table itself is known to be filled; a join or an annotation may be empty."""
    try:
        return bool(model._meta.get_field(path).null)  # noqa: SLF001 - Django's documented Meta API
    except FieldDoesNotExist:
        return True


def _after(keys: list[_Key], values: list[object]) -> Q:
    condition, prefix = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value)
        if beyond is not None:
            condition |= prefix & beyond
        prefix &= key.same(value)
    return condition


def _encode(sort: tuple[Sort, ...], values: list[object]) -> str:
    return signing.dumps([",".join(map(str, sort)), [_tagged(value) for value in values]], salt=_SALT)


def _decode(cursor: str, sort: tuple[Sort, ...]) -> list[object]:
    try:
        sorted_by, values = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        raise invalid("/cursor", "The cursor is not one of this list.", remedy="Start again without it.") from None
    if sorted_by != ",".join(map(str, sort)):
        raise invalid("/cursor", "The cursor belongs to another sort order.", remedy="Start again without it.")
    return [_untagged(kind, text) for kind, text in values]


_READERS: dict[str, Any] = {
    "none": lambda _text: None,
    "bool": lambda text: text == "True",
    "int": int,
    "str": str,
    "Decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "UUID": UUID,
}


def _tagged(value: object) -> tuple[str, str]:
    if value is None:
        return ("none", "")
    if isinstance(value, Money):
        return ("Decimal", str(value.amount))
    if isinstance(value, date):
        return (type(value).__name__, value.isoformat())
    kind = type(value).__name__
    return (kind, str(value)) if kind in _READERS else ("str", str(value))


def _untagged(kind: str, text: str) -> object:
    return _READERS[kind](text)
