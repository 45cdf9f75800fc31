"""The file beside the database: rows, hours, money, expenses and receipts by group, and what differs.

The file's side are the kept lines; the other side is read now, so that it also tells what was changed since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from quoin.base.actor import Actor
from quoin.imports.models import ImportBatch
from quoin.imports.queries import VIEW
from quoin.imports.queries.told import from_text
from quoin.kernel.money import Money
from quoin.kernel.words import say, spoken

GROUPS = ("client", "project", "person")
_JOINED = """
  FROM imports_importline l
  LEFT JOIN timesheets_timeentry e ON e.tenant_id = l.tenant_id AND e.external_key = l.external_key
    AND l.external_key <> '' AND l.kind = 'entry'
  LEFT JOIN timesheets_expense x ON x.tenant_id = l.tenant_id AND x.external_key = l.external_key
    AND l.external_key <> '' AND l.kind = 'expense'
  LEFT JOIN base_storedfile s ON s.tenant_id = x.tenant_id AND s.id = x.receipt_id
  LEFT JOIN LATERAL (SELECT sum(c.amount) AS amount, min(c.currency) AS currency FROM billing_charge c
    WHERE c.tenant_id = l.tenant_id AND c.source_id = coalesce(e.id, x.id)
      AND c.kind = CASE l.kind WHEN 'entry' THEN 'time' ELSE 'expense' END AND c.status <> 'void') c ON true
  WHERE l.tenant_id = %(tenant)s AND l.batch_id = %(batch)s"""
_GONE = "e.id IS NULL AND x.id IS NULL"
_REPLACED = "(x.id IS NOT NULL AND l.receipt_sha256 <> '' AND s.sha256 IS DISTINCT FROM l.receipt_sha256)"
_CHANGED = f"""(e.minutes <> l.minutes OR x.gross_amount <> l.amount OR x.currency <> l.currency
  OR x.vat_amount <> l.vat_amount OR {_REPLACED})"""
_SUMS = f"""
  count(*), count(coalesce(e.id, x.id)), coalesce(sum(l.seconds), 0), coalesce(sum(l.minutes), 0),
  coalesce(sum(e.minutes), 0),
  coalesce(sum(l.minutes) FILTER (WHERE {_GONE} AND l.outcome IN ('skip', 'error')), 0),
  coalesce(sum(l.minutes) FILTER (WHERE {_GONE} AND l.outcome NOT IN ('skip', 'error')), 0),
  coalesce(sum(e.minutes - l.minutes) FILTER (WHERE e.id IS NOT NULL), 0),
  count(*) FILTER (WHERE {_GONE} AND l.outcome IN ('skip', 'error')),
  count(*) FILTER (WHERE {_GONE} AND l.outcome NOT IN ('skip', 'error')),
  count(*) FILTER (WHERE {_CHANGED}),
  count(*) FILTER (WHERE {_GONE} AND l.outcome = 'error'),
  count(*) FILTER (WHERE {_GONE} AND l.outcome = 'skip' AND l.kind = 'expense'),
  count(*) FILTER (WHERE l.receipt_sha256 <> ''),
  count(*) FILTER (WHERE l.receipt_sha256 <> '' AND s.sha256 = l.receipt_sha256)"""


@dataclass(frozen=True, slots=True)
class Side:
    """Sums of a group. Minutes of the file = there + left out + removed since - changed since."""

    name: str
    detail: str
    file_rows: int
    there_rows: int
    file_seconds: Decimal
    file_minutes: int
    there_minutes: int
    left_out_minutes: int
    removed_minutes: int
    changed_minutes: int
    left_out_rows: int
    removed_rows: int
    changed_rows: int
    error_rows: int
    """Rows left out because something is wrong with them: what they hold may not even be known."""
    left_out_expenses: int
    file_receipts: int
    there_receipts: int
    """Receipts of the file that are at their expense, byte for byte."""
    file_money: tuple[Money, ...] = ()
    charged_money: tuple[Money, ...] = ()
    spent_file: tuple[Money, ...] = ()
    """Expenses of the file, with their VAT."""
    spent_there: tuple[Money, ...] = ()

    @property
    def difference_minutes(self) -> int:
        return self.there_minutes - self.file_minutes

    @property
    def is_tied(self) -> bool:
        """All of the file is there as it says, to the minute and the cent, but for rows that have nothing to book."""
        left_out = self.left_out_minutes or self.left_out_expenses or self.error_rows
        return not (self.removed_rows or self.changed_rows or left_out)

    @property
    def adds_up(self) -> bool:
        """Whether each difference has its reason: the equation of the class holds."""
        explained = self.there_minutes + self.left_out_minutes + self.removed_minutes - self.changed_minutes
        return explained == self.file_minutes


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the file that is not in the database as the file has it."""

    file: str
    line: int
    person: str
    project: str
    work_on: Any
    file_minutes: int
    there_minutes: int | None
    reason: str
    there_id: Any = None
    kind: str = "entry"
    file_amount: Money | None = None
    there_amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The whole file, its groups, and the first rows that differ."""

    total: Side
    groups: dict[str, tuple[Side, ...]]
    differences: tuple[Difference, ...]
    rounding_seconds: Decimal
    """What whole minutes added to the file's exact time."""

    @property
    def is_tied(self) -> bool:
        return self.total.is_tied and self.total.adds_up


def reconcile(actor: Actor, batch: ImportBatch, *, most: int = 200) -> Reconciliation:
    """The file against what is there now."""
    actor.require(VIEW)
    total = _sides(actor, batch, "''", "''")
    whole = total[0] if total else _empty()
    return Reconciliation(
        total=whole,
        groups={
            "client": _sides(actor, batch, "l.client", "''"),
            "project": _sides(actor, batch, "l.project", "l.client"),
            "person": _sides(actor, batch, "l.person", "''"),
        },
        differences=_differences(actor, batch, most),
        rounding_seconds=60 * whole.file_minutes - whole.file_seconds,
    )


def _empty() -> Side:
    return Side("", "", 0, 0, Decimal(0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def _sides(actor: Actor, batch: ImportBatch, name: str, detail: str) -> tuple[Side, ...]:
    values = {"tenant": actor.tenant_id, "batch": batch.id}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}, {detail}, {_SUMS} {_JOINED} GROUP BY 1, 2 ORDER BY 2, 1", values)
        rows = cursor.fetchall()
        sums = []
        for currency, amount in (
            ("l.currency", "l.amount"),
            ("c.currency", "c.amount"),
            ("l.currency", "CASE l.kind WHEN 'expense' THEN l.amount END"),
            ("x.currency", "x.gross_amount"),
        ):
            cursor.execute(
                f"SELECT {name}, {detail}, {currency}, sum({amount}) {_JOINED} AND {amount} IS NOT NULL"
                " GROUP BY 1, 2, 3 ORDER BY 3", values,
            )  # fmt: skip
            sums.append(cursor.fetchall())
    told, charged, spent, there = sums
    return tuple(
        replace(
            Side(*row), file_money=_money(told, row), charged_money=_money(charged, row), spent_file=_money(spent, row),
            spent_there=_money(there, row),
        )
        for row in rows
    )  # fmt: skip


def _money(rows: list[tuple[Any, ...]], group: tuple[Any, ...]) -> tuple[Money, ...]:
    return tuple(Money(row[3], row[2]) for row in rows if row[:2] == group[:2] and row[2])


def _differences(actor: Actor, batch: ImportBatch, most: int) -> tuple[Difference, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.file, l.line, l.person, l.project, l.work_on, l.minutes, e.minutes, l.outcome, l.reason,"
            " coalesce(e.id, x.id), l.kind, l.amount, l.currency, x.gross_amount, x.currency,"
            f" {_REPLACED} AND x.gross_amount = l.amount"
            f" {_JOINED} AND (({_GONE}) OR {_CHANGED}) ORDER BY l.position LIMIT %(most)s",
            {"tenant": actor.tenant_id, "batch": batch.id, "most": most},
        )
        return tuple(_difference(row) for row in cursor.fetchall())


def _difference(row: tuple[Any, ...]) -> Difference:
    outcome, reason, there_id, kind, amount, currency, there_amount, there_currency, is_receipt = row[7:]
    if there_id is not None:
        said: str = say("Its receipt was changed since.") if is_receipt else say("Changed since.")
    else:
        said = from_text(reason) if outcome in {"skip", "error"} else say("Removed since.")
    is_expense = kind == "expense"
    file, line, person, project, work_on, file_minutes, there_minutes = row[:7]
    return Difference(
        file, line, person, project, work_on, file_minutes, there_minutes, spoken(said), there_id, kind,
        Money(amount, currency) if is_expense and amount is not None and currency else None,
        Money(there_amount, there_currency) if there_amount is not None else None,
    )  # fmt: skip
