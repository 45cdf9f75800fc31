"""Writing a plan that came from a file, what stood there before, and putting that back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.people.services.calendars import put_calendar, remove_unused_calendars
from quoin.projects.models import (
    Baseline,
    BaselineTask,
    PlanImport,
    PlanResource,
    PlanSource,
    Project,
    Task,
    TaskSource,
)
from quoin.projects.queries.exchange import Trial, kept, stored_calendars
from quoin.projects.queries.plan import COMPUTED, load_plan
from quoin.projects.rules.exchange import taken_rows
from quoin.projects.rules.inverse import inverse
from quoin.projects.rules.plan import calculate, changed
from quoin.projects.rules.planfile import FileAssignment, PlanFile
from quoin.projects.services.plan import locked_plan, write_plan
from quoin.projects.types import ScheduleMode

_BATCH = 500
_SETTINGS = (
    "schedule", "starts_on", "starts_at", "ends_on", "calendar_id", "critical_minutes", "finish_at",
)  # fmt: skip
_DATES = (*COMPUTED, "starts_on", "due_on")
_BASELINE = "Baseline"


def lock_plan(project_id: UUID, *, today: date) -> None:
    """Nobody else changes the plan, or one that is tied to it, until the transaction ends."""
    locked_plan(project_id, today=today)


def write_file(actor: Actor, trial: Trial, project: Project, *, file_name: str) -> PlanImport:
    """Write the plan with the file in it; the row tells what it replaced."""
    before = {
        "changes": kept(inverse(trial.before, trial.merged.plan)),
        "settings": kept({name: getattr(project, name) for name in _SETTINGS}),
        "notes": _notes_before(trial),
        "dates": _dates_by_hand(project),
        "sources": _rows_of(project.id),
        "calendars": _calendars_before(trial),
        "made_calendars": [str(one.id) for one in trial.calendars if one.is_written and one.id not in trial.known.made],
    }
    for one in trial.calendars:
        if one.is_written:
            put_calendar(calendar_id=one.id, name=one.flat.name, week=one.flat.week, days=one.flat.days)
    settled = trial.merged.plan.projects[project.id]
    for name in ("starts_on", "starts_at", "ends_on", "calendar_id", "critical_minutes"):
        setattr(project, name, getattr(settled, name))
    project.schedule = settled.schedule
    project.save(update_fields=["schedule", "starts_on", "starts_at", "ends_on", "calendar", "critical_minutes"])
    write_plan(trial.before, trial.merged.plan, trial.dates)
    _write_notes(trial)
    _write_sources(actor, trial, project, file_name)
    return PlanImport.objects.create(project=project, file_name=file_name, made_at=actor.now, before=before)


def take_back(actor: Actor, done: PlanImport) -> None:
    """The plan as it was before the file came in."""
    project, told = done.project, done.before
    now = locked_plan(project.id, today=actor.today).plan
    settings = told["settings"]
    project.schedule, project.calendar_id = settings["schedule"], _uuid(settings["calendar_id"])
    project.starts_on, project.ends_on = _day(settings["starts_on"]), _day(settings["ends_on"])
    project.starts_at = time.fromisoformat(settings["starts_at"]) if settings["starts_at"] else None
    project.critical_minutes = settings["critical_minutes"]
    project.finish_at = datetime.fromisoformat(settings["finish_at"]) if settings["finish_at"] else None
    project.save(
        update_fields=["schedule", "starts_on", "starts_at", "ends_on", "calendar", "critical_minutes", "finish_at"]
    )
    _put_back_calendars(told["calendars"])
    _remove_sources(project.id)
    reset = load_plan(project.id, today=actor.today)
    was = changed(reset, told["changes"])
    write_plan(now, was, calculate(was))
    # A plan that people date again has no end that was calculated; what stood there comes back.
    project.save(update_fields=["finish_at"])
    for key, notes in told["notes"].items():
        Task.objects.filter(id=key).update(notes=notes)
    for row in told["dates"]:
        Task.objects.filter(id=row["id"]).update(**{name: _read(Task, name, row[name]) for name in _DATES})
    _put_back_rows(told["sources"])
    unused = {_uuid(key) for key in told["made_calendars"]}
    used = Project.objects.filter(calendar_id__in=unused).values_list("calendar_id", flat=True)
    tasks = Task.objects.filter(calendar_id__in=unused).values_list("calendar_id", flat=True)
    remove_unused_calendars(key for key in unused - set(used) - set(tasks) if key)


def remove_project(project: Project) -> None:
    """Delete a project that a file made; whatever was recorded on it since is refused by the database."""
    plan = Task.objects.filter(project=project)
    plan.update(parent=None)
    plan.delete()
    project.delete()


def _notes_before(trial: Trial) -> dict[str, str]:
    mine = [key for key in trial.merged.tasks.values() if key in trial.before.tasks]
    return {str(key): notes for key, notes in Task.objects.filter(id__in=mine).values_list("id", "notes")}


def _dates_by_hand(project: Project) -> list[Any]:
    """Dates of a plan dated by hand: nothing would calculate them again."""
    if project.schedule != ScheduleMode.BY_HAND:
        return []
    return list(kept(list(Task.objects.filter(project=project).values("id", *_DATES))))


def _write_notes(trial: Trial) -> None:
    wanted = {trial.merged.tasks[row.uid]: row.notes for row in taken_rows(trial.file)}
    rows = [row for row in Task.objects.filter(id__in=wanted) if row.notes != wanted[row.id]]
    for row in rows:
        row.notes = wanted[row.id]
    Task.objects.bulk_update(rows, ["notes"], batch_size=_BATCH)


def _calendars_before(trial: Trial) -> list[Any]:
    """Calendars of an earlier import that this one writes anew."""
    stored = stored_calendars()
    again = [one.id for one in trial.calendars if one.is_written and one.id in stored]
    return [{"id": str(key), **_told(stored[key])} for key in again]


def _told(flat: Any) -> dict[str, Any]:
    told = asdict(flat)
    return {"name": told["name"], "week": told["week"], "days": {day.isoformat(): s for day, s in told["days"].items()}}


def _put_back_calendars(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        days = {date.fromisoformat(day): spans for day, spans in row["days"].items()}
        put_calendar(calendar_id=UUID(row["id"]), name=row["name"], week=row["week"], days=days)


def _write_sources(actor: Actor, trial: Trial, project: Project, file_name: str) -> None:
    file = trial.file
    baselines = _write_baselines(actor, trial, project, file_name)
    old_lines = _gone_lines(trial)
    _remove_sources(project.id)
    calendars = {
        str(one.uid): {"id": str(one.id), "made": one.is_written or one.id in trial.known.made}
        for one in trial.calendars
        if one.uid is not None
    }
    header = replace(file, tasks=tuple(task for task in file.tasks if task.level == 0), resources=(), assignments=())
    source = PlanSource.objects.create(
        project=project, file_name=file_name, read_at=actor.now, header=kept(header), calendars=calendars,
        baselines={str(number): str(key) for number, key in baselines.items()},
    )  # fmt: skip
    PlanResource.objects.bulk_create(
        (
            PlanResource(source=source, uid=line.resource.uid, person_id=line.person_id, kept=kept(line.resource))
            for line in trial.lines
        ),
        batch_size=_BATCH,
    )
    uses = _uses(file)
    TaskSource.objects.bulk_create(
        (
            TaskSource(
                source=source, task_id=trial.merged.tasks[row.uid], uid=row.uid, kept=kept(row),
                uses=kept(uses.get(row.uid, ())),
            )
            for row in taken_rows(file)
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    # A task that this file has no more keeps its number: it may come back with the next one.
    TaskSource.objects.bulk_create(TaskSource(source=source, **told) for told in old_lines)


def _gone_lines(trial: Trial) -> list[dict[str, Any]]:
    stay = set(trial.merged.gone) & set(trial.merged.plan.tasks)
    numbers = {row.uid for row in taken_rows(trial.file)}
    rows = TaskSource.objects.filter(task_id__in=stay)
    return [
        {"task_id": row.task_id, "uid": row.uid, "kept": row.kept, "uses": row.uses}
        for row in rows
        if row.uid not in numbers
    ]


def _uses(file: PlanFile) -> dict[int, list[FileAssignment]]:
    found: dict[int, list[FileAssignment]] = {}
    for one in file.assignments:
        found.setdefault(one.task, []).append(one)
    return found


def _write_baselines(actor: Actor, trial: Trial, project: Project, file_name: str) -> dict[int, UUID]:
    """The file's baselines, in place of those of its last reading."""
    source = trial.known.source
    old = {int(number): UUID(key) for number, key in (source.baselines if source else {}).items()}
    _remove_baselines(old.values())
    taken = set(Baseline.objects.filter(project=project).values_list("name", flat=True))
    found: dict[int, UUID] = {}
    for number in trial.baselines:
        name = f"{_BASELINE} {number}" if number else _BASELINE
        name = name if name not in taken else f"{name} ({file_name})"
        made = Baseline.objects.create(project=project, name=name, taken_at=actor.now, note=file_name)
        found[number] = made.id
        BaselineTask.objects.bulk_create(
            (
                BaselineTask(
                    baseline=made, task_id=task.id, number=task.number, name=task.name, start_at=one.start,
                    finish_at=one.finish, duration_minutes=max(one.duration or 0, 0),
                    estimate_minutes=max(one.work or 0, 0),
                )
                for row in taken_rows(trial.file)
                for task in [trial.merged.plan.tasks[trial.merged.tasks[row.uid]]]
                for one in row.baselines
                if one.number == number
            ),
            batch_size=_BATCH,
        )  # fmt: skip
    return found


def _remove_baselines(keys: Iterable[UUID]) -> None:
    wanted = list(keys)
    BaselineTask.objects.filter(baseline_id__in=wanted).delete()
    Baseline.objects.filter(id__in=wanted).delete()


_KEPT: tuple[tuple[str, Any], ...] = (
    ("source", PlanSource), ("resources", PlanResource), ("tasks", TaskSource), ("baselines", Baseline),
    ("baseline_tasks", BaselineTask),
)  # fmt: skip


def _rows_of(project_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """What an earlier file left beside the plan."""
    sources = list(PlanSource.objects.filter(project=project_id))
    keys = [UUID(key) for source in sources for key in source.baselines.values()]
    rows = (
        sources, PlanResource.objects.filter(source__in=sources), TaskSource.objects.filter(source__in=sources),
        Baseline.objects.filter(id__in=keys), BaselineTask.objects.filter(baseline_id__in=keys),
    )  # fmt: skip
    return {name: [_columns(row) for row in found] for (name, _), found in zip(_KEPT, rows, strict=True)}


def _columns(row: Any) -> dict[str, Any]:
    fields = row._meta.concrete_fields  # noqa: SLF001 -- Django's public name for a model's columns
    return dict(kept({one.attname: getattr(row, one.attname) for one in fields if one.attname != "tenant_id"}))


def _put_back_rows(told: dict[str, list[dict[str, Any]]]) -> None:
    for name, model in _KEPT:
        model.objects.bulk_create(
            (model(**{key: _read(model, key, value) for key, value in row.items()}) for row in told[name]),
            batch_size=_BATCH,
        )


def _read(model: Any, name: str, value: Any) -> Any:
    fields = model._meta.concrete_fields  # noqa: SLF001 -- Django's public name for a model's columns
    return next(one for one in fields if one.attname == name).to_python(value)


def _remove_sources(project_id: UUID) -> None:
    sources = list(PlanSource.objects.filter(project=project_id))
    _remove_baselines(UUID(key) for source in sources for key in source.baselines.values())
    PlanSource.objects.filter(id__in=[source.id for source in sources]).delete()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
