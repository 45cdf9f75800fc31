"""A week as the browser's grid keeps it: short keys, minutes, words already in the viewer's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.actor import Actor
from quoin.base.ui import formats
from quoin.base.ui.counting import Text, counted
from quoin.kernel.period import iso_week
from quoin.timesheets.actions.cells import RECORD
from quoin.timesheets.queries.week import CellView, RowView, Week
from quoin.timesheets.queries.words import STATUSES, refusal_words, why_words
from quoin.timesheets.rules.cells import CellState, Outcome, Saved
from quoin.timesheets.types import Entry, Lock, Refusal


def week_state(actor: Actor, week: Week, *, person: str = "") -> dict[str, Any]:
    """All that the grid needs to work on its own until the network is back."""
    name = iso_week(week.week_on)
    query = f"?person={person}" if person else ""
    return {
        "week": name,
        "person": str(week.person.id),
        "user": str(actor.user_id),
        "status": week.status.value,
        # Who may only read gets a sheet that looks, and is, locked.
        "submitted": week.submitted_at is not None or not actor.may(RECORD),
        "days": [
            {
                "on": day.isoformat(), "name": formats.day(day, actor.locale, style="weekday"),
                "today": day == actor.today, "target": target,
            }
            for day, target in week.targets.items()
        ],
        "rows": [row_state(row) for row in week.rows],
        "urls": {
            "cells": reverse("timesheets:week_cells", args=[name]) + query,
            "logged": reverse("timesheets:week_logged", args=[name]) + query,
            "checks": reverse("timesheets:week_checks", args=[name]) + query,
            "submit": reverse("timesheets:week_submit", args=[name]) + query,
            "withdraw": reverse("timesheets:week_withdraw", args=[name]) + query,
            "copy": reverse("timesheets:week_copy", args=[name]) + query,
            "rows": reverse("timesheets:row_search") + query,
            "entry": reverse("timesheets:entry", args=["00000000-0000-0000-0000-000000000000"]),
            "timer": reverse("timesheets:timer_start"),
            "pin": reverse("timesheets:row_pin") + query,
        },
        "words": _words(),
    }  # fmt: skip


def row_state(row: RowView) -> dict[str, Any]:
    """A row with its seven cells."""
    return {
        "key": str(row.key),
        "client": row.names.client,
        "project": row.names.project,
        "task": row.names.task,
        "color": row.names.color % 8,
        "billable": row.is_billable,
        "pinned": row.names.is_pinned,
        "left": row.left_minutes,
        "budget": row.budget_minutes,
        "cells": [_cell(cell) for cell in row.cells],
    }


def _cell(cell: CellView) -> dict[str, Any]:
    found: dict[str, Any] = {"e": entries_state(cell.entries)}
    if cell.lock is not None:
        found["lock"] = cell.lock.value
        found["why"] = refusal_words(cell.lock)
    if cell.suggestion is not None:
        found["s"] = cell.suggestion.minutes
        found["hint"] = why_words(cell.suggestion)
    return found


def entries_state(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries of a cell: id, minutes, note, billable, status, and what only some have."""
    return [
        {
            "id": str(entry.id), "m": entry.minutes, "n": entry.note, "b": entry.is_billable, "st": entry.status.value,
            **({"r": entry.return_note} if entry.return_note else {}),
            **({"was": entry.previous_minutes} if entry.previous_minutes is not None else {}),
            **({"clock": entry.started_at.isoformat()} if entry.started_at is not None else {}),
        }
        for entry in entries
    ]  # fmt: skip


def saved_state(saved: Saved, action: str) -> dict[str, Any]:
    """The answer to a save: what became of each edit and how the cells now stand."""
    return {
        "outcomes": [_outcome(outcome) for outcome in saved.outcomes],
        "cells": [_saved_cell(cell) for cell in saved.cells],
        "undo": action,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    edit = outcome.edit
    found: dict[str, Any] = {"id": str(edit.id), "row": str(edit.row), "day": edit.work_on.isoformat()}
    if outcome.reason is not None:
        found["refused"] = outcome.reason.value
        found["why"] = refusal_words(outcome.reason)
    return found


def _saved_cell(cell: CellState) -> dict[str, Any]:
    return {"row": str(cell.row), "day": cell.work_on.isoformat(), "e": entries_state(cell.entries)}


def _words() -> dict[str, Text]:
    """Sentences of the grid's script, translated here because scripts carry none."""
    return {
        **{f"status_{status.value}": str(badge.label) for status, badge in STATUSES.items()},
        "lock_submitted": refusal_words(Lock.SUBMITTED),
        "too_long": refusal_words(Refusal.TOO_LONG),
        "not_a_duration": _("Not a duration. Write hours as 7:30, 7.5 or 450m."),
        "saved_at": _("Saved %(time)s"),
        "saving": _("Saving"),
        "queued": counted(
            lambda n: ngettext("%(count)s change waits for the network", "%(count)s changes wait for the network", n)
        ),
        "not_saved": _("Not saved"),
        "undo": _("Undo"),
        "nothing_to_undo": _("Nothing to undo"),
        "suggestion": _("suggestion %(time)s"),
        "suggestions": _("Suggestions %(time)s"),
        "planned": _("planned %(time)s"),
        "note": _("note present"),
        "no_note": _("Note of this cell"),
        "entries": counted(lambda n: ngettext("%(count)s entry", "%(count)s entries", n)),
        "empty": _("empty"),
        "hours": _("%(hours)s hours %(minutes)s minutes"),
        "billable": _("billable"),
        "not_billable": _("not billable"),
        "returned": _("returned: %(note)s"),
        "running": _("clock running"),
        "locked": _("locked"),
        "accepted": _("%(time)s logged from suggestions"),
        "copied": _("%(rows)s rows, %(time)s copied"),
        "skipped": _("%(count)s skipped: %(why)s"),
        "no_suggestions": _("Nothing is suggested"),
        "submitted": _("Week submitted"),
        "withdrawn": _("The week is open again"),
        "use_mine": _("Use mine"),
        "keep_theirs": _("Keep theirs"),
        "changed_elsewhere": _("Changed elsewhere to %(time)s."),
        "no_hits": _("No project or task is found"),
        "row_added": _("Row added: %(name)s"),
        "close": _("Close"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "delete": _("Delete"),
        "duration": _("Duration"),
        "rounded": _("typed %(typed)s"),
        "timer_started": _("Clock started: %(name)s"),
        "failed": _("The server did not answer. Nothing was changed. Try again."),
        "left_over": _("over the budget by %(time)s"),
        "checks_none": _("Everything is in order."),
        "pin": _("Keep on every week"),
        "unpin": _("Do not keep"),
        "clock_here": _("Start the clock"),
        "clear_row": _("Clear the row"),
        "remove_row": _("Remove the row"),
        "row_has_time": _("The row holds time. Move or delete it first."),
    }
