"""Plans of projects that a scenario moves, each loaded once with those that hang together with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from quoin.projects.queries.plan import load_plan
from quoin.projects.rules.plan import Plan


def plans_for(project_ids: Iterable[UUID], *, today: date) -> tuple[Plan, ...]:
    """The plans in which the projects stand."""
    found: list[Plan] = []
    for project_id in sorted(project_ids):
        if not any(project_id in plan.projects for plan in found):
            found.append(load_plan(project_id, today=today))
    return tuple(found)
