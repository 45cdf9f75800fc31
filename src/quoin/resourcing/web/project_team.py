"""The team of a project (screen 18): roles needed, people, and their hours week by week, four kinds kept apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, asked_day, page
from quoin.base.ui import respond
from quoin.people.queries import visible_people
from quoin.people.queries.within import people_within
from quoin.projects.queries import VIEW, project_by_number
from quoin.projects.queries.frame import project_frame
from quoin.resourcing.queries.project_team import team_of

_WEEKS = 12


@page(VIEW)
def project_team(request: ActorRequest, number: str) -> HttpResponse:
    """Each week cell opens the bookings behind it; `b` books, `n` adds a role."""
    actor = request.actor
    found = project_by_number(actor, number)
    first = _first(request)
    team = team_of(actor, found, first, _WEEKS)
    here = reverse("resourcing:project_team", args=[number])
    shown = [one.person.id for one in team.people]
    opened = people_within(actor, "resourcing.booking.view").filter(id__in=shown)
    context = project_frame(actor, found, current="team") | {
        "team": team, "kinds": _kinds(team),
        "first": team.mondays[0], "last": team.mondays[-1] + timedelta(days=6),
        "earlier": f"{here}?from={team.mondays[0] - timedelta(weeks=_WEEKS)}",
        "later": f"{here}?from={team.mondays[0] + timedelta(weeks=_WEEKS)}", "here": here,
        "may_book": actor.may("resourcing.booking.create"), "may_ask": actor.may("resourcing.demand.create"),
        "seen": set(visible_people(actor).filter(id__in=shown).order_by().values_list("id", flat=True)),
        "opened": set(opened.order_by().values_list("id", flat=True)),
        "may_subscribe": actor.may("resourcing.feed.create"),
        "this_week": actor.today - timedelta(days=actor.today.weekday()),
    }  # fmt: skip
    return respond.page(request, "resourcing/project_team.html", context)


def _kinds(team: Any) -> list[tuple[str, list[int]]]:
    """The sums of the weeks, one line for each kind of hours."""
    names = {
        "capacity": _("Capacity"), "firm": _("Allocated, firm"), "tentative": _("Allocated, tentative"),
        "scheduled": _("Scheduled"), "actual": _("Actual"),
    }  # fmt: skip
    return [(label, [getattr(week, name) for week in team.totals]) for name, label in names.items()]


def _first(request: ActorRequest) -> date:
    return asked_day(request, "from", request.actor.today - timedelta(weeks=2))
