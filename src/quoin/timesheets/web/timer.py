"""The clock in the top bar, and the keys that start and stop it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.kernel.errors import invalid
from quoin.kernel.period import week_of
from quoin.kernel.quantity import clock
from quoin.timesheets.actions import timers
from quoin.timesheets.queries import access
from quoin.timesheets.queries import clock as clocks
from quoin.timesheets.queries.week import week_for
from quoin.timesheets.types import WrongState


@page(access.VIEW_TIME)
def pill(request: ActorRequest) -> HttpResponse:
    """The pill of the top bar: what runs, or what could be started."""
    running = clocks.running_timer(request.actor)
    return render(request, "timesheets/_pill.html", {"running": running, "may_time": request.actor.person_id})


@page(timers.START)
def menu(request: ActorRequest) -> HttpResponse:
    """What the clock may be started on: `T`, then 1 to 9."""
    actor = request.actor
    week = week_for(actor, access.own_person(actor), week_of(actor.today).start, today=actor.today)
    context = {
        "choices": clocks.choices_of(week), "running": clocks.running_timer(actor), "title": _("Start the clock"),
        "area": _("Me"),
    }  # fmt: skip
    return respond.page(request, "timesheets/timer_menu.html", context)


@page(timers.START, methods=("POST",))
def start(request: ActorRequest) -> HttpResponse:
    """Start on a row."""
    project_id, _sep, task_id = request.POST.get("row", "").partition(":")
    try:
        UUID(project_id)
        begin = datetime.fromisoformat(request.POST["at"]) if request.POST.get("at") else None
    except ValueError:
        raise invalid("/row", "The row is written as project:task.") from None
    _timer, saved = timers.start_timer(
        request.actor,
        project_id=project_id,
        task_id=task_id or None,
        note=request.POST.get("note", ""),
        started_at=begin,
    )
    text = _("The clock runs")
    if saved is not None:
        text = _("%(time)s saved, the clock runs on") % {"time": clock(saved.minutes)}
    return _back(request, text)


@page(timers.STOP, methods=("POST",))
def stop(request: ActorRequest) -> HttpResponse:
    """Stop and save."""
    saved = timers.stop_timer(request.actor)
    return _back(request, _("%(time)s saved") % {"time": clock(saved.minutes)})


@page(timers.START, methods=("POST",))
def resume(request: ActorRequest) -> HttpResponse:
    """`C`: stop what runs, or go on with the last."""
    if clocks.running_timer(request.actor) is not None:
        saved = timers.stop_timer(request.actor)
        return _back(request, _("%(time)s saved") % {"time": clock(saved.minutes)})
    last = clocks.last_clocked(request.actor, access.own_person(request.actor))
    if last is None:
        raise WrongState("There is nothing to continue yet. Start the clock on a project.")
    timers.start_timer(request.actor, project_id=last.project_id, task_id=last.task_id, note=last.note)
    return _back(request, _("The clock runs"))


@page(timers.STOP)
def question(request: ActorRequest) -> HttpResponse:
    """What a clock asks that ran on while nobody worked: keep, cut or discard. `since` is when a page was last used."""
    actor = request.actor
    running = clocks.running_timer(actor, seen_at=_told(request.GET.get("since", "")))
    asked = running.question if running else None
    context = {
        "title": _("The clock ran on"), "area": _("Me"), "running": running, "question": asked,
        "started": _local(actor, running.started_at) if running else "",
        "cut": _local(actor, asked.cut_at) if asked and asked.cut_at else "", "latest": _local(actor, actor.now),
        "may_discard": actor.may("timesheets.timer.discard"), "may_keep": actor.may("timesheets.timer.keep"),
    }  # fmt: skip
    return respond.page(request, "timesheets/timer_question.html", context)


@page("timesheets.timer.keep", methods=("POST",))
def keep(request: ActorRequest) -> HttpResponse:
    """All of it counts."""
    timers.keep_timer(request.actor)
    return _away(request, _("The clock runs on"))


@page(timers.STOP, methods=("POST",))
def cut(request: ActorRequest) -> HttpResponse:
    """It counts up to a moment, on the clock of the person."""
    at = _told(request.POST.get("at", ""), zone=request.actor.zone)
    if at is None:
        raise invalid("/at", _("Say when you stopped."))
    saved = timers.stop_timer(request.actor, ended_at=at)
    return _away(request, _("%(time)s saved") % {"time": clock(saved.minutes)})


@page("timesheets.timer.discard", methods=("POST",))
def discard(request: ActorRequest) -> HttpResponse:
    """None of it counts."""
    timers.discard_timer(request.actor)
    return _away(request, _("Discarded"))


def _told(text: str, *, zone: str = "") -> datetime | None:
    """A moment as a page says it: with its offset, or on the clock of the zone; None if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None and zone:
        return found.replace(tzinfo=ZoneInfo(zone))
    return found if found.tzinfo is not None else None


def _local(actor: Actor, at: datetime) -> str:
    """The moment on the clock of the actor, as the field of a form has it."""
    return at.astimezone(ZoneInfo(actor.zone)).strftime("%Y-%m-%dT%H:%M")


def _away(request: ActorRequest, text: str) -> HttpResponse:
    target = reverse("timesheets:day_current")
    return respond.redirect_with_toast(request, target, text, undo=undo_token(request.actor))


def _back(request: ActorRequest, text: str) -> HttpResponse:
    """The pill again for scripts; for a plain form the page it was on."""
    if respond.is_htmx(request):
        running = clocks.running_timer(request.actor)
        response = render(request, "timesheets/_pill.html", {"running": running, "may_time": True})
        return respond.toast(response, text)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("timesheets:week_current")
    return respond.redirect_with_toast(request, target, text) if text else HttpResponseRedirect(target)
