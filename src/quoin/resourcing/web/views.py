"""Lists of bookings and requests, a booking, a request with its candidates, and the form of a booking."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.kernel.errors import DomainError
from quoin.resourcing import queries
from quoin.resourcing.actions import bookings as actions
from quoin.resourcing.queries import demands
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
    form = BookingForm(request.actor, request.POST or None)
    back = reverse("resourcing:bookings")
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_booking(request.actor, **form.fields_of_booking())
        except DomainError as error:
            respond.form_errors(form, error)
        else:
            url = reverse("resourcing:booking", args=[made.public_id])
            return respond.redirect_with_toast(request, url, _("%(name)s booked") % {"name": made.person.name})
    return respond.form_page(request, form, title=_("New booking"), verb=_("Book"), cancel_url=back)


@page(demands.VIEW_DEMAND)
def requests(request: ActorRequest) -> HttpResponse:
    screen = Screen(
        title=_("Staffing requests"),
        area=_("People"),
        empty=Empty(text=_("Nobody is asked for. A project manager asks for a role with skills; you find who fits.")),
        row_url=lambda row: reverse("resourcing:request", args=[row.public_id]),
        template="resourcing/staffing_requests.html",
        extra={"may_solve": request.actor.may("resourcing.staffing.start")},
    )
    return list_page(request, demands.DEMANDS, demands.visible_demands(request.actor), screen)


@page(demands.VIEW_DEMAND)
def request_page(request: ActorRequest, pk: str) -> HttpResponse:
    found = demands.demand_for(request.actor, object_id("req", pk))
    context: dict[str, Any] = {
        "title": found.title or found.project.name,
        "number_text": f"#{found.number}",
        "status": demands.DEMAND_STATUSES[found.status],
        "area": _("People"),
        "crumbs": ((_("Staffing requests"), reverse("resourcing:requests")),),
        "demand": found,
        "skills": demands.skills_of_demand(found),
        "certificates": demands.certificates_of_demand(found),
        "ranking": demands.ranking_for(request.actor, found),
    }
    return respond.page(request, "resourcing/request.html", context)
