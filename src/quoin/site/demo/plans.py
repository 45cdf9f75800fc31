"""Plans of the demo's projects: their tasks follow each other, and the story's project has a baseline it left."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.ids import uuid7
from quoin.projects.actions.plan import change_plan, take_baseline
from quoin.projects.models import Task
from quoin.projects.queries.plan import VIEW_PLAN

_MOST_SLIP = 3 * 480


def plan_demo(actor: Actor, *, project_ids: Iterable[UUID], told: UUID | None = None) -> int:
    """Link the tasks of these projects; of the one that is `told` keep a baseline and let a task slip."""
    actor.require(VIEW_PLAN)
    planned = 0
    for project_id in project_ids:
        tasks = list(Task.objects.filter(project=project_id).order_by("starts_on", "position", "number"))
        parents = {task.parent_id for task in tasks}
        leaves = [task for task in tasks if task.id not in parents]
        if len(leaves) < 2:  # noqa: PLR2004 -- a link has two ends
            continue
        change_plan(actor, project_id=project_id, changes=_links(leaves))
        if project_id == told:
            take_baseline(actor, project_id=project_id, name="v1", note="Agreed with the client")
            change_plan(actor, project_id=project_id, changes=[_slip(leaves)])
        planned += 1
    return planned


def _links(tasks: list[Task]) -> list[dict[str, Any]]:
    """Each task after the one before; every fourth begins with it, and a day later."""
    return [
        {
            "op": "link.add", "id": uuid7(), "before": one.id, "after": next_one.id,
            "kind": "ss" if place % 4 == 3 else "fs", "lag": 480 if place % 4 == 3 else 0,  # noqa: PLR2004
        }
        for place, (one, next_one) in enumerate(pairwise(tasks))
    ]  # fmt: skip


def _slip(tasks: list[Task]) -> dict[str, Any]:
    task = tasks[len(tasks) // 2]
    task.refresh_from_db()
    lasts = task.duration_minutes or task.estimate_minutes or 480
    return {"op": "task.set", "task": task.id, "duration_minutes": lasts + _MOST_SLIP}
