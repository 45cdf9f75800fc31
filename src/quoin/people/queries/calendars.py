"""Reads of work calendars and the days that differ."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing
from quoin.kernel.errors import NotFound
from quoin.people.models import CalendarDay, WorkCalendar

VIEW_CALENDARS = permission("people.calendar.view", _("See work calendars and holidays"))
CALENDARS = Listing(
    key="calendars",
    columns=(
        Column(key="name", label=_("Name")),
        Column(key="country", label=_("Country")),
        Column(key="subdivision", label=_("Region")),
        Column(key="parent", label=_("Based on"), source="parent__name"),
        Column(
            key="is_default",
            label=_("Default"),
            value=lambda row: _("default") if row.is_default else "",
            ops=(),
        ),
        Column(key="day_count", label=_("Days that differ"), kind=Kind.NUMBER),
    ),
    search=("name__icontains", "country__iexact"),
    sort="name",
)
CALENDAR_DAYS = Listing(
    key="calendar_days",
    columns=(
        Column(key="day_on", label=_("Day"), kind=Kind.DAY),
        Column(key="label", label=_("What")),
        Column(key="minutes", label=_("Worked"), kind=Kind.MINUTES),
        Column(
            key="is_holiday",
            label=_("Public holiday"),
            value=lambda row: _("yes") if row.is_holiday else "",
            ops=(),
        ),
    ),
    search=("label__icontains",),
    sort="day_on",
)


def calendars(actor: Actor) -> QuerySet[WorkCalendar]:
    """All calendars of the firm, with how many days of theirs differ."""
    actor.require(VIEW_CALENDARS)
    days = CalendarDay.objects.filter(calendar=OuterRef("pk"), tenant_id=OuterRef("tenant_id")).order_by()
    counted = days.values("calendar").annotate(found=Count("*")).values("found")
    rows = WorkCalendar.objects.select_related("parent").annotate(day_count=Coalesce(Subquery(counted), 0))
    return rows.order_by("name", "id")


def calendar_for(actor: Actor, calendar_id: UUID) -> WorkCalendar:
    """The calendar; NotFound if there is none."""
    actor.require(VIEW_CALENDARS)
    found = WorkCalendar.objects.select_related("parent").filter(id=calendar_id).first()
    if found is None:
        raise NotFound("There is no such calendar.")
    return found


def calendar_days(
    actor: Actor, calendar_id: UUID, *, from_on: date | None = None, until_on: date | None = None
) -> QuerySet[CalendarDay]:
    """Days of a calendar that differ from its week, oldest first."""
    rows = CalendarDay.objects.filter(calendar=calendar_for(actor, calendar_id)).order_by("day_on")
    if from_on is not None:
        rows = rows.filter(day_on__gte=from_on)
    return rows if until_on is None else rows.filter(day_on__lte=until_on)


def calendar_choices() -> list[tuple[str, str]]:
    """Calendars, for a form."""
    return [(str(row.id), row.name) for row in WorkCalendar.objects.order_by("name")]
