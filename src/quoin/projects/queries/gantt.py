"""A plan to be shown: rows in the order of the tree with their figures, links, baselines, and what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction, AuditChange
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say
from quoin.projects.models import Assignment, Baseline, BaselineTask, Dependency, Project, Task
from quoin.projects.queries import project_for, visible_projects
from quoin.projects.queries.plan import VIEW_PLAN


@dataclass(frozen=True, slots=True)
class Kept:
    """A task as it stood in a baseline, or on a day."""

    task_id: UUID
    number: int
    name: str
    start_at: datetime | None
    finish_at: datetime | None
    duration_minutes: int


@dataclass(frozen=True, slots=True)
class GanttRow:
    """A task with its place in the tree, the people on it, and how far it drifted from what is compared with."""

    task: Task
    wbs: str
    level: int
    is_phase: bool
    percent: int
    people: tuple[Assignment, ...]
    kept: Kept | None
    drift_days: int | None
    """Calendar days by which it ends later than in what is compared with."""


@dataclass(frozen=True, slots=True)
class Gantt:
    """All that a Gantt chart of a project shows. Links may lead to tasks of other projects."""

    project: Project
    rows: tuple[GanttRow, ...]
    links: tuple[Dependency, ...]
    baselines: tuple[Baseline, ...]
    removed: tuple[Kept, ...]
    """Tasks of what is compared with that are no longer there."""


def gantt(actor: Actor, project_id: UUID, *, baseline_id: UUID | None = None, as_of: datetime | None = None) -> Gantt:
    """The plan, compared with a baseline or with itself at a past moment."""
    actor.require(VIEW_PLAN)
    project = project_for(actor, project_id)
    baselines = tuple(Baseline.objects.filter(project=project).order_by("taken_at", "id"))
    if baseline_id is not None:
        kept = _baseline(project, baseline_id)
    else:
        kept = plan_as_of(project, as_of) if as_of is not None else {}
    tasks = list(Task.objects.select_related("assignee").filter(project=project).order_by("position", "number", "id"))
    people: defaultdict[UUID, list[Assignment]] = defaultdict(list)
    for held in Assignment.objects.select_related("person").filter(task__project=project).order_by("person__name"):
        people[held.task_id].append(held)
    rows = tuple(_rows(tasks, people, kept))
    there = {task.id for task in tasks}
    return Gantt(
        project, rows, tuple(_links(actor, project)), baselines,
        tuple(one for key, one in kept.items() if key not in there),
    )  # fmt: skip


def _rows(tasks: list[Task], people: dict[UUID, list[Assignment]], kept: dict[UUID, Kept]) -> Iterator[GanttRow]:
    children: defaultdict[UUID | None, list[Task]] = defaultdict(list)
    for task in tasks:
        children[task.parent_id].append(task)
    waiting = [(task, str(place), 1) for place, task in reversed(list(enumerate(children[None], 1)))]
    while waiting:
        task, wbs, level = waiting.pop()
        below = children.get(task.id, [])
        waiting += [(one, f"{wbs}.{place}", level + 1) for place, one in reversed(list(enumerate(below, 1)))]
        was = kept.get(task.id)
        yield GanttRow(
            task=task, wbs=wbs, level=level, is_phase=bool(below), percent=_percent(task, children),
            people=tuple(people.get(task.id, ())), kept=was, drift_days=_drift(task, was),
        )  # fmt: skip


def _percent(task: Task, children: dict[UUID | None, list[Task]]) -> int:
    """Done part of a task; of a phase, weighted by what its tasks last."""
    leaves, waiting = [], [task]
    while waiting:
        one = waiting.pop()
        below = children.get(one.id)
        if below:
            waiting += below
        else:
            leaves.append((one.duration_minutes or one.estimate_minutes, one.percent))
    whole = sum(minutes for minutes, _ in leaves)
    return sum(minutes * percent for minutes, percent in leaves) // whole if whole else task.percent


def _drift(task: Task, was: Kept | None) -> int | None:
    if was is None or was.finish_at is None or task.finish_at is None:
        return None
    return int((task.finish_at.date() - was.finish_at.date()).days)


def _links(actor: Actor, project: Project) -> QuerySet[Dependency]:
    """Links whose both ends the actor may see."""
    seen = visible_projects(actor).order_by().values("id")
    return (
        Dependency.objects.select_related("before__project", "after__project")
        .filter(Q(before__project=project) | Q(after__project=project))
        .filter(before__project__in=seen, after__project__in=seen)
        .order_by("id")
    )


def _baseline(project: Project, baseline_id: UUID) -> dict[UUID, Kept]:
    if not Baseline.objects.filter(id=baseline_id, project=project).exists():
        raise NotFound("There is no such baseline of this project.")
    return {
        row.task_id: Kept(row.task_id, row.number, row.name, row.start_at, row.finish_at, row.duration_minutes)
        for row in BaselineTask.objects.filter(baseline=baseline_id).order_by("number")
    }


def plan_as_of(project: Project, at: datetime) -> dict[UUID, Kept]:
    """The tasks of the project as they stood then, from the change trail."""
    of_plan = AuditAction.objects.filter(target=project.public_id).values("id")
    gone = AuditChange.objects.filter(
        tenant_id=project.tenant_id, table_name="projects_task", operation="D", action_id__in=of_plan
    ).values_list("row_id", flat=True)
    wanted = [*Task.objects.filter(project=project).values_list("id", flat=True), *gone]
    later = AuditAction.objects.filter(at__gt=at).values("id")
    trail = (
        AuditChange.objects.filter(tenant_id=project.tenant_id, table_name="projects_task", row_id__in=wanted)
        .exclude(action_id__in=later)
        .order_by("id")
        .values_list("row_id", "operation", "after")
    )
    rows: dict[UUID, dict[str, str | None]] = {}
    for row_id, operation, after in trail:
        # A new row is kept whole, a change only with the columns that differ.
        if operation == "D":
            rows.pop(row_id, None)
        else:
            rows[row_id] = {**rows.get(row_id, {}), **(after or {})}
    found = [_kept(row_id, row) for row_id, row in rows.items() if "number" in row]
    return {kept.task_id: kept for kept in sorted(found, key=lambda kept: kept.number)}


def _kept(task_id: UUID, row: dict[str, str | None]) -> Kept:
    start, finish = row.get("start_at"), row.get("finish_at")
    return Kept(
        task_id, int(row["number"] or 0), str(row["name"]),
        datetime.fromisoformat(start) if start else None, datetime.fromisoformat(finish) if finish else None,
        int(row.get("duration_minutes") or row.get("estimate_minutes") or 0),
    )  # fmt: skip


def why_critical(actor: Actor, project_id: UUID) -> list[Task]:
    """The critical tasks of the project in the order of their dates: the chain that its end hangs on."""
    actor.require(VIEW_PLAN)
    project = project_for(actor, project_id)
    parents = Task.objects.filter(project=project, parent__isnull=False).values("parent_id")
    return list(
        Task.objects.filter(project=project, is_critical=True).exclude(id__in=parents).order_by("start_at", "number")
    )


def task_by_number(project_id: UUID, number: int) -> UUID:
    """Id of the task with that number in the project."""
    found = Task.objects.filter(project=project_id, number=number).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(say("There is no task %(number)s in the project.", number=number))
    return found


def baseline_by_name(project_id: UUID, name: str) -> Baseline:
    """The baseline of that name of the project."""
    found = Baseline.objects.filter(project=project_id, name=name).first()
    if found is None:
        raise NotFound(say("There is no baseline %(name)s.", name=name))
    return found
