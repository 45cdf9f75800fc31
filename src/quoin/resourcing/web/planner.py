"""The planner: its page, the data of its grid, changes of bookings, and the drawers behind a cell and a column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import json_script
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.api import respond_json
from quoin.base.http.views import ActorRequest, json_object, object_id, page
from quoin.base.ui import formats, respond
from quoin.kernel.errors import invalid
from quoin.people import queries as people
from quoin.people.queries.skills import certificates, skills
from quoin.people.queries.within import people_within, person_within, teams_within
from quoin.projects.queries import TAKES_TIME, visible_projects
from quoin.resourcing import queries
from quoin.resourcing.queries import planner as grids
from quoin.resourcing.queries.board import Asked, Zoom, board
from quoin.resourcing.queries.demands import VIEW_DEMAND
from quoin.resourcing.web.planner_changes import apply
from quoin.resourcing.web.planner_wire import wire
from quoin.resourcing.web.planner_words import words

_MOST_BYTES = 200_000
_COLUMNS = {Zoom.DAYS: 56, Zoom.WEEKS: 52, Zoom.MONTHS: 18}
_LIST_WEEKS = 8
_FULL, _FAR_OVER = 100, 120
_RIGHTS = {
    "create": "resourcing.booking.create", "edit": "resourcing.booking.edit", "move": "resourcing.booking.move",
    "copy": "resourcing.booking.copy", "split": "resourcing.booking.split", "delete": "resourcing.booking.delete",
    "firm": "resourcing.booking.set_firm", "override": "resourcing.override.grant", "fill": "resourcing.demand.accept",
}  # fmt: skip


@page(queries.VIEW)
def planner(request: ActorRequest) -> HttpResponse:
    asked = asked_for(request)
    context: dict[str, Any] = {
        "title": _("Planner"),
        "area": _("People"),
        "island": json_script(_island(request, asked), "planner-island"),
        "asked": asked,
        "zooms": ((Zoom.DAYS, _("Days")), (Zoom.WEEKS, _("Weeks")), (Zoom.MONTHS, _("Months"))),
        "may_book": request.actor.may("resourcing.booking.create"),
        "may_see_requests": request.actor.may(VIEW_DEMAND),
        "has_people": people_within(request.actor, queries.VIEW).exclude(kind="placeholder").exists(),
    } | _choices(request)
    return respond.page(request, "resourcing/planner.html", context)


def _choices(request: ActorRequest) -> dict[str, Any]:
    """What the filters offer."""
    rows = people_within(request.actor, queries.VIEW).exclude(kind="placeholder")
    languages = {one for many in rows.values_list("languages", flat=True) for one in many}
    may_see_skills = request.actor.may("people.skill.view")
    return {
        "teams": teams_within(request.actor, queries.VIEW), "roles": people.job_roles(), "languages": sorted(languages),
        "skills": skills(request.actor).filter(is_active=True) if may_see_skills else (),
        "certificates": certificates(request.actor) if may_see_skills else (),
        "places": rows.exclude(place="").order_by("place").values_list("place", flat=True).distinct(),
    }  # fmt: skip


def _island(request: ActorRequest, asked: Asked) -> dict[str, Any]:
    actor = request.actor
    names = ("planner_data", "planner_change", "planner_projects", "planner_cell", "planner_column")
    return {
        "zoom": asked.zoom, "today": actor.today, "locale": str(actor.locale or "en-GB"), "live": "/events",
        "may": {name: actor.may(right) for name, right in _RIGHTS.items()},
        "urls": {name.removeprefix("planner_"): reverse(f"resourcing:{name}") for name in names}
        | {"scenario": _scenario_url(actor)},
        "words": words(),
    }  # fmt: skip


def _scenario_url(actor: Actor) -> str:
    """Where a change goes that is only tried out; nothing without the app of scenarios, which stands above this one."""
    if not (actor.may("insights.scenario.add") and actor.may("insights.scenario.create")):
        return ""
    try:
        return reverse("insights:scenario_put")
    except NoReverseMatch:
        return ""


def asked_for(request: ActorRequest) -> Asked:
    """The columns and filters of the address."""
    given = request.GET
    zoom = _zoom(given.get("zoom", ""))
    monday = request.actor.today - timedelta(days=request.actor.today.weekday())
    return Asked(
        zoom=zoom, from_on=_day(given.get("from")) or monday, columns=_COLUMNS[zoom],
        team_id=_id("tea", given.get("team")), job_role_id=_id("job", given.get("role")),
        skill_id=_id("skl", given.get("skill")), least_level=_number(given.get("level"), 1, least=0, most=5),
        certificate_id=_id("crt", given.get("certificate")), certified_on=_day(given.get("valid")),
        language=given.get("language", "")[:3], place=given.get("place", ""), search=given.get("q", ""),
        free_percent=_number(given.get("free"), 0, least=0, most=100), free_from=_day(given.get("free_from")),
        free_until=_day(given.get("free_until")),
    )  # fmt: skip


def _zoom(text: str) -> Zoom:
    return Zoom(text) if text in set(Zoom) else Zoom.WEEKS


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise invalid("/from", _("%(text)s is no day. Write it as 2026-05-31.") % {"text": text}) from None


def _id(prefix: str, text: str | None) -> UUID | None:
    return object_id(prefix, text) if text else None


def _number(text: str | None, usual: int, *, least: int, most: int) -> int:
    return min(max(int(text), least), most) if text and text.isdecimal() else usual


@page(queries.VIEW)
def planner_data(request: ActorRequest) -> HttpResponse:
    return respond_json(wire(board(request.actor, asked_for(request))))


@page(queries.VIEW)
def planner_projects(request: ActorRequest) -> HttpResponse:
    """Projects that take bookings, those booked last by the actor first."""
    rows = visible_projects(request.actor).filter(status__in=TAKES_TIME)
    last = queries.visible_bookings(request.actor).filter(booked_by=request.actor.person_id)
    recent = list(last.order_by("-booked_at").values_list("project_id", flat=True)[:8])
    order = {one: at for at, one in enumerate(dict.fromkeys(recent))}
    found = sorted(rows, key=lambda one: order.get(one.id, len(order)))
    return respond_json({"projects": [(one.public_id, f"{one.number} · {one.name}") for one in found]})


@page(queries.VIEW, methods=("POST",))
def planner_change(request: ActorRequest) -> HttpResponse:
    """One change; the answer has the people's rows anew. The action that it becomes asks for its own right."""
    done = apply(request.actor, json_object(request, most_bytes=_MOST_BYTES))
    token = undo_token(request.actor)
    return respond_json({"text": str(done), "undo": f"/undo/{token}" if token else ""})


@page(queries.VIEW)
def planner_cell(request: ActorRequest) -> HttpResponse:
    """The drawer of a person's days: capacity, booked, and each booking with its minutes."""
    first, last = _span(request)
    found = person_within(request.actor, queries.VIEW, _id("per", request.GET.get("person")) or UUID(int=0))
    wanted = grids.Wanted(from_on=first, columns=(last - first).days + 1, step=1, people=(found.id,))
    row = next(iter(grids.grid(request.actor, wanted).rows), None)
    asked = Asked(zoom=Zoom.DAYS, from_on=first, columns=(last - first).days + 1, only=(found.id,))
    project = _id("prj", request.GET.get("project"))
    context = {
        "title": found.name,
        "area": _("Planner"),
        "crumbs": ((_("Planner"), reverse("resourcing:planner")),),
        "person": found,
        "first": first,
        "last": last,
        "cell": row.total if row else None,
        "bars": [
            (bar.booking, sum(bar.minutes.values()))
            for bar in board(request.actor, asked).bars
            if project is None or bar.booking.project_id == project
        ],
    }
    return respond.page(request, "resourcing/planner_cell.html", context)


@page(queries.VIEW)
def planner_column(request: ActorRequest) -> HttpResponse:
    """The drawer of a column: who is free, most first, and the sums by role."""
    first, last = _span(request)
    wanted = grids.Wanted(from_on=first, columns=(last - first).days + 1, step=1)
    rows = [(row.person, row.total) for row in grids.grid(request.actor, wanted).rows]
    roles: dict[str, list[Any]] = {}
    for person, cell in rows:
        roles.setdefault(person.job_role.name if person.job_role else "–", []).append(cell)
    context = {
        "title": _("Who is free"),
        "area": _("Planner"),
        "crumbs": ((_("Planner"), reverse("resourcing:planner")),),
        "first": first,
        "last": last,
        "free": sorted(((who, cell) for who, cell in rows if cell.free), key=lambda one: (-one[1].free, one[0].name)),
        "roles": [(name, grids.added(cells)) for name, cells in sorted(roles.items())],
        "total": grids.added([cell for _who, cell in rows]),
    }
    return respond.page(request, "resourcing/planner_column.html", context)


def _span(request: ActorRequest) -> tuple[date, date]:
    first = _day(request.GET.get("from")) or request.actor.today
    last = _day(request.GET.get("until")) or first + timedelta(days=6)
    if last < first:
        raise invalid("/until", _("The last day is before the first. Check both days."))
    return first, last


def _list_cells(spans: list[tuple[str, str]], cells: Sequence[Any]) -> list[tuple[str, str, str, str, str]]:
    """What the template writes of each week: its first day, its address, a look, a mark, the per cent."""
    return [
        (first, span, *_heat(cell.percent), "–" if cell.percent is None else str(cell.percent))
        for (first, span), cell in zip(spans, cells, strict=True)
    ]


def _heat(percent: int | None) -> tuple[str, str]:
    if percent is None or percent <= _FULL:
        return "", ""
    return (" heat-6", "▲▲") if percent > _FAR_OVER else (" heat-5", "▲")


@page(queries.VIEW)
def planner_list(request: ActorRequest) -> HttpResponse:
    """The planner as a plain table of eight weeks: for phones, print, and without script."""
    asked = asked_for(request)
    weeks = Asked(
        zoom=Zoom.WEEKS, from_on=asked.from_on, columns=_LIST_WEEKS, team_id=asked.team_id, search=asked.search
    )
    found = board(request.actor, weeks)
    starts = [(start, start + timedelta(days=6)) for start in weeks.starts]
    # Written once, not for every person: eight weeks of a big firm are a thousand cells.
    spans = [
        (formats.day(first, request.actor.locale, style="short"), f"from={first.isoformat()}&until={last.isoformat()}")
        for first, last in starts
    ]
    context = {
        "title": _("Planner as list"),
        "area": _("People"),
        "crumbs": ((_("Planner"), reverse("resourcing:planner")),),
        "starts": starts,
        "rows": [(row.person, row.person.public_id, _list_cells(spans, row.cells), row.total) for row in found.rows],
        "gaps": [(gap.demand, sum(gap.minutes.values())) for gap in found.gaps],
        "teams": teams_within(request.actor, queries.VIEW),
        "asked": asked,
    }
    return respond.page(request, "resourcing/planner_list.html", context)
