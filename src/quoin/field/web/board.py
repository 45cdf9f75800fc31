"""The dispatch board (screen 30) and its doors."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import json_script
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import formats, respond
from quoin.field import actions, queries
from quoin.field.queries.board import Suggestion, home_of, people_of_board, suggestion_for
from quoin.field.queries.dispatch import Draft, place_of, plan_of
from quoin.field.rules.travel import travel_minutes
from quoin.field.web.board_state import against, board_state, moment, visits_state
from quoin.kernel.errors import DomainError, NotFound, invalid

T = TypeVar("T")
_PLAN, _PUBLISH = "field.visit.plan", "field.visit.publish"
_SPANS = {"1": 1, "3": 3, "7": 7}


class _Wish(msgspec.Struct, forbid_unknown_fields=True):
    """Where somebody would put a visit; without a day it waits again."""

    visit: str
    version: int
    on: date | None = None
    minute: int = 0
    lasts: int = 60
    crew: list[str] = []
    equipment: list[str] = []


class _Chosen(msgspec.Struct, forbid_unknown_fields=True):
    visits: list[str]


class _Day(msgspec.Struct, forbid_unknown_fields=True):
    person: str
    on: date


@page(_PLAN)
def dispatch(request: ActorRequest) -> HttpResponse:
    first, days = _asked(request)
    step = timedelta(days=days)
    context: dict[str, Any] = {
        "title": _("Dispatch"), "area": _("People"), "first": first,
        "last": first + step - timedelta(days=1), "days": days,
        "spans": [(key, word, str(days) == key, _url(first, int(key))) for key, word in _span_words()],
        "previous_url": _url(first - step, days), "next_url": _url(first + step, days),
        "today_url": _url(request.actor.today, days),
        "state": json_script(board_state(request.actor, first, days), "dispatch-state"),
        "may_publish": request.actor.may(_PUBLISH),
    }  # fmt: skip
    return respond.page(request, "field/dispatch.html", context)


@page(_PLAN)
def state(request: ActorRequest) -> HttpResponse:
    """The same state as in the page, after something changed."""
    return JsonResponse(board_state(request.actor, *_asked(request)))


@page(_PLAN, methods=("POST",))
def try_out(request: ActorRequest) -> HttpResponse:
    """What would be in the way there; nothing is written."""
    wish = _read(request, _Wish)
    found = queries.visit_for(request.actor, object_id("vis", wish.visit))
    found.starts_at = found.ends_at = None
    if wish.on is not None:
        found.starts_at = moment(request.actor, wish.on, wish.minute)
        found.ends_at = found.starts_at + timedelta(minutes=wish.lasts)
    draft = Draft(tuple(_ids("per", wish.crew)), tuple(_ids("eqp", wish.equipment)))
    return JsonResponse({"against": against(plan_of(request.actor, found, draft))})


@page(_PLAN, methods=("POST",))
def plan(request: ActorRequest) -> HttpResponse:
    """Place, move, resize, or change who goes."""
    actor, wish = request.actor, _read(request, _Wish)
    found = queries.visit_for(actor, object_id("vis", wish.visit))
    crew, equipment = _ids("per", wish.crew), _ids("eqp", wish.equipment)
    given: dict[str, Any] = {"hours": None}
    if wish.on is not None:
        starts = moment(actor, wish.on, wish.minute)
        given = {
            "hours": (starts, starts + timedelta(minutes=wish.lasts)), "crew": crew, "equipment": equipment,
            "travel_minutes": found.travel_minutes or _travel(found, crew),
        }  # fmt: skip
    try:
        actions.plan_visit(actor, visit_id=found.id, version=wish.version, **given)
    except DomainError as error:
        return _refused(error)
    return _told(actor, [found.id])


def _travel(found: Any, crew: list[UUID]) -> int:
    """One way from where the first of the crew sets out; nothing where a place is not known."""
    home = home_of(crew[0]) if crew else None
    return travel_minutes(home, place_of(found.site)) or 0


@page(_PUBLISH, methods=("POST",))
def publish(request: ActorRequest) -> HttpResponse:
    chosen = _ids("vis", _read(request, _Chosen).visits)
    for visit_id in chosen:
        queries.visit_for(request.actor, visit_id)
    try:
        done = actions.publish_visits(request.actor, visit_ids=chosen)
    except DomainError as error:
        return _refused(error)
    return _told(request.actor, done)


@page(_PLAN, methods=("GET", "POST"))
def order(request: ActorRequest) -> HttpResponse:
    """GET tells a shorter order of somebody's day and what it saves; POST uses it."""
    try:
        if request.method == "GET":
            return _suggested(request)
        asked = _read(request, _Day)
        found = suggestion_for(request.actor, _person(request.actor, asked.person), asked.on)
        moves = [{"visit_id": row.id, "hours": [at, at + (row.ends_at - row.starts_at)]} for row, at in _placed(found)]
        actions.arrange_visits(request.actor, moves=moves)
    except DomainError as error:
        return _refused(error)
    return _told(request.actor, [row.id for row in found.visits])


def _suggested(request: ActorRequest) -> HttpResponse:
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError as error:
        raise invalid("/on", _("Say which day.")) from error
    actor = request.actor
    found = suggestion_for(actor, _person(actor, request.GET.get("person", "")), on)
    rows = [
        {"title": row.title, "site": row.site.name, "time": formats.moment(at, actor.locale, ZoneInfo(actor.zone))}
        for row, at in _placed(found)
    ]
    return JsonResponse({"saved": found.order.saved_minutes, "visits": rows})


def _placed(found: Suggestion) -> list[tuple[Any, datetime]]:
    return [(found.visits[index], at) for index, at in found.order.stops]


def _person(actor: Actor, text: str) -> Any:
    wanted = object_id("per", text)
    for one in people_of_board(actor):
        if one.id == wanted:
            return one
    raise NotFound(_("There is no such person on the board."))


def _told(actor: Actor, visits: list[UUID]) -> HttpResponse:
    undo = undo_token(actor)
    rows = list(queries.visible_visits(actor).filter(id__in=visits))
    return JsonResponse({"visits": visits_state(actor, rows), "undo": f"/undo/{undo}" if undo else None})


def _refused(error: DomainError) -> HttpResponse:
    return JsonResponse({"detail": error.detail, "code": error.code}, status=error.status)


def _ids(prefix: str, texts: list[str]) -> list[UUID]:
    return [object_id(prefix, text) for text in texts]


def _read(request: ActorRequest, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.DecodeError as error:
        raise invalid("/", str(error)) from error


def _asked(request: ActorRequest) -> tuple[date, int]:
    """First day and number of days; a week begins on Monday."""
    days = _SPANS.get(request.GET.get("span", ""), 1)
    try:
        first = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        first = request.actor.today
    return (first - timedelta(days=first.weekday()) if days == _SPANS["7"] else first), days


def _url(first: date, days: int) -> str:
    return f"{reverse('field:dispatch')}?day={first.isoformat()}&span={days}"


def _span_words() -> tuple[tuple[str, str], ...]:
    return (("1", _("Day")), ("3", _("3 days")), ("7", _("Week")))
