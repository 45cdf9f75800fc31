"""The list of bookings, a booking, and the form of a booking."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.resourcing import queries
from quoin.resourcing.actions import bookings as actions
from quoin.resourcing.web.forms import BookingForm


@page(queries.VIEW)
def bookings(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may("resourcing.booking.create")
    new = reverse("resourcing:booking_new")
    screen = Screen(
        title=_("Bookings"),
        area=_("People"),
        empty=Empty(
            text=_("Nobody is booked yet. Book somebody on a project, or ask for people with a request."),
            url=new if may_add else "",
            verb=_("New booking") if may_add else "",
        ),
        row_url=lambda row: reverse("resourcing:booking", args=[row.public_id]),
        primary=Link(label=_("New booking"), url=new, icon="plus") if may_add else None,
    )
    return list_page(request, queries.BOOKINGS, queries.visible_bookings(request.actor), screen)


@page(queries.VIEW)
def booking(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.booking_for(request.actor, object_id("bok", pk))
    context: dict[str, Any] = {
        "title": f"{found.person.name} · {found.project.name}",
        "area": _("People"),
        "crumbs": ((_("Bookings"), reverse("resourcing:bookings")),),
        "booking": found,
        "days": queries.days_of_booking(found),
    }
    return respond.page(request, "resourcing/booking.html", context)


@page("resourcing.booking.create", methods=("GET", "POST"))
def new_booking(request: ActorRequest) -> HttpResponse:
    form = BookingForm(request.actor, request.POST or None, initial=_asked(request))
    back = reverse("resourcing:bookings")
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_booking(request.actor, **form.fields_of_booking())
            url = reverse("resourcing:booking", args=[made.public_id])
            text = _("%(name)s booked") % {"name": made.person.name}
            return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
    return respond.form_page(request, form, title=_("New booking"), verb=_("Book"), cancel_url=back)


def _asked(request: ActorRequest) -> dict[str, Any]:
    """What the address says of the booking: the page that led here knows person, project or days."""
    given = request.GET
    found: dict[str, Any] = {"starts_on": request.actor.today}
    for name, prefix in (("person", "per"), ("project", "prj")):
        if given.get(name):
            found[f"{name}_id"] = str(object_id(prefix, given[name]))
    return found | {name: given[key] for name, key in (("starts_on", "from"), ("ends_on", "until")) if given.get(key)}
