"""The clock in the top bar, and the keys that start and stop it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

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
