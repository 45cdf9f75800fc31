"""Approvals of time over the API."""

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
from quoin.kernel.ids import public_id
from quoin.kernel.period import iso_week
from quoin.timesheets.actions import approvals
from quoin.timesheets.api.wire import (
    EntryId,
    PersonId,
    monday,
)
from quoin.timesheets.queries import queue
from quoin.timesheets.queries.words import check_words

router = Router(tags=["approvals"])
_MOST = 1000


class WeekIn(ApiIn):
    """A person's week."""

    person_id: PersonId
    week: str


class DecisionIn(ApiIn):
    """What is decided on: entries, or all handed-in time of weeks."""

    entry_ids: list[EntryId] = []
    weeks: list[WeekIn] = []


class CommentIn(ApiIn):
    """A comment on one entry."""

    entry_id: EntryId
    note: str


class ReturnIn(ApiIn):
    """What goes back, with a comment per entry or one for all."""

    comments: list[CommentIn] = []
    weeks: list[WeekIn] = []
    note: str = ""


class ReopenIn(ApiIn):
    """Approved entries to be opened again."""

    entry_ids: list[EntryId]
    note: str = ""


@router.get("/approvals", summary="Weeks that wait for you")
@operation(approvals.APPROVE)
def list_waiting(request: ApiRequest) -> HttpResponse:
    found = [
        {
            "person_id": public_id("per", one.person_id), "person": one.person, "week": iso_week(one.week_on),
            "minutes": one.minutes, "is_clean": one.is_clean, "entries": len(one.entries),
            "flags": [
                {"finding": flag.finding.value, "detail": check_words(flag), "work_on": flag.day} for flag in one.flags
            ],
        }
        for one in queue.waiting_weeks(request.actor)
    ]  # fmt: skip
    return respond_json({"data": found})


@router.post("/approvals/approve", summary="Approve time")
@operation(approvals.APPROVE)
def approve(request: ApiRequest, body: DecisionIn) -> HttpResponse:
    ids = approvals.approve_time(request.actor, entry_ids=body.entry_ids, weeks=_weeks(body.weeks))
    return respond_json({"approved": [public_id("tim", one) for one in ids]})


@router.post("/approvals/return", summary="Return time with comments")
@operation(approvals.RETURN)
def give_back(request: ApiRequest, body: ReturnIn) -> HttpResponse:
    notes = [(one.entry_id, one.note) for one in body.comments]
    ids = approvals.return_time(request.actor, notes=notes, weeks=_weeks(body.weeks), note=body.note)
    return respond_json({"returned": [public_id("tim", one) for one in ids]})


@router.post("/approvals/reopen", summary="Open approved time again")
@operation(approvals.REOPEN)
def reopen(request: ApiRequest, body: ReopenIn) -> HttpResponse:
    ids = approvals.reopen_time(request.actor, entry_ids=body.entry_ids, note=body.note)
    return respond_json({"reopened": [public_id("tim", one) for one in ids]})


def _weeks(asked: list[WeekIn]) -> list[tuple[UUID | str, date | str]]:
    return [(one.person_id, monday(one.week)) for one in asked]
