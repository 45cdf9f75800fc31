"""Recording time in the cells of a timesheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.words import say
from quoin.timesheets.queries import access, facts
from quoin.timesheets.queries.facts import PersonFacts
from quoin.timesheets.rules.cells import CellEdit, CellState, Saved, total_minutes
from quoin.timesheets.services.cells import apply_edits, known_for
from quoin.timesheets.types import RowKey

RECORD = "timesheets.time.record"
MOST_EDITS = 1000
_UNDOABLE = 60


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was saved, and the action that Undo takes back (None when nothing changed)."""

    saved: Saved
    action_id: UUID | None


@action(RECORD, label=_("Record time"))
def save_cells(actor: Actor, *, person_id: UUID | str, edits: Sequence[CellEdit | Mapping[str, Any]]) -> Recorded:
    """Save many cells of one person at once; a refused edit does not hold up the others."""
    asked = [edit if isinstance(edit, CellEdit) else edit_of(edit) for edit in edits]
    if not asked:
        raise invalid("/edits", "There is nothing to save.")
    if len(asked) > MOST_EDITS:
        raise invalid("/edits", say("At most %(most_edits)s cells are saved at once.", most_edits=MOST_EDITS))
    known = known_for(actor, RECORD, UUID(str(person_id)), asked)
    saved = apply_edits(actor, known, asked, may_book_anywhere=actor.may(RECORD, Scope.TEAM))
    if not saved.has_changes:
        return Recorded(saved, None)
    touch(public_id("per", known.person.id))
    if len(saved.before) <= _UNDOABLE:
        undo_with(RECORD, person_id=str(known.person.id), edits=[_as_it_was(cell) for cell in saved.before])
    return Recorded(saved, running_action_id())


def edit_of(values: Mapping[str, Any]) -> CellEdit:
    """An edit from JSON values, as the undo of an action keeps it."""
    task_id = values.get("task_id")
    change_id = values.get("id")
    return CellEdit(
        row=_row(str(values["project_id"]), str(task_id) if task_id else ""),
        work_on=date.fromisoformat(str(values["work_on"])),
        minutes=values.get("minutes"),
        note=values.get("note"),
        is_billable=values.get("is_billable"),
        was_minutes=values.get("was_minutes"),
        id=UUID(str(change_id)) if change_id else None,
    )


@lru_cache(maxsize=4096)
def _row(project_id: str, task_id: str) -> RowKey:
    # Rows are the same in every save of a person; taking an identifier apart is what costs.
    return RowKey(UUID(project_id), UUID(task_id) if task_id else None)


def person_of(actor: Actor, permission: str, person_id: UUID | str, *, since: date, until: date) -> PersonFacts:
    """The person whose time is written, if the permission reaches them."""
    found = facts.person_facts(actor, UUID(str(person_id)), since=since, until=until)
    return access.require_reach(actor, permission, found)


def _as_it_was(cell: CellState) -> dict[str, Any]:
    newest = cell.entries[-1] if cell.entries else None
    return {
        "project_id": str(cell.row.project_id),
        "task_id": str(cell.row.task_id) if cell.row.task_id else None,
        "work_on": cell.work_on.isoformat(),
        "minutes": total_minutes(cell.entries),
        "note": newest.note if newest else None,
        "is_billable": newest.is_billable if newest else None,
    }
