"""Plans in and out: what a file would do to a project, and what a project is as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import msgspec

from quoin.base.actor import Actor
from quoin.kernel.errors import invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say
from quoin.kernel.workcal import instant_of
from quoin.people.models import CalendarDay
from quoin.people.models import WorkCalendar as StoredCalendar
from quoin.people.queries import employed_on
from quoin.projects.models import PlanResource, PlanSource, Project, TaskSource
from quoin.projects.queries.plan import load_plan, plan_calendars
from quoin.projects.rules.exchange import Answers, Merged, merge, taken_rows
from quoin.projects.rules.exchange_calendars import (
    AROUND_THE_CLOCK,
    FlatCalendar,
    around_the_clock,
    flat_calendars,
)
from quoin.projects.rules.plan import Plan, PlanProject, calculate
from quoin.projects.rules.planfile import FileResource, PlanFile, ResourceType
from quoin.projects.rules.schedule import Schedule
from quoin.projects.rules.schedule.passes import PlanLoopOf
from quoin.projects.types import PlanLoop, ScheduleMode


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """A calendar that the file brings."""

    uid: int | None
    """The file's number; None for the one of elapsed durations."""
    id: UUID
    flat: FlatCalendar
    is_written: bool
    """Whether it has to be written: it is new, or differs from what an earlier file brought."""


@dataclass(frozen=True, slots=True)
class Line:
    """A resource of the file, and who that is here."""

    resource: FileResource
    person_id: UUID | None
    why: str
    """earlier, email, name or chosen; empty for a placeholder."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier import of the project left."""

    source: PlanSource | None
    tasks: Mapping[int, UUID]
    people: Mapping[int, UUID]
    calendars: Mapping[int, UUID]
    made: frozenset[UUID]
    """Calendars that an import made: only these are ever written again."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A file in a project, calculated; nothing is written."""

    file: PlanFile
    before: Plan
    merged: Merged
    dates: Schedule
    project_id: UUID
    calendars: tuple[NewCalendar, ...]
    lines: tuple[Line, ...]
    known: Known

    @property
    def unknown(self) -> tuple[Line, ...]:
        """People of the file who are nobody here: they stay placeholders."""
        return tuple(line for line in self.lines if line.person_id is None and line.resource.type is ResourceType.WORK)

    @property
    def baselines(self) -> tuple[int, ...]:
        return baseline_numbers(self.file)

    @property
    def dated(self) -> int:
        """How many tasks of the file have dates to compare with."""
        return sum(1 for row in taken_rows(self.file) if row.start and row.finish)

    @property
    def moved(self) -> tuple[tuple[str, datetime, datetime], ...]:
        """Tasks that Quoin dates otherwise than the file: name, the file's finish, ours."""
        found = []
        for row in taken_rows(self.file):
            dated = self.dates[self.merged.tasks[row.uid]]
            ours = (instant_of(dated.start), instant_of(dated.finish))
            if row.start and row.finish and (row.start, row.finish) != ours:
                found.append((row.name, row.finish, ours[1]))
        return tuple(found)


def kept(value: object) -> Any:
    """A part of a file as it is stored."""
    return msgspec.to_builtins(value)


def known_of(project_id: UUID) -> Known:
    """What an earlier import of the project left."""
    source = PlanSource.objects.filter(project=project_id).first()
    if source is None:
        return Known(None, {}, {}, {}, frozenset())
    tasks = dict(TaskSource.objects.filter(source=source).values_list("uid", "task_id"))
    found = PlanResource.objects.filter(source=source).exclude(person=None)
    there = set(StoredCalendar.objects.values_list("id", flat=True))
    calendars = {int(uid): UUID(told["id"]) for uid, told in source.calendars.items()}
    made = frozenset(UUID(told["id"]) for told in source.calendars.values() if told["made"])
    return Known(
        source, tasks, {one.uid: one.person_id for one in found if one.person_id},
        {uid: key for uid, key in calendars.items() if key in there}, made,
    )  # fmt: skip


def lines_of(actor: Actor, file: PlanFile, known: Known, chosen: Mapping[int, UUID | None]) -> tuple[Line, ...]:
    """Who each resource is: as chosen, as the last time, by e-mail, or by a name that only one person has."""
    people = list(employed_on(actor.today))
    by_id = {one.id for one in people}
    by_email = {one.email.lower(): one.id for one in people if one.email}
    by_name: dict[str, list[UUID]] = {}
    for somebody in people:
        by_name.setdefault(" ".join(somebody.name.lower().split()), []).append(somebody.id)
    found = []
    for one in file.resources:
        named = by_name.get(" ".join(one.name.lower().split()), [])
        ways = (
            ("earlier", known.people.get(one.uid)), ("email", by_email.get(one.email.lower()) if one.email else None),
            ("name", named[0] if len(named) == 1 else None),
        )  # fmt: skip
        if one.uid in chosen:
            person = chosen[one.uid]
            if person is not None and person not in by_id:
                raise invalid(f"/people/{one.uid}", "There is no such person with the firm.", code="unknown")
            found.append(Line(one, person, "chosen" if person else ""))
        elif one.type is not ResourceType.WORK:
            found.append(Line(one, None, ""))
        else:
            why, known_as = next(((why, key) for why, key in ways if key), ("", None))
            found.append(Line(one, known_as, why))
    return tuple(found)


def try_file(
    actor: Actor,
    file: PlanFile,
    project: Project | None,
    *,
    chosen: Mapping[int, UUID | None] | None = None,
    removes_gone: bool = False,
) -> Trial:
    """The file in the project, or in a new one; writes nothing. Asks no permission."""
    if not taken_rows(file):
        raise invalid("/file", "There are no tasks in the file.", remedy="Check that the file is the plan itself.")
    project_id = project.id if project else uuid7()
    known = known_of(project_id)
    lines = lines_of(actor, file, known, chosen or {})
    before = load_plan(project_id, today=actor.today) if project else _nothing(project_id, file, actor.today)
    calendars = _calendars(file, known, project.number if project else "")
    by_uid = {one.uid: one.id for one in calendars if one.uid is not None}
    clock = next((one.id for one in calendars if one.uid is None), None)
    base = _settled(before, project_id, file, calendars)
    answers = Answers(
        tasks=known.tasks, people={line.resource.uid: line.person_id for line in lines if line.person_id},
        calendars=by_uid, around_clock=clock, removes_gone=removes_gone,
    )  # fmt: skip
    merged = merge(base, project_id, file, answers=answers, new_id=uuid7)
    return Trial(file, before, merged, _calculated(merged.plan), project_id, calendars, lines, known)


def _calculated(plan: Plan) -> Schedule:
    try:
        return calculate(plan)
    except PlanLoopOf as loop:
        names = [task.name for key in loop.keys if isinstance(key, UUID) and (task := plan.tasks[key]) is not None]
        circle = " → ".join([*names, names[0]])
        raise PlanLoop(say("Tasks of the file wait for each other in a circle: %(circle)s.", circle=circle)) from None


def _nothing(project_id: UUID, file: PlanFile, today: date) -> Plan:
    project = PlanProject(project_id, file.name, ScheduleMode.FROM_START, file.start.date() if file.start else today)
    return Plan({project_id: project}, {}, {}, {}, plan_calendars())


def _settled(plan: Plan, project_id: UUID, file: PlanFile, calendars: tuple[NewCalendar, ...]) -> Plan:
    """The plan, dated as the file is dated: from its start or end, on its calendar."""
    by_uid = {one.uid: one.id for one in calendars if one.uid is not None}
    was = plan.projects[project_id]
    start = file.start or min((row.start for row in taken_rows(file) if row.start), default=None)
    mode = ScheduleMode.FROM_START if file.from_start or file.finish is None else ScheduleMode.FROM_END
    project = replace(
        was,
        schedule=mode,
        starts_on=start.date() if start else was.starts_on,
        # Midnight says no more than the day.
        starts_at=start.time() if start and start.time() != time() else None,
        ends_on=file.finish.date() if mode is ScheduleMode.FROM_END and file.finish else was.ends_on,
        calendar_id=by_uid.get(file.calendar, was.calendar_id) if file.calendar is not None else was.calendar_id,
        critical_minutes=max(file.critical_slack, 0),
    )
    brought = dict(plan.calendars)
    for one in calendars:
        brought[one.id] = one.flat.calendar()
    return replace(plan, projects={**plan.projects, project_id: project}, calendars=brought)


def _calendars(file: PlanFile, known: Known, number: str) -> tuple[NewCalendar, ...]:
    stored = stored_calendars()
    by_name = {one.name: key for key, one in stored.items()}
    wanted: list[tuple[int | None, FlatCalendar]] = list(flat_calendars(file).items())
    if any(row.is_elapsed for row in taken_rows(file)):
        wanted.append((None, around_the_clock()))
    found: list[NewCalendar] = []
    for uid, flat in wanted:
        held = known.calendars.get(uid) if uid is not None else None
        same = by_name.get(flat.name)
        if held in known.made and held is not None:
            named = replace(flat, name=stored[held].name)
            found.append(NewCalendar(uid, held, named, is_written=not _is_same(stored[held], flat)))
        elif same is not None and _is_same(stored[same], flat):
            found.append(NewCalendar(uid, same, stored[same], is_written=False))
        else:
            name = _free_name(flat.name, number, by_name)
            made = NewCalendar(uid, uuid7(), replace(flat, name=name), is_written=True)
            by_name[name] = made.id
            found.append(made)
    return tuple(found)


def _is_same(one: FlatCalendar, other: FlatCalendar) -> bool:
    return (one.week, dict(one.days)) == (other.week, dict(other.days))


def _free_name(name: str, number: str, taken: Mapping[str, UUID]) -> str:
    base = " ".join(name.split()) or AROUND_THE_CLOCK
    if base not in taken:
        return base
    named = f"{base} ({number})" if number else f"{base} (2)"
    count = 2
    while named in taken:
        count += 1
        named = f"{base} ({number or count}, {count})" if number else f"{base} ({count})"
    return named


def stored_calendars() -> dict[UUID, FlatCalendar]:
    """The firm's calendars, each with the days of those that it is based on."""
    rows = {row.id: row for row in StoredCalendar.objects.all()}
    days: dict[UUID, dict[date, Any]] = {}
    for key, day, spans in CalendarDay.objects.values_list("calendar_id", "day_on", "spans"):
        days.setdefault(key, {})[day] = tuple((start, end) for start, end in spans)
    found = {}
    for key, row in rows.items():
        chain, at = [key], row.parent_id
        while at in rows and at not in chain:
            chain.append(at)
            at = rows[at].parent_id
        own: dict[date, Any] = {}
        for one in reversed(chain):
            own.update(days.get(one, {}))
        week = tuple(tuple((start, end) for start, end in spans) for spans in row.week)
        found[key] = FlatCalendar(row.name, week, dict(sorted(own.items())))
    return found


def baseline_numbers(file: PlanFile) -> tuple[int, ...]:
    """Numbers of the baselines that the file's tasks have."""
    return tuple(sorted({one.number for row in taken_rows(file) for one in row.baselines}))
