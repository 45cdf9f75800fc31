"""Budgets as values: totals, the difference of two versions that adds up to the cent, and lines typed as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from quoin.projects.types import BudgetKind

COLUMNS = ("kind", "text", "task", "role", "month", "hours", "price", "cost")
"""The columns of a typed table, in their order."""
_MONTH = re.compile(r"^(\d{4})-(\d{2})(?:-\d{2})?$")
_CLOCK = re.compile(r"^(\d+):([0-5]\d)$")
_MINUTES_PER_HOUR = 60
_GROUP = 3
_MOST = Decimal(10) ** 9
_NO_MONEY = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a budget. Amounts in the currencies of its version."""

    key: UUID
    kind: str = BudgetKind.WORK
    text: str = ""
    task_id: UUID | None = None
    role_id: UUID | None = None
    month_on: date | None = None
    minutes: int = 0
    amount: Decimal = _NO_MONEY
    cost: Decimal = _NO_MONEY


@dataclass(frozen=True, slots=True)
class Totals:
    """What lines come to."""

    minutes: int = 0
    amount: Decimal = _NO_MONEY
    cost: Decimal = _NO_MONEY


@dataclass(frozen=True, slots=True)
class Change:
    """How a line differs between two versions; what it adds to the totals of the later one."""

    before: Entry | None
    after: Entry | None
    changed: tuple[str, ...]
    """Names of the fields that differ; empty for a line that was added or removed."""
    difference: Totals

    @property
    def how(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


class NotReadable(ValueError):
    """A typed line that says nothing clear: which one, which column, and why."""

    def __init__(self, line: int, column: str, why: str) -> None:
        super().__init__(f"Line {line}, {column}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A line as it was typed: task by number or name, role by name."""

    kind: str
    text: str
    task: str
    role: str
    month_on: date | None
    minutes: int
    amount: Decimal
    cost: Decimal


def totals(entries: Iterable[Entry]) -> Totals:
    """The sum of the lines."""
    return summed(Totals(one.minutes, one.amount, one.cost) for one in entries)


def summed(found: Iterable[Totals]) -> Totals:
    """Totals added up."""
    rows = list(found)
    return Totals(
        sum(one.minutes for one in rows),
        sum((one.amount for one in rows), _NO_MONEY),
        sum((one.cost for one in rows), _NO_MONEY),
    )


def compare(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[Change, ...]:
    """Lines that differ: those of the later version in their order, then what is gone.

    The differences add up to the totals of the later version less those of the earlier one: a line that is the same
    in both adds nothing, any other is there once.
    """
    was = {one.key: one for one in before}
    becomes = {one.key: one for one in after}
    found = [
        Change(was.get(key), one, _differing(was.get(key), one), _difference(was.get(key), one))
        for key, one in becomes.items()
        if was.get(key) != one
    ]
    gone = [Change(one, None, (), _difference(one, None)) for key, one in was.items() if key not in becomes]
    return (*found, *gone)


def _differing(before: Entry | None, after: Entry) -> tuple[str, ...]:
    if before is None:
        return ()
    return tuple(one.name for one in fields(Entry) if getattr(before, one.name) != getattr(after, one.name))


def _difference(before: Entry | None, after: Entry | None) -> Totals:
    was, becomes = totals([before] if before else []), totals([after] if after else [])
    return Totals(becomes.minutes - was.minutes, becomes.amount - was.amount, becomes.cost - was.cost)


def typed_lines(text: str) -> tuple[Typed, ...]:
    """Lines of a table as a spreadsheet copies it (or with semicolons), in the order of COLUMNS or under a head.

    Raises NotReadable at the first cell that cannot be read. Empty cells at the end may be left out.
    """
    rows = [(number, _cells(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    columns: Sequence[str] = COLUMNS
    if rows and {"hours", "price"} & {cell.casefold() for cell in rows[0][1]}:
        number, head = rows.pop(0)
        columns = [cell.casefold() for cell in head]
        if strange := [name for name in columns if name and name not in COLUMNS]:
            raise NotReadable(number, strange[0], f"there is no such column; there are {', '.join(COLUMNS)}")
    return tuple(_typed(number, dict(zip(columns, cells, strict=False))) for number, cells in rows)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split(";"))]


def _typed(number: int, cells: Mapping[str, str]) -> Typed:
    kind = (cells.get("kind") or BudgetKind.WORK).casefold()
    if kind not in {*BudgetKind}:
        raise NotReadable(number, "kind", f"{kind!r} is not one of {', '.join(BudgetKind)}")
    return Typed(
        kind=kind,
        text=cells.get("text", ""),
        task=cells.get("task", ""),
        role=cells.get("role", ""),
        month_on=_month(number, cells.get("month", "")),
        minutes=_hours(number, cells.get("hours", "")),
        amount=_number(number, "price", cells.get("price", "")),
        cost=_number(number, "cost", cells.get("cost", "")),
    )


def _month(number: int, text: str) -> date | None:
    if not text:
        return None
    found = _MONTH.match(text)
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise NotReadable(number, "month", f"{text!r} is no month, such as 2026-06")


def _number(number: int, column: str, text: str) -> Decimal:
    """`1,200.50`, `1.200,50`, `1 200` and `1200`.

    The last of two signs is the decimal one; a single sign is, unless three digits follow it.
    """
    plain = re.sub(r"[\s'’]", "", text)
    if not plain:
        return Decimal(0)
    signs = [sign for sign in plain if sign in ",."]
    if signs:
        last = signs[-1]
        is_group = len(plain.rsplit(last, 1)[1]) == _GROUP and len(set(signs)) == 1
        plain = plain.replace("." if last == "," else ",", "")
        plain = plain.replace(last, "" if is_group or signs.count(last) > 1 else ".")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        raise NotReadable(number, column, f"{text!r} is no number") from None
    if not found.is_finite() or abs(found) >= _MOST:
        raise NotReadable(number, column, f"{text!r} is no amount of a budget")
    return found


def _hours(number: int, text: str) -> int:
    """`12`, `12.5` and `12:30` as minutes."""
    clock = _CLOCK.match(text.strip())
    if clock is not None:
        return int(clock[1]) * _MINUTES_PER_HOUR + int(clock[2])
    return int((_number(number, "hours", text) * _MINUTES_PER_HOUR).to_integral_value())
