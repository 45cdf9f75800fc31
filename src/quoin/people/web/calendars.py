"""Work calendars: the list, a calendar with its week and the days of a year that differ, and the forms."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.filling import Sheet, answer
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.kernel.errors import NotFound
from quoin.people.actions import calendars as actions
from quoin.people.queries import calendars as queries
from quoin.people.queries.calendar_year import day_of, people_count, year_days
from quoin.people.rules.calendars import spans_of, text_of
from quoin.people.types import OFFICE_WEEK
from quoin.people.web.forms import WEEKDAYS

_CREATE, _EDIT, _DELETE = "people.calendar.create", "people.calendar.edit", "people.calendar.delete"
_FILL, _SET, _UNSET = "people.calendar.fill", "people.calendar_day.set", "people.calendar_day.delete"
_FACTS = ("name", "country", "subdivision", "parent_id", "is_default")
_DAYS = tuple(f"day{at}" for at in range(len(WEEKDAYS)))
_HOURS_HELP = gettext_lazy("For example 8-12, 13:00-17:30. Nothing: nobody works.")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def _id(text: object) -> UUID | None:
    return UUID(str(text)) if text else None


class CalendarForm(forms.Form):
    """Whose holidays, and the stretches of each weekday."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    country = forms.CharField(
        label=gettext_lazy("Country"), required=False, max_length=2,
        help_text=gettext_lazy("Two letters, as DE. Its public holidays are filled in."),
    )  # fmt: skip
    subdivision = forms.CharField(
        label=gettext_lazy("Region"), required=False, max_length=6,
        help_text=gettext_lazy("ISO code, as BY, where the region has holidays of its own."),
    )  # fmt: skip
    parent_id = forms.TypedChoiceField(
        label=gettext_lazy("Based on"), required=False, coerce=_id, empty_value=None,
        help_text=gettext_lazy("The days that differ there count here too."),
    )  # fmt: skip
    is_default = forms.BooleanField(
        label=gettext_lazy("For everybody who has no calendar of their own"), required=False
    )

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent_id"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]  # a choice field
        for name, weekday in zip(_DAYS, WEEKDAYS, strict=True):
            self.fields[name] = forms.CharField(
                label=weekday, required=False, max_length=100, help_text=_HOURS_HELP if name == _DAYS[0] else ""
            )
        self.order_fields([*_FACTS[:-1], *_DAYS, _FACTS[-1]])

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_subdivision(self) -> str:
        return str(self.cleaned_data["subdivision"]).upper()

    def week(self) -> list[list[list[int]]]:
        return [spans_of(self.cleaned_data[name], pointer=f"/{name}") for name in _DAYS]


class DayForm(forms.Form):
    """A day that differs from the week."""

    day_on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    label = forms.CharField(
        label=gettext_lazy("What"), max_length=100, help_text=gettext_lazy("For example: company outing.")
    )
    hours = forms.CharField(label=gettext_lazy("Hours worked"), required=False, max_length=100, help_text=_HOURS_HELP)


@page(queries.VIEW_CALENDARS)
def calendar_list(request: ActorRequest) -> HttpResponse:
    may_add, new = request.actor.may(_CREATE), reverse("people:calendar_new")
    screen = Screen(
        title=_("Work calendars"),
        area=_("People"),
        empty=Empty(
            text=_("No calendar yet: everybody works forty hours, Monday to Friday, without holidays."),
            url=new if may_add else "",
            verb=_("New calendar") if may_add else "",
        ),
        row_url=lambda row: reverse("people:calendar", args=[row.public_id]),
        primary=Link(label=_("New calendar"), url=new, icon="plus") if may_add else None,
    )
    return list_page(request, queries.CALENDARS, queries.calendars(request.actor), screen)


@page(queries.VIEW_CALENDARS)
def calendar(request: ActorRequest, pk: str) -> HttpResponse:
    actor = request.actor
    found = queries.calendar_for(actor, object_id("wca", pk))
    year = _year(request.GET.get("year", ""), actor.today.year)
    days = year_days(actor, found.id, year)
    context: dict[str, Any] = {
        "title": found.name, "area": _("People"), "crumbs": ((_("Work calendars"), reverse("people:calendars")),),
        "number_text": _("default") if found.is_default else "", "calendar": found, "year": year, "days": days,
        "week": [
            (weekday, text_of(spans), minutes)
            for weekday, spans, minutes in zip(WEEKDAYS, found.week, found.weekday_minutes, strict=False)
        ],
        "week_minutes": sum(found.weekday_minutes), "people": people_count(actor, found.id),
        "earlier": year - 1, "later": year + 1, "may_edit": actor.may(_EDIT), "may_delete": actor.may(_DELETE),
        "may_fill": bool(found.country) and actor.may(_FILL),
        "may_set": actor.may(_SET), "may_unset": actor.may(_UNSET),
    }  # fmt: skip
    return respond.page(request, "people/calendar.html", context)


@page(_CREATE, methods=("GET", "POST"))
def calendar_new(request: ActorRequest) -> HttpResponse:
    form = CalendarForm(queries.calendar_choices(), request.POST or None, initial=_week_texts(OFFICE_WEEK))
    sheet = Sheet(
        title=_("New calendar"), verb=_("Add calendar"), back=reverse("people:calendars"), done=_("Calendar added"),
        leads_to=lambda made: reverse("people:calendar", args=[made.public_id]),
    )  # fmt: skip

    def run() -> Any:
        facts = {name: form.cleaned_data[name] for name in _FACTS}
        return actions.create_calendar(request.actor, **facts, week=form.week())

    return answer(request, form, run, sheet)


@page(_EDIT, methods=("GET", "POST"))
def calendar_edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.calendar_for(request.actor, object_id("wca", pk))
    initial = {**{name: getattr(found, name) for name in _FACTS}, **_week_texts(found.week)}
    others = [choice for choice in queries.calendar_choices() if choice[0] != str(found.id)]
    form = CalendarForm(others, request.POST or None, initial=initial)
    back = reverse("people:calendar", args=[pk])

    def run() -> None:
        changed: dict[str, Any] = {name: form.cleaned_data[name] for name in _FACTS if name in form.changed_data}
        if set(_DAYS) & set(form.changed_data):
            changed["week"] = form.week()
        if changed:
            actions.edit_calendar(request.actor, calendar_id=found.id, **changed)

    title = _("Edit %(name)s") % {"name": found.name}
    return answer(request, form, run, Sheet(title=title, verb=_("Save"), back=back, done=_("Saved")))


@page(_DELETE, methods=("POST",))
def calendar_delete(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.calendar_for(request.actor, object_id("wca", pk))
    actions.delete_calendar(request.actor, calendar_id=found.id)
    return respond.redirect_with_toast(request, reverse("people:calendars"), _("Calendar deleted"))


@page(_FILL, methods=("POST",))
def calendar_fill(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.calendar_for(request.actor, object_id("wca", pk))
    year = _year(request.POST.get("year", ""), request.actor.today.year)
    count = actions.fill_calendar(request.actor, calendar_id=found.id, year=year)
    text = ngettext(
        "%(count)s public holiday of %(year)s filled in", "%(count)s public holidays of %(year)s filled in", count
    )
    return respond.redirect_with_toast(request, _at(pk, year), text % {"count": count, "year": year})


@page(_SET, methods=("GET", "POST"))
def day_new(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.calendar_for(request.actor, object_id("wca", pk))
    year = _year(request.GET.get("year", ""), request.actor.today.year)
    first = request.actor.today if year == request.actor.today.year else date(year, 1, 1)
    return _day_form(request, found, {"day_on": first}, back=_at(pk, year), title=_("A day that differs"))


@page(_SET, methods=("GET", "POST"))
def day_edit(request: ActorRequest, pk: str, day_on: str) -> HttpResponse:
    found = queries.calendar_for(request.actor, object_id("wca", pk))
    row = day_of(request.actor, found.id, _day(day_on))
    initial = {"day_on": row.day_on, "label": row.label, "hours": text_of(row.spans)}
    back = _at(pk, row.day_on.year)
    return _day_form(request, found, initial, back=back, title=_("A day that differs"), is_new=False)


@page(_UNSET, methods=("POST",))
def day_delete(request: ActorRequest, pk: str, day_on: str) -> HttpResponse:
    found = queries.calendar_for(request.actor, object_id("wca", pk))
    day = _day(day_on)
    actions.delete_calendar_day(request.actor, calendar_id=found.id, day_on=day)
    text = _("The day is like any other again")
    return respond.redirect_with_toast(request, _at(pk, day.year), text, undo=undo_token(request.actor))


def _day_form(
    request: ActorRequest, found: Any, initial: dict[str, Any], *, back: str, title: str, is_new: bool = True
) -> HttpResponse:
    form = DayForm(request.POST or None, initial=initial)
    form.fields["day_on"].disabled = not is_new

    def run() -> Any:
        given = form.cleaned_data
        spans = spans_of(given["hours"], pointer="/hours")
        return actions.set_calendar_day(
            request.actor, calendar_id=found.id, day_on=given["day_on"], label=given["label"], spans=spans
        )

    sheet = Sheet(
        title=title, verb=_("Set the day"), back=back, done=_("Saved"), intro=found.name,
        leads_to=lambda row: _at(found.public_id, row.day_on.year),
    )  # fmt: skip
    return answer(request, form, run, sheet)


def _week_texts(week: Any) -> dict[str, str]:
    return {name: text_of(spans) for name, spans in zip(_DAYS, week, strict=False)}


def _year(text: str, this_year: int) -> int:
    return int(text) if text.isdecimal() and _FIRST_YEAR <= int(text) <= _LAST_YEAR else this_year


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("There is no such day.") from None


def _at(pk: str, year: int) -> str:
    return f"{reverse('people:calendar', args=[pk])}?year={year}"
