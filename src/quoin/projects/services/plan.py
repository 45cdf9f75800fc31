"""Writing plans: what was decided and what came out, in as few statements as rows that differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.workcal import instant_of
from quoin.projects.models import Assignment, Baseline, BaselineTask, Dependency, Project, Task
from quoin.projects.queries.plan import Preview, load_plan, try_out
from quoin.projects.rules.adopt import adopted
from quoin.projects.rules.plan import Change, Plan, PlanTask, calculate
from quoin.projects.rules.schedule import Row, Schedule
from quoin.projects.types import ScheduleMode, TaskKind

_BATCH = 500
COMPUTED = (
    "start_at", "finish_at", "early_start_at", "early_finish_at", "late_start_at", "late_finish_at",
    "total_float_minutes", "free_float_minutes", "is_critical", "behind_minutes",
)  # fmt: skip


def change_plan(actor: Actor, project_id: UUID, changes: Iterable[Change]) -> Preview:
    """Apply the changes, date the plan anew and write what differs; the projects' rows are locked first."""
    before = _locked(project_id, today=actor.today)
    found = try_out(actor, before, changes)
    write_plan(before, found.plan, found.schedule)
    return found


def recalculate(project_id: UUID, *, today: date) -> Schedule:
    """Date the project's plan anew, with the plans tied to it."""
    plan = _locked(project_id, today=today)
    dates = calculate(plan)
    write_plan(plan, plan, dates)
    return dates


def refresh(project: Project, *, today: date) -> None:
    """Date the plan anew if it dates itself; for writers of single tasks."""
    if project.schedule != ScheduleMode.BY_HAND:
        recalculate(project.id, today=today)


def _locked(project_id: UUID, *, today: date) -> Plan:
    plan = load_plan(project_id, today=today)
    list(Project.objects.select_for_update(of=("self",)).filter(id__in=list(plan.projects)).order_by("id"))
    return load_plan(project_id, today=today)


def write_plan(before: Plan, after: Plan, dates: Schedule) -> None:
    """Write the plan where it differs from the tables."""
    _remove(before, after)
    rows = Task.objects.in_bulk(list(after.tasks))
    new, fields, old = [], set[str](), []
    for task in after.tasks.values():
        values = _values(task, after, dates[task.id])
        row = rows.get(task.id)
        if row is None:
            new.append(Task(id=task.id, project_id=task.project_id, number=task.number, **values))
            continue
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        if differing:
            for name in differing:
                setattr(row, name, values[name])
            fields.update(differing)
            old.append(row)
    # What moves away from a task comes before the task goes, and its number is free before a new one takes it.
    if old:
        Task.objects.bulk_update(old, sorted(fields), batch_size=_BATCH)
    gone = [key for key in before.tasks if key not in after.tasks]
    if gone:
        # A phase and what stands under it go together, although they hold each other.
        Task.objects.filter(id__in=gone).exclude(parent=None).update(parent=None)
        Task.objects.filter(id__in=gone).delete()
    Task.objects.bulk_create(new, batch_size=_BATCH)
    _write_links(before, after)
    _write_assignments(before, after)
    _write_ends(after, dates)


def _remove(before: Plan, after: Plan) -> None:
    Dependency.objects.filter(id__in=[key for key in before.links if key not in after.links]).delete()
    Assignment.objects.filter(id__in=[key for key in before.assignments if key not in after.assignments]).delete()


def _write_links(before: Plan, after: Plan) -> None:
    for key, link in after.links.items():
        if before.links.get(key) != link:
            Dependency.objects.update_or_create(id=key, defaults={k: v for k, v in asdict(link).items() if k != "id"})


def _write_assignments(before: Plan, after: Plan) -> None:
    for key, held in after.assignments.items():
        if before.assignments.get(key) != held:
            Assignment.objects.update_or_create(id=key, defaults={k: v for k, v in asdict(held).items() if k != "id"})


def _write_ends(after: Plan, dates: Schedule) -> None:
    for number, (project_id, project) in enumerate(after.projects.items()):
        if project.schedule is not ScheduleMode.BY_HAND:
            ends = instant_of(dates.ends[number])
            Project.objects.filter(id=project_id).exclude(finish_at=ends).update(finish_at=ends)


def _values(task: PlanTask, plan: Plan, row: Row) -> dict[str, Any]:
    values = asdict(task)
    for name in ("id", "project_id", "number"):
        values.pop(name)
    values["is_milestone"] = task.kind is TaskKind.MILESTONE
    if plan.projects[task.project_id].schedule is ScheduleMode.BY_HAND:
        return values
    instants = (row.start, row.finish, row.early_start, row.early_finish, row.late_start, row.late_finish)
    values |= zip(
        COMPUTED,
        (*map(instant_of, instants), row.total_float, row.free_float, row.is_critical, row.behind),
        strict=True,
    )
    start, finish = instant_of(row.start), instant_of(row.finish)
    values["starts_on"] = start.date()
    # Work up to midnight ends on the day before it.
    values["due_on"] = (finish - timedelta(minutes=1)).date() if finish > start else finish.date()
    return values


def set_schedule(actor: Actor, project: Project, *, schedule: ScheduleMode) -> Preview | None:
    """Let the plan date its tasks, from its start or its end, or leave them to people."""
    was = ScheduleMode(project.schedule)
    project.schedule = schedule
    project.save(
        update_fields=["schedule", "starts_on", "ends_on", "calendar", "status_on", "critical_minutes", "starts_at"]
    )
    if schedule is ScheduleMode.BY_HAND:
        return None
    plan = _locked(project.id, today=actor.today)
    changes = adopted(plan, project.id) if was is ScheduleMode.BY_HAND else []
    return change_plan(actor, project.id, changes)


def take_baseline(project_id: UUID, *, name: str, taken_at: datetime, note: str = "") -> Baseline:
    """Keep the plan as it stands."""
    baseline = Baseline.objects.create(project_id=project_id, name=name, taken_at=taken_at, note=note)
    BaselineTask.objects.bulk_create(
        (
            BaselineTask(
                baseline=baseline, task_id=task.id, number=task.number, name=task.name, start_at=task.start_at,
                finish_at=task.finish_at, estimate_minutes=task.estimate_minutes,
                duration_minutes=task.duration_minutes or task.estimate_minutes,
            )
            for task in Task.objects.filter(project_id=project_id).order_by("position", "number")
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    return baseline


def remove_baseline(baseline_id: UUID) -> None:
    """Forget what was kept; nothing happens where it is gone already."""
    BaselineTask.objects.filter(baseline=baseline_id).delete()
    Baseline.objects.filter(id=baseline_id).delete()
