"""The weekly timesheet (screen 05): one page that works as a form, and the doors of its grid."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import json_script
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.http.api import respond_json
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.kernel.errors import invalid
from quoin.kernel.ids import from_public_id, public_id
from quoin.kernel.period import iso_week, monday_of
from quoin.kernel.quantity import clock, parse_duration
from quoin.kernel.words import say
from quoin.timesheets.actions import rows as row_actions
from quoin.timesheets.actions import weeks
from quoin.timesheets.actions.cells import RECORD, save_cells
from quoin.timesheets.queries import access, rows
from quoin.timesheets.queries.week import Week, cells_for, checks_for, week_for
from quoin.timesheets.queries.words import STATUSES, check_words, refusal_words
from quoin.timesheets.rules.cells import CellEdit
from quoin.timesheets.types import Entry, RowKey, Why, WrongState
from quoin.timesheets.web.state import entries_state, row_state, saved_state, week_state

_WEEK = timedelta(days=7)


class _Edit(msgspec.Struct, forbid_unknown_fields=True):
    """An edit as the grid sends it."""

    id: UUID
    row: str
    day: date
    minutes: int | None = None
    note: str | None = None
    billable: bool | None = None
    was: int | None = None


class _Edits(msgspec.Struct, forbid_unknown_fields=True):
    edits: list[_Edit]


_READ = msgspec.json.Decoder(_Edits)


@page(access.VIEW_TIME)
def current_week(request: ActorRequest) -> HttpResponse:
    """`/time` leads to this week."""
    return HttpResponseRedirect(reverse("timesheets:week", args=[iso_week(request.actor.today)]))


@page(access.VIEW_TIME)
def week(request: ActorRequest, week: str) -> HttpResponse:
    """The grid."""
    monday, person_id = _monday(week), _person(request)
    sheet = week_for(request.actor, person_id, monday, today=request.actor.today)
    extra = rows.rows_named(request.actor, sheet, request.GET.getlist("row"))
    if sheet.submitted_at is not None:
        # Nothing can be typed: a row that only proposes something is no part of the week.
        filled = tuple(row for row in sheet.rows if any(cell.entries for cell in row.cells))
        sheet, extra = replace(sheet, rows=filled), []
    state = week_state(request.actor, sheet, person=request.GET.get("person", ""))
    state["rows"] += [row_state(row) for row in extra]
    others = list(access.reachable_people(request.actor, access.VIEW_TIME).values_list("id", "name")[:200])
    context = {
        "title": _("Timesheet"),
        "area": _("Me"),
        "week": sheet,
        "rows": [*sheet.rows, *extra],
        "state": json_script(state, "timesheet-state"),
        "status": STATUSES[sheet.status],
        "week_name": iso_week(monday),
        "week_number": monday.isocalendar().week,
        "previous_url": _url("timesheets:week", monday - _WEEK, request),
        "next_url": _url("timesheets:week", monday + _WEEK, request),
        "today_url": _url("timesheets:week", request.actor.today, request),
        "save_url": _url("timesheets:week_save", monday, request),
        "submit_url": _url("timesheets:week_submit", monday, request),
        "withdraw_url": _url("timesheets:week_withdraw", monday, request),
        "bookings_url": _url("timesheets:week_from_bookings", monday, request),
        "booked": sum(one.minutes for one in sheet.suggestions if one.why is Why.BOOKED),
        "copy_url": _url("timesheets:week_copy", monday, request),
        "people": [{"id": public_id("per", key), "name": name, "is_current": key == person_id} for key, name in others],
        "is_own": person_id == request.actor.person_id,
        "is_locked": sheet.submitted_at is not None or not request.actor.may(RECORD),
        "choices": rows.bookable_rows(request.actor, sheet.person.id, text="", limit=50),
        "day_sums": [sum(row.cells[number].minutes for row in sheet.rows) for number in range(7)],
        "suggested": sum(one.minutes for one in sheet.suggestions),
        "difference": sheet.minutes - sheet.target,
        "may_submit": request.actor.may(weeks.SUBMIT),
    }
    return respond.page(request, "timesheets/week.html", context)


@page(access.VIEW_TIME)
def week_state_json(request: ActorRequest, week: str) -> HttpResponse:
    """The same state as in the page, for a grid that was told to look again."""
    sheet = week_for(request.actor, _person(request), _monday(week), today=request.actor.today)
    return respond_json(week_state(request.actor, sheet, person=request.GET.get("person", "")))


@page(access.VIEW_TIME)
def week_logged(request: ActorRequest, week: str) -> HttpResponse:
    """Only what is logged, for a grid that looks whether another device changed it."""
    _person_facts, found = cells_for(request.actor, _person(request), _monday(week))
    cells: dict[tuple[str, str], list[Entry]] = {}
    for entry in found:
        cells.setdefault((str(entry.row), entry.work_on.isoformat()), []).append(entry)
    return respond_json({"cells": [{"row": key[0], "day": key[1], "e": entries_state(e)} for key, e in cells.items()]})


@page(RECORD, methods=("POST",))
def week_cells(request: ActorRequest, week: str) -> HttpResponse:
    """Save edits of cells. Partly refused edits answer 200: each outcome says what became of it."""
    _monday(week)
    try:
        asked = _READ.decode(request.body)
        edits = [_edit(one) for one in asked.edits]
    except (msgspec.MsgspecError, ValueError) as fault:
        raise invalid("/edits", say("The edits cannot be read: %(fault)s.", fault=fault)) from fault
    recorded = save_cells(request.actor, person_id=_person(request), edits=edits)
    return respond_json(saved_state(recorded.saved, str(recorded.action_id or "")))


@page(RECORD, methods=("POST",))
def week_save(request: ActorRequest, week: str) -> HttpResponse:
    """The plain form without a script: every cell that changed is saved."""
    monday, person_id = _monday(week), _person(request)
    sheet = week_for(request.actor, person_id, monday, today=request.actor.today)
    added = [key for key in (request.POST.get("add", ""),) if key]
    if edits := _typed(request, sheet):
        recorded = save_cells(request.actor, person_id=person_id, edits=edits)
        refused = [outcome for outcome in recorded.saved.outcomes if outcome.reason]
        text = refusal_words(refused[0].reason) if refused and refused[0].reason else _("Saved")
        meaning = "danger" if refused else "success"
        return respond.redirect_with_toast(
            request,
            _url("timesheets:week", monday, request, added=added),
            text,
            undo=recorded.action_id,
            meaning=meaning,
        )
    return HttpResponseRedirect(_url("timesheets:week", monday, request, added=added))


@page(access.VIEW_TIME)
def week_checks(request: ActorRequest, week: str) -> HttpResponse:
    """What would be said on submission."""
    sheet = week_for(request.actor, _person(request), _monday(week), today=request.actor.today)
    names = {row.key: row.names for row in sheet.rows}
    found = [
        {
            "level": check.level.value,
            "text": check_words(check),
            "day": check.day.isoformat() if check.day else "",
            "row": str(check.row) if check.row else "",
            "name": names[check.row].label if check.row in names else "",
        }
        for check in checks_for(request.actor, sheet)
    ]
    return respond_json({"checks": found})


@page(weeks.SUBMIT, methods=("POST",))
def week_submit(request: ActorRequest, week: str) -> HttpResponse:
    """Hand in."""
    return _step(request, week, weeks.submit_week, _("Week submitted"))


@page(weeks.WITHDRAW, methods=("POST",))
def week_withdraw(request: ActorRequest, week: str) -> HttpResponse:
    """Take back."""
    return _step(request, week, weeks.withdraw_week, _("The week is open again"))


@page("timesheets.week.copy", methods=("POST",))
def week_copy(request: ActorRequest, week: str) -> HttpResponse:
    """Copy last week's rows, hours or notes."""
    monday = _monday(week)
    plan = weeks.copy_last_week(
        request.actor, person_id=_person(request), week_on=monday, depth=request.POST.get("depth", "rows")
    )
    told = {"rows": len(plan.rows), "time": clock(plan.minutes)}
    text = ngettext("%(rows)s row, %(time)s copied", "%(rows)s rows, %(time)s copied", len(plan.rows)) % told
    if plan.skipped:
        reason = refusal_words(plan.skipped[0][2])
        text += "; " + _("%(count)s skipped: %(why)s") % {"count": len(plan.skipped), "why": reason}
    if "application/json" in request.headers.get("Accept", ""):
        return respond_json({"text": text})
    return respond.redirect_with_toast(request, _url("timesheets:week", monday, request), text)


@page(weeks.COPY_BOOKINGS, methods=("POST",))
def week_from_bookings(request: ActorRequest, week: str) -> HttpResponse:
    """Log what is booked in the week and not logged yet."""
    monday = _monday(week)
    back = _url("timesheets:week", monday, request)
    try:
        done = weeks.copy_bookings(request.actor, person_id=_person(request), week_on=monday)
    except WrongState as fault:
        return respond.redirect_with_toast(request, back, fault.detail, meaning="info")
    text = _("%(time)s logged from bookings") % {"time": clock(done.minutes)}
    return respond.redirect_with_toast(request, back, text, undo=done.action_id)


@page(RECORD)
def row_search(request: ActorRequest) -> HttpResponse:
    """Projects and tasks for the row that is being added."""
    found = rows.bookable_rows(request.actor, _person(request), text=request.GET.get("q", "")[:100], limit=20)
    return respond_json({"rows": [row_state(row) for row in found]})


@page(row_actions.PIN, methods=("POST",))
def row_pin(request: ActorRequest) -> HttpResponse:
    """Keep a row on the timesheet, or let it go."""
    pin = row_actions.pin_row if request.POST.get("pinned") == "1" else row_actions.unpin_row
    key = _row(request.POST.get("row", ""))
    pin(request.actor, person_id=_person(request), project_id=key.project_id, task_id=key.task_id)
    return HttpResponse(status=204)


def _step(request: ActorRequest, name: str, step: Callable[..., int], text: str) -> HttpResponse:
    monday = _monday(name)
    step(request.actor, person_id=_person(request), week_on=monday)
    if "application/json" in request.headers.get("Accept", ""):
        return respond_json({"text": text})
    return respond.redirect_with_toast(request, _url("timesheets:week", monday, request), text)


def _typed(request: HttpRequest, sheet: Week) -> list[CellEdit]:
    """The cells of the plain form whose text differs from what was shown."""
    known = {(str(row.key), cell.day): cell.minutes for row in sheet.rows for cell in row.cells}
    edits = []
    for name, typed in request.POST.items():
        parts = str(name).split("|")
        if len(parts) != 3 or parts[0] != "cell":  # noqa: PLR2004 - cell|row|day
            continue
        row, day = _row(parts[1]), date.fromisoformat(parts[2])
        before = known.get((parts[1], day), 0)
        try:
            minutes = parse_duration(str(typed)).minutes if str(typed).strip() not in {"", "–"} else 0
        except ValueError as fault:
            raise invalid(f"/{name}", str(fault)) from fault
        if minutes != before:
            edits.append(CellEdit(row=row, work_on=day, minutes=minutes))
    return edits


def _edit(one: _Edit) -> dict[str, Any]:
    """Plain values, so that the audit trail keeps them as they came."""
    key = _row(one.row)
    return {
        "id": str(one.id), "project_id": str(key.project_id), "task_id": str(key.task_id) if key.task_id else None,
        "work_on": one.day.isoformat(), "minutes": one.minutes, "note": one.note, "is_billable": one.billable,
        "was_minutes": one.was,
    }  # fmt: skip


@lru_cache(maxsize=4096)
def _row(text: str) -> RowKey:
    """The row that the grid names; the same few names come with every save."""
    project_id, _, task_id = text.partition(":")
    try:
        return RowKey(UUID(project_id), UUID(task_id) if task_id else None)
    except ValueError:
        raise invalid("/row", "The row is written as project:task.") from None


def _monday(week: str) -> date:
    try:
        return monday_of(week)
    except ValueError as fault:
        raise Http404(str(fault)) from fault


def _person(request: ActorRequest) -> UUID:
    asked = request.GET.get("person", "")
    with suppress(ValueError):
        return from_public_id("per", asked) if asked else access.own_person(request.actor)
    raise Http404(_("There is no such person."))


def _url(name: str, day: date, request: HttpRequest, *, added: list[str] | None = None) -> str:
    pairs = [f"person={request.GET['person']}"] if request.GET.get("person") else []
    pairs += [f"row={key}" for key in added or ()]
    url = reverse(name, args=[iso_week(day)])
    return f"{url}?{'&'.join(pairs)}" if pairs else url
