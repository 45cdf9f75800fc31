"""A plan as it stands in a file of another planning tool: tasks, links, calendars, people, assignments, baselines.

It is the form between the file readers and writers and Quoin's own tables. Durations, work and slack are whole
minutes; instants are naive local datetimes, as these files have them. Numbers (`uid`) are the file's own and hold
only inside one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.period import Period
from quoin.kernel.words import say
from quoin.kernel.workcal import DatedWeek, Spans, Week, WorkCalendar, standard_calendar

_YEARS = range(1950, 2150)
"""Years that a plan may be about: further out, only a slip of the keyboard leads there."""
MAX_BASELINES = 11
"""Baseline and Baseline 1 to 10, as Microsoft Project counts them."""


class LinkKind(StrEnum):
    """Which end of the earlier task drives which end of the later one."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"


class LagUnit(StrEnum):
    """What a lag counts."""

    WORKING = "working"
    """Working minutes."""
    ELAPSED = "elapsed"
    """Minutes on the clock."""
    PERCENT = "percent"
    """Percent of the earlier task's duration, in working time."""
    ELAPSED_PERCENT = "elapsed_percent"


class Constraint(StrEnum):
    """Constraint types by their usual short names."""

    ASAP = "ASAP"
    ALAP = "ALAP"
    MUST_START = "MSO"
    MUST_FINISH = "MFO"
    START_NOT_BEFORE = "SNET"
    START_NOT_AFTER = "SNLT"
    FINISH_NOT_BEFORE = "FNET"
    FINISH_NOT_AFTER = "FNLT"


class TaskType(StrEnum):
    """What stays when one of units, duration and work changes."""

    FIXED_UNITS = "fixed_units"
    FIXED_DURATION = "fixed_duration"
    FIXED_WORK = "fixed_work"


class ResourceType(StrEnum):
    """Only work resources have a calendar and hours."""

    WORK = "work"
    MATERIAL = "material"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class FileLink:
    """A dependency on an earlier task. `lag` is in minutes, or in percent where the unit says so."""

    predecessor: int
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0
    unit: LagUnit = LagUnit.WORKING
    shown_as: int = 7
    """The file's code for the unit the lag is shown in (7: days)."""


@dataclass(frozen=True, slots=True)
class FileBaseline:
    """What a task, person or assignment was to be when baseline `number` was taken."""

    number: int
    start: datetime | None = None
    finish: datetime | None = None
    duration: int | None = None
    work: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FileTask:
    """A row of the plan; the rows are in outline order, `level` 0 is the project itself."""

    uid: int
    number: int
    name: str
    level: int
    wbs: str = ""
    duration: int = 0
    is_elapsed: bool = False
    """The duration counts minutes on the clock, not working ones."""
    is_estimated: bool = False
    work: int = 0
    start: datetime | None = None
    finish: datetime | None = None
    early_start: datetime | None = None
    early_finish: datetime | None = None
    late_start: datetime | None = None
    late_finish: datetime | None = None
    total_slack: int | None = None
    free_slack: int | None = None
    is_critical: bool = False
    is_summary: bool = False
    is_milestone: bool = False
    is_manual: bool = False
    is_active: bool = True
    is_blank: bool = False
    is_external: bool = False
    task_type: TaskType = TaskType.FIXED_UNITS
    is_effort_driven: bool = False
    percent: int = 0
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    actual_duration: int = 0
    remaining_duration: int | None = None
    constraint: Constraint = Constraint.ASAP
    constraint_date: datetime | None = None
    deadline: datetime | None = None
    calendar: int | None = None
    ignores_people: bool = False
    """Scheduled by the task's calendar alone."""
    priority: int = 500
    notes: str = ""
    fixed_cost: Decimal = Decimal(0)
    leveling_delay: int = 0
    links: tuple[FileLink, ...] = ()
    baselines: tuple[FileBaseline, ...] = ()
    guid: UUID | None = None
    """The task's mark across files and programs; Quoin writes its own id."""


@dataclass(frozen=True, slots=True)
class FileException:
    """Days that differ from the week's pattern; no spans for days off."""

    name: str
    first: date
    last: date
    spans: Spans = ()
    days: tuple[date, ...] = ()
    """The days themselves where only some between first and last are meant (every second Monday)."""

    def dates(self) -> Iterator[date]:
        """Each day that the exception is about."""
        if self.days:
            yield from self.days
            return
        yield from Period(self.first, self.last + timedelta(days=1)).days()


@dataclass(frozen=True, slots=True)
class FileWeek:
    """A pattern for some weeks only."""

    name: str
    first: date
    last: date
    week: Week


@dataclass(frozen=True, slots=True)
class FileCalendar:
    """Monday to Sunday; None for a day means: as the base calendar has it."""

    uid: int
    name: str
    week: Week
    base: int | None = None
    is_base: bool = True
    exceptions: tuple[FileException, ...] = ()
    weeks: tuple[FileWeek, ...] = ()


@dataclass(frozen=True, slots=True)
class FileResource:
    """Somebody or something that tasks need."""

    uid: int
    number: int
    name: str
    type: ResourceType = ResourceType.WORK
    max_units: Decimal = Decimal(1)
    email: str = ""
    initials: str = ""
    group: str = ""
    calendar: int | None = None
    standard_rate: Decimal | None = None
    """For an hour, in the plan's currency."""
    is_generic: bool = False
    notes: str = ""
    baselines: tuple[FileBaseline, ...] = ()


@dataclass(frozen=True, slots=True)
class FileAssignment:
    """Somebody on a task, with so much of their time (1 is full time)."""

    uid: int
    task: int
    resource: int
    units: Decimal = Decimal(1)
    work: int = 0
    actual_work: int = 0
    remaining_work: int | None = None
    start: datetime | None = None
    finish: datetime | None = None
    delay: int = 0
    contour: int = 0
    baselines: tuple[FileBaseline, ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a file that Quoin does not keep, and how often it was there."""

    what: str
    count: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A whole plan."""

    name: str
    start: datetime | None = None
    finish: datetime | None = None
    from_start: bool = True
    status_date: datetime | None = None
    currency: str = ""
    author: str = ""
    calendar: int | None = None
    minutes_per_day: int = 480
    minutes_per_week: int = 2400
    days_per_month: int = 20
    critical_slack: int = 0
    """Total slack up to which a task counts as critical, in minutes."""
    calendars: tuple[FileCalendar, ...] = ()
    tasks: tuple[FileTask, ...] = ()
    resources: tuple[FileResource, ...] = ()
    assignments: tuple[FileAssignment, ...] = ()
    lost: tuple[Loss, ...] = field(default=(), compare=False)

    def rows(self) -> tuple[FileTask, ...]:
        """The tasks without the project's own row, blank lines and those of other projects."""
        return tuple(task for task in self.tasks if task.level > 0 and not task.is_blank and not task.is_external)

    def children(self) -> dict[int, list[FileTask]]:
        """By number of the parent row: the rows right below it; top rows are under 0."""
        found: dict[int, list[FileTask]] = {0: []}
        path: list[FileTask] = []
        for task in self.rows():
            del path[max(task.level - 1, 0) :]
            found.setdefault(path[-1].uid if path else 0, []).append(task)
            path.append(task)
        return found

    def work_calendars(self) -> dict[int, WorkCalendar]:
        """Each calendar, ready to count with; bases are linked."""
        by_uid = {calendar.uid: calendar for calendar in self.calendars}
        built: dict[int, WorkCalendar] = {}
        for uid in by_uid:
            _build(uid, by_uid, built, ())
        return built


def check_plan(plan: PlanFile) -> PlanFile:
    """The same plan if its numbers fit together; Invalid names what does not."""
    problems = [*_twice(plan), *_dangling(plan), *_far_off(plan)]
    if problems:
        raise Invalid("The file's parts do not fit together.", problems=tuple(problems))
    return plan


def work_calendar(calendar: FileCalendar, parent: WorkCalendar | None) -> WorkCalendar:
    """The calendar of the kernel; a day without a pattern and without a parent is as in the standard week."""
    exceptions = {day: exception.spans for exception in calendar.exceptions for day in exception.dates()}
    dated = tuple(DatedWeek(Period(week.first, week.last + timedelta(days=1)), week.week) for week in calendar.weeks)
    base = parent
    if base is None and None in calendar.week:
        base = standard_calendar()
    return WorkCalendar(week=calendar.week, exceptions=exceptions, dated_weeks=dated, parent=base)


def _build(
    uid: int, given: dict[int, FileCalendar], built: dict[int, WorkCalendar], above: tuple[int, ...]
) -> WorkCalendar | None:
    if uid in built or uid not in given or uid in above:
        return built.get(uid)
    calendar = given[uid]
    parent = _build(calendar.base, given, built, (*above, uid)) if calendar.base is not None else None
    built[uid] = work_calendar(calendar, parent)
    return built[uid]


def _twice(plan: PlanFile) -> Iterator[Problem]:
    kinds: tuple[tuple[str, Iterable[int]], ...] = (
        ("tasks", (task.uid for task in plan.tasks)),
        ("resources", (resource.uid for resource in plan.resources)),
        ("calendars", (calendar.uid for calendar in plan.calendars)),
    )
    for kind, uids in kinds:
        seen: set[int] = set()
        for uid in uids:
            if uid in seen:
                yield Problem(
                    f"/{kind}/{uid}", "twice", say("Number %(uid)s is there twice.", uid=uid), "Save the file again."
                )
            seen.add(uid)


def _far_off(plan: PlanFile) -> Iterator[Problem]:
    named = [("/project", plan.name, at) for at in (plan.start, plan.finish)]
    named += [
        (f"/tasks/{task.uid}", task.name, at)
        for task in plan.tasks
        for at in (
            task.start, task.finish, task.constraint_date, task.deadline, task.actual_start, task.actual_finish,
            task.late_finish,
        )
    ]  # fmt: skip
    for where, name, at in named:
        if at is not None and at.year not in _YEARS:
            yield Problem(
                where,
                "far_off",
                say("%(name)s is dated %(at)s.", name=repr(name), at=f"{at:%Y-%m-%d}"),
                "Check the dates in the file.",
            )


def _dangling(plan: PlanFile) -> Iterator[Problem]:
    tasks = {task.uid for task in plan.tasks}
    for task in plan.tasks:
        for link in task.links:
            if link.predecessor not in tasks:
                yield Problem(
                    f"/tasks/{task.uid}/links",
                    "unknown",
                    say(
                        "%(task)s follows task %(predecessor)s, which is not in the file.",
                        task=repr(task.name),
                        predecessor=link.predecessor,
                    ),
                    "Open the file with its linked projects and save it as one.",
                )
