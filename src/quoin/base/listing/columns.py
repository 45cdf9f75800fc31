"""What a list declares: its columns, their kinds, what may be sorted, filtered and summed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from quoin.kernel.currency import CODES
from quoin.kernel.money import Money

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Kind(StrEnum):
    """How a value is compared, aligned and written."""

    TEXT = "text"
    LINK = "link"
    PERSON = "person"
    STATUS = "status"
    MONEY = "money"
    MINUTES = "minutes"
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    FLAG = "flag"


LISTINGS: dict[str, Listing] = {}
"""Every declared list by its key: saved views name theirs."""
NUMERIC = frozenset({Kind.MONEY, Kind.MINUTES, Kind.NUMBER, Kind.PERCENT})
_ORDERED_OPS = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "isnull")
_TEXT_OPS = ("eq", "ne", "in", "nin", "like", "isnull")
OPS_BY_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: _TEXT_OPS,
    Kind.LINK: _TEXT_OPS,
    Kind.PERSON: _TEXT_OPS,
    Kind.STATUS: ("eq", "ne", "in", "nin", "isnull"),
    Kind.MONEY: _ORDERED_OPS,
    Kind.MINUTES: _ORDERED_OPS,
    Kind.NUMBER: _ORDERED_OPS,
    Kind.PERCENT: _ORDERED_OPS,
    Kind.DAY: _ORDERED_OPS,
    Kind.FLAG: ("eq",),
}


@dataclass(frozen=True, slots=True)
class Status:
    """A value of a status column: `meaning` is neutral, info, success, warning or danger; `label` the word."""

    meaning: str
    label: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    `source` is an ORM path or annotation (`client__name`), the key when left out; the value shown is read
    from the row along it unless `value` says otherwise. `filter_source` serves columns that show one thing
    and compare another. `currency` of a money column is an ISO code or an ORM path to one. A flag is a boolean;
    its `statuses` name `true` and `false`.
    """

    key: str
    label: str | Promise
    kind: Kind = Kind.TEXT
    source: str = ""
    filter_source: str = ""
    value: Callable[[Any], object] | None = None
    url: Callable[[Any], str] | None = None
    currency: str = ""
    statuses: Mapping[str, Status] = field(default_factory=dict)
    ops: tuple[str, ...] | None = None
    is_sortable: bool = True
    is_default: bool = True
    is_totalled: bool = False

    @property
    def path(self) -> str:
        return self.source or self.key

    @property
    def filter_path(self) -> str:
        return self.filter_source or self.path

    @property
    def allowed_ops(self) -> tuple[str, ...]:
        return OPS_BY_KIND[self.kind] if self.ops is None else self.ops

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    def read(self, row: object) -> object:
        """The value of the row; money comes back with its currency."""
        value = self.value(row) if self.value is not None else follow(row, self.path)
        if self.kind is Kind.MONEY and value is not None and not isinstance(value, Money):
            return Money(value, self.currency_of(row))  # type: ignore[arg-type]  # a money column reads Decimal or Money
        if self.kind is Kind.FLAG and value is not None:
            return self.statuses[str(bool(value)).lower()].label
        return value

    def currency_of(self, row: object) -> str:
        return self.currency if self.currency in CODES else str(follow(row, self.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved view: a name and the query string it stands for."""

    key: str
    label: str | Promise
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list. `search` holds ORM lookups that the quick search tries (`name__icontains`).

    `prepare` is given the rows before their values are read, to look up for all of them what no join reaches.
    """

    key: str
    columns: tuple[Column, ...]
    search: tuple[str, ...] = ()
    sort: str = "-id"
    views: tuple[View, ...] = ()
    limit: int = 50
    prepare: Callable[[Sequence[Any]], None] | None = None

    def __post_init__(self) -> None:
        LISTINGS[self.key] = self

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    @property
    def default_columns(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns if column.is_default)


def follow(row: object, path: str) -> Any:
    """The value at an ORM path, from a model or a dict; None where a link on the way is empty."""
    if isinstance(row, Mapping):
        return row.get(path)
    if "__" in path and hasattr(row, path):
        return getattr(row, path)
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name, None) if value is not None else None
    return value
