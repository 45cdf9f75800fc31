"""A project's plan as a file: the tables, over what was kept of the file that the plan came from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from quoin.base.actor import Actor
from quoin.kernel.workcal import standard_calendar
from quoin.people.models import Person, WorkCalendar
from quoin.projects.models import BaselineTask, PlanResource, PlanSource, Task, TaskSource
from quoin.projects.queries import project_for
from quoin.projects.queries.exchange import stored_calendars
from quoin.projects.queries.plan import VIEW_PLAN, load_plan
from quoin.projects.rules.exchange_back import plan_file
from quoin.projects.rules.exchange_calendars import AROUND_THE_CLOCK, FlatCalendar, around_the_clock, flat_calendars
from quoin.projects.rules.exchange_kept import KeptBaseline, KeptResource, KeptTask, Outgoing
from quoin.projects.rules.plan import calculate
from quoin.projects.rules.planfile import FileAssignment, FileBaseline, FileResource, FileTask, PlanFile


def exported(actor: Actor, project_id: UUID) -> PlanFile:
    """The project's plan as a file."""
    actor.require(VIEW_PLAN)
    return plan_file(outgoing(actor, project_id))


def outgoing(actor: Actor, project_id: UUID) -> Outgoing:
    """All that the project's plan is written from."""
    project = project_for(actor, project_id)
    plan = load_plan(project.id, today=actor.today)
    stored = stored_calendars()
    calendars: dict[UUID | None, FlatCalendar] = {None: _default(stored)}
    for key, flat in stored.items():
        calendars[key] = flat  # noqa: PERF403 -- the keys of one mapping are of two types
    source = PlanSource.objects.filter(project=project).first()
    header = msgspec.convert(source.header, PlanFile, strict=False) if source else None
    wanted = {held.person_id for held in plan.assignments.values()}
    return Outgoing(
        project_id=project.id,
        plan=plan,
        dates=calculate(plan),
        notes=dict(Task.objects.filter(project=project).exclude(notes="").values_list("id", "notes")),
        people={one.id: (one.name, one.email) for one in Person.objects.filter(id__in=wanted)},
        calendars=calendars,
        around_clock=next((key for key, one in stored.items() if _is_clock(one)), None),
        currency=project.currency,
        header=header,
        kept=_kept_tasks(source),
        resources=_kept_resources(source),
        calendar_uids={UUID(told["id"]): int(uid) for uid, told in (source.calendars if source else {}).items()},
        as_read=_as_read(source, header),
        baselines=_baselines(project.id, source),
    )


def _is_clock(one: FlatCalendar) -> bool:
    return one.name.startswith(AROUND_THE_CLOCK) and one.week == around_the_clock().week and not one.days


def _default(stored: dict[UUID, FlatCalendar]) -> FlatCalendar:
    key = WorkCalendar.objects.filter(is_default=True).values_list("id", flat=True).first()
    if key is not None:
        return stored[key]
    return FlatCalendar("Standard", tuple(spans or () for spans in standard_calendar().week), {})


def _as_read(source: PlanSource | None, header: PlanFile | None) -> dict[int, FlatCalendar]:
    """The file's calendars as they were when they came in: around the dates that its tasks had."""
    if source is None or header is None:
        return {}
    rows = TaskSource.objects.filter(source=source).values_list("kept", flat=True)
    tasks = tuple(msgspec.convert(row, FileTask, strict=False) for row in rows)
    return flat_calendars(replace(header, tasks=tasks))


def _kept_tasks(source: PlanSource | None) -> dict[UUID, KeptTask]:
    if source is None:
        return {}
    return {
        row.task_id: KeptTask(
            msgspec.convert(row.kept, FileTask, strict=False),
            tuple(msgspec.convert(row.uses, list[FileAssignment], strict=False)),
        )
        for row in TaskSource.objects.filter(source=source)
    }


def _kept_resources(source: PlanSource | None) -> tuple[KeptResource, ...]:
    rows: Any = PlanResource.objects.filter(source=source).order_by("uid") if source else ()
    found = [(row, msgspec.convert(row.kept, FileResource, strict=False)) for row in rows]
    return tuple(KeptResource(resource, row.person_id) for row, resource in found)


def _baselines(project_id: UUID, source: PlanSource | None) -> tuple[KeptBaseline, ...]:
    numbers = {UUID(key): int(number) for number, key in (source.baselines if source else {}).items()}
    found: dict[UUID, tuple[str, dict[UUID, FileBaseline]]] = {}
    rows = BaselineTask.objects.filter(baseline__project=project_id).select_related("baseline")
    for row in rows.order_by("baseline__taken_at", "baseline_id", "number"):
        told = FileBaseline(0, row.start_at, row.finish_at, row.duration_minutes, row.estimate_minutes)
        found.setdefault(row.baseline_id, (row.baseline.name, {}))[1][row.task_id] = told
    return tuple(KeptBaseline(name, numbers.get(key), tasks) for key, (name, tasks) in found.items())
