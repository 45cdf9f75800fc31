"""The gates of a plan as its chart shows them: before which row each stands, what is missing, which rows it holds."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.projects.models import Project, Task
from quoin.projects.queries.gates import VIEW_GATES, GateState, gates_of, held_by
from quoin.projects.types import GateStatus


def gates_on_plan(actor: Actor, project: Project) -> tuple[tuple[GateState, ...], dict[int, str]]:
    """The gates, and by row number the name of the gate that holds it; nothing for those who may not see gates."""
    if not actor.may(VIEW_GATES):
        return (), {}
    states = gates_of(actor, project)
    if not any(one.gate.status == GateStatus.WAITING for one in states):
        return states, {}
    held = held_by(project.id)
    numbers = Task.objects.filter(project=project, id__in=list(held)).values_list("id", "number")
    return states, {number: held[key] for key, number in numbers}
