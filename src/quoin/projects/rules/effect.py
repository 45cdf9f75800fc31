"""What a change of the plan does: which tasks move, which become critical, when the projects end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from quoin.kernel.money import Money
from quoin.kernel.workcal import instant_of
from quoin.projects.rules.plan import Plan
from quoin.projects.rules.schedule import Row, Schedule


class Moved(NamedTuple):
    """A task whose dates, float or place on the critical path change. A tuple, because plans hold thousands."""

    task_id: UUID
    project_id: UUID
    name: str
    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class End:
    """When a project ends, before and after."""

    project_id: UUID
    name: str
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Overbooked:
    """Somebody who has more to do on a day than the day takes."""

    person_id: UUID
    name: str
    on: datetime
    percent: int


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference between two calculations of a plan."""

    moved: tuple[Moved, ...]
    added: tuple[UUID, ...]
    removed: tuple[str, ...]
    ends: tuple[End, ...]
    became_critical: tuple[UUID, ...]
    no_longer_critical: tuple[UUID, ...]
    late: tuple[UUID, ...]
    """Tasks that end after their deadline, now."""
    cost: tuple[Money, ...] = ()
    """Change of the cost, by currency; empty where the reader may not see costs or nothing changes."""
    revenue: tuple[Money, ...] = ()
    overbooked: tuple[Overbooked, ...] = ()
    elsewhere: int = 0
    """How many tasks move in projects that the reader may not see."""

    @property
    def is_critical_path_changed(self) -> bool:
        return bool(self.became_critical or self.no_longer_critical)


def effect_of(before: Plan, after: Plan, *, was: Schedule, becomes: Schedule) -> Effect:
    """What changes from one calculated plan to another; tasks in the order of the plan."""
    rows = zip(after.tasks.values(), _rows_before(was, becomes), becomes.rows, strict=True)
    moved = tuple(
        Moved(task.id, task.project_id, task.name, held, row)
        for task, held, row in rows
        if held is not None and held != row and _differs(held, row)
    )
    is_same = was.keys == becomes.keys
    return Effect(
        moved=moved,
        added=() if is_same else tuple(task.id for task in after.tasks.values() if task.id not in before.tasks),
        removed=() if is_same else tuple(task.name for task in before.tasks.values() if task.id not in after.tasks),
        ends=_ends(after, was, becomes),
        became_critical=tuple(m.task_id for m in moved if m.after.is_critical and not m.before.is_critical),
        no_longer_critical=tuple(m.task_id for m in moved if m.before.is_critical and not m.after.is_critical),
        late=tuple(
            task.id
            for task in after.tasks.values()
            if task.deadline_at and instant_of(becomes[task.id].finish) > task.deadline_at
        ),
    )


def seen_part(effect: Effect, before: Plan, after: Plan, *, seen: Collection[UUID]) -> Effect:
    """The effect on the projects that may be seen; of the others, only how many of their tasks move."""
    if len(seen) == len(after.projects):
        return effect

    def kept(keys: tuple[UUID, ...]) -> tuple[UUID, ...]:
        return tuple(key for key in keys if after.tasks[key].project_id in seen)

    moved = tuple(one for one in effect.moved if one.project_id in seen)
    return replace(
        effect,
        moved=moved,
        added=kept(effect.added),
        removed=tuple(
            task.name for task in before.tasks.values() if task.id not in after.tasks and task.project_id in seen
        ),
        ends=tuple(end for end in effect.ends if end.project_id in seen),
        became_critical=kept(effect.became_critical),
        no_longer_critical=kept(effect.no_longer_critical),
        late=kept(effect.late),
        elsewhere=len(effect.moved) - len(moved),
    )


def _rows_before(was: Schedule, becomes: Schedule) -> Sequence[Row | None]:
    """The rows of what was, in the order of what becomes; None for tasks that are new."""
    if was.keys == becomes.keys:
        return was.rows
    places = map(was.index.get, becomes.keys)
    return [None if at is None else was.rows[at] for at in places]


def _differs(before: Row, after: Row) -> bool:
    dates = (before.start, before.finish, before.total_float, before.is_critical)
    return dates != (after.start, after.finish, after.total_float, after.is_critical)


def _ends(plan: Plan, was: Schedule, becomes: Schedule) -> tuple[End, ...]:
    return tuple(
        End(project.id, project.name, instant_of(before), instant_of(after))
        for project, before, after in zip(plan.projects.values(), was.ends, becomes.ends, strict=True)
        if before != after
    )
