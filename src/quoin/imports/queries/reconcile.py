"""The file beside the database: rows, hours and money by client, project and person, and every row that differs.

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
from quoin.kernel.money import Money

GROUPS = ("client", "project", "person")
_JOINED = """
  FROM imports_importline l
  LEFT JOIN timesheets_timeentry e ON e.tenant_id = l.tenant_id AND e.external_key = l.external_key
    AND l.external_key <> ''
  LEFT JOIN LATERAL (SELECT sum(c.amount) AS amount, min(c.currency) AS currency FROM billing_charge c
    WHERE c.tenant_id = l.tenant_id AND c.source_id = e.id AND c.kind = 'time' AND c.status <> 'void') c ON true
  WHERE l.tenant_id = %(tenant)s AND l.batch_id = %(batch)s"""
_SUMS = """
  count(*), count(e.id), coalesce(sum(l.seconds), 0), coalesce(sum(l.minutes), 0), coalesce(sum(e.minutes), 0),
  coalesce(sum(l.minutes) FILTER (WHERE e.id IS NULL AND l.outcome IN ('skip', 'error')), 0),
  coalesce(sum(l.minutes) FILTER (WHERE e.id IS NULL AND l.outcome NOT IN ('skip', 'error')), 0),
  coalesce(sum(e.minutes - l.minutes) FILTER (WHERE e.id IS NOT NULL), 0),
  count(*) FILTER (WHERE e.id IS NULL AND l.outcome IN ('skip', 'error')),
  count(*) FILTER (WHERE e.id IS NULL AND l.outcome NOT IN ('skip', 'error')),
  count(*) FILTER (WHERE e.id IS NOT NULL AND e.minutes <> l.minutes),
  count(*) FILTER (WHERE e.id IS NULL AND l.outcome = 'error')"""


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
    file_money: tuple[Money, ...] = ()
    charged_money: tuple[Money, ...] = ()

    @property
    def difference_minutes(self) -> int:
        return self.there_minutes - self.file_minutes

    @property
    def is_tied(self) -> bool:
        """All of the file's time is there, but for rows that have nothing to book."""
        return not (self.removed_rows or self.changed_rows or self.left_out_minutes or self.error_rows)

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
    entry_id: Any = None


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
    return Side("", "", 0, 0, Decimal(0), 0, 0, 0, 0, 0, 0, 0, 0, 0)


def _sides(actor: Actor, batch: ImportBatch, name: str, detail: str) -> tuple[Side, ...]:
    values = {"tenant": actor.tenant_id, "batch": batch.id}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}, {detail}, {_SUMS} {_JOINED} GROUP BY 1, 2 ORDER BY 2, 1", values)
        rows = cursor.fetchall()
        cursor.execute(
            f"SELECT {name}, {detail}, l.currency, sum(l.amount) {_JOINED} AND l.amount IS NOT NULL"
            " GROUP BY 1, 2, 3 ORDER BY 3", values,
        )  # fmt: skip
        told = cursor.fetchall()
        cursor.execute(
            f"SELECT {name}, {detail}, c.currency, sum(c.amount) {_JOINED} AND c.amount IS NOT NULL"
            " GROUP BY 1, 2, 3 ORDER BY 3", values,
        )  # fmt: skip
        charged = cursor.fetchall()
    return tuple(replace(Side(*row), file_money=_money(told, row), charged_money=_money(charged, row)) for row in rows)


def _money(rows: list[tuple[Any, ...]], group: tuple[Any, ...]) -> tuple[Money, ...]:
    return tuple(Money(row[3], row[2]) for row in rows if row[:2] == group[:2] and row[2])


def _differences(actor: Actor, batch: ImportBatch, most: int) -> tuple[Difference, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.file, l.line, l.person, l.project, l.work_on, l.minutes, e.minutes, CASE"
            " WHEN e.id IS NOT NULL THEN 'Changed since.' WHEN l.outcome IN ('skip', 'error') THEN l.reason"
            f" ELSE 'Removed since.' END, e.id {_JOINED}"
            " AND (e.id IS NULL OR e.minutes <> l.minutes) ORDER BY l.position LIMIT %(most)s",
            {"tenant": actor.tenant_id, "batch": batch.id, "most": most},
        )
        return tuple(Difference(*row) for row in cursor.fetchall())
