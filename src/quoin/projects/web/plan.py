"""The plan of a project: the chart's page and its data, previews and changes, the table twin, baselines, exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import json_script
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.api import respond_json
from quoin.base.http.views import ActorRequest, json_object, page
from quoin.base.ui import formats, respond
from quoin.kernel.errors import invalid
from quoin.kernel.workcal import instant_of
from quoin.projects import queries
from quoin.projects.actions import plan as actions
from quoin.projects.queries.chart import Chart, baselines_of, chart, minutes, state_of
from quoin.projects.queries.desk import desk_for, linkable_tasks, told_task
from quoin.projects.queries.gantt import why_critical
from quoin.projects.queries.load import overbooked, strips
from quoin.projects.queries.plan import VIEW_PLAN, Preview, preview
from quoin.projects.queries.reach import reaches
from quoin.projects.rules.edits import changes_of
from quoin.projects.types import ScheduleMode
from quoin.projects.web.gate_marks import wired_gates
from quoin.projects.web.plan_texts import critical_lines, facts_of, lines_of
from quoin.projects.web.plan_words import words
from quoin.projects.web.views import project_context

_MOST_BYTES = 1_000_000
_MOST_IN_SCENARIO = 500


@page(VIEW_PLAN)
def plan(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    context = plan_context(request, found)
    # The rows are on their way before the script that draws them is read.
    state = f"?{urlencode({'compare': context['compare']})}" if context["compare"] else ""
    context["data_url"] = reverse("projects:plan_data", args=[found.number]) + state
    context["island"] = json_script(island_of(request, found), "gantt-island")
    context["may_level"] = context["may_change"] and request.actor.may("projects.plan.level")
    context["may_put"] = request.actor.may("insights.scenario.add") and request.actor.may("insights.scenario.create")
    return respond.page(request, "projects/plan.html", context)


def plan_context(request: ActorRequest, found: Any) -> dict[str, Any]:
    """What the chart, its table twin and the comparison show around their content."""
    context = project_context(request, found, current="plan")
    compare = request.GET.get("compare", "")
    baselines = list(baselines_of(found))
    return context | {
        "may_change": may_change(request, found), "baselines": baselines, "compare": compare,
        "is_by_hand": found.schedule == ScheduleMode.BY_HAND,
        "has_tasks": queries.tasks_of(found).exists(),
    }  # fmt: skip


def may_change(request: ActorRequest, found: Any) -> bool:
    """Whether the actor may change this plan: all plans, or those of the projects they manage."""
    return reaches(request.actor, "projects.plan.change", found)


def island_of(request: ActorRequest, found: Any) -> dict[str, Any]:
    """What the script needs: addresses, words, and what its reader may do."""
    number = found.number
    names = ("plan_data", "plan_preview", "plan_change", "plan_level", "plan_why", "plan_people", "plan_compare",
             "plan_tasks")  # fmt: skip
    return {
        "project": number, "name": found.name, "mayChange": may_change(request, found),
        "today": minutes_of_day(request), "locale": locale_of(request),
        "compare": request.GET.get("compare", ""), "schedule": found.schedule,
        "urls": {name.removeprefix("plan_"): reverse(f"projects:{name}", args=[number]) for name in names},
        "words": words(),
    }  # fmt: skip


def locale_of(request: ActorRequest) -> str:
    """The reader's locale as scripts know it; bare English counts days before months, as everywhere here."""
    return str(formats.locale_of(request.actor.locale or "en-GB")).replace("_", "-")


def minutes_of_day(request: ActorRequest) -> int:
    """Now, as the chart counts."""
    local = request.actor.now.astimezone(ZoneInfo(str(request.actor.zone)))
    return minutes(local.replace(tzinfo=None)) or 0


@page(VIEW_PLAN)
def plan_data(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    drawn = compared(request, found)
    return respond_json(wire(drawn) | wired_gates(request, found))


def compared(request: ActorRequest, found: Any) -> Chart:
    text = request.GET.get("compare", "")
    kept = state_of(request.actor, found, text)[1] if text and text != "now" else None
    return chart(request.actor, found.id, compared=kept)


def wire(found: Chart) -> dict[str, Any]:
    """A chart as its script reads it."""
    project = found.project
    return {
        "columns": found.columns, "links": found.links, "outside": found.outside, "people": found.people,
        "schedule": project.schedule, "finish": minutes(project.finish_at),
        "removed": [{"number": one.number, "name": one.name} for one in found.removed],
    }  # fmt: skip


@page(VIEW_PLAN, methods=("POST",))
def plan_preview(request: ActorRequest, number: str) -> HttpResponse:
    """What the edits would do; nothing is written."""
    found = queries.project_by_number(request.actor, number)
    edits = _edits(request)
    changes = changes_of(desk_for(request.actor, found.id, edits), edits)
    tried = preview(request.actor, project_id=found.id, changes=changes)
    return respond_json(told(request, tried, found.id) | {"scenario": for_scenario(found, changes)})


@page("projects.plan.change", methods=("POST",))
def plan_change(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    done = actions.change_plan(request.actor, project_id=found.id, edits=_edits(request))
    return respond_json(told(request, done, found.id) | {"text": str(_("Plan changed")), "undo": undo_url(request)})


def for_scenario(found: Any, changes: Sequence[Any]) -> dict[str, Any] | None:
    """The changes as a scenario takes them; None where they are too many for one."""
    if not changes or len(changes) > _MOST_IN_SCENARIO:
        return None
    return {"project_id": found.public_id, "changes": changes}


def told(request: ActorRequest, found: Preview, project_id: UUID) -> dict[str, Any]:
    """An effect as the chart shows it: the new dates by number, the bar's facts, the lines behind them."""
    locale = str(request.actor.locale or "en-GB")
    tasks = found.plan.tasks
    return {
        "rows": {
            tasks[moved.task_id].number: (
                minutes(instant_of(moved.after.start)), minutes(instant_of(moved.after.finish)),
                moved.after.total_float, int(moved.after.is_critical),
            )
            for moved in found.effect.moved
            if moved.project_id == project_id
        },
        "facts": facts_of(found, overbooked(request.actor, found), locale),
        "lines": lines_of(found, locale),
    }  # fmt: skip


def _edits(request: ActorRequest) -> list[Mapping[str, Any]]:
    edits = json_object(request, most_bytes=_MOST_BYTES).get("edits")
    if not isinstance(edits, list) or not edits or not all(isinstance(edit, dict) for edit in edits):
        raise invalid("/edits", _("Say what to change."), code="required")
    return edits


def undo_url(request: ActorRequest) -> str:
    token = undo_token(request.actor)
    return f"/undo/{token}" if token else ""


@page(VIEW_PLAN)
def plan_tasks(request: ActorRequest, number: str) -> HttpResponse:
    """Tasks of other projects that a link may lead to, by words."""
    found = queries.project_by_number(request.actor, number)
    rows = linkable_tasks(request.actor, request.GET.get("q", ""), but=found.id)
    return respond_json({"tasks": [told_task(row) for row in rows]})


@page(VIEW_PLAN)
def plan_why(request: ActorRequest, number: str) -> HttpResponse:
    """The chain that the project's end hangs on."""
    found = queries.project_by_number(request.actor, number)
    links = chart(request.actor, found.id).links
    return respond_json({"chain": critical_lines(why_critical(request.actor, found.id), links)})


@page(VIEW_PLAN)
def plan_people(request: ActorRequest, number: str) -> HttpResponse:
    """The people of the plan by weeks."""
    found = queries.project_by_number(request.actor, number)
    rows = [
        {
            "name": strip.name,
            "weeks": [
                (minutes_of(week.monday), week.percent, week.planned, week.booked, week.capacity)
                for week in strip.weeks
            ],
        }
        for strip in strips(request.actor, found.id)
    ]  # fmt: skip
    return respond_json({"people": rows})


def minutes_of(day: date) -> int:
    """Midnight of the day, as the chart counts."""
    return minutes(datetime.combine(day, time())) or 0
