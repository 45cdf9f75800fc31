"""Timesheets by person and week over the API."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    Router,
    operation,
    respond_json,
)
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.period import iso_week
from quoin.kernel.words import say
from quoin.timesheets.actions import weeks
from quoin.timesheets.actions.cells import RECORD, save_cells
from quoin.timesheets.api.wire import (
    PersonId,
    ProjectId,
    TaskId,
    cell_out,
    cells_of,
    monday,
    row_out,
)
from quoin.timesheets.queries import access
from quoin.timesheets.queries.month import month_day, month_for
from quoin.timesheets.queries.week import cells_for, checks_for, week_for
from quoin.timesheets.queries.words import check_words, refusal_words
from quoin.timesheets.rules.cells import CellEdit
from quoin.timesheets.types import RowKey

router = Router(tags=["time"])
_MOST = 1000


class CellIn(ApiIn):
    """A cell of a timesheet. `change_id` is yours: sent twice, it is applied once."""

    project_id: ProjectId
    task_id: TaskId | None = None
    work_on: date
    minutes: int | None = None
    note: str | None = None
    is_billable: bool | None = None
    was_minutes: int | None = None
    change_id: UUID | None = None


class CellsIn(ApiIn):
    """Cells to be saved together."""

    cells: list[CellIn]


@router.get("/timesheets/{person_id}/months/{month}", summary="A person's month by day")
@operation(access.VIEW_TIME)
def get_month(request: ApiRequest, person_id: PersonId, month: str) -> HttpResponse:
    """Logged and due minutes of each day of a month written `2026-05`."""
    found = month_for(request.actor, person_id, month_day(month))
    return respond_json(
        {
            "person_id": public_id("per", person_id), "month": f"{found.first:%Y-%m}", "minutes": found.minutes,
            "target_minutes": found.target_minutes, "billable_minutes": found.billable_minutes,
            "days": [
                {
                    "work_on": day.on, "minutes": day.minutes, "target_minutes": day.target_minutes,
                    "billable_minutes": day.billable_minutes, "status": day.status or None,
                }
                for day in found.days
            ],
        }
    )  # fmt: skip


@router.get("/timesheets/{person_id}/{week}", summary="A person's week")
@operation(access.VIEW_TIME)
def get_week(request: ApiRequest, person_id: PersonId, week: str) -> HttpResponse:
    """Rows, cells, targets and suggestions of a week written `2026-W19`."""
    sheet = week_for(request.actor, person_id, monday(week), today=request.actor.today)
    return respond_json(
        {
            "person_id": public_id("per", person_id), "week": iso_week(sheet.week_on), "status": sheet.status.value,
            "submitted_at": sheet.submitted_at, "minutes": sheet.minutes, "target_minutes": sheet.target,
            "targets": [{"work_on": day, "minutes": minutes} for day, minutes in sheet.targets.items()],
            "cells": [cell_out(cell.entries) for row in sheet.rows for cell in row.cells if cell.entries],
            "suggestions": [
                {**row_out(one.row), "work_on": one.day, "minutes": one.minutes, "why": one.why.value}
                for one in sheet.suggestions
            ],
            "checks": [
                {"finding": check.finding.value, "level": check.level.value, "work_on": check.day,
                 "detail": check_words(check)}
                for check in checks_for(request.actor, sheet)
            ],
        }
    )  # fmt: skip


@router.get("/timesheets/{person_id}/{week}/cells", summary="What is logged in a person's week")
@operation(access.VIEW_TIME)
def get_cells(request: ApiRequest, person_id: PersonId, week: str) -> HttpResponse:
    """Only the cells that hold time: the cheap look for programs."""
    _person, found = cells_for(request.actor, person_id, monday(week))
    return respond_json({"data": cells_of(found)})


@router.put("/timesheets/{person_id}/{week}/cells", summary="Save cells of a person's week")
@operation(RECORD)
def put_cells(request: ApiRequest, person_id: PersonId, week: str, body: CellsIn) -> HttpResponse:
    """Each cell is saved or refused by itself; `outcomes` are in the order of `cells`."""
    week_on = monday(week)
    edits = [
        CellEdit(
            row=RowKey(cell.project_id, cell.task_id), work_on=cell.work_on, minutes=cell.minutes, note=cell.note,
            is_billable=cell.is_billable, was_minutes=cell.was_minutes, id=cell.change_id,
        )
        for cell in body.cells
    ]  # fmt: skip
    if any(not 0 <= (edit.work_on - week_on).days < 7 for edit in edits):  # noqa: PLR2004 - days of a week
        raise invalid("/cells", say("All cells are of the week %(week)s.", week=week))
    saved = save_cells(request.actor, person_id=person_id, edits=edits).saved
    outcomes = [
        {
            "state": "refused" if one.reason else "replayed" if one.is_replayed else "saved",
            "code": one.reason.value if one.reason else "", "detail": refusal_words(one.reason) if one.reason else "",
        }
        for one in saved.outcomes
    ]  # fmt: skip
    return respond_json(
        {"outcomes": outcomes, "cells": [cell_out(cell.entries) for cell in saved.cells if cell.entries]}
    )


@router.post("/timesheets/{person_id}/{week}/submit", summary="Hand a week in")
@operation(weeks.SUBMIT)
def submit_week(request: ApiRequest, person_id: PersonId, week: str) -> HttpResponse:
    count = weeks.submit_week(request.actor, person_id=person_id, week_on=monday(week))
    return respond_json({"entries": count})


@router.post("/timesheets/{person_id}/{week}/withdraw", summary="Take a week back")
@operation(weeks.WITHDRAW)
def withdraw_week(request: ApiRequest, person_id: PersonId, week: str) -> HttpResponse:
    count = weeks.withdraw_week(request.actor, person_id=person_id, week_on=monday(week))
    return respond_json({"entries": count})


@router.post("/timesheets/{person_id}/{week}/from-bookings", summary="Log what is booked in a week")
@operation(weeks.COPY_BOOKINGS)
def copy_bookings(request: ApiRequest, person_id: PersonId, week: str) -> HttpResponse:
    """Firm bookings that are not logged yet become time; what is typed stays."""
    done = weeks.copy_bookings(request.actor, person_id=person_id, week_on=monday(week))
    return respond_json({"minutes": done.minutes, "entries": len(done.suggestions)})
