"""Gates as badges, for the pages that show them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest
from quoin.base.listing import Status
from quoin.projects.queries.gates import VIEW_GATES, GateState, gates_of
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
