"""What a plan in a file is written from: the project as it is, and what the file said that it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from quoin.projects.rules.exchange_calendars import FlatCalendar
from quoin.projects.rules.plan import Plan, PlanLink
from quoin.projects.rules.planfile import FileAssignment, FileBaseline, FileResource, FileTask, PlanFile
from quoin.projects.rules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class KeptTask:
    """A task's row in the file that it was read from."""

    row: FileTask
    uses: tuple[FileAssignment, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptResource:
    """A resource of the file, and the person that it is here."""

    resource: FileResource
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptBaseline:
    """A baseline of the project: its name, its number in the file if it came from there, its tasks."""

    name: str
    number: int | None
    tasks: Mapping[UUID, FileBaseline]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All that a project's plan is written from."""

    project_id: UUID
    plan: Plan
    dates: Schedule
    notes: Mapping[UUID, str]
    people: Mapping[UUID, tuple[str, str]]
    """Name and address by person."""
    calendars: Mapping[UUID | None, FlatCalendar]
    """Our calendars; None: the firm's."""
    around_clock: UUID | None = None
    currency: str = ""
    header: PlanFile | None = None
    kept: Mapping[UUID, KeptTask] = field(default_factory=dict)
    resources: tuple[KeptResource, ...] = ()
    calendar_uids: Mapping[UUID, int] = field(default_factory=dict)
    as_read: Mapping[int, FlatCalendar] = field(default_factory=dict)
    """The file's calendars, flattened the way they were when they came in."""
    baselines: tuple[KeptBaseline, ...] = ()
    into: Mapping[UUID, tuple[PlanLink, ...]] = field(default_factory=dict)
    """The links of each task to those that it waits for."""
