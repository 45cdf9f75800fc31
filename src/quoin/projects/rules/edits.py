"""What somebody does to a chart, as changes of the plan: moved bars, typed cells, rows that change their place.

An edit names tasks by their numbers in the project. Edits are read against the plan as it stands, in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.projects.rules import typed
from quoin.projects.rules.cells import CELLS
from quoin.projects.rules.desk import Desk, begun, lasting, lasting_until, person_named, start_of
from quoin.projects.rules.plan import DAY_MINUTES, Change, PlanTask, changed, duration_of
from quoin.projects.types import LagUnit, LinkKind, ScheduleMode, TaskKind

Edit = Mapping[str, Any]


def changes_of(desk: Desk, edits: Iterable[Edit]) -> list[Change]:
    """The edits as changes of the plan; Invalid or NotFound name what cannot be."""
    found: list[Change] = []
    wanted = list(edits)
    for number, edit in enumerate(wanted):
        step = _STEPS.get(str(edit.get("op")))
        if step is None:
            raise invalid(
                f"/edits/{number}/op",
                say("%(op)s is not one of %(steps)s.", op=repr(edit.get("op")), steps=", ".join(_STEPS)),
            )
        try:
            made = list(step(desk, edit))
        except ValueError as wrong:
            raise invalid(f"/edits/{number}", str(wrong)) from None
        found += made
        if number + 1 < len(wanted):
            desk = replace(desk, plan=changed(desk.plan, made))
    return found


def _move(desk: Desk, edit: Edit) -> Iterator[Change]:
    """Move by days, which stand for working days if the edit says so; a phase takes what is under it along."""
    days, counts_work = int(edit.get("days", 0)), edit.get("unit") == "work"
    for task in _leaves(desk, desk.tasks(edit.get("tasks"))):
        start = start_of(task)
        if start is not None:
            yield {"op": "task.set", "task": task.id, **begun(desk, task, start, days, counts_work=counts_work)}


def _leaves(desk: Desk, tasks: list[PlanTask]) -> list[PlanTask]:
    """The tasks, phases replaced by the tasks under them that do not wait for another one of these."""
    below: defaultdict[UUID, list[PlanTask]] = defaultdict(list)
    for task in desk.plan.tasks.values():
        if task.parent_id:
            below[task.parent_id].append(task)
    found: dict[UUID, PlanTask] = {}
    waiting = list(tasks)
    while waiting:
        task = waiting.pop()
        if task.id in below:
            waiting += below[task.id]
        else:
            found[task.id] = task
    chosen = {task.id for task in tasks}
    held = {link.after_id for link in desk.plan.links.values() if link.before_id in found}
    return [task for task in found.values() if task.id in chosen or task.id not in held]


def _resize(desk: Desk, edit: Edit) -> Iterator[Change]:
    """Longer or shorter by working days, or until the end of a day."""
    for task in desk.tasks(edit.get("tasks")):
        if task.kind is TaskKind.MILESTONE or any(one.parent_id == task.id for one in desk.plan.tasks.values()):
            continue
        if edit.get("until"):
            yield lasting_until(desk, task, date.fromisoformat(str(edit["until"])))
        else:
            lasts = max(duration_of(task) + int(edit.get("days", 0)) * DAY_MINUTES, min(DAY_MINUTES, duration_of(task)))
            yield lasting(desk, task, lasts)


def _link(desk: Desk, edit: Edit) -> Iterator[Change]:
    before, after = desk.task_anywhere(edit.get("before")), desk.task_anywhere(edit.get("after"))
    lag = typed.span_minutes(str(edit["lag"])) if edit.get("lag") else 0
    yield {
        "op": "link.add", "id": desk.new_id(), "before": before.id, "after": after.id,
        "kind": str(edit.get("kind") or LinkKind.FS), "lag": lag,
    }  # fmt: skip


def _unlink(desk: Desk, edit: Edit) -> Iterator[Change]:
    yield {"op": "link.remove", "link": _known_link(desk, edit).id}


def _lag(desk: Desk, edit: Edit) -> Iterator[Change]:
    """A lag that is dragged counts working days."""
    link = _known_link(desk, edit)
    lag = (link.lag if link.lag_unit is LagUnit.WORK else 0) + int(edit.get("days", 0)) * DAY_MINUTES
    yield {"op": "link.set", "link": link.id, "lag": lag, "lag_unit": LagUnit.WORK}


def _known_link(desk: Desk, edit: Edit) -> Any:
    wanted = (desk.task(edit.get("before")).id, desk.task(edit.get("after")).id, str(edit.get("kind") or LinkKind.FS))
    for link in desk.plan.links.values():
        if (link.before_id, link.after_id, link.kind.value) == wanted:
            return link
    raise NotFound(
        say("Task %(after)s does not wait for task %(before)s.", after=edit.get("after"), before=edit.get("before"))
    )


def _set(desk: Desk, edit: Edit) -> Iterator[Change]:
    """A cell as it was typed."""
    field, text = str(edit.get("field")), str(edit.get("text", "")).strip()
    step = CELLS.get(field)
    if step is None:
        raise invalid("/field", say("The column %(field)s cannot be edited.", field=field))
    for task in desk.tasks(edit.get("tasks")):
        yield from step(desk, task, text)


def _indent(desk: Desk, edit: Edit) -> Iterator[Change]:
    """Each row goes under the one above it."""
    chosen = desk.tasks(edit.get("tasks"))
    ids = {task.id for task in chosen}
    for task in chosen:
        if task.parent_id in ids:
            continue
        rows = [one for one in desk.siblings(task.parent_id) if one.id == task.id or one.id not in ids]
        at = next(place for place, one in enumerate(rows) if one.id == task.id)
        if at == 0:
            raise ValueError(say("There is no row above %(task)s to stand under.", task=task.name))
        last = max((one.position for one in desk.siblings(rows[at - 1].id)), default=0)
        yield {"op": "task.set", "task": task.id, "parent_id": rows[at - 1].id, "position": last + task.number + 1}


def _outdent(desk: Desk, edit: Edit) -> Iterator[Change]:
    """Each row goes to the level of the one it stands under, right after it."""
    for task in desk.tasks(edit.get("tasks")):
        if task.parent_id is None:
            raise ValueError(say("%(task)s stands on the highest level already.", task=task.name))
        above = desk.plan.tasks[task.parent_id]
        yield {"op": "task.set", "task": task.id, "parent_id": above.parent_id}
        yield from _placed(desk, desk.siblings(above.parent_id), task, after=above)


def _shift(desk: Desk, edit: Edit) -> Iterator[Change]:
    """One row up or down among those of its level."""
    task, by = desk.task(edit.get("task")), int(edit.get("by", 0))
    rows = [one for one in desk.siblings(task.parent_id) if one.id != task.id]
    at = [one.id for one in desk.siblings(task.parent_id)].index(task.id) + by
    if not 0 <= at <= len(rows):
        raise ValueError(say("%(task)s cannot go any further.", task=task.name))
    yield from _placed(desk, rows, task, after=rows[at - 1] if at else None)


def _placed(_desk: Desk, rows: list[PlanTask], task: PlanTask, *, after: PlanTask | None) -> Iterator[Change]:
    """Positions that put the row behind another one; only rows that change are named."""
    ordered = [one for one in rows if one.id != task.id]
    at = ordered.index(after) + 1 if after else 0
    ordered.insert(at, task)
    position = 0
    for one in ordered:
        position = max(position + 1, one.position) if one.id != task.id else position + 1
        if one.position != position:
            yield {"op": "task.set", "task": one.id, "position": position}


def _add(desk: Desk, edit: Edit) -> Iterator[Change]:
    """A row from a line of text, behind another one on its level, or at the end."""
    line = typed.typed_task(str(edit.get("text", "")), today=desk.today)
    above = desk.task(edit["after"]) if edit.get("after") else None
    parent_id = above.parent_id if above else None
    if line.phase:
        parent_id, above = _phase(desk, line.phase).id, None
    rows = desk.siblings(parent_id)
    number = max((one.number for one in desk.plan.tasks.values() if one.project_id == desk.project_id), default=0) + 1
    made = PlanTask(id=desk.new_id(), project_id=desk.project_id, name=line.name, number=number, parent_id=parent_id)
    position = (rows[-1].position if rows else 0) + 1
    if above is not None and above.id != rows[-1].id:
        position = above.position + 1
        yield from (
            change for change in _placed(desk, rows, made, after=above) if change["task"] != made.id
        )  # fmt: skip
    add: dict[str, Any] = {
        "op": "task.add", "id": made.id, "project": desk.project_id, "name": line.name, "parent_id": parent_id,
        "position": position, "number": number,
    }  # fmt: skip
    if line.minutes is not None:
        add |= {"estimate_minutes": line.minutes, "duration_minutes": line.minutes}
    if line.due_on is not None:
        add["deadline_at"] = datetime.combine(line.due_on, time(23, 59))
    if desk.mode is ScheduleMode.BY_HAND:
        add |= {"starts_on": line.due_on or desk.today, "due_on": line.due_on or desk.today}
    if line.person:
        add["assignee_id"] = person_named(desk, line.person)
    yield add
    if line.person:
        yield {"op": "assign", "id": desk.new_id(), "task": made.id, "person": add["assignee_id"]}


def _phase(desk: Desk, word: str) -> PlanTask:
    fitting = [
        task for task in desk.plan.tasks.values()
        if task.project_id == desk.project_id and task.name.casefold().replace(" ", "-").startswith(word.casefold())
    ]  # fmt: skip
    if not fitting:
        raise ValueError(say("There is no phase that begins with %(word)s.", word=repr(word)))
    parents = {task.parent_id for task in desk.plan.tasks.values()}
    return next((task for task in fitting if task.id in parents), fitting[0])


def _remove(desk: Desk, edit: Edit) -> Iterator[Change]:
    chosen = desk.tasks(edit.get("tasks"))
    ids = {task.id for task in chosen}
    for task in chosen:
        above = task.parent_id
        while above is not None and above not in ids:
            above = desk.plan.tasks[above].parent_id
        if above is None:
            yield {"op": "task.remove", "task": task.id}


_STEPS: dict[str, Callable[[Desk, Edit], Iterator[Change]]] = {
    "move": _move, "resize": _resize, "link": _link, "unlink": _unlink, "lag": _lag, "set": _set, "indent": _indent,
    "outdent": _outdent, "shift": _shift, "add": _add, "remove": _remove,
}  # fmt: skip
