"""Work calendars and the days that differ over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json
from quoin.kernel.ids import public_id
from quoin.people.actions import calendars as actions
from quoin.people.queries import calendars as queries

router = Router(tags=["calendars"])
CalendarId = Annotated[UUID, PublicId("wca")]
Stretches = list[list[int]]


class CalendarPatch(ApiIn):
    """What to change of a calendar; absent fields stay. `week` is seven lists of [from, until] in minutes."""

    name: str = ""
    country: str = ""
    subdivision: str = ""
    parent_id: CalendarId | None = None
    week: list[Stretches] | None = None
    is_default: bool = False


class CalendarIn(CalendarPatch):
    """A calendar; public holidays of the country are filled in."""

    name: str


class DayIn(ApiIn):
    """A day that differs: without stretches nobody works."""

    label: str = ""
    spans: Stretches = []


class YearIn(ApiIn):
    """The year whose public holidays are filled in."""

    year: int


@router.get("/calendars", summary="List work calendars")
@operation(queries.VIEW_CALENDARS)
def list_calendars(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.CALENDARS, queries.calendars(request.actor), calendar_out)


@router.post("/calendars", summary="Add a work calendar")
@operation("people.calendar.create")
def create_calendar(request: ApiRequest, body: CalendarIn) -> HttpResponse:
    return respond_json(calendar_out(actions.create_calendar(request.actor, **body.model_dump())), status=201)


@router.patch("/calendars/{calendar_id}", summary="Edit a work calendar")
@operation("people.calendar.edit")
def edit_calendar(request: ApiRequest, calendar_id: CalendarId, body: CalendarPatch) -> HttpResponse:
    made = actions.edit_calendar(request.actor, calendar_id=calendar_id, **body.model_dump(exclude_unset=True))
    return respond_json(calendar_out(made))


@router.delete("/calendars/{calendar_id}", summary="Delete a work calendar")
@operation("people.calendar.delete")
def delete_calendar(request: ApiRequest, calendar_id: CalendarId) -> HttpResponse:
    actions.delete_calendar(request.actor, calendar_id=calendar_id)
    return HttpResponse(status=204)


@router.post("/calendars/{calendar_id}/fill", summary="Fill in the public holidays of a year")
@operation("people.calendar.fill")
def fill_calendar(request: ApiRequest, calendar_id: CalendarId, body: YearIn) -> HttpResponse:
    return respond_json({"days": actions.fill_calendar(request.actor, calendar_id=calendar_id, year=body.year)})


@router.get("/calendars/{calendar_id}/days", summary="Days of a calendar that differ")
@operation(queries.VIEW_CALENDARS)
def list_days(request: ApiRequest, calendar_id: CalendarId) -> HttpResponse:
    rows = queries.calendar_days(request.actor, calendar_id)
    return list_response(request, queries.CALENDAR_DAYS, rows, _day_out)


@router.put("/calendars/{calendar_id}/days/{day_on}", summary="Set a day that differs")
@operation("people.calendar_day.set")
def set_day(request: ApiRequest, calendar_id: CalendarId, day_on: date, body: DayIn) -> HttpResponse:
    row = actions.set_calendar_day(request.actor, calendar_id=calendar_id, day_on=day_on, **body.model_dump())
    return respond_json(_day_out(row))


@router.delete("/calendars/{calendar_id}/days/{day_on}", summary="Delete a day that differs")
@operation("people.calendar_day.delete")
def delete_day(request: ApiRequest, calendar_id: CalendarId, day_on: date) -> HttpResponse:
    actions.delete_calendar_day(request.actor, calendar_id=calendar_id, day_on=day_on)
    return HttpResponse(status=204)


def calendar_out(calendar: Any) -> dict[str, Any]:
    """A calendar as the API writes it."""
    names = ("name", "country", "subdivision", "week", "weekday_minutes", "is_default")
    parent = public_id("wca", calendar.parent_id) if calendar.parent_id else None
    return {"id": calendar.public_id, "parent_id": parent, **{name: getattr(calendar, name) for name in names}}


def _day_out(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("day_on", "label", "spans", "minutes", "is_holiday")}
