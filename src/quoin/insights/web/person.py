"""Tabs of a person: their time, what an hour costs and is sold for, and the projects they were on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.figures import Parameters
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.catalog.queries import VIEW as VIEW_RATES
from quoin.insights.queries import person as read
from quoin.insights.web.header import asked_if_allowed, key_figure
from quoin.kernel.period import add_months
from quoin.people.queries import VIEW as VIEW_PEOPLE
from quoin.people.queries import VIEW_COST, cost_rates, person_for
from quoin.projects.queries import VIEW as VIEW_PROJECTS
from quoin.timesheets.queries.access import VIEW_TIME

_KEYS = ("person.worked", "person.billable", "person.utilisation")


def _page(request: ActorRequest, pk: str, *, current: str) -> tuple[Any, dict[str, Any]]:
    request.actor.require(VIEW_PEOPLE)
    found = person_for(request.actor, object_id("per", pk))
    return found, {
        "title": found.name, "area": _("People"), "crumbs": ((_("People"), reverse("people:people")),),
        "tabs": tabs.links("person", request.actor, current=current, arguments={"pk": pk}), "person": found,
    }  # fmt: skip


@page(VIEW_TIME)
def person_time(request: ActorRequest, pk: str) -> HttpResponse:
    """Months and projects; every sum opens its entries."""
    found, context = _page(request, pk, current="time")
    may_see = read.sees_time(request.actor, found)
    since = add_months(request.actor.today.replace(day=1), 1 - read.MONTHS)
    context |= {"may_see": may_see, "since": since}
    if may_see:
        asked = Parameters(person_id=found.id, from_on=since, until_on=request.actor.today)
        values = [asked_if_allowed(request.actor, key, asked) for key in _KEYS]
        context |= {
            "figures": [key_figure(request, value) for value in values if value is not None],
            "months": [(one, add_months(one.month_on, 1)) for one in read.months_of(request.actor, found)],
            "work": read.work_of(request.actor, found, since=since),
        }
    return respond.page(request, "insights/person_time.html", context)


@page(VIEW_PEOPLE)
def person_rates(request: ActorRequest, pk: str) -> HttpResponse:
    """What an hour costs, and what it is sold for; each with its right."""
    found, context = _page(request, pk, current="rates")
    actor = request.actor
    context |= {
        "costs": cost_rates(actor, found.id) if actor.may(VIEW_COST) else None,
        "may_set_cost": actor.may("people.cost_rate.set"),
        "sold": read.sold_at(actor, found) if actor.may(VIEW_RATES) else None,
    }
    return respond.page(request, "insights/person_rates.html", context)


@page(VIEW_PROJECTS)
def person_history(request: ActorRequest, pk: str) -> HttpResponse:
    """The projects somebody was on; those that the reader may not see are counted, not named."""
    found, context = _page(request, pk, current="history")
    context |= {
        "lines": read.history_of(request.actor, found), "may_see": read.sees_time(request.actor, found),
    }  # fmt: skip
    return respond.page(request, "insights/person_history.html", context)
