"""Writing plans: what was decided and what came out, in as few statements as rows that differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from quoin.base.actor import Actor
from quoin.projects.models import Baseline, BaselineTask, Project, Task
from quoin.projects.queries.plan import (
    Preview,
    Stored,
    carried_out,
    computed_of,
    named_projects,
    stored_plan,
    tied_projects,
)
from quoin.projects.rules.adopt import adopted
from quoin.projects.rules.plan import Change, Plan, calculate
from quoin.projects.rules.schedule import Schedule
from quoin.projects.services.plan_rows import write_stored
from quoin.projects.types import ScheduleMode

_BATCH = 500


def change_plan(actor: Actor, project_id: UUID, changes: Iterable[Change]) -> Preview:
    """Apply the changes, date the plan anew and write what differs; the projects' rows are locked first."""
    wanted = list(changes)
    return change_stored(actor, locked_plan(project_id, today=actor.today, changes=wanted), project_id, wanted)


def change_stored(actor: Actor, stored: Stored, project_id: UUID, changes: list[Change]) -> Preview:
    """The same for a plan that is locked and loaded."""
    found = carried_out(actor, stored.plan, project_id, changes)
    write_stored(stored, found.plan, found.schedule)
    return found


def recalculate(project_id: UUID, *, today: date) -> Schedule:
    """Date the project's plan anew, with the plans tied to it."""
    stored = locked_plan(project_id, today=today)
    dates = calculate(stored.plan)
    write_stored(stored, stored.plan, dates)
    return dates


def refresh(project: Project, *, today: date) -> None:
    """Date the plan anew if it dates itself; for writers of single tasks."""
    if project.schedule != ScheduleMode.BY_HAND:
        recalculate(project.id, today=today)


def locked_plan(project_id: UUID, *, today: date, changes: Iterable[Change] = ()) -> Stored:
    """The plan with those tied to it; nobody else changes any of them until the transaction ends."""
    wanted = tied_projects({project_id, *named_projects(changes)})
    while True:
        list(Project.objects.select_for_update(of=("self",)).filter(id__in=wanted).order_by("id").values_list("id"))
        # Somebody may have tied another one before the lock was had.
        tied = tied_projects(set(wanted))
        if tied == wanted:
            return stored_plan(project_id, wanted, today=today)
        wanted = tied


def write_plan(before: Plan, after: Plan, dates: Schedule) -> None:
    """Write a plan that was loaded before and is locked, where it differs from the tables."""
    write_stored(Stored(before, computed_of(before)), after, dates)


def set_schedule(actor: Actor, project: Project, *, schedule: ScheduleMode) -> Preview | None:
    """Let the plan date its tasks, from its start or its end, or leave them to people."""
    was = ScheduleMode(project.schedule)
    project.schedule = schedule
    project.save(
        update_fields=["schedule", "starts_on", "ends_on", "calendar", "status_on", "critical_minutes", "starts_at"]
    )
    if schedule is ScheduleMode.BY_HAND:
        return None
    stored = locked_plan(project.id, today=actor.today)
    changes = adopted(stored.plan, project.id) if was is ScheduleMode.BY_HAND else []
    return change_stored(actor, stored, project.id, changes)


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
