"""Copying last week: rows, hours or notes. It merges and never overwrites what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.timesheets.types import WEEK_DAYS, CopyDepth, Entry, Lock, RowKey


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written."""

    row: RowKey
    work_on: date
    minutes: int
    note: str = ""
    is_billable: bool = True


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """Rows to show, entries to write, and the cells left out with their reason."""

    rows: tuple[RowKey, ...]
    entries: tuple[NewEntry, ...]
    skipped: tuple[tuple[RowKey, date, Lock], ...]

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)


def copy_plan(
    last_week: Iterable[Entry],
    this_week: Iterable[Entry],
    *,
    depth: CopyDepth,
    lock: Callable[[RowKey, date], Lock | None],
) -> CopyPlan:
    """What copying writes. A cell that holds time already is left alone; a locked one is skipped and said."""
    taken = {(entry.row, entry.work_on) for entry in this_week}
    rows: dict[RowKey, None] = {}
    entries: list[NewEntry] = []
    skipped: dict[tuple[RowKey, date], Lock] = {}
    for entry in last_week:
        work_on = entry.work_on + timedelta(days=WEEK_DAYS)
        reason = lock(entry.row, work_on)
        if reason is not None:
            skipped[entry.row, work_on] = reason
            continue
        rows[entry.row] = None
        if depth is not CopyDepth.ROWS and (entry.row, work_on) not in taken:
            note = entry.note if depth is CopyDepth.NOTES else ""
            entries.append(NewEntry(entry.row, work_on, entry.minutes, note, entry.is_billable))
    left_out = tuple((row, day, reason) for (row, day), reason in skipped.items())
    return CopyPlan(tuple(rows), tuple(entries), left_out)
