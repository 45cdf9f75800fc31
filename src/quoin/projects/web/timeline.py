"""All projects on one chart, to be looked at."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import json_script
from django.utils.translation import gettext as _

from quoin.base.http.api import respond_json
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.projects import queries
from quoin.projects.queries.chart import COLUMNS, minutes
from quoin.projects.web.plan import locale_of, minutes_of_day
from quoin.projects.web.plan_words import words

_SHOWN = ("planned", "active", "on_hold")


@page(queries.VIEW)
def timeline(request: ActorRequest) -> HttpResponse:
    island = {
        "project": "", "name": str(_("Projects")), "mayChange": False, "isTimeline": True,
        "today": minutes_of_day(request), "locale": locale_of(request), "compare": "",
        "schedule": "by_hand", "words": words(), "urls": {"data": reverse("projects:timeline_data")},
        "links": {number: reverse("projects:plan", args=[number]) for number in _numbers(request)},
    }  # fmt: skip
    context = {
        "title": _("Timeline"), "area": _("Work"), "crumbs": ((_("Projects"), reverse("projects:projects")),),
        "island": json_script(island, "gantt-island"), "has_tasks": bool(island["links"]),
    }  # fmt: skip
    return respond.page(request, "projects/timeline.html", context)


def _shown(request: ActorRequest) -> list[Any]:
    return list(queries.visible_projects(request.actor).filter(status__in=_SHOWN).order_by("starts_on", "number"))


def _numbers(request: ActorRequest) -> list[str]:
    return [project.number for project in _shown(request)]


@page(queries.VIEW)
def timeline_data(request: ActorRequest) -> HttpResponse:
    """The projects as rows of a chart; their milestones stand under them."""
    projects = _shown(request)
    stones: dict[Any, list[Any]] = {}
    for task in queries.milestones_of(one.id for one in projects):
        stones.setdefault(task.project_id, []).append(task)
    rows: list[dict[str, Any]] = []
    for project in projects:
        rows.append(_project_row(len(rows) + 1, project))
        rows += [_stone_row(len(rows) + at, task) for at, task in enumerate(stones.get(project.id, ()), 1)]
    columns = {name: [row.get(name) for row in rows] for name in (*COLUMNS, "key")}
    return respond_json({
        "columns": columns, "links": [], "outside": [], "people": [], "schedule": "by_hand", "finish": None,
        "removed": [],
    })  # fmt: skip


def _project_row(number: int, project: Any) -> dict[str, Any]:
    start = _at(project.starts_on)
    finish = project.finish_at or (_at(project.ends_on, days=1) if project.ends_on else None)
    return _row(
        number, name=project.name, level=1, kind="task", start=minutes(start or finish),
        finish=minutes(finish or start), key=project.number, why=f"{project.number} · {project.client.name}",
        deadline=minutes(_at(project.ends_on, days=1)) if project.finish_at else None,
    )  # fmt: skip


def _stone_row(number: int, task: Any) -> dict[str, Any]:
    at = task.finish_at or _at(task.due_on)
    return _row(number, name=task.name, level=2, kind="milestone", start=minutes(at), finish=minutes(at))


def _row(number: int, **values: Any) -> dict[str, Any]:
    return {
        "number": number, "percent": 0, "critical": 0, "manual": 0, "started": 0, "people": [], "status": "open",
        "estimate": 0, "constraint": "asap", "signed_by": "", "why": "", **values,
    }  # fmt: skip


def _at(day: date | None, *, days: int = 0) -> datetime | None:
    return None if day is None else datetime.combine(day, time()) + timedelta(days=days)
