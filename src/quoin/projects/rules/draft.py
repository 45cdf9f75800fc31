"""A plan while changes are applied to it: what each of thousands of changes asks is looked up, not searched.

The indexes are made when they are first asked for, kept while rows are added, and dropped when rows change otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from quoin.projects.rules.tree import branch, rows_below

Rows = dict[UUID, Any]


@dataclass(slots=True)
class Draft:
    """The rows of a plan, to be changed in place."""

    projects: Rows
    tasks: Rows
    links: Rows
    assignments: Rows
    calendars: Mapping[UUID | None, Any]
    _pairs: set[tuple[UUID, UUID, str]] | None = None
    _held: dict[tuple[UUID, UUID], UUID] | None = None
    _below: dict[UUID | None, list[UUID]] | None = None
    _last: dict[UUID, tuple[int, int]] | None = None

    def put_task(self, task: Any) -> None:
        """A new task, or another state of one."""
        was = self.tasks.get(task.id)
        self.tasks[task.id] = task
        if was is not None and was.parent_id != task.parent_id:
            self._below = None
        elif was is None and self._below is not None:
            self._below.setdefault(task.parent_id, []).append(task.id)
        if self._last is not None:
            position, number = self._last.get(task.project_id, (0, 0))
            self._last[task.project_id] = (max(position, task.position), max(number, task.number))

    def last_of(self, project_id: UUID) -> tuple[int, int]:
        """The highest position and number among the tasks of the project."""
        if self._last is None:
            self._last = {}
            for task in self.tasks.values():
                position, number = self._last.get(task.project_id, (0, 0))
                self._last[task.project_id] = (max(position, task.position), max(number, task.number))
        return self._last.get(project_id, (0, 0))

    def under(self, task_id: UUID) -> list[UUID]:
        """The task and all that stands under it."""
        if self._below is None:
            self._below = rows_below(self.tasks.values())
        return branch(self._below, task_id)

    def drop_tasks(self, keys: list[UUID]) -> None:
        """Tasks go, with their links and the people on them."""
        gone = set(keys)
        for link in [one for one in self.links.values() if one.before_id in gone or one.after_id in gone]:
            self.drop_link(link.id)
        for held in [one for one in self.assignments.values() if one.task_id in gone]:
            self.drop_assignment(held.id)
        for key in keys:
            del self.tasks[key]
        self._below = self._last = None

    def put_link(self, link: Any) -> None:
        self._pairs = None if link.id in self.links else self._pairs
        self.links[link.id] = link
        if self._pairs is not None:
            self._pairs.add((link.before_id, link.after_id, link.kind))

    def has_link(self, before_id: UUID, after_id: UUID, kind: str) -> bool:
        """Whether two tasks are linked like that."""
        if self._pairs is None:
            self._pairs = {(one.before_id, one.after_id, one.kind) for one in self.links.values()}
        return (before_id, after_id, kind) in self._pairs

    def drop_link(self, key: UUID) -> None:
        link = self.links.pop(key)
        if self._pairs is not None:
            self._pairs.discard((link.before_id, link.after_id, link.kind))

    def put_assignment(self, held: Any) -> None:
        self.assignments[held.id] = held
        if self._held is not None:
            self._held[held.task_id, held.person_id] = held.id

    def assignment_of(self, task_id: UUID, person_id: UUID) -> Any:
        """What somebody does on a task; None where that is nothing."""
        if self._held is None:
            self._held = {(one.task_id, one.person_id): one.id for one in self.assignments.values()}
        key = self._held.get((task_id, person_id))
        return None if key is None else self.assignments[key]

    def drop_assignment(self, key: UUID) -> None:
        held = self.assignments.pop(key)
        if self._held is not None:
            self._held.pop((held.task_id, held.person_id), None)
