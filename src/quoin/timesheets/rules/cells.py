"""A cell of the timesheet is the sum of its entries; an edit of the cell changes as few of them as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from quoin.timesheets.rules.states import EDITABLE
from quoin.timesheets.types import DAY_MINUTES, Entry, Lock, Refusal, RowKey, Status

Cell = tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEdit:
    """What somebody did to a cell; None leaves that part as it is.

    `id` was given by the device, so that an edit that is sent twice is applied once. `was_minutes` is the
    sum they saw: if the cell holds another one meanwhile, the edit is stale.
    """

    row: RowKey
    work_on: date
    minutes: int | None = None
    note: str | None = None
    is_billable: bool | None = None
    was_minutes: int | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one edit. Replayed: it had been applied before."""

    edit: CellEdit
    is_replayed: bool = False
    reason: Lock | Refusal | None = None


@dataclass(frozen=True, slots=True)
class CellState:
    """A cell as it now stands."""

    row: RowKey
    work_on: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """Outcomes in the order of the edits, the cells they touched, and how those cells were before."""

    outcomes: tuple[Outcome, ...]
    cells: tuple[CellState, ...]
    before: tuple[CellState, ...]

    @property
    def has_changes(self) -> bool:
        return any(old.entries != new.entries for old, new in zip(self.before, self.cells, strict=True))


def edited(cell: Cell, edit: CellEdit, *, blank: Entry, is_sheet_open: bool) -> Cell | Lock | Refusal:
    """The entries after the edit, oldest first, or why it cannot be made. A `blank` entry is used if one is added."""
    total = total_minutes(cell)
    if edit.was_minutes is not None and total not in {edit.was_minutes, edit.minutes}:
        return Refusal.STALE
    if edit.minutes is not None:
        changed = with_total(cell, edit.minutes, blank=blank)
        if isinstance(changed, Refusal):
            return changed
        if not is_sheet_open and len(changed) > len(cell):
            return Lock.SUBMITTED
        cell = changed
    return _annotated(cell, edit)


def with_total(cell: Cell, minutes: int, *, blank: Entry) -> Cell | Refusal:
    """The entries changed so that they sum to `minutes`.

    The newest entry without clock times changes first, clocked ones last; the others stay as they are.
    Handed-in and approved entries never change, so a total below their sum is refused.
    """
    if not 0 <= minutes <= DAY_MINUTES:
        return Refusal.TOO_LONG
    delta = minutes - total_minutes(cell)
    return _grown(cell, delta, blank) if delta >= 0 else _shrunk(cell, -delta)


def total_minutes(cell: Sequence[Entry]) -> int:
    return sum([entry.minutes for entry in cell])


def split_minutes(minutes: int, parts: int) -> tuple[int, ...]:
    """Minutes in so many near-equal parts whose sum is exact; the earlier ones get the odd minutes."""
    share, rest = divmod(minutes, parts)
    return tuple(share + (1 if position < rest else 0) for position in range(parts))


def growing(cell: Cell) -> list[Entry]:
    """The entries that may take more minutes, oldest first; where there is none, a longer cell needs a new entry."""
    return [entry for entry in cell if entry.status in EDITABLE and entry.started_at is None]


def _grown(cell: Cell, delta: int, blank: Entry) -> Cell:
    if delta == 0:
        return cell
    plain = growing(cell)
    # A clocked entry cannot grow without running into what came after it.
    if not plain:
        return (*cell, replace(blank, minutes=delta))
    return _with(cell, replace(plain[-1], minutes=plain[-1].minutes + delta))


def _shrunk(cell: Cell, surplus: int) -> Cell | Refusal:
    editable = [entry for entry in reversed(cell) if entry.status in EDITABLE]
    if total_minutes(editable) < surplus:
        return Refusal.BELOW_LOCKED
    # A stable sort: among equals the newest still comes first.
    for entry in sorted(editable, key=lambda entry: entry.started_at is not None):
        if surplus < entry.minutes:
            return _with(cell, replace(entry, minutes=entry.minutes - surplus)) if surplus else cell
        cell = tuple(other for other in cell if other.id != entry.id)
        surplus -= entry.minutes
    return cell


def _annotated(cell: Cell, edit: CellEdit) -> Cell | Lock:
    if edit.note is None and edit.is_billable is None:
        return cell
    newest = next((entry for entry in reversed(cell) if entry.status in EDITABLE), None)
    if newest is None:
        # A note on an empty cell says nothing; on a locked one it would change what was handed in.
        return _lock(cell[-1].status) if cell else cell
    note = newest.note if edit.note is None else edit.note
    is_billable = newest.is_billable if edit.is_billable is None else edit.is_billable
    return _with(cell, replace(newest, note=note, is_billable=is_billable))


def _lock(status: Status) -> Lock:
    return Lock.APPROVED if status is Status.APPROVED else Lock.SUBMITTED


def _with(cell: Cell, entry: Entry) -> Cell:
    return tuple(entry if other.id == entry.id else other for other in cell)
