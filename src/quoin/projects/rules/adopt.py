"""From dates set by hand to a plan that dates itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from quoin.projects.rules.plan import Change, Plan, changed
from quoin.projects.types import Constraint, ScheduleMode, TaskKind


def takes_over(plan: Plan, project_id: UUID, changes: Iterable[Change]) -> bool:
    """Whether the changes make the plan date itself: a link means that one date follows another."""
    by_hand = plan.projects[project_id].schedule is ScheduleMode.BY_HAND
    return by_hand and any(change.get("op") == "link.add" for change in changes)


def taken_over(plan: Plan, project_id: UUID) -> Plan:
    """The same plan, dating itself from its start, with the dates set by hand kept."""
    project = replace(plan.projects[project_id], schedule=ScheduleMode.FROM_START)
    return changed(replace(plan, projects={**plan.projects, project_id: project}), adopted(plan, project_id))


def adopted(plan: Plan, project_id: UUID) -> list[Change]:
    """Changes that keep the dates set by hand once the plan dates itself: starts as constraints, stays as durations."""
    parents = {task.parent_id for task in plan.tasks.values()}
    held = {link.after_id for link in plan.links.values()}
    project = plan.projects[project_id]
    calendar = plan.calendars.get(project.calendar_id) or plan.calendars[None]
    found: list[Change] = []
    for task in plan.tasks.values():
        if task.project_id != project_id or task.id in parents or task.is_manual:
            continue
        change: dict[str, Any] = {}
        starts = task.starts_on
        if starts and starts > project.starts_on and task.id not in held and task.constraint is Constraint.ASAP:
            change |= {"constraint": Constraint.SNET, "constraint_at": datetime.combine(starts, time())}
        if starts and task.due_on and task.duration_minutes is None and task.kind is not TaskKind.MILESTONE:
            after = datetime.combine(task.due_on, time()) + timedelta(days=1)
            change["duration_minutes"] = calendar.minutes_between(datetime.combine(starts, time()), after)
        if change:
            found.append({"op": "task.set", "task": task.id, **change})
    return found
