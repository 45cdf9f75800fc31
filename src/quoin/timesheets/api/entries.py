"""Time entries and the clock over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    Router,
    check_match,
    etag_of,
    list_response,
    operation,
    respond_json,
)
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.timesheets.actions import entries, timers
from quoin.timesheets.api.wire import (
    EntryId,
    PersonId,
    ProjectId,
    TaskId,
    entry_out,
    given,
    row_out,
)
from quoin.timesheets.queries import access, clock, lists

router = Router(tags=["time"])
_MOST = 1000


class EntryIn(ApiIn):
    """Time to be logged: minutes of a day, or a start and an end with their offset from UTC."""

    project_id: ProjectId
    task_id: TaskId | None = None
    person_id: PersonId | None = None
    work_on: date | None = None
    minutes: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    note: str = ""
    is_billable: bool | None = None


class EntryPatch(ApiIn):
    """What to change of an entry; absent fields stay."""

    minutes: int = 0
    note: str = ""
    is_billable: bool = True
    started_at: datetime | None = None
    ended_at: datetime | None = None


class MoveIn(ApiIn):
    """Where an entry goes."""

    project_id: ProjectId | None = None
    task_id: TaskId | None = None
    work_on: date | None = None


class BulkIn(ApiIn):
    """Entries to be logged together: all or none."""

    entries: list[EntryIn]


class TimerIn(ApiIn):
    """What the clock runs on."""

    project_id: ProjectId
    task_id: TaskId | None = None
    note: str = ""
    started_at: datetime | None = None


class TimerStop(ApiIn):
    """When the clock stopped; now if left out."""

    ended_at: datetime | None = None
    note: str | None = None


@router.get("/time-entries", summary="List time entries")
@operation(access.VIEW_TIME)
def list_entries(request: ApiRequest) -> HttpResponse:
    return list_response(request, lists.ENTRIES, lists.visible_entries(request.actor), entry_out)


@router.post("/time-entries", summary="Log time")
@operation(entries.ADD)
def create_entry(request: ApiRequest, body: EntryIn) -> HttpResponse:
    return respond_json(entry_out(_log(request, body)), status=201)


@router.post("/time-entries/bulk", summary="Log many entries, all or none")
@operation(entries.ADD)
def create_entries(request: ApiRequest, body: BulkIn) -> HttpResponse:
    if not 1 <= len(body.entries) <= _MOST:
        raise invalid("/entries", say("Between 1 and %(most)s entries are logged at once.", most=_MOST))
    return respond_json({"data": [entry_out(_log(request, one)) for one in body.entries]}, status=201)


@router.get("/time-entries/{entry_id}", summary="A time entry")
@operation(access.VIEW_TIME)
def get_entry(request: ApiRequest, entry_id: EntryId) -> HttpResponse:
    found = lists.visible_entry(request.actor, entry_id)
    return respond_json(entry_out(found), etag=etag_of(found.id, found.version))


@router.patch("/time-entries/{entry_id}", summary="Change a time entry")
@operation(entries.EDIT)
def edit_entry(request: ApiRequest, entry_id: EntryId, body: EntryPatch) -> HttpResponse:
    _match(request, entry_id)
    return respond_json(entry_out(entries.edit_entry(request.actor, entry_id=entry_id, **given(body))))


@router.post("/time-entries/{entry_id}/move", summary="Move a time entry")
@operation(entries.MOVE)
def move_entry(request: ApiRequest, entry_id: EntryId, body: MoveIn) -> HttpResponse:
    _match(request, entry_id)
    return respond_json(entry_out(entries.move_entry(request.actor, entry_id=entry_id, **given(body))))


@router.delete("/time-entries/{entry_id}", summary="Delete a time entry")
@operation(entries.DELETE)
def delete_entry(request: ApiRequest, entry_id: EntryId) -> HttpResponse:
    _match(request, entry_id)
    entries.delete_entry(request.actor, entry_id=entry_id)
    return HttpResponse(status=204)


@router.get("/timer", summary="The running clock")
@operation(access.VIEW_TIME)
def get_timer(request: ApiRequest) -> HttpResponse:
    running = clock.running_timer(request.actor)
    if running is None:
        return respond_json({"is_running": False})
    return respond_json(
        {
            "is_running": True, **row_out(running.row), "note": running.note, "started_at": running.started_at,
            "minutes": running.minutes, "asks": running.question.reason if running.question else None,
            "last_seen": running.question.cut_at if running.question else None,
        }
    )  # fmt: skip


@router.post("/timer/keep", summary="Keep the time of a clock that ran on")
@operation("timesheets.timer.keep")
def keep_timer(request: ApiRequest) -> HttpResponse:
    return respond_json({"kept_at": timers.keep_timer(request.actor).kept_at})


@router.post("/timer/discard", summary="Forget the running clock")
@operation("timesheets.timer.discard")
def discard_timer(request: ApiRequest) -> HttpResponse:
    timers.discard_timer(request.actor)
    return HttpResponse(status=204)


@router.post("/timer/start", summary="Start the clock")
@operation(timers.START)
def start_timer(request: ApiRequest, body: TimerIn) -> HttpResponse:
    """A clock that runs is stopped and saved first: `saved`."""
    timer, saved = timers.start_timer(request.actor, **given(body))
    answer = {"started_at": timer.started_at, "saved": entry_out(saved) if saved else None}
    return respond_json(answer, status=201)


@router.post("/timer/stop", summary="Stop the clock")
@operation(timers.STOP)
def stop_timer(request: ApiRequest, body: TimerStop) -> HttpResponse:
    return respond_json(entry_out(timers.stop_timer(request.actor, ended_at=body.ended_at, note=body.note)))


def _log(request: ApiRequest, body: EntryIn) -> Any:
    values = given(body)
    person_id = values.pop("person_id", None) or access.own_person(request.actor)
    return entries.log_entry(request.actor, person_id=person_id, source="api", **values)


def _match(request: ApiRequest, entry_id: UUID) -> None:
    """If-Match against the entry's version, when the caller sends one."""
    if request.headers.get("If-Match"):
        found = lists.visible_entry(request.actor, entry_id)
        check_match(request, etag_of(found.id, found.version))
