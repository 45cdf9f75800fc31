"""What the engine takes and gives. Instants are minutes since day 0, durations working minutes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from quoin.kernel.workcal import WorkCalendar
from quoin.projects.types import Constraint, LagUnit, LinkKind

Key = Hashable


@dataclass(slots=True)
class PlannedTask:
    """A row of the plan. One that is somebody's parent is a summary: only its constraint and deadline count.

    Not frozen, nor are links: ten thousand are made at each calculation, and frozen ones take three times as long.
    """

    key: Key
    minutes: int = 0
    """Duration; none makes a milestone."""
    parent: Key | None = None
    calendar: int | None = None
    """Index into the network's calendars; None: the project's."""
    frame: int = 0
    """Index of the project."""
    constraint: Constraint = Constraint.ASAP
    constraint_at: int | None = None
    deadline_at: int | None = None
    fixed_at: int | None = None
    """Start of a task that is dated by hand; links do not move it."""
    started_at: int | None = None
    finished_at: int | None = None
    left_minutes: int | None = None
    """What is left of a started task; None: all of it."""
    not_before: int | None = None
    """Start no earlier than this: given by levelling."""


@dataclass(slots=True)
class Link:
    """The successor waits for the predecessor. Working lag is counted on the successor's calendar."""

    before: Key
    after: Key
    kind: LinkKind = LinkKind.FS
    lag: int = 0
    """Minutes, or percent of the predecessor's duration; negative for a lead."""
    unit: LagUnit = LagUnit.WORK


@dataclass(frozen=True, slots=True)
class Frame:
    """A project: where its plan begins, or where it has to end if it is scheduled from the end."""

    start_at: int
    end_at: int | None = None
    """A required end: late dates count back from it. None: from the end that comes out."""
    is_from_end: bool = False
    calendar: int = 0


@dataclass(frozen=True, slots=True)
class Network:
    """Plans that hang together."""

    tasks: tuple[PlannedTask, ...]
    links: tuple[Link, ...]
    calendars: tuple[WorkCalendar, ...]
    frames: tuple[Frame, ...]
    status_at: int | None = None
    """Work that is not done moves behind this; None: it stays where it was planned."""
    honours_dates: bool = True
    """Dates that must be met win against links, as in MS Project; the shortfall is told in `behind`."""
    critical_minutes: int = 0
    """Tasks with no more float than this are critical."""


class Row(NamedTuple):
    """Dates and floats of one task. A tuple, because ten thousand are made at each calculation."""

    start: int
    finish: int
    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    total_float: int
    free_float: int
    is_critical: bool
    minutes: int
    behind: int = 0
    """Working minutes by which links ask for a later start than a date allows."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The rows in the order of the network's tasks, and where each project begins and ends."""

    keys: tuple[Key, ...]
    rows: tuple[Row, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    index: dict[Key, int] = field(repr=False)

    def __getitem__(self, key: Key) -> Row:
        return self.rows[self.index[key]]

    def critical(self) -> tuple[Key, ...]:
        """Keys of the critical tasks, in the order of the plan."""
        return tuple(key for key, row in zip(self.keys, self.rows, strict=True) if row.is_critical)
