"""Levelling on the chart: proposed in the effect bar with its reasons, then kept as one change."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from quoin.base.http.api import respond_json
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import formats
from quoin.projects import queries
from quoin.projects.actions import plan as actions
from quoin.projects.queries.levelling import Proposal, level_by, level_preview
from quoin.projects.types import LevelBy
from quoin.projects.web.plan import for_scenario, told, undo_url

_NO_EFFECT: dict[str, Any] = {"rows": {}, "facts": [], "lines": []}


@page("projects.plan.level", methods=("POST",))
def plan_level(request: ActorRequest, number: str) -> HttpResponse:
    """With `try`: which tasks would wait, and for whom. Without: let them wait."""
    project = queries.project_by_number(request.actor, number)
    by, within_float = level_by(request.GET.get("by") or LevelBy.RULE), bool(request.GET.get("within_float"))
    if request.GET.get("try"):
        found = level_preview(request.actor, project.id, by=by, within_float=within_float)
        effect = told(request, found.preview, project.id) if found.preview else _NO_EFFECT
        return respond_json(effect | {
            "facts": [*effect["facts"], *_facts(request, found, by)], "changes": len(found.changes),
            "reasons": [f"{one.number} {one.name}: {one.why}" for one in (*found.waits, *found.left)],
            "scenario": for_scenario(project, found.changes),
        })  # fmt: skip
    found = actions.level_plan(request.actor, project_id=project.id, by=by, within_float=within_float)
    text = _("Tasks wait for their people") if found.preview else _("Nobody has too much to do")
    return respond_json({"text": str(text), "undo": undo_url(request) if found.preview else ""})


def _facts(request: ActorRequest, found: Proposal, asked: LevelBy) -> list[dict[str, str]]:
    """What the way of levelling came to, and what it leaves."""
    locale = str(request.actor.locale or "en-GB")
    facts: list[dict[str, str]] = []
    if found.by is LevelBy.SOLVER:
        text = _("the solver's order: ends %(day)s, by the rule %(rule)s") % {
            "day": formats.day(found.ends_at.date(), locale, style="short"),
            "rule": formats.day(found.rule_ends_at.date(), locale, style="short"),
        }  # fmt: skip
        facts.append({"text": text, "meaning": "success"})
    elif asked is LevelBy.SOLVER:
        facts.append({"text": _("the solver finds nothing better than the rule"), "meaning": "neutral"})
    facts += [
        {"text": _("%(person)s stays overbooked: %(task)s has no float") % {"person": one.person, "task": one.name},
         "meaning": "danger"}
        for one in found.left
    ]  # fmt: skip
    return facts
