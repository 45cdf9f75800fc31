"""Words, values and errors of time and expenses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from typing_extensions import override

from quoin.kernel.errors import Conflict
from quoin.projects.types import NoteRule

DAY_MINUTES = 1440
WEEK_DAYS = 7
RECEIPT_MOST_BYTES = 10 * 1024 * 1024


class Status(StrEnum):
    """Where a time entry or an expense stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


class Lock(StrEnum):
    """Why time cannot be written."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    PROJECT_CLOSED = "project_closed"
    PROJECT_NOT_STARTED = "project_not_started"
    TASK_CLOSED = "task_closed"
    GATE_WAITS = "gate_waits"
    BEFORE_HIRE = "before_hire"
    AFTER_LEAVE = "after_leave"
    FUTURE = "future"
    PERIOD_CLOSED = "period_closed"


class Refusal(StrEnum):
    """Why one change of many was not made; a Lock says it where time is locked."""

    STALE = "stale"
    TOO_LONG = "too_long"
    DAY_FULL = "day_full"
    BELOW_LOCKED = "below_locked"
    UNKNOWN_PROJECT = "unknown_project"
    UNKNOWN_TASK = "unknown_task"


class Level(StrEnum):
    """How much a finding weighs: a block stops the submission, a warning does not."""

    BLOCK = "block"
    WARNING = "warning"


class Finding(StrEnum):
    """What a check of a week or an approver's flag found."""

    DAY_UNDER_TARGET = "day_under_target"
    NOTE_MISSING = "note_missing"
    WEEKEND = "weekend"
    OVER_BUDGET = "over_budget"
    OVER_PLANNED = "over_planned"
    CLOSED_TASK = "closed_task"
    GATE_WAITS = "gate_waits"
    RATE_MISSING = "rate_missing"
    NOTHING_LOGGED = "nothing_logged"
    LONG_DAY = "long_day"


class Why(StrEnum):
    """Where a suggestion comes from."""

    BOOKED = "booked"
    PLANNED = "planned"
    LAST_WEEK = "last_week"


class CopyDepth(StrEnum):
    """How much of last week is copied."""

    ROWS = "rows"
    HOURS = "hours"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row of the timesheet: a project, and a task of it or none."""

    project_id: UUID
    task_id: UUID | None = None

    # Looked up hundreds of times in one save; numbers are compared at once, identifiers by calls.
    @override
    def __hash__(self) -> int:
        return hash((self.project_id.int, self.task_id.int if self.task_id else None))

    @override
    def __str__(self) -> str:
        return f"{self.project_id}:{self.task_id or ''}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A time entry as the rules see it."""

    id: UUID
    row: RowKey
    work_on: date
    minutes: int
    note: str = ""
    is_billable: bool = True
    status: Status = Status.OPEN
    version: int = 1
    started_at: datetime | None = None
    return_note: str = ""
    previous_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a row books on: the project and task as far as the rules of time ask about them."""

    row: RowKey
    is_active: bool = True
    starts_on: date | None = None
    is_task_open: bool = True
    is_billable: bool = True
    note_rule: NoteRule = NoteRule.NONE
    is_held: bool = False
    """A gate that waits stands before it."""


@dataclass(frozen=True, slots=True)
class Employment:
    """The person's days at the firm; `left_on` is the first day gone."""

    hired_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How the firm records time."""

    future_days: int = 31
    over_planned_percent: int = 20
    long_day_minutes: int = 720
    gate_rule: str = "off"
    """What becomes of time behind a gate that waits: off, warn or refuse."""
    day_limit_minutes: int = 24 * 60
    """A load whose days hold more than this is refused."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, with the day, row, entry and numbers it is about."""

    finding: Finding
    level: Level
    day: date | None = None
    row: RowKey | None = None
    entry_id: UUID | None = None
    minutes: int = 0
    limit_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Minutes proposed for a cell, and why."""

    row: RowKey
    day: date
    minutes: int
    why: Why
    planned_minutes: int = 0
    until: date | None = None


class Locked(Conflict):
    """The time is approved, handed in, or on something closed."""

    code = "time_locked"

    def __init__(self, detail: str, *, lock: Lock | Refusal | None = None) -> None:
        super().__init__(detail)
        self.lock = lock


class WrongState(Conflict):
    """The command does not fit where the time or the expense stands."""

    code = "wrong_state"


class OwnApproval(Conflict):
    """Nobody approves, returns or reopens their own time or expenses."""

    code = "own_approval"
    status: ClassVar[int] = 403


class AmbiguousTime(Conflict):
    """A clock time that happened twice: `choices` are the two moments, both are offered."""

    code = "ambiguous_time"

    def __init__(self, detail: str, choices: tuple[datetime, ...]) -> None:
        super().__init__(detail)
        self.choices = choices
