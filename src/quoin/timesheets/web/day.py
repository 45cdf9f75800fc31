"""The day view (screen 06): a ruler of clock times beside a form that works without them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.kernel.errors import DomainError
from quoin.kernel.period import iso_week
from quoin.kernel.quantity import parse_duration
from quoin.kernel.words import spoken
from quoin.timesheets.actions import entries
from quoin.timesheets.queries import access, rows
from quoin.timesheets.queries import day as days
from quoin.timesheets.rules.clocks import span
from quoin.timesheets.types import AmbiguousTime
from quoin.timesheets.web.forms import EntryForm


@page(access.VIEW_TIME)
def today(request: ActorRequest) -> HttpResponse:
    """`/time/day` leads to today."""
    return HttpResponseRedirect(reverse("timesheets:day", args=[request.actor.today.isoformat()]))


@page(access.VIEW_TIME, methods=("GET", "POST"))
def day(request: ActorRequest, day: str) -> HttpResponse:
    """The day with its form; a POST logs an entry."""
    try:
        on = date.fromisoformat(day)
    except ValueError as fault:
        raise Http404(str(fault)) from fault
    found = days.day_for(request.actor, access.own_person(request.actor), on)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        request.actor.require(entries.ADD)
        try:
            entries.log_entry(request.actor, person_id=access.own_person(request.actor), **_values(form, found.zone))
        except (DomainError, ValueError) as fault:
            if isinstance(fault, DomainError):
                respond.form_errors(form, fault)
            else:
                form.add_error("start", spoken(str(fault)))
        else:
            return respond.redirect_with_toast(request, request.path, _("Logged"))
    return respond.page(request, "timesheets/day.html", _context(found, form), status=422 if form.errors else 200)


@page(entries.ADD)
def new_entry(request: ActorRequest) -> HttpResponse:
    """`N T`: the form of today."""
    return HttpResponseRedirect(f"{reverse('timesheets:day', args=[request.actor.today.isoformat()])}#log")


def _context(found: days.Day, form: EntryForm) -> dict[str, Any]:
    clocked = [block for block in found.blocks if block.start]
    first = min([7 * 60, *(block.from_minute or 0 for block in clocked)]) // 60
    last = max([19 * 60, *((block.from_minute or 0) + block.minutes for block in clocked)])
    return {
        "title": _("Day"), "area": _("Me"), "day": found, "form": form, "first_hour": first,
        "hours": range(first, min(-(-last // 60), 24)),
        "clocked": clocked,
        "unclocked": [block for block in found.blocks if not block.start],
        "previous": (found.on - timedelta(days=1)).isoformat(),
        "following": (found.on + timedelta(days=1)).isoformat(),
        "week_url": reverse("timesheets:week", args=[iso_week(found.on)]),
        "crumbs": ((_("Timesheet"), reverse("timesheets:week", args=[iso_week(found.on)])),),
    }  # fmt: skip


def _form(request: ActorRequest, found: days.Day) -> EntryForm:
    choices = rows.bookable_rows(request.actor, found.week.person.id, text="", limit=200)
    usual = next((one.row for one, _names in found.suggestions), found.week.rows[0].key if found.week.rows else None)
    initial = {
        "work_on": found.on, "is_billable": True, "row": request.GET.get("row") or str(usual or ""),
        "start": request.GET.get("start", ""), "end": request.GET.get("end", ""),
    }  # fmt: skip
    return EntryForm(request.POST if request.method == "POST" else None, initial=initial, rows=choices)


def _values(form: EntryForm, zone: str) -> dict[str, Any]:
    given = form.cleaned_data
    project_id, _sep, task_id = given["row"].partition(":")
    values: dict[str, Any] = {
        "project_id": project_id, "task_id": task_id or None, "note": given["note"],
        "is_billable": given["is_billable"], "source": "day",
    }  # fmt: skip
    if given["start"] and given["end"]:
        try:
            started_at, ended_at = span(given["work_on"], given["start"], given["end"], zone)
        except AmbiguousTime:
            raise ValueError(_("That time happened twice that night. Give a duration instead.")) from None
        return {**values, "started_at": started_at, "ended_at": ended_at}
    return {**values, "work_on": given["work_on"], "minutes": parse_duration(given["duration"]).minutes}
