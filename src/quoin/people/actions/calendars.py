"""Commands about work calendars: weeks, days that differ, public holidays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.people import services
from quoin.people.models import CalendarDay, Person, WorkCalendar
from quoin.people.rules.calendars import checked_spans, checked_week, minutes_of
from quoin.people.services.holidays import fill_holidays, public_holidays

_EDITABLE = frozenset({"name", "country", "subdivision", "parent_id", "week", "is_default"})
YEARS_AHEAD = 2
Week = Sequence[Sequence[Sequence[int]]]


@action("people.calendar.create", label=_("Add a work calendar"))
def create_calendar(
    actor: Actor,
    *,
    name: str,
    country: str = "",
    subdivision: str = "",
    parent_id: UUID | None = None,
    week: Week | None = None,
    is_default: bool = False,
) -> WorkCalendar:
    """A calendar with the public holidays of its country for last year, this year and the next two."""
    calendar = services.add_calendar(
        name=name, country=country, subdivision=subdivision, parent_id=parent_id, week=week, is_default=is_default
    )
    if calendar.country:
        for year in range(actor.today.year - 1, actor.today.year + YEARS_AHEAD + 1):
            fill_holidays(calendar, year)
    undo_with("people.calendar.delete", calendar_id=calendar.id)
    touch(calendar.public_id)
    return calendar


@action("people.calendar.edit", label=_("Edit a work calendar"))
def edit_calendar(actor: Actor, /, *, calendar_id: UUID | str, **fields: Any) -> WorkCalendar:
    calendar = _calendar(calendar_id)
    for name in fields:
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("A calendar has no field %(name)s that can be set.", name=name), code="unknown_field"
            )
    undo_with("people.calendar.edit", calendar_id=calendar.id, **{name: getattr(calendar, name) for name in fields})
    _check_fields(calendar, fields, actor.today.year)
    if "week" in fields:
        fields["week"] = checked_week(fields["week"])
        fields["weekday_minutes"] = [minutes_of(spans) for spans in fields["week"]]
    if fields.get("is_default"):
        WorkCalendar.objects.exclude(id=calendar.id).filter(is_default=True).update(is_default=False)
    for name, value in fields.items():
        setattr(calendar, name, value)
    calendar.save(update_fields=list(fields) or None)
    touch(calendar.public_id)
    return calendar


@action("people.calendar.delete", label=_("Delete a work calendar"))
def delete_calendar(actor: Actor, *, calendar_id: UUID | str) -> None:
    calendar = _calendar(calendar_id)
    if Person.objects.filter(calendar=calendar).exists():
        raise Conflict("People work by this calendar. Give them another one first.")
    if WorkCalendar.objects.filter(parent=calendar).exists():
        raise Conflict("Another calendar is based on this one. Change that one first.")
    touch(calendar.public_id)
    calendar.delete()


@action("people.calendar.fill", label=_("Fill in public holidays"))
def fill_calendar(actor: Actor, *, calendar_id: UUID, year: int) -> int:
    """Public holidays of the year, in place of those filled before; days set by hand stay. Returns how many."""
    calendar = _calendar(calendar_id)
    touch(calendar.public_id)
    return fill_holidays(calendar, year)


@action("people.calendar.fill_ahead", label=_("Fill in the public holidays of the years to come"))
def fill_ahead(actor: Actor) -> int:
    """Fill this year and two more in every calendar of a country, where nothing is filled for the year yet.

    A year that is filled stays as it is, with what was changed in it by hand. Returns how many days were added.
    """
    filled = set(
        CalendarDay.objects.filter(is_holiday=True).order_by().values_list("calendar_id", "day_on__year").distinct()
    )
    added = 0
    for calendar in WorkCalendar.objects.select_for_update(of=("self",)).exclude(country="").order_by("id"):
        for year in range(actor.today.year, actor.today.year + YEARS_AHEAD + 1):
            if (calendar.id, year) not in filled:
                added += fill_holidays(calendar, year)
                touch(calendar.public_id)
    return added


@action("people.calendar_day.set", label=_("Set a day that differs"))
def set_calendar_day(
    actor: Actor,
    *,
    calendar_id: UUID | str,
    day_on: date | str,
    label: str = "",
    spans: Sequence[Sequence[int]] = (),
) -> CalendarDay:
    """A day off (no stretches) or a day with hours of its own."""
    calendar = _calendar(calendar_id)
    day = date.fromisoformat(str(day_on))
    checked = checked_spans(spans, pointer="/spans")
    before = CalendarDay.objects.filter(calendar=calendar, day_on=day).first()
    if before is None:
        undo_with("people.calendar_day.delete", calendar_id=calendar.id, day_on=day)
    else:
        undo_with(
            "people.calendar_day.set", calendar_id=calendar.id, day_on=day, label=before.label, spans=before.spans
        )
    touch(calendar.public_id)
    row, _made = CalendarDay.objects.update_or_create(
        calendar=calendar,
        day_on=day,
        defaults={"label": label, "spans": checked, "minutes": minutes_of(checked), "is_holiday": False},
    )
    return row


@action("people.calendar_day.delete", label=_("Delete a day that differs"))
def delete_calendar_day(actor: Actor, *, calendar_id: UUID | str, day_on: date | str) -> None:
    calendar = _calendar(calendar_id)
    row = CalendarDay.objects.filter(calendar=calendar, day_on=date.fromisoformat(str(day_on))).first()
    if row is None:
        raise NotFound("The calendar says nothing about this day.")
    undo_with("people.calendar_day.set", calendar_id=calendar.id, day_on=row.day_on, label=row.label, spans=row.spans)
    touch(calendar.public_id)
    row.delete()


def _calendar(calendar_id: UUID | str) -> WorkCalendar:
    calendar = WorkCalendar.objects.select_for_update(of=("self",)).filter(id=calendar_id).first()
    if calendar is None:
        raise NotFound("There is no such calendar.")
    return calendar


def _check_fields(calendar: WorkCalendar, fields: dict[str, Any], year: int) -> None:
    if fields.get("parent_id"):
        _check_parent(calendar, UUID(str(fields["parent_id"])))
    country = fields.get("country", calendar.country)
    if country and {"country", "subdivision"} & set(fields):
        public_holidays(country, fields.get("subdivision", calendar.subdivision), year)


def _check_parent(calendar: WorkCalendar, parent_id: UUID) -> None:
    """No circle: the parents of the parent must not lead back here."""
    at: UUID | None = parent_id
    while at is not None:
        if at == calendar.id:
            raise invalid("/parent_id", "A calendar cannot be based on itself, not even by way of others.")
        at = WorkCalendar.objects.filter(id=at).values_list("parent_id", flat=True).first()
