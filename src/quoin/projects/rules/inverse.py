"""The changes that take a set of changes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from quoin.projects.rules.plan import Plan
from quoin.projects.rules.tree import branch, rows_below
from quoin.projects.types import ScheduleMode

Step = dict[str, Any]


def inverse(before: Plan, after: Plan) -> list[Step]:
    """Changes that make the first plan of the second."""
    steps = [*_modes(before, after), *_removals(before, after), *_tasks(before, after)]
    # Mostly one task of thousands differs; equal tables are told apart without a look at each of their keys.
    if before.links != after.links:
        steps += _links(before, after)
    if before.assignments != after.assignments:
        steps += _people(before, after)
    return steps


def _modes(before: Plan, after: Plan) -> Iterator[Step]:
    """Who dated the projects; dates that somebody had given come back with it, as the calculation wrote over them."""
    for key, project in before.projects.items():
        if key not in after.projects or after.projects[key].schedule is project.schedule:
            continue
        yield {"op": "project.set", "project": key, "schedule": project.schedule}
        if project.schedule is ScheduleMode.BY_HAND:
            for task in before.tasks.values():
                if task.project_id == key and task.id in after.tasks:
                    dates = {"starts_on": task.starts_on, "due_on": task.due_on, "start_at": task.start_at}
                    yield {"op": "task.set", "task": task.id, **dates}


def _removals(before: Plan, after: Plan) -> Iterator[Step]:
    new = {key for key in after.tasks if key not in before.tasks}
    for key in after.links:
        if key not in before.links:
            yield {"op": "link.remove", "link": key}
    for key, held in after.assignments.items():
        if key not in before.assignments and held.task_id not in new:
            yield {"op": "unassign", "task": held.task_id, "person": held.person_id}
    if new:
        yield from _unmade(before, after, new)


def _unmade(before: Plan, after: Plan, new: set[UUID]) -> Iterator[Step]:
    """Whatever stands under a new task goes with it. What was moved there first moves back."""
    below = rows_below(after.tasks.values())
    for key in new:
        if after.tasks[key].parent_id in new:
            continue
        for moved in branch(below, key):
            if moved in before.tasks:
                yield {"op": "task.set", "task": moved, "parent_id": before.tasks[moved].parent_id}
        yield {"op": "task.remove", "task": key}


def _tasks(before: Plan, after: Plan) -> Iterator[Step]:
    added = [task for key, task in before.tasks.items() if key not in after.tasks]
    there = set(after.tasks)
    while added:
        ready = [task for task in added if task.parent_id is None or task.parent_id in there]
        for task in ready:
            told = asdict(task)
            there.add(task.id)
            yield {"op": "task.add", "project": told.pop("project_id"), **told}
        added = [task for task in added if task.id not in there]
    for key, task in before.tasks.items():
        held = after.tasks.get(key)
        if held is not None and held is not task and held != task:
            told, now = asdict(task), asdict(held)
            yield {"op": "task.set", "task": key} | {name: value for name, value in told.items() if value != now[name]}


def _links(before: Plan, after: Plan) -> Iterator[Step]:
    for key, link in before.links.items():
        now = after.links.get(key)
        if now is link:
            continue
        told = asdict(link)
        if now is None:
            yield {"op": "link.add", "before": told.pop("before_id"), "after": told.pop("after_id"), **told}
        elif now != link:
            yield {"op": "link.set", "link": key} | {name: told[name] for name in ("kind", "lag", "lag_unit")}


def _people(before: Plan, after: Plan) -> Iterator[Step]:
    for key, held in before.assignments.items():
        now = after.assignments.get(key)
        if now is not held and now != held:
            told = asdict(held)
            yield {"op": "assign", "task": told.pop("task_id"), "person": told.pop("person_id"), **told}
