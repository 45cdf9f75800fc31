"""A plan from a file becomes the plan of a project: what is taken over, updated, left alone, and what is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.projects.rules import planfile
from quoin.projects.rules.plan import Plan, PlanAssignment, PlanLink, PlanTask
from quoin.projects.rules.planfile import FileLink, FileTask, Loss, PlanFile, ResourceType
from quoin.projects.types import UNDATED, Constraint, LagUnit, LinkKind, TaskKind, TaskStatus

NO_NAME: Final = "(no name)"
LEVELLED: Final = "Delayed by levelling in the file"
MOST_MINUTES: Final = 20 * 366 * 1440
"""No task lasts longer than 20 years."""
_UNITS: Final = {
    planfile.LagUnit.WORKING: LagUnit.WORK, planfile.LagUnit.ELAPSED: LagUnit.ELAPSED,
    planfile.LagUnit.PERCENT: LagUnit.PERCENT, planfile.LagUnit.ELAPSED_PERCENT: LagUnit.PERCENT,
}  # fmt: skip
_ENDS: Final = frozenset({planfile.LinkKind.FINISH_FINISH, planfile.LinkKind.START_FINISH})
_SHARES: Final = frozenset({planfile.LagUnit.PERCENT, planfile.LagUnit.ELAPSED_PERCENT})
_MOST_UNITS: Final = 32_000
_MOST_PERCENT: Final = 1000
_DONE: Final = 100
_AT_WORK: Final = frozenset({TaskStatus.CLOSED, TaskStatus.DONE})


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known about the numbers of a file: from an earlier import, and from who imports it."""

    tasks: Mapping[int, UUID] = field(default_factory=dict)
    """Tasks that an earlier import of the plan made or updated, by the file's number."""
    people: Mapping[int, UUID] = field(default_factory=dict)
    """Persons by the number of a resource; whoever is not here stays a placeholder."""
    calendars: Mapping[int, UUID] = field(default_factory=dict)
    around_clock: UUID | None = None
    """The calendar in which every minute counts: elapsed durations are counted on it."""
    removes_gone: bool = False
    """Whether tasks go that an earlier file had and this one has no more."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A project's plan with the file in it."""

    plan: Plan
    tasks: Mapping[int, UUID]
    """By the file's numbers."""
    added: int
    updated: int
    gone: tuple[UUID, ...]
    """Tasks of an earlier file that this one has no more."""
    lost: tuple[Loss, ...]


def taken_rows(file: PlanFile) -> tuple[FileTask, ...]:
    """The rows that become tasks; inactive ones do not hold anything in Microsoft Project either."""
    return tuple(task for task in file.rows() if task.is_active)


def match_tasks(file: PlanFile, plan: Plan, project_id: UUID, known: Mapping[int, UUID]) -> dict[int, UUID]:
    """The project's tasks behind the rows: by an earlier import, by Quoin's own mark, or by number and name."""
    mine = {key: task for key, task in plan.tasks.items() if task.project_id == project_id}
    found = {uid: key for uid, key in known.items() if key in mine}
    taken = set(found.values())
    by_name = {(task.number, task.name): key for key, task in mine.items()}
    for row in taken_rows(file):
        if row.uid in found:
            continue
        key = row.guid if row.guid in mine else by_name.get((row.number, row.name))
        if key is not None and key not in taken:
            found[row.uid] = key
            taken.add(key)
    return found


def merge(plan: Plan, project_id: UUID, file: PlanFile, *, answers: Answers, new_id: Callable[[], UUID]) -> Merged:
    """The plan with the file's rows in it: known rows update their tasks, the others become new ones."""
    rows = taken_rows(file)
    old = match_tasks(file, plan, project_id, answers.tasks)
    ids = {row.uid: old.get(row.uid) or new_id() for row in rows}
    lost: Counter[str] = Counter()
    parents = _parents(rows)
    phases = set(parents.values())
    kept = set(ids.values())
    gone = tuple(key for uid, key in old.items() if key not in kept)
    tasks = {key: task for key, task in plan.tasks.items() if key not in kept}
    free = max((task.number for task in plan.tasks.values() if task.project_id == project_id), default=0)
    made: dict[UUID, PlanTask] = {}
    for place, row in enumerate(rows, start=1):
        was = plan.tasks.get(ids[row.uid])
        if was is None:
            free += 1
            was = PlanTask(id=ids[row.uid], project_id=project_id, name="", number=free)
        parent = parents.get(row.uid)
        made[was.id] = replace(
            _task(was, row, answers, is_phase=row.uid in phases, lost=lost),
            position=place, parent_id=None if parent is None else ids[parent],
        )  # fmt: skip
    others = _behind(tasks, project_id, len(rows))
    after = replace(plan, tasks={**made, **others})
    after = replace(
        after,
        links=_links(after, rows, ids, phases=phases, new_id=new_id, lost=lost),
        assignments=_held(after, file, ids, answers=answers, new_id=new_id),
    )
    if answers.removes_gone:
        after = _without(after, gone)
    lost.update(_not_taken(file))
    return Merged(after, ids, len(rows) - len(kept & set(plan.tasks)), len(kept & set(plan.tasks)), gone, _losses(lost))


def _parents(rows: tuple[FileTask, ...]) -> dict[int, int]:
    """By number of a row: the row that it stands under."""
    found: dict[int, int] = {}
    path: list[FileTask] = []
    for row in rows:
        while path and path[-1].level >= row.level:
            path.pop()
        if path:
            found[row.uid] = path[-1].uid
        path.append(row)
    return found


def _behind(tasks: Mapping[UUID, PlanTask], project_id: UUID, count: int) -> dict[UUID, PlanTask]:
    """The project's other tasks stay in their order, behind those of the file."""
    own = [task for task in tasks.values() if task.project_id == project_id]
    moved = {
        task.id: replace(task, position=count + place)
        for place, task in enumerate(sorted(own, key=lambda task: (task.position, task.number)), start=1)
    }
    return {**tasks, **moved}


def _task(was: PlanTask, row: FileTask, answers: Answers, *, is_phase: bool, lost: Counter[str]) -> PlanTask:
    _check_row(row)
    constraint = Constraint(row.constraint.value.lower())
    if constraint not in UNDATED and row.constraint_date is None:
        lost["Constraints without a date"] += 1
        constraint = Constraint.ASAP
    calendar = answers.calendars.get(row.calendar) if row.calendar is not None else None
    if row.is_elapsed and not is_phase:
        calendar = answers.around_clock
    waits = row.leveling_delay > 0 and row.actual_start is None and row.start is not None
    starts = row.start if row.is_manual else None
    return replace(
        was,
        name=" ".join(row.name.split()) or NO_NAME,
        kind=_kind(was, row, is_phase=is_phase),
        status=_status(was, row),
        estimate_minutes=row.work,
        duration_minutes=row.duration,
        percent=min(max(row.percent, 0), _DONE),
        is_manual=row.is_manual,
        constraint=constraint,
        constraint_at=row.constraint_date if constraint not in UNDATED else None,
        deadline_at=row.deadline,
        calendar_id=calendar,
        **_actuals(row, is_phase=is_phase),
        not_before_at=row.start if waits else None,
        wait_reason=LEVELLED if waits else "",
        starts_on=starts.date() if starts else was.starts_on,
        start_at=starts or was.start_at,
    )


def _actuals(row: FileTask, *, is_phase: bool) -> dict[str, Any]:
    if is_phase:
        return {"actual_start_at": None, "actual_finish_at": None}
    started = row.actual_start or (row.start if row.actual_finish else None)
    return {"actual_start_at": started, "actual_finish_at": row.actual_finish if started else None}


def _check_row(row: FileTask) -> None:
    if not 0 <= row.duration <= MOST_MINUTES or not 0 <= row.work <= MOST_MINUTES:
        raise invalid(
            f"/tasks/{row.uid}/duration", say("%(name)s lasts longer than a plan can hold.", name=repr(row.name)),
            remedy="Check its duration and work in the file.",
        )  # fmt: skip
    if row.actual_finish and row.actual_start and row.actual_finish < row.actual_start:
        raise invalid(
            f"/tasks/{row.uid}/actual_finish", say("%(name)s was finished before it began.", name=repr(row.name))
        )


def _kind(was: PlanTask, row: FileTask, *, is_phase: bool) -> TaskKind:
    if is_phase:
        return TaskKind.PHASE
    if was.kind is TaskKind.DELIVERABLE:
        return TaskKind.DELIVERABLE
    return TaskKind.MILESTONE if row.is_milestone and not row.duration else TaskKind.TASK


def _status(was: PlanTask, row: FileTask) -> str:
    if row.percent >= _DONE or row.actual_finish:
        return was.status if was.status in _AT_WORK else TaskStatus.DONE
    if was.status == TaskStatus.CLOSED:
        return was.status
    return TaskStatus.IN_PROGRESS if row.percent > 0 or row.actual_start else TaskStatus.OPEN


def _links(
    plan: Plan,
    rows: tuple[FileTask, ...],
    ids: Mapping[int, UUID],
    *,
    phases: set[int],
    new_id: Callable[[], UUID],
    lost: Counter[str],
) -> dict[UUID, PlanLink]:
    """The links between the file's tasks are as in the file; others stay."""
    mine = set(ids.values())
    old = {(one.before_id, one.after_id, one.kind): one for one in plan.links.values()}
    found = {key: one for key, one in plan.links.items() if not {one.before_id, one.after_id} <= mine}
    seen: set[tuple[UUID, UUID, LinkKind]] = set()
    for row in rows:
        for link in sorted(row.links, key=lambda link: -link.lag):
            why = _refused(row, link, ids, phases)
            if why:
                lost[why] += 1
                continue
            pair = (ids[link.predecessor], ids[row.uid], LinkKind(link.kind.value.lower()))
            if pair in seen:
                lost["Links that are there twice; the longer lag stays"] += 1
                continue
            seen.add(pair)
            was = old.get(pair)
            made = PlanLink(was.id if was else new_id(), *pair, lag=link.lag, lag_unit=_UNITS[link.unit])
            found[made.id] = made
    return found


def _refused(row: FileTask, link: FileLink, ids: Mapping[int, UUID], phases: set[int]) -> str:
    """Why Quoin cannot hold a link; empty if it can."""
    if link.predecessor not in ids:
        return "Links to tasks that are not taken over"
    if link.predecessor == row.uid:
        return "Links of a task to itself"
    if link.kind in _ENDS and row.uid in phases:
        return "Links that hold the finish of a phase"
    if link.unit in _SHARES and link.predecessor in phases:
        return "Links with a lag in percent of a phase"
    most = _MOST_PERCENT if link.unit in _SHARES else MOST_MINUTES
    return "Links with a lag beyond all plans" if abs(link.lag) > most else ""


def _held(
    plan: Plan, file: PlanFile, ids: Mapping[int, UUID], *, answers: Answers, new_id: Callable[[], UUID]
) -> dict[UUID, PlanAssignment]:
    """Who is on the file's tasks is as in the file; others stay."""
    mine = set(ids.values())
    old = {(one.task_id, one.person_id): one for one in plan.assignments.values()}
    found = {key: one for key, one in plan.assignments.items() if one.task_id not in mine}
    sums: dict[tuple[UUID, UUID], tuple[int, int]] = {}
    for one in file.assignments:
        person = answers.people.get(one.resource)
        if person is None or one.task not in ids:
            continue
        units, work = sums.get((ids[one.task], person), (0, 0))
        sums[ids[one.task], person] = (units + percent_of(one.units), work + min(max(one.work, 0), MOST_MINUTES))
    for (task, person), (units, work) in sums.items():
        was = old.get((task, person))
        key = was.id if was else new_id()
        found[key] = PlanAssignment(key, task, person, min(units, _MOST_UNITS), work)
    return found


def percent_of(units: Any) -> int:
    """Units as Quoin holds them: whole percent, at least one."""
    return int(min(max(round(units * 100), 1), _MOST_UNITS))


def _without(plan: Plan, gone: tuple[UUID, ...]) -> Plan:
    left = {key: task for key, task in plan.tasks.items() if key not in gone}
    # What stands under a task that goes moves up to what is still there.
    for task in list(left.values()):
        above = task.parent_id
        while above is not None and above not in left:
            above = plan.tasks[above].parent_id
        if above != task.parent_id:
            left[task.id] = replace(task, parent_id=above)
    return replace(
        plan, tasks=left,
        links={key: one for key, one in plan.links.items() if one.before_id in left and one.after_id in left},
        assignments={key: one for key, one in plan.assignments.items() if one.task_id in left},
    )  # fmt: skip


def _not_taken(file: PlanFile) -> Iterator[str]:
    """What is in the file and has no place in Quoin, once for each."""
    for task in file.tasks:
        if task.is_blank:
            yield "Blank lines"
        elif task.is_external:
            yield "Tasks of other projects"
        elif task.level > 0 and not task.is_active:
            yield "Inactive tasks"
    work = {one.uid for one in file.resources if one.type is ResourceType.WORK}
    for one in file.assignments:
        if one.resource in work and one.units * 100 != percent_of(one.units):
            yield "Units of assignments that are no whole percent: they are rounded for planning"


def _losses(lost: Mapping[str, int]) -> tuple[Loss, ...]:
    return tuple(Loss(what, count) for what, count in lost.items())
