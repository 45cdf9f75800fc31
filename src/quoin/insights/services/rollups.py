"""What the planner knows of the monthly sums after much work was approved at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quoin.base.actor import Actor
from quoin.base.db.statistics import refresh_grown


def on_time_approved(_actor: Actor, payload: Mapping[str, Any]) -> None:
    """Without it a report sorts what it took for a handful of rows, which costs it as much again."""
    count = len(payload["entry_ids"])
    refresh_grown("timesheets_timemonth", count)
    refresh_grown("insights_earnedmonth", count)
