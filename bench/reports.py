"""W3 and W5: the two reports over all entries, to the rows that a user sees, against the generator's totals."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from statistics import median
from types import ModuleType
from typing import Any

from bench.firm import Firm
from quoin.base.db.context import tenant_transaction
from quoin.insights.queries.reports import Months, PersonRow, ProjectRow, hours_and_revenue, utilisation

_RUNS = 7
_ALL = Months(date(2024, 1, 1), date(2025, 12, 1))
_CENT_OFF = 0.005
"""Each charge is rounded to the cent, so it is at most half a cent off the exact value."""


def by_project(firm: Firm, workload: ModuleType, scale: str) -> dict[str, Any]:
    """W3: hours and revenue by project and month."""
    rows: list[ProjectRow] = []
    found = _timed(firm, lambda: rows.extend(hours_and_revenue(firm.actor, _ALL)), rows)
    expected = workload.expected(scale)
    if sum(sum(row.minutes) for row in rows) != expected["minutes"]:
        raise SystemExit("W3: the minutes are not the generator's")
    revenue = sum(float(amount) for row in rows for amount in row.amounts)
    if abs(revenue - expected["revenue_pair"]) > expected["entries"] * _CENT_OFF:
        raise SystemExit(f"W3: revenue is {revenue}, the generator says {expected['revenue_pair']}")
    return found


def by_person(firm: Firm, workload: ModuleType, scale: str) -> dict[str, Any]:
    """W5: hours, billable hours and capacity by person and month."""
    rows: list[PersonRow] = []
    found = _timed(firm, lambda: rows.extend(utilisation(firm.actor, _ALL)), rows)
    if sum(sum(row.worked) for row in rows) != workload.expected(scale)["minutes"]:
        raise SystemExit("W5: the minutes are not the generator's")
    return found


def _timed(firm: Firm, report: Callable[[], None], rows: list[Any]) -> dict[str, Any]:
    timings = []
    for _ in range(_RUNS + 1):
        rows.clear()
        started = time.perf_counter()
        with tenant_transaction(firm.actor, read_only=True):
            report()
        timings.append(time.perf_counter() - started)
    counted = timings[1:]  # the first one warms the caches
    return {"rows": len(rows), "ms_median": round(median(counted) * 1000, 1), "ms_worst": round(max(counted) * 1000, 1)}
