"""The month of a timesheet: a calendar to look at; a week opens where time is typed."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quoin.base.http.views import ActorRequest, page
from quoin.base.listing import Status
from quoin.base.ui import respond
from quoin.kernel.period import month_of, next_month
from quoin.timesheets.queries import access
from quoin.timesheets.queries.month import month_for

STATES = {
    "returned": Status("danger", gettext_lazy("Returned")),
    "open": Status("neutral", pgettext_lazy("status", "Open")),
    "submitted": Status("info", gettext_lazy("Submitted")),
    "approved": Status("success", gettext_lazy("Approved")),
}


@page(access.VIEW_TIME)
def current_month(request: ActorRequest) -> HttpResponse:
    """`/time/month` leads to this month."""
    return HttpResponseRedirect(_url(request.actor.today))


@page(access.VIEW_TIME)
def month(request: ActorRequest, month: str) -> HttpResponse:
    """One's own month, written `2026-05`."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as fault:
        raise Http404(str(fault)) from fault
    found = month_for(request.actor, access.own_person(request.actor), first)
    context = {
        "title": _("Month"), "area": _("Me"), "month": found, "states": STATES, "today": request.actor.today,
        "weekdays": [day.on for day in found.weeks[0].days],
        "rows": [(week, [(day, STATES.get(day.status)) for day in week.days]) for week in found.weeks],
        "previous_url": _url(first - timedelta(days=1)), "next_url": _url(next_month(first)),
        "today_url": _url(request.actor.today),
        "crumbs": ((_("Timesheet"), reverse("timesheets:week_current")),),
    }  # fmt: skip
    return respond.page(request, "timesheets/month.html", context)


def _url(on: date) -> str:
    return reverse("timesheets:month", args=[month_of(on).start.strftime("%Y-%m")])
