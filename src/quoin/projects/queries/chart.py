"""A plan as a chart draws it: columns of plain values for ten thousand rows, and what changed between two states.

Instants travel as whole minutes since 1970 in the project's local time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from quoin.base.actor import Actor
from quoin.base.ui import formats
from quoin.base.ui.stored import retold
from quoin.kernel.errors import NotFound
from quoin.people.models import Person
from quoin.projects.models import Assignment, Baseline, BaselineTask, Dependency, Project, Task
from quoin.projects.queries import (
    baselines,  # noqa: F401  # says which names are stored
    project_for,
    visible_projects,
)
from quoin.projects.queries.gantt import Kept, plan_as_of
from quoin.projects.queries.plan import VIEW_PLAN

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- local time of the project
_READ = (
    "id", "parent_id", "number", "name", "kind", "status", "estimate_minutes", "left_minutes", "duration_minutes",
    "percent", "start_at", "finish_at", "starts_on", "due_on", "total_float_minutes", "free_float_minutes",
    "is_critical", "is_manual", "is_milestone", "constraint", "constraint_at", "deadline_at", "actual_start_at",
    "wait_reason", "signed_by", "assignee_id", "behind_minutes",
)  # fmt: skip
_AT = {name: at for at, name in enumerate(_READ)}
COLUMNS = (
    "number", "name", "level", "kind", "status", "start", "finish", "duration", "estimate", "left", "percent",
    "total_float", "free_float", "critical", "manual", "constraint", "constraint_at", "deadline", "started",
    "people", "why", "signed_by", "was_start", "was_finish", "drift",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chart:
    """A plan to be drawn: values by column, in the order of the tree, and links by the numbers of their ends."""

    project: Project
    columns: dict[str, list[Any]]
    links: list[tuple[int, int, str, int, str]]
    """Before, after, kind, lag, unit of the lag."""
    outside: list[dict[str, Any]]
    """Links that cross to another project."""
    people: list[str]
    """Names; the column `people` holds pairs of place in this list and percent."""
    baselines: tuple[Baseline, ...]
    removed: list[Kept]


def minutes(at: datetime | None) -> int | None:
    """Minutes since 1970."""
    return None if at is None else int((at - EPOCH).total_seconds()) // 60


def chart(actor: Actor, project_id: UUID, *, compared: Mapping[UUID, Kept] | None = None) -> Chart:
    """The plan beside what it is compared with; a handful of queries whatever its size."""
    actor.require(VIEW_PLAN)
    project = project_for(actor, project_id)
    kept = compared or {}
    read = Task.objects.filter(project=project).order_by("position", "number", "id").values_list(*_READ)
    rows = {row[0]: row for row in read}
    held = _held(project, rows)
    wanted = {person for pairs in held.values() for person, _percent in pairs}
    names = dict(Person.objects.filter(id__in=wanted).values_list("id", "name"))
    place = {person: at for at, person in enumerate(sorted(names, key=lambda person: names[person]))}
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    percents = _percents(rows)
    appends = [columns[name].append for name in COLUMNS]
    for row, level, is_phase in _tree(rows):
        was = kept.get(row[0])
        values = _values(row, level, is_phase, percents[row[0]], was)
        values[19] = [(place[person], percent) for person, percent in held.get(row[0], ()) if person in place]
        for append, value in zip(appends, values, strict=True):
            append(value)
    links, outside = _links(actor, project)
    return Chart(
        project, columns, links, outside, sorted(names.values()),
        tuple(baselines_of(project)),
        [one for key, one in kept.items() if key not in rows],
    )  # fmt: skip


def baselines_of(project: Project) -> QuerySet[Baseline]:
    """What was kept of the plan, oldest first."""
    return Baseline.objects.filter(project=project).order_by("taken_at", "id")


def _held(project: Project, rows: Mapping[UUID, tuple[Any, ...]]) -> dict[UUID, list[tuple[UUID, int]]]:
    """People by task: the assignments, else the one whom the task is given to."""
    found: defaultdict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    read = Assignment.objects.filter(task__project=project).order_by("id")
    for task, person, percent in read.values_list("task_id", "person_id", "units_percent"):
        found[task].append((person, percent))
    owner = _AT["assignee_id"]
    for key, row in rows.items():
        if row[owner] is not None and key not in found:
            found[key].append((row[owner], 100))
    return found


def _tree(rows: Mapping[UUID, tuple[Any, ...]]) -> Iterable[tuple[tuple[Any, ...], int, bool]]:
    below: defaultdict[UUID | None, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows.values():
        below[row[1]].append(row)
    waiting = [(row, 1) for row in reversed(below[None])]
    while waiting:
        row, level = waiting.pop()
        children = below.get(row[0])
        if children:
            waiting += [(one, level + 1) for one in reversed(children)]
        yield row, level, children is not None


def _percents(rows: Mapping[UUID, tuple[Any, ...]]) -> dict[UUID, int]:
    """Done parts; of phases, weighted by what the tasks under them last."""
    lasts, estimate, done = _AT["duration_minutes"], _AT["estimate_minutes"], _AT["percent"]
    weights: defaultdict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    parents = {row[1] for row in rows.values()}
    for key, row in rows.items():
        if key in parents:
            continue
        weight = row[lasts] or row[estimate]
        above = row[1]
        while above is not None:
            weights[above][0] += weight
            weights[above][1] += weight * row[done]
            above = rows[above][1]
    return {
        key: (weights[key][1] // weights[key][0] if key in weights and weights[key][0] else row[done])
        for key, row in rows.items()
    }


def _values(row: tuple[Any, ...], level: int, is_phase: bool, percent: int, was: Kept | None) -> list[Any]:  # noqa: PLR0917 -- the parts of a row
    (
        _id, _parent, number, name, kind, status, estimate, left, duration, _percent, start, finish, starts_on, due_on,
        total, free, is_critical, is_manual, is_milestone, constraint, constraint_at, deadline, started, why, signed,
        _owner, _behind,
    ) = row  # fmt: skip
    if start is None and starts_on is not None:
        start = datetime.combine(starts_on, time())
    if finish is None and due_on is not None:
        finish = datetime.combine(due_on, time()) + timedelta(days=0 if is_milestone else 1)
    start, finish = start or finish, finish or start
    drift = None
    if was is not None and was.finish_at is not None and finish is not None:
        drift = (finish.date() - was.finish_at.date()).days
    shown = "phase" if is_phase else "milestone" if is_milestone and kind == "task" else kind
    return [
        number, name, level, shown, status, minutes(start), minutes(finish), duration, estimate, left, percent, total,
        free, int(is_critical), int(is_manual), constraint, minutes(constraint_at), minutes(deadline),
        int(started is not None), (), why, signed, minutes(was.start_at) if was else None,
        minutes(was.finish_at) if was else None, drift,
    ]  # fmt: skip


def _links(actor: Actor, project: Project) -> tuple[list[tuple[int, int, str, int, str]], list[dict[str, Any]]]:
    inside, outside = [], []
    ends = ("before__project_id", "after__project_id", "before__number", "after__number", "kind", "lag", "lag_unit")
    other = ("before__project__number", "after__project__number", "before__name", "after__name",
             "before__finish_at", "after__start_at")  # fmt: skip
    found = Dependency.objects.filter(Q(before__project=project) | Q(after__project=project)).order_by("id")
    seen = None
    for row in found.values_list(*ends, *other):
        if row[0] == row[1]:
            inside.append(row[2:7])
            continue
        seen = seen if seen is not None else set(visible_projects(actor).order_by().values_list("id", flat=True))
        if {row[0], row[1]} <= seen:
            is_in = row[1] == project.id
            outside.append({
                "task": row[3] if is_in else row[2], "is_in": is_in, "kind": row[4], "lag": row[5], "unit": row[6],
                "project": row[7] if is_in else row[8], "number": row[2] if is_in else row[3],
                "name": row[9] if is_in else row[10], "at": minutes(row[11] if is_in else row[12]),
            })  # fmt: skip
    return inside, outside


def state_of(actor: Actor, project: Project, text: str) -> tuple[str, dict[UUID, Kept]]:
    """A state of the plan by its name in an address: `now`, a day, or the id of a baseline; with its label."""
    actor.require(VIEW_PLAN)
    if text in {"", "now"}:
        return "now", _now(project)
    try:
        on = date.fromisoformat(text)
    except ValueError:
        baseline = _baseline(project, text)
        rows = BaselineTask.objects.filter(baseline=baseline).order_by("number")
        return retold(baseline.name), {
            row.task_id: Kept(row.task_id, row.number, row.name, row.start_at, row.finish_at, row.duration_minutes)
            for row in rows
        }
    at = datetime.combine(on + timedelta(days=1), time(), tzinfo=actor.now.tzinfo)
    return formats.day(on, actor.locale), plan_as_of(project, at)


def _baseline(project: Project, text: str) -> Baseline:
    try:
        wanted = Baseline.uuid_of(text)
    except ValueError:
        raise NotFound("There is no such state of the plan.") from None
    found = Baseline.objects.filter(project=project, id=wanted).first()
    if found is None:
        raise NotFound("There is no such baseline of this project.")
    return found


def _now(project: Project) -> dict[UUID, Kept]:
    return {
        task.id: Kept(
            task.id, task.number, task.name, task.start_at, task.finish_at,
            task.duration_minutes or task.estimate_minutes,
        )
        for task in Task.objects.filter(project=project).order_by("position", "number")
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """How a task differs between two states: added, removed, renamed, moved, longer or shorter."""

    kind: str
    was: Kept | None
    becomes: Kept | None
    days: int = 0
    """Calendar days by which it ends later; minutes of work for longer and shorter."""


def differences(was: Mapping[UUID, Kept], becomes: Mapping[UUID, Kept]) -> list[Difference]:
    """What changed from one state of a plan to another, in the order of the numbers."""
    found: list[Difference] = []
    for key in was.keys() | becomes.keys():
        one, other = was.get(key), becomes.get(key)
        if one is None or other is None:
            found.append(Difference("added" if one is None else "removed", one, other))
            continue
        if one.name != other.name:
            found.append(Difference("renamed", one, other))
        if one.duration_minutes != other.duration_minutes:
            grown = other.duration_minutes - one.duration_minutes
            found.append(Difference("longer" if grown > 0 else "shorter", one, other, abs(grown)))
        if days := moved_days(one, other):
            found.append(Difference("later" if days > 0 else "earlier", one, other, abs(days)))
    return sorted(found, key=lambda each: ((each.becomes or each.was).number, each.kind))  # type: ignore[union-attr]  # one of both is there


def moved_days(one: Kept, other: Kept) -> int:
    """Calendar days by which the second ends later."""
    if one.finish_at is None or other.finish_at is None:
        return 0
    return int((other.finish_at.date() - one.finish_at.date()).days)
