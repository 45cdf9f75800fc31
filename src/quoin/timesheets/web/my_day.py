"""My day (screen 02): what to do now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import needs, respond
from quoin.kernel.errors import DomainError
from quoin.kernel.ids import public_id
from quoin.kernel.period import iso_week, week_of
from quoin.kernel.quantity import clock
from quoin.people.queries.absences import KINDS
from quoin.resourcing.queries import VIEW as VIEW_BOOKINGS
from quoin.timesheets.actions import weeks
from quoin.timesheets.queries import access
from quoin.timesheets.queries import my_day as days
from quoin.timesheets.queries.words import STATUSES, why_words
from quoin.timesheets.types import WrongState

_FULL = 100


@page(None)
def my_day(request: ActorRequest) -> HttpResponse:
    """The page; a user who is no person sees only what needs them."""
    found = days.my_day(request.actor) if request.actor.may(access.VIEW_TIME) else None
    context: dict[str, Any] = {
        "title": _("My day"), "area": _("Me"), "today": request.actor.today, "day": found,
        "needs": needs.needs(request.actor), "may_accept": request.actor.may("timesheets.week.accept"),
    }  # fmt: skip
    if found is not None:
        context |= _week(request, found)
    return respond.page(request, "timesheets/my_day.html", context)


@page("timesheets.week.accept", methods=("POST",))
def accept_today(request: ActorRequest) -> HttpResponse:
    """`A`: log what is suggested for today."""
    actor = request.actor
    week_on = week_of(actor.today).start
    found = days.my_day(actor)
    if found is None:
        raise WrongState("You record no time.")
    only = [(str(one.row.key), actor.today) for one in found.today if one.suggestion]
    accepted = weeks.accept_suggestions(actor, person_id=access.own_person(actor), week_on=week_on, only=only)
    text = _("%(time)s logged") % {"time": clock(accepted.minutes)}
    return respond.redirect_with_toast(request, reverse("timesheets:my_day"), text, undo=accepted.action_id)


@page(weeks.SUBMIT, methods=("POST",))
def submit_as_suggested(request: ActorRequest) -> HttpResponse:
    """`Shift+S`: log all suggestions of the week and hand it in; a blocked week opens instead."""
    actor = request.actor
    week_on, person_id = week_of(actor.today).start, access.own_person(actor)
    found = days.my_day(actor)
    if found is not None and found.week.suggestions and request.POST.get("accept"):
        weeks.accept_suggestions(actor, person_id=person_id, week_on=week_on)
    try:
        weeks.submit_week(actor, person_id=person_id, week_on=week_on)
    except DomainError as fault:
        url = reverse("timesheets:week", args=[iso_week(week_on)])
        return respond.redirect_with_toast(request, url, fault.detail, meaning="warning")
    return respond.redirect_with_toast(request, reverse("timesheets:my_day"), _("Week submitted"))


def _week(request: ActorRequest, found: days.MyDay) -> dict[str, Any]:
    week = found.week
    sums = [sum(row.cells[number].minutes for row in week.rows) for number in range(7)]
    return {
        "ring": Decimal(week.minutes) / week.target if week.target else Decimal(0),
        "ring_label": _("%(logged)s of %(target)s logged") % {
            "logged": clock(week.minutes), "target": clock(week.target),
        },
        "days": [
            {"on": on, "logged": logged, "ratio": _share(logged, target), "is_today": on == request.actor.today,
             "has_target": bool(target)}
            for (on, target), logged in zip(week.targets.items(), sums, strict=True)
        ],
        "ahead": found.ahead, "away": [(one, KINDS[one.kind]) for one in found.ahead.absences],
        "away_today": KINDS[found.ahead.away_today.kind].label if found.ahead.away_today else "",
        "booked": [(row, minutes) for row, minutes in found.ahead.today],
        "me_url": reverse("resourcing:person_schedule", args=[public_id("per", week.person.id)])
        if request.actor.may(VIEW_BOOKINGS) else "",
        "status": STATUSES[week.status],
        "is_submitted": week.submitted_at is not None,
        "week_url": reverse("timesheets:week", args=[iso_week(week.week_on)]),
        "planned": [
            {
                "row": one.row, "logged": one.logged_minutes, "suggested": one.suggestion,
                "why": why_words(one.suggestion) if one.suggestion else "",
            }
            for one in found.today
        ],
        "projects": [
            {"project": one.project, "logged": one.logged_minutes, "budget": one.budget_minutes,
             "ratio": _share(one.logged_minutes, one.budget_minutes)}
            for one in found.projects
        ],
    }  # fmt: skip


def _share(part: int, whole: int) -> int:
    """Percent, at most twice the whole, for a bar."""
    return min(part * _FULL // whole, 2 * _FULL) if whole else (_FULL if part else 0)
