"""Kinds of line sets: rows of a query, a list made in memory, and several sets in a row.

Lines that the reader may not see one by one are added up into one restricted line per currency, so that the
sum still holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.utils.translation import gettext as _

from quoin.base.figures.model import Group, Line, LinePage, LineSet, Parameters, Sums
from quoin.kernel.errors import invalid

Rows = QuerySet[Any, Any]
Expression = BaseExpression | Combinable
Read = Callable[[Mapping[str, Any]], Line]
_RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Grouping:
    """Sub-totals by an id and a label of the row; `narrow` turns the id into the question for that group."""

    key: str
    label: str
    narrow: Callable[[UUID], Parameters] | None = None
    nothing: str = ""
    """How the group of rows without an id is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLines:
    """Lines from a query. `value` and `currency` are expressions over the row, `read` makes a line of its fields.

    `on` is the day that orders the lines, newest first. `visible` limits what the reader sees line by line.
    """

    rows: Rows
    value: Expression
    on: str
    fields: tuple[str, ...]
    read: Read
    currency: Expression | None = None
    visible: Q | None = None
    grouping: Grouping | None = None

    def count(self) -> int:
        """How many rows there are."""
        return self.rows.count()

    def sums(self) -> Sums:
        """Added by the database over all rows."""
        found = self._summed(self.rows)
        return {currency: value for currency, (value, _count) in found.items()}

    def sums_between(self, spans: Sequence[tuple[date | None, date | None]]) -> list[Sums]:
        """The sums of the lines of each span of days, both included; all in one statement."""
        totals: dict[str, Any] = {}
        for number, span in enumerate(spans):
            inside = self._inside(*span)
            totals[f"total_{number}"] = Sum("line_value", filter=inside)
            totals[f"lines_{number}"] = Count("id", filter=inside)
        rows = self.rows.order_by().annotate(line_currency=self._currency(), line_value=self.value)
        found = list(rows.values("line_currency").annotate(**totals).order_by("line_currency"))
        return [
            {row["line_currency"] or "": Decimal(row[f"total_{at}"]) for row in found if row[f"lines_{at}"]}
            for at in range(len(spans))
        ]

    def _inside(self, first: date | None, last: date | None) -> Q:
        limits = ((f"{self.on}__gte", first), (f"{self.on}__lte", last))
        return Q(**{name: day for name, day in limits if day is not None})

    def page(self, after: str = "", limit: int = 50) -> LinePage:
        """By day and id, newest first; then one restricted line per currency."""
        if after == _RESTRICTED:
            return LinePage(self._restricted())
        rows = self._seen().annotate(line_value=self.value, line_currency=self._currency())
        if after:
            rows = rows.filter(self._beyond(after))
        names = ("id", self.on, "line_value", "line_currency", *self.fields)
        found = list(rows.order_by(F(self.on).desc(nulls_last=True), "-id").values(*names)[: limit + 1])
        lines = tuple(self._line(row) for row in found[:limit])
        if len(found) > limit:
            return LinePage(lines, f"{found[limit - 1][self.on] or ''}|{found[limit - 1]['id']}")
        if self.visible is None:
            return LinePage(lines)
        return LinePage((*lines, *self._restricted())) if len(lines) < limit else LinePage(lines, _RESTRICTED)

    def groups(self) -> tuple[Group, ...]:
        """Sub-totals over the rows that may be seen, the greatest first, and the restricted rest."""
        if self.grouping is None:
            return ()
        names = {"group_id": F(self.grouping.key), "group_label": F(self.grouping.label)}
        found = (
            self._seen()
            .order_by()
            .annotate(line_currency=self._currency(), line_value=self.value)
            .values("line_currency", **names)
            .annotate(group_value=Sum("line_value"), group_count=Count("id"))
            .order_by("-group_value", "group_label", "group_id")
        )
        return (*(self._group(row) for row in found), *(_as_group(line) for line in self._restricted()))

    def _group(self, row: Mapping[str, Any]) -> Group:
        assert self.grouping is not None
        narrow, group_id = self.grouping.narrow, row["group_id"]
        return Group(
            label=row["group_label"] or self.grouping.nothing or _("none"),
            value=Decimal(row["group_value"]),
            currency=row["line_currency"],
            count=row["group_count"],
            narrowed=narrow(group_id) if narrow is not None and group_id is not None else None,
        )

    def _line(self, row: Mapping[str, Any]) -> Line:
        return replace(
            self.read(row), value=Decimal(row["line_value"]), currency=row["line_currency"] or "", on=row[self.on]
        )

    def _seen(self) -> Rows:
        return self.rows if self.visible is None else self.rows.filter(self.visible)

    def _restricted(self) -> tuple[Line, ...]:
        if self.visible is None:
            return ()
        everything, seen = self._summed(self.rows), self._summed(self._seen())
        nothing = (Decimal(0), 0)
        rest = {
            currency: (value - seen.get(currency, nothing)[0], count - seen.get(currency, nothing)[1])
            for currency, (value, count) in everything.items()
        }
        return tuple(restricted_line(value, count, currency) for currency, (value, count) in rest.items() if count)

    def _summed(self, rows: Rows) -> dict[str, tuple[Decimal, int]]:
        found = (
            rows.order_by()
            .annotate(line_currency=self._currency(), line_value=self.value)
            .values("line_currency")
            .annotate(total=Sum("line_value"), lines=Count("id"))
            .order_by("line_currency")
        )
        return {row["line_currency"] or "": (Decimal(row["total"]), row["lines"]) for row in found if row["lines"]}

    def _currency(self) -> Expression:
        return self.currency if self.currency is not None else Value("")

    def _beyond(self, after: str) -> Q:
        day, _bar, last = after.partition("|")
        try:
            last_id = UUID(last)
            on = date.fromisoformat(day) if day else None
        except ValueError:
            raise invalid("/after", "The cursor is not one of these lines.", remedy="Start again without it.") from None
        if on is None:
            return Q(**{f"{self.on}__isnull": True}, id__lt=last_id)
        earlier = Q(**{f"{self.on}__lt": on}) | Q(**{f"{self.on}__isnull": True})
        return earlier | Q(**{self.on: on}, id__lt=last_id)


@dataclass(frozen=True, slots=True)
class ListLines:
    """Lines that were made in memory: budgets, capacity. All of them may be seen."""

    lines: Sequence[Line]
    group_list: Sequence[Group] = field(default=())

    def count(self) -> int:
        return len(self.lines)

    def sums(self) -> Sums:
        """Added line by line."""
        return sums_of(self.lines)

    def page(self, after: str = "", limit: int = 50) -> LinePage:
        """By position."""
        if after and not after.isdecimal():
            raise invalid("/after", "The cursor is not one of these lines.", remedy="Start again without it.")
        start = int(after or 0)
        end = start + limit
        return LinePage(tuple(self.lines[start:end]), str(end) if end < len(self.lines) else "")

    def groups(self) -> Sequence[Group]:
        return self.group_list


@dataclass(frozen=True, slots=True)
class ChainedLines:
    """The lines of several figures one after the other: (sign, key, lines). A sign of -1 turns values round."""

    members: tuple[tuple[int, str, LineSet], ...]

    def count(self) -> int:
        return sum(lines.count() for _sign, _key, lines in self.members)

    def sums(self) -> Sums:
        """The signed sums of the members."""
        return add_up([(sign, lines.sums()) for sign, _key, lines in self.members])

    def page(self, after: str = "", limit: int = 50) -> LinePage:
        """A page never mixes two members: the cursor names the member and the cursor inside it."""
        position, _colon, inner = after.partition(":")
        if position and not (position.isdecimal() and int(position) < len(self.members)):
            raise invalid("/after", "The cursor is not one of these lines.", remedy="Start again without it.")
        index = int(position or 0)
        sign, key, lines = self.members[index]
        page = lines.page(inner, limit)
        shown = tuple(replace(line, value=sign * line.value, part=line.part or key) for line in page.lines)
        if page.after:
            return LinePage(shown, f"{index}:{page.after}")
        return LinePage(shown, f"{index + 1}:" if index + 1 < len(self.members) else "")

    def groups(self) -> tuple[Group, ...]:
        """None: the members are shown as a tree, and each has its own."""
        return ()


def restricted_line(value: Decimal, count: int, currency: str) -> Line:
    """The sum of lines that the reader may not see one by one."""
    label = _("restricted (1 line)") if count == 1 else _("restricted (%(count)s lines)") % {"count": count}
    return Line(value=value, label=label, currency=currency, count=count, is_restricted=True)


def sums_of(lines: Sequence[Line]) -> Sums:
    """What lines add up to, per currency."""
    added: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        added[line.currency] += line.value
    return dict(added)


def add_up(signed: Sequence[tuple[int, Sums]]) -> Sums:
    """Signed sums added up per currency."""
    added: defaultdict[str, Decimal] = defaultdict(Decimal)
    for sign, sums in signed:
        for currency, value in sums.items():
            added[currency] += sign * value
    return dict(added)


def _as_group(line: Line) -> Group:
    return Group(label=line.label, value=line.value, currency=line.currency, count=line.count, is_restricted=True)
