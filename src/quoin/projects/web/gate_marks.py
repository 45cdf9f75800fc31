"""Gates as badges, for the pages that show them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest
from quoin.base.listing import Status
from quoin.projects.queries.gates import VIEW_GATES, GateState, gates_of
from quoin.projects.queries.gates_on_plan import gates_on_plan
from quoin.projects.types import GateStatus


def gate_status(state: GateState) -> Status:
    """The gate's state as a badge."""
    if state.is_ready:
        return Status("info", _("Ready to pass"))
    words = {
        GateStatus.WAITING: Status("warning", _("Waiting")), GateStatus.PASSED: Status("success", _("Passed")),
        GateStatus.WAIVED: Status("neutral", _("Waived")),
    }  # fmt: skip
    return words[GateStatus(state.gate.status)]


def gate_marks(request: ActorRequest, project: Any) -> list[tuple[GateState, Status]]:
    """The gates for a project's overview; nothing for who may not see them."""
    if not request.actor.may(VIEW_GATES):
        return []
    return [(state, gate_status(state)) for state in gates_of(request.actor, project)]


def wired_gates(request: ActorRequest, project: Any) -> dict[str, Any]:
    """The gates as the chart's script reads them: each before its row, with what it still asks for."""
    states, held = gates_on_plan(request.actor, project)
    if not states:
        return {}
    page = reverse("projects:gates", args=[project.number])
    return {
        "held": held,
        "gates": [
            {
                "row": state.gate.task.number, "name": state.gate.name, "status": str(gate_status(state).label),
                "meaning": gate_status(state).meaning, "met": state.met_count, "count": len(state.items),
                "missing": [
                    f"{one.label} ({one.why})" if one.why and not one.is_manual else one.label
                    for one in (state.open_items if state.gate.status == GateStatus.WAITING else ())
                ],
                "url": f"{page}#{state.gate.public_id}",
            }
            for state in states
        ],
    }  # fmt: skip
