"""Decisions on handed-in time. Nobody decides on their own (I-38)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor, Scope
from quoin.base.events.live import publish
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.timesheets.services import decide

APPROVE = "timesheets.time.approve"
RETURN = "timesheets.time.return"
REOPEN = "timesheets.time.reopen"
_UNDOABLE = 400
Weeks = Iterable[tuple[UUID | str, date | str]]


@action(APPROVE, label=_("Approve time"))
def approve_time(actor: Actor, *, entry_ids: Iterable[UUID | str] = (), weeks: Weeks = ()) -> list[UUID]:
    """Approve entries, or all handed-in entries of people's weeks that are within reach."""
    asked = _weeks(weeks)
    ids = decide.approve(actor, scope=_scope(actor, APPROVE), entry_ids=_ids(entry_ids), weeks=asked)
    _told(actor, asked)
    if len(ids) <= _UNDOABLE:
        undo_with(REOPEN, entry_ids=[str(one) for one in ids], note="")
    return ids


@action(RETURN, label=_("Return time"))
def return_time(
    actor: Actor, *, notes: Iterable[tuple[UUID | str, str]] = (), weeks: Weeks = (), note: str = ""
) -> list[UUID]:
    """Return entries, each with its own comment or all with `note`; somebody must say why."""
    comments = {UUID(str(key)): text.strip() for key, text in notes}
    if not note.strip() and not (comments and all(comments.values())):
        raise invalid("/note", "Say what is to be changed.", code="required")
    asked = _weeks(weeks)
    ids = decide.give_back(actor, scope=_scope(actor, RETURN), notes=comments, weeks=asked, note=note.strip())
    _told(actor, asked)
    return ids


@action(REOPEN, label=_("Reopen approved time"))
def reopen_time(actor: Actor, *, entry_ids: Iterable[UUID | str], note: str = "") -> list[UUID]:
    """Open approved entries again; what is billed already is refused."""
    ids = decide.reopen(actor, scope=_scope(actor, REOPEN), entry_ids=_ids(entry_ids), note=note.strip())
    touch("", reason=note)
    publish(actor.tenant_id, "timesheets.week")
    return ids


def _scope(actor: Actor, permission: str) -> Scope:
    return actor.scope(permission) or Scope.OWN


def _ids(found: Iterable[UUID | str]) -> list[UUID]:
    return [one if isinstance(one, UUID) else UUID(one) for one in found]


def _weeks(weeks: Weeks) -> list[tuple[UUID, date]]:
    return [(UUID(str(person)), day if isinstance(day, date) else date.fromisoformat(day)) for person, day in weeks]


def _told(actor: Actor, weeks: list[tuple[UUID, date]]) -> None:
    touch(public_id("per", weeks[0][0]) if len(weeks) == 1 else "")
    publish(actor.tenant_id, "timesheets.week")
