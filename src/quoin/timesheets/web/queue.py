"""Approvals (screen 34): weeks and expenses that wait, the one in focus as a grid, decisions by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.kernel.period import iso_week, monday_of, week_of
from quoin.kernel.quantity import clock
from quoin.timesheets.actions import approvals as actions
from quoin.timesheets.actions import decisions
from quoin.timesheets.queries import queue, spending
from quoin.timesheets.queries.queue import WaitingWeek
from quoin.timesheets.queries.week import RowNames
from quoin.timesheets.queries.words import check_words
from quoin.timesheets.types import WEEK_DAYS, Check, Entry, RowKey


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the preview: its cells by day."""

    names: RowNames
    cells: tuple[tuple[Entry, ...], ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to look, in words, and where."""

    text: str
    place: str


@page(None)
def approvals(request: ActorRequest) -> HttpResponse:
    """The queue and the first week of it; who approves only expenses sees only those."""
    has_weeks = request.actor.may(actions.APPROVE)
    if not has_weeks:
        request.actor.require(decisions.APPROVE)
    waiting = queue.waiting_weeks(request.actor) if has_weeks else ()
    chosen = _chosen(waiting, request.GET.get("week", ""))
    last = week_of(request.actor.today).start - timedelta(days=WEEK_DAYS)
    context = {
        "title": _("Approvals"),
        "area": _("Me"),
        "weeks": [_item(one, chosen) for one in waiting],
        "clean_count": sum(one.is_clean for one in waiting),
        "flagged_count": sum(not one.is_clean for one in waiting),
        "expenses": spending.waiting_expenses(request.actor),
        "missing": queue.unsubmitted(request.actor, last) if has_weeks else (),
        "missing_week": last.isocalendar().week,
        "chosen": _preview(chosen) if chosen else None,
        "may_return": request.actor.may(actions.RETURN),
    }
    fragments = {"approval": "timesheets/_approval.html"}
    return respond.page(request, "timesheets/approvals.html", context, fragments=fragments)


@page(actions.APPROVE)
def preview(request: ActorRequest, person_id: UUID, week: str) -> HttpResponse:
    """One week, for the right side or the drawer."""
    try:
        monday = monday_of(week)
    except ValueError as fault:
        raise Http404(str(fault)) from fault
    found = queue.waiting_weeks(request.actor, person_id=person_id, week_on=monday)
    if not found:
        raise Http404(_("Nothing of this week waits for you."))
    context = {
        "title": f"{found[0].person} · {week}", "area": _("Approvals"), "chosen": _preview(found[0]),
        "may_return": request.actor.may(actions.RETURN),
    }  # fmt: skip
    return respond.page(
        request, "timesheets/approval_page.html", context, fragments={"approval": "timesheets/_approval.html"}
    )


@page(None, methods=("POST",))
def decide(request: ActorRequest) -> HttpResponse:
    """Approve the week or the chosen cells of it, or return them with their comments; the actions ask for the right."""
    if request.POST.get("decision") == "return":
        return _return(request)
    entries = request.POST.getlist("entry")
    expenses = request.POST.getlist("expense")
    if expenses:
        decided = decisions.approve_expenses(request.actor, expense_ids=expenses)
        text = ngettext("%(count)s expense approved", "%(count)s expenses approved", len(decided))
        return _done(request, text % {"count": len(decided)})
    ids = actions.approve_time(request.actor, entry_ids=entries)
    text = ngettext("%(count)s entry approved", "%(count)s entries approved", len(ids)) % {"count": len(ids)}
    return _done(request, text)


@page(actions.APPROVE, methods=("POST",))
def approve_clean(request: ActorRequest) -> HttpResponse:
    """`Shift+A`: everything without a flag."""
    ids = actions.approve_time(request.actor, entry_ids=queue.clean_entries(request.actor))
    text = ngettext("%(count)s entry approved", "%(count)s entries approved", len(ids)) % {"count": len(ids)}
    return _done(request, text)


def _return(request: ActorRequest) -> HttpResponse:
    note = request.POST.get("note", "").strip()
    if expenses := request.POST.getlist("expense"):
        decisions.return_expenses(request.actor, expense_ids=expenses, note=note)
        return _done(request, _("Returned"))
    typed = ((name, str(text).strip()) for name, text in request.POST.items() if name.startswith("note-"))
    comments = [(name.removeprefix("note-"), text) for name, text in typed if text]
    # With comments in cells only those go back; the others keep waiting.
    notes = comments or [(key, note) for key in request.POST.getlist("entry")]
    ids = actions.return_time(request.actor, notes=notes, note=note)
    text = ngettext("%(count)s entry returned", "%(count)s entries returned", len(ids)) % {"count": len(ids)}
    return _done(request, text)


def _done(request: ActorRequest, text: str) -> HttpResponse:
    return respond.redirect_with_toast(request, reverse("timesheets:approvals"), text)


def _chosen(waiting: tuple[WaitingWeek, ...], asked: str) -> WaitingWeek | None:
    named = next((one for one in waiting if _key(one) == asked), None)
    return named or next(iter(waiting), None)


def _key(one: WaitingWeek) -> str:
    return f"{one.person_id}.{iso_week(one.week_on)}"


def _item(one: WaitingWeek, chosen: WaitingWeek | None) -> dict[str, Any]:
    return {
        "key": _key(one),
        "person": one.person,
        "week": one.week_on.isocalendar().week,
        "week_on": one.week_on,
        "minutes": one.minutes,
        "is_clean": one.is_clean,
        "flags": len(one.flags),
        "reason": check_words(one.flags[0]) if one.flags else "",
        "differences": len(one.differences),
        "is_current": one is chosen,
        "url": reverse("timesheets:approvals_week", args=[one.person_id, iso_week(one.week_on)]),
        "ids": [entry.id for entry in one.entries],
    }


def _preview(one: WaitingWeek) -> dict[str, Any]:
    days = [one.week_on + timedelta(days=offset) for offset in range(WEEK_DAYS)]
    keys = sorted({entry.row for entry in one.entries}, key=lambda key: one.names[key].label)
    lines = [_line(one, key, days) for key in keys]
    flagged = {flag.entry_id for flag in one.flags if flag.entry_id}
    return {
        **_item(one, one),
        "days": days,
        "targets": list(one.targets.values()),
        "lines": lines,
        "day_sums": [sum(entry.minutes for entry in one.entries if entry.work_on == day) for day in days],
        "billable": one.billable_minutes,
        "flag_list": [_flag(flag, one.names) for flag in one.flags],
        "flagged": flagged,
        "changes": [
            {
                "name": one.names[entry.row].label, "day": entry.work_on, "before": entry.previous_minutes,
                "now": entry.minutes, "difference": entry.minutes - (entry.previous_minutes or 0),
            }
            for entry in one.differences
        ],
        "submitted_at": one.submitted_at,
        "approve_label": _("Approve %(time)s") % {"time": clock(one.minutes)},
    }  # fmt: skip


def _line(one: WaitingWeek, key: RowKey, days: list[date]) -> Line:
    mine = [entry for entry in one.entries if entry.row == key]
    cells = tuple(tuple(entry for entry in mine if entry.work_on == day) for day in days)
    return Line(one.names[key], cells, sum(entry.minutes for entry in mine))


def _flag(flag: Check, names: dict[RowKey, RowNames]) -> Flag:
    row = flag.row
    name = next((found for key, found in names.items() if row and key.project_id == row.project_id), None)
    label = names[row].label if row in names else name.project if name else ""
    day = flag.day.isoformat() if flag.day else ""
    return Flag(check_words(flag), " · ".join(part for part in (label, day) if part))
