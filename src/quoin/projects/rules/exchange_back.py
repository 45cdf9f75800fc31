"""The plan of a project as a file: what Quoin's tables hold, over what the file had that they do not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count, pairwise
from typing import Final
from uuid import UUID

from quoin.kernel.workcal import instant_of
from quoin.projects.rules import planfile
from quoin.projects.rules.exchange import NO_NAME
from quoin.projects.rules.exchange_calendars import exceptions_of
from quoin.projects.rules.exchange_kept import KeptBaseline, Outgoing
from quoin.projects.rules.exchange_uses import assignments_of, resources_of
from quoin.projects.rules.plan import Plan, PlanLink, PlanTask, duration_of
from quoin.projects.rules.planfile import MAX_BASELINES, FileBaseline, FileCalendar, FileLink, FileTask, Loss, PlanFile
from quoin.projects.rules.schedule import Row
from quoin.projects.types import UNDATED, LagUnit, ScheduleMode, TaskKind

_UNITS: Final = {
    LagUnit.WORK: planfile.LagUnit.WORKING, LagUnit.ELAPSED: planfile.LagUnit.ELAPSED,
    LagUnit.PERCENT: planfile.LagUnit.PERCENT,
}  # fmt: skip
_SHOWN: Final = {LagUnit.WORK: 7, LagUnit.ELAPSED: 8, LagUnit.PERCENT: 19}
_NEW_UIDS: Final = 1_000_000
_DONE: Final = 100


def plan_file(given: Outgoing) -> PlanFile:
    """The file; `lost` says what it cannot hold."""
    project = given.plan.projects[given.project_id]
    given = replace(given, into=_into(given.plan))
    header = given.header or PlanFile(project.name)
    tasks = _in_order(given)
    uids = _uids(given, tasks)
    calendars, calendar_uids = _calendars(given, header, tasks)
    resources, assigned = resources_of(given, tasks)
    numbers, lost = _baseline_numbers(given.baselines)
    rows = [_row(given, task, uids=uids, calendar_uids=calendar_uids, numbers=numbers) for task in tasks]
    rows = [replace(row, level=level) for row, level in zip(rows, _levels(tasks), strict=True)]
    dates = [given.dates[task.id] for task in tasks]
    is_from_end = project.schedule is ScheduleMode.FROM_END
    start = header.start if header.start and header.start.date() == project.starts_on else None
    return replace(
        header,
        name=project.name,
        start=start or instant_of(min((row.start for row in dates), default=0)) if dates or start else header.start,
        finish=instant_of(max(row.finish for row in dates)) if dates else header.finish,
        from_start=not is_from_end,
        currency=header.currency or given.currency,
        calendar=calendar_uids[project.calendar_id],
        critical_slack=project.critical_minutes,
        calendars=calendars,
        tasks=(*_top(header, project.name, dates), *_numbered(rows)),
        resources=resources,
        assignments=tuple(assignments_of(given, tasks, uids, assigned)),
        lost=lost,
    )


def _into(plan: Plan) -> dict[UUID, tuple[PlanLink, ...]]:
    found: dict[UUID, tuple[PlanLink, ...]] = {}
    for link in plan.links.values():
        found[link.after_id] = (*found.get(link.after_id, ()), link)
    return found


def _in_order(given: Outgoing) -> list[PlanTask]:
    """The project's tasks in the order of the outline."""
    mine = [task for task in given.plan.tasks.values() if task.project_id == given.project_id]
    under: dict[UUID | None, list[PlanTask]] = {}
    for task in sorted(mine, key=lambda task: (task.position, task.number)):
        under.setdefault(task.parent_id, []).append(task)
    found: list[PlanTask] = []
    waiting = list(reversed(under.get(None, [])))
    while waiting:
        task = waiting.pop()
        found.append(task)
        waiting.extend(reversed(under.get(task.id, [])))
    return found


def _levels(tasks: Iterable[PlanTask]) -> list[int]:
    levels: dict[UUID, int] = {}
    for task in tasks:
        levels[task.id] = levels.get(task.parent_id, 0) + 1 if task.parent_id else 1
    return list(levels.values())


def _uids(given: Outgoing, tasks: Iterable[PlanTask]) -> dict[UUID, int]:
    found = {key: kept.row.uid for key, kept in given.kept.items()}
    taken = set(found.values())
    for task in tasks:
        if task.id not in found:
            uid = task.number if task.number not in taken else _NEW_UIDS + task.number
            found[task.id] = uid
            taken.add(uid)
    return found


def _numbered(rows: list[FileTask]) -> list[FileTask]:
    """Row numbers as they were, unless rows moved."""
    numbers = [row.number for row in rows]
    if all(later > earlier > 0 for earlier, later in pairwise(numbers)) and all(numbers):
        return rows
    return [replace(row, number=number) for number, row in enumerate(rows, start=1)]


def _top(header: PlanFile, name: str, dates: list[Row]) -> Iterator[FileTask]:
    """The project's own row."""
    kept = next((task for task in header.tasks if task.level == 0), None)
    if kept is None:
        kept = FileTask(0, 0, name, 0, is_summary=True)
    if dates:
        kept = replace(
            kept, start=instant_of(min(row.start for row in dates)), finish=instant_of(max(row.finish for row in dates))
        )
    yield kept


def _row(
    given: Outgoing,
    task: PlanTask,
    *,
    uids: Mapping[UUID, int],
    calendar_uids: Mapping[UUID | None, int],
    numbers: Mapping[int, int],
) -> FileTask:
    kept = given.kept[task.id].row if task.id in given.kept else FileTask(uids[task.id], task.number, task.name, 1)
    dated = given.dates[task.id]
    is_phase = task.kind is TaskKind.PHASE
    is_elapsed = not is_phase and task.calendar_id is not None and task.calendar_id == given.around_clock
    still_elapsed = is_elapsed and kept.is_elapsed
    is_same = (task.percent, duration_of(task)) == (kept.percent, kept.duration)
    shown = " ".join(kept.name.split()) or NO_NAME
    constraint = planfile.Constraint(task.constraint.value.upper())
    return replace(
        kept,
        name=kept.name if shown == task.name else task.name,
        duration=_duration(task, kept, dated, is_phase=is_phase),
        is_elapsed=kept.is_elapsed if is_phase else still_elapsed,
        work=task.estimate_minutes,
        start=instant_of(dated.start),
        finish=instant_of(dated.finish),
        early_start=instant_of(dated.early_start),
        early_finish=instant_of(dated.early_finish),
        late_start=instant_of(dated.late_start),
        late_finish=instant_of(dated.late_finish),
        total_slack=dated.total_float,
        free_slack=dated.free_float,
        is_critical=dated.is_critical,
        is_summary=is_phase,
        is_milestone=task.kind is TaskKind.MILESTONE or (kept.is_milestone and bool(kept.duration)),
        is_manual=task.is_manual,
        percent=task.percent,
        actual_start=kept.actual_start if is_phase else task.actual_start_at,
        actual_finish=kept.actual_finish if is_phase else task.actual_finish_at,
        actual_duration=kept.actual_duration if is_same else duration_of(task) * task.percent // _DONE,
        remaining_duration=kept.remaining_duration if is_same else None,
        constraint=constraint,
        constraint_date=task.constraint_at if task.constraint not in UNDATED else kept.constraint_date,
        deadline=task.deadline_at,
        calendar=kept.calendar if still_elapsed else calendar_uids.get(task.calendar_id) if task.calendar_id else None,
        notes=given.notes.get(task.id, ""),
        leveling_delay=kept.leveling_delay if task.not_before_at and task.not_before_at == kept.start else 0,
        links=_links(given, task, kept, uids),
        baselines=_baselines(given, task, kept, numbers),
        guid=kept.guid or task.id,
    )


def _duration(task: PlanTask, kept: FileTask, dated: Row, *, is_phase: bool) -> int:
    if not is_phase:
        return duration_of(task)
    return kept.duration if kept.is_elapsed else dated.minutes


def _links(given: Outgoing, task: PlanTask, kept: FileTask, uids: Mapping[UUID, int]) -> tuple[FileLink, ...]:
    was = {(link.predecessor, link.kind): (place, link) for place, link in enumerate(kept.links)}
    found = [_link(link, uids[link.before_id], was) for link in given.into.get(task.id, ()) if link.before_id in uids]
    return tuple(link for _, link in sorted(found, key=lambda pair: (pair[0], pair[1].predecessor)))


def _link(
    link: PlanLink, before: int, was: Mapping[tuple[int, planfile.LinkKind], tuple[int, FileLink]]
) -> tuple[int, FileLink]:
    kind = planfile.LinkKind(link.kind.value.upper())
    place, old = was.get((before, kind), (_NEW_UIDS, None))
    unit, shown = _UNITS[link.lag_unit], _SHOWN[link.lag_unit]
    if old is not None and _UNITS.get(link.lag_unit) in {old.unit, _plain(old.unit)}:
        unit, shown = old.unit, old.shown_as
    return place, FileLink(before, kind, link.lag, unit, shown)


def _plain(unit: planfile.LagUnit) -> planfile.LagUnit:
    return planfile.LagUnit.PERCENT if unit is planfile.LagUnit.ELAPSED_PERCENT else unit


def _baseline_numbers(baselines: tuple[KeptBaseline, ...]) -> tuple[dict[int, int], tuple[Loss, ...]]:
    """By place of a baseline: its number in the file. Those of the file keep theirs, the others take free ones."""
    found = {place: one.number for place, one in enumerate(baselines) if one.number is not None}
    free = (number for number in count() if number not in set(found.values()))
    lost = 0
    for place, one in enumerate(baselines):
        if one.number is None:
            number = next(free)
            if number < MAX_BASELINES:
                found[place] = number
            else:
                lost += 1
    why = "Microsoft Project keeps eleven."
    return found, (Loss("Baselines", lost, why),) if lost else ()


def _baselines(given: Outgoing, task: PlanTask, kept: FileTask, numbers: Mapping[int, int]) -> tuple[FileBaseline, ...]:
    was = {one.number: one for one in kept.baselines}
    found = []
    for place, baseline in enumerate(given.baselines):
        mine = baseline.tasks.get(task.id)
        if place not in numbers or mine is None:
            continue
        number = numbers[place]
        old = was.get(number)
        made = replace(mine, number=number)
        if old is not None:
            # What a baseline of a file did not say, it does not say again.
            duration = None if old.duration is None and not made.duration else made.duration
            work = None if old.work is None and not made.work else made.work
            made = replace(made, duration=duration, work=work, cost=old.cost)
        found.append(made)
    order = {one.number: place for place, one in enumerate(kept.baselines)}
    return tuple(sorted(found, key=lambda one: (order.get(one.number, MAX_BASELINES), one.number)))


def _calendars(
    given: Outgoing, header: PlanFile, tasks: Iterable[PlanTask]
) -> tuple[tuple[FileCalendar, ...], dict[UUID | None, int]]:
    """The file's calendars where they still say the same, ours where they do not, and new ones."""
    project = given.plan.projects[given.project_id]
    held = {one.uid: one for one in header.calendars}
    uids: dict[UUID | None, int] = {}
    wanted: list[UUID | None] = [project.calendar_id]
    wanted += [task.calendar_id for task in tasks if task.calendar_id and task.calendar_id != given.around_clock]
    if any(_is_clock(given, task) for task in tasks):
        wanted.append(given.around_clock)
    for key in dict.fromkeys(wanted):
        ours = given.calendars.get(key) or given.calendars[None]
        uid = given.calendar_uids.get(key) if key else None
        if uid is None or uid not in held:
            uid = max(held, default=0) + 1
            held[uid] = FileCalendar(uid, ours.name, ours.week, exceptions=exceptions_of(ours))
        elif (as_read := given.as_read.get(uid)) is None or (as_read.week, as_read.days) != (ours.week, ours.days):
            held[uid] = replace(held[uid], base=None, week=ours.week, exceptions=exceptions_of(ours), weeks=())
        uids[key] = uid
    return tuple(held.values()), uids


def _is_clock(given: Outgoing, task: PlanTask) -> bool:
    """Whether a task of Quoin's own runs around the clock: the file has no elapsed duration for it."""
    kept = given.kept.get(task.id)
    is_here = task.calendar_id is not None and task.calendar_id == given.around_clock
    return is_here and not (kept and kept.row.is_elapsed)
