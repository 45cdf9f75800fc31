"""The schedule of a person (screens 08 and 28): what they can work, what is booked, when they are away."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, asked_day, object_id, page
from quoin.base.ui import formats, respond, tabs
from quoin.people.queries import absences
from quoin.people.queries.capacity import holidays_of
from quoin.people.queries.within import person_within
from quoin.resourcing import queries
from quoin.resourcing.queries.planner import Wanted, grid

_WEEKS, _NEAR, _FAR = 12, 4, 12
_HUNDRED = 100
_WEEK = timedelta(days=7)


@page(queries.VIEW)
def person_schedule(request: ActorRequest, pk: str) -> HttpResponse:
    """Twelve weeks: each opens its bookings; below them the bookings, absences and holidays of these weeks."""
    actor = request.actor
    found = person_within(actor, queries.VIEW, object_id("per", pk))
    first = _monday(request)
    last = first + _WEEK * _WEEKS - timedelta(days=1)
    wanted = Wanted(from_on=first, columns=_WEEKS, people=(found.id,), with_actual=True)
    row = next(iter(grid(actor, wanted).rows), None)
    mondays = [first + _WEEK * at for at in range(_WEEKS)]
    here = reverse("resourcing:person_schedule", args=[pk])
    context: dict[str, Any] = {
        "title": found.name, "area": _("People"), "crumbs": ((_("People"), reverse("people:people")),),
        "tabs": tabs.links("person", actor, current="schedule", arguments={"pk": pk}),
        "person": found, "first": first, "last": last, "today": actor.today,
        "weeks": [(monday, monday + _WEEK - timedelta(days=1), cell) for monday, cell in
                  zip(mondays, row.cells if row else (), strict=False)],
        "near": _load(request, found, _NEAR), "far": _load(request, found, _FAR),
        "bookings": list(queries.bookings_between(actor, first, last).filter(person=found)),
        "absences": _away(request, found, first, last),
        "holidays": sorted(holidays_of([found.id], first, last).get(found.id, {}).items()),
        "earlier": f"{here}?from={first - _WEEK * _WEEKS}", "later": f"{here}?from={first + _WEEK * _WEEKS}",
        "here": here, "may_book": actor.may("resourcing.booking.create"),
        "may_subscribe": actor.may("resourcing.feed.create"),
        "this_week": actor.today - timedelta(days=actor.today.weekday()),
    }  # fmt: skip
    return respond.page(request, "resourcing/person_schedule.html", context)


def _load(request: ActorRequest, person: Any, weeks: int) -> dict[str, Any]:
    """How much of the coming weeks is firmly booked."""
    wanted = Wanted(from_on=request.actor.today, columns=weeks * 7, step=1, people=(person.id,))
    row = next(iter(grid(request.actor, wanted).rows), None)
    percent = row.total.percent if row else None
    until = request.actor.today + _WEEK * weeks - timedelta(days=1)
    text = "" if percent is None else formats.percent(Decimal(percent) / _HUNDRED, request.actor.locale, places=0)
    return {"percent": percent, "text": text, "until": until}


def _away(request: ActorRequest, person: Any, first: date, last: date) -> list[tuple[Any, Any, Any]]:
    if not request.actor.may(absences.VIEW_ABSENCE):
        return []
    rows = absences.absences_between(request.actor, first, last).filter(person=person)
    return [
        (row, absences.KINDS[absences.shown_kind(request.actor, row)], absences.STATUSES[row.status]) for row in rows
    ]


def _monday(request: ActorRequest) -> date:
    on = asked_day(request, "from", request.actor.today)
    return on - timedelta(days=on.weekday())
