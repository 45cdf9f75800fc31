"""W1 and W2: load the entries, approve them, bill month after month."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median
from types import ModuleType
from typing import Any

from django.db import connection

from bench.firm import Firm
from quoin.base.actions import action
from quoin.base.actor import Actor
from quoin.base.db.context import tenant_transaction
from quoin.billing.actions.runs import build_run
from quoin.sales.types import LineGrouping
from quoin.timesheets.actions.approvals import approve_time
from quoin.timesheets.services.load import Loaded, LoadRow, load_entries
from quoin.timesheets.types import Policy

# The generator puts more than 24 hours into some days; nothing else of the checks is left out.
_NO_DAY_LIMIT = Policy(day_limit_minutes=1_000_000)


@action("bench.time.load", label="Load the benchmark's time")
def _load(actor: Actor, *, rows: Iterator[LoadRow]) -> Loaded:
    return load_entries(actor, rows, status="submitted", policy=_NO_DAY_LIMIT)


def load(firm: Firm, workload: ModuleType, scale: str) -> dict[str, Any]:
    """W1: entries a second through the bulk path; the generator's own time is outside the clock."""
    rows = [
        LoadRow(firm.people[p], firm.projects[c], firm.tasks[t], day, minutes, text)
        for p, c, t, day, minutes, text in workload.entries(scale)
    ]
    started = time.perf_counter()
    loaded = _load(firm.actor, rows=iter(rows))
    seconds = time.perf_counter() - started
    expected = workload.expected(scale)
    _equal("entries", loaded.written, expected["entries"])
    _equal("minutes", loaded.minutes, expected["minutes"])
    return {
        "entries": loaded.written,
        "seconds": round(seconds, 3),
        "entries_per_second": round(loaded.written / seconds),
    }


def approve(firm: Firm, workload: ModuleType, scale: str) -> dict[str, Any]:
    """Approve month after month: charges, postings and rollups come with it."""
    count, started = 0, time.perf_counter()
    for month in range(workload.MONTHS):
        first, last = workload.month_bounds(month)
        ids = _ids(firm, first, last)
        count += len(approve_time(firm.actor, entry_ids=ids))
    seconds = time.perf_counter() - started
    with tenant_transaction(firm.actor), connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount) FROM billing_charge WHERE tenant_id = %s", [firm.actor.tenant_id])
        row = cursor.fetchone()
    expected = workload.expected(scale)["revenue_pair"]
    assert row is not None
    if abs(float(row[0]) - expected) > count * 0.005:  # each charge is rounded to the cent
        raise SystemExit(f"revenue is {row[0]}, the generator says {expected}")
    return {"entries": count, "seconds": round(seconds, 3), "entries_per_second": round(count / seconds)}


def bill(firm: Firm, workload: ModuleType, *, months: int) -> dict[str, Any]:
    """W2: drafts with lines for each month, one run after the other.

    The contracts have a line for each person and rate, as a time and materials invoice has and as the peers' runs
    make (about 1,750 at S). `by_task` is one more month with the product's default, a line for each task and rate:
    as every person has a rate of their own there, those are several times as many.
    """
    runs = [_bill(firm, workload, month, grouping=None) for month in range(months)]
    by_task = _bill(firm, workload, months, grouping=LineGrouping.TASK)
    seconds = [run.seconds for run in runs]
    return {
        "months": months,
        "seconds_median": round(median(seconds), 3),
        "seconds_worst": round(max(seconds), 3),
        "entries_per_second": round(sum(run.entries for run in runs) / sum(seconds)),
        "lines_per_second": round(sum(run.lines for run in runs) / sum(seconds)),
        "lines_per_run": round(sum(run.lines for run in runs) / months),
        "by_task": {
            "seconds": round(by_task.seconds, 3),
            "entries_per_second": round(by_task.entries / by_task.seconds),
            "lines_per_run": by_task.lines,
        },
    }


@dataclass(frozen=True, slots=True)
class _Run:
    """One billing run: how long it took, and what is on its drafts."""

    seconds: float
    lines: int
    entries: int


def _bill(firm: Firm, workload: ModuleType, month: int, *, grouping: LineGrouping | None) -> _Run:
    _first, last = workload.month_bounds(month)
    started = time.perf_counter()
    built = build_run(firm.actor, work_until=last, grouping=grouping)
    seconds = time.perf_counter() - started
    with tenant_transaction(firm.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT l.id), count(*) FROM billing_invoiceline l JOIN billing_invoice v"
            " ON v.tenant_id = l.tenant_id AND v.id = l.invoice_id JOIN billing_invoiceitem i"
            " ON i.tenant_id = l.tenant_id AND i.line_id = l.id WHERE v.tenant_id = %s AND v.run_id = %s",
            [firm.actor.tenant_id, built.run.id],
        )
        row = cursor.fetchone()
    assert row is not None
    _equal("invoices of a month", len(built.drafts), workload.CLIENTS)
    return _Run(seconds, lines=row[0], entries=row[1])


def _ids(firm: Firm, first: date, last: date) -> list[Any]:
    with tenant_transaction(firm.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM timesheets_timeentry WHERE tenant_id = %s AND work_on BETWEEN %s AND %s",
            [firm.actor.tenant_id, first, last],
        )
        return [row[0] for row in cursor.fetchall()]


def _equal(name: str, found: object, expected: object) -> None:
    if found != expected:
        raise SystemExit(f"{name}: {found}, the generator says {expected}")
