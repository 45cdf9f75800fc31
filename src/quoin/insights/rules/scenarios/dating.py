"""Dates of projects in a scenario: the plan's own change sets, calculated by the plan's own engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from quoin.insights.rules.scenarios.facts import Facts
from quoin.kernel.workcal import instant_of
from quoin.projects.rules.adopt import taken_over, takes_over
from quoin.projects.rules.plan import Change, Plan, PlanTask, calculate, changed
from quoin.projects.types import UNDATED, Constraint, ScheduleMode

_OVER = frozenset({"done", "closed"})


def plan_of(facts: Facts, project_id: UUID) -> Plan | None:
    """The plan that dates the project, where it was loaded."""
    return next((plan for plan in facts.plans if project_id in plan.projects), None)


def dated(facts: Facts, project_id: UUID, changes: Iterable[Change]) -> Facts:
    """The plan changed and calculated; the ends of all projects that hang together follow."""
    before = plan_of(facts, project_id)
    wanted = list(changes)
    if before is None or not wanted:
        return facts
    plan = taken_over(before, project_id) if takes_over(before, project_id, wanted) else before
    after = changed(plan, wanted)
    ends = calculate(after).ends
    projects = dict(facts.projects)
    for number, (key, project) in enumerate(after.projects.items()):
        if key in projects and project.schedule is not ScheduleMode.BY_HAND:
            projects[key] = replace(projects[key], finish_on=last_day(instant_of(ends[number])))
    so_far = facts.plan_changes.get(project_id, ())
    return replace(
        facts, projects=projects, plans=tuple(after if plan is before else plan for plan in facts.plans),
        plan_changes={**facts.plan_changes, project_id: (*so_far, *wanted)},
    )  # fmt: skip


def last_day(finish: datetime) -> date:
    """Work up to midnight ends on the day before it."""
    return (finish - timedelta(minutes=1)).date()


def shift_changes(facts: Facts, project_id: UUID, step: timedelta, pivot: date) -> list[Change]:
    """What moves the tasks of a project that are not begun and start on the day or after it.

    Dates set by hand and constraints move by the step; tasks without a date of their own may not start before they
    did plus the step. Going earlier, they follow their links.
    """
    plan = plan_of(facts, project_id)
    if plan is None:
        return []
    parents = {task.parent_id for task in plan.tasks.values()}
    by_hand = plan.projects[project_id].schedule is ScheduleMode.BY_HAND
    starts = {} if by_hand else _starts(plan)
    found: list[Change] = []
    for task in plan.tasks.values():
        if task.project_id != project_id or task.status in _OVER or task.actual_start_at or task.percent:
            continue
        if by_hand or task.is_manual:
            fields = _by_hand(task, step, pivot)
        elif task.id in parents or starts[task.id].date() < pivot:
            continue
        else:
            fields = _by_constraint(task, step, starts[task.id])
        if fields:
            found.append({"op": "task.set", "task": task.id, **fields})
    return found


def _starts(plan: Plan) -> Mapping[UUID, datetime]:
    dates = calculate(plan)
    return {key: instant_of(dates[key].start) for key in plan.tasks}


def _by_hand(task: PlanTask, step: timedelta, pivot: date) -> dict[str, Any]:
    first = task.starts_on or task.due_on
    if first is None or first < pivot:
        return {}
    days = {"starts_on": task.starts_on, "due_on": task.due_on}
    fields: dict[str, Any] = {name: day + step for name, day in days.items() if day is not None}
    if task.start_at is not None and "starts_on" in fields:
        fields["start_at"] = task.start_at + step
    return fields


def _by_constraint(task: PlanTask, step: timedelta, start: datetime) -> dict[str, Any]:
    if task.constraint not in UNDATED and task.constraint_at is not None:
        return {"constraint_at": task.constraint_at + step}
    if step > timedelta(0) and task.constraint is Constraint.ASAP:
        return {"constraint": Constraint.SNET, "constraint_at": datetime.combine((start + step).date(), time())}
    return {}
