"""The figures of a project's plan for its overview, each opening its lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template import Context
from django.utils.translation import gettext as _

from quoin.base.figures import Parameters, value_of
from quoin.base.http.views import ActorRequest
from quoin.base.ui.respond import KeyFigure
from quoin.base.ui.tags.values import figure
from quoin.projects.queries.plan import VIEW_PLAN

_KEYS = ("plan.critical", "plan.late", "plan.milestones_due", "plan.float")


def plan_figures(request: ActorRequest, project: Any) -> list[KeyFigure]:
    """Critical and late tasks, milestones due, float; nothing for those who may not see plans."""
    if not request.actor.may(VIEW_PLAN):
        return []
    found = []
    for key in _KEYS:
        answer = value_of(request.actor, key, Parameters(project_id=project.id))
        value = answer.sums.get("", Decimal(0))
        kind = "minutes" if key == "plan.float" else ""
        written = figure(Context({"request": request}), key, int(value), kind, project=project.public_id)
        is_bad = key == "plan.late" and value > 0
        note = {"plan.milestones_due": _("within 30 days"), "plan.float": _("of the open tasks")}.get(key, "")
        found.append(KeyFigure(answer.figure.label, written, note, "danger" if is_bad else ""))
    return found
