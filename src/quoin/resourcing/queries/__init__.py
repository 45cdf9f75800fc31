"""Reads of bookings: what the actor may see of people they see, and of projects they see."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.kernel.errors import NotFound
from quoin.people.queries.within import people_within
from quoin.projects.models import Project
from quoin.resourcing.models import Booking, BookingDay, DayLoad

VIEW = permission("resourcing.booking.view", _("See who is booked on what"))


def within_reach(actor: Actor, right: str, *, person: str = "person", project: str = "project") -> Q:
    """Rows of people whom the right reaches, or of projects that the actor manages."""
    if actor.scope(right) is Scope.ALL:
        return Q()
    people = people_within(actor, right).order_by().values("id")
    mine = Q(**{f"{person}__in": people})
    if actor.scope(right) is Scope.TEAM and actor.person_id:
        managed = Project.objects.filter(manager=actor.person_id).order_by().values("id")
        mine |= Q(**{f"{project}__in": managed})
    return mine


def visible_bookings(actor: Actor) -> QuerySet[Booking]:
    """Bookings of the people the actor may look at, and of the projects they manage."""
    if actor.scope(VIEW) is None:
        return Booking.objects.none()
    minutes = (
        BookingDay.objects.filter(tenant_id=OuterRef("tenant_id"), booking_id=OuterRef("pk"))
        .order_by()
        .values("booking_id")
        .annotate(total=Sum("minutes"))
        .values("total")
    )
    rows = Booking.objects.select_related("person", "project", "project__client", "task", "job_role", "booked_by")
    rows = rows.filter(within_reach(actor, VIEW)).annotate(minutes=Coalesce(Subquery(minutes), 0))
    return rows.order_by("starts_on", "person__name", "id")


def booking_for(actor: Actor, booking_id: UUID) -> Booking:
    """The booking; NotFound if there is none that the actor may see."""
    found = visible_bookings(actor).filter(id=booking_id).first()
    if found is None:
        raise NotFound("There is no such booking, or you may not see it.")
    return found


def bookings_between(actor: Actor, from_on: date, until_on: date) -> QuerySet[Booking]:
    """Bookings with days in this span (both included)."""
    return visible_bookings(actor).filter(starts_on__lte=until_on, ends_on__gte=from_on)


def days_of_booking(booking: Booking) -> list[tuple[date, int]]:
    """Day and minutes of a booking that was found by the actor."""
    rows = BookingDay.objects.filter(tenant_id=booking.tenant_id, booking_id=booking.id).order_by("day_on")
    return list(rows.values_list("day_on", "minutes"))


def conflict_days(actor: Actor, *, from_on: date | None = None) -> QuerySet[DayLoad]:
    """Days that lost capacity after they were booked, of the people the actor may look at; the next first."""
    people = people_within(actor, VIEW).order_by().values("id")
    rows = DayLoad.objects.filter(tenant_id=actor.tenant_id, conflict_minutes__gt=0, person_id__in=people)
    return rows.filter(day_on__gte=from_on or actor.today).order_by("day_on", "person_id")


def bookings_in_conflict(actor: Actor, *, from_on: date | None = None) -> QuerySet[Booking]:
    """Firm bookings on days that cannot hold them any more."""
    days = conflict_days(actor, from_on=from_on).order_by()
    pairs = BookingDay.objects.filter(
        tenant_id=actor.tenant_id,
        is_firm=True,
        person_id__in=days.values("person_id"),
        day_on__in=days.values("day_on"),
    )
    crowded = {(row.person_id, row.day_on) for row in days}
    ids = {
        booking
        for booking, person, day in pairs.values_list("booking_id", "person_id", "day_on")
        if (person, day) in crowded
    }
    return visible_bookings(actor).filter(id__in=ids)


BOOKINGS = Listing(
    key="bookings",
    columns=(
        Column(key="person", label=_("Person"), source="person__name"),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="number", label=_("Number"), source="project__number", is_default=False),
        Column(key="client", label=_("Client"), source="project__client__name", is_default=False),
        Column(key="starts_on", label=_("From"), kind=Kind.DAY),
        Column(key="ends_on", label=_("To"), kind=Kind.DAY),
        Column(key="minutes", label=_("Hours"), kind=Kind.MINUTES, is_totalled=True),
        Column(
            key="is_firm",
            label=_("State"),
            kind=Kind.FLAG,
            statuses={
                "true": Status("success", capfirst(_("firm"))),
                "false": Status("neutral", capfirst(_("tentative"))),
            },
        ),
        Column(key="note", label=_("Note")),
        Column(key="booked_by", label=_("Booked by"), source="booked_by__name", is_default=False),
    ),
    search=("person__name__icontains", "project__name__icontains", "project__number__iexact", "note__icontains"),
    sort="starts_on",
    views=(
        View(key="firm", label=capfirst(_("firm")), query="is_firm=true"),
        View(key="tentative", label=_("Tentative"), query="is_firm=false"),
    ),
)
