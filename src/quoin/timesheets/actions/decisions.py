"""Decisions on handed-in expenses. Nobody decides on their own (I-38)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import invalid
from quoin.timesheets.models import Expense
from quoin.timesheets.services.decide_expenses import approve_chosen, chosen_of, record_decisions, reopen_chosen
from quoin.timesheets.types import Status

APPROVE = "timesheets.expense.approve"
RETURN = "timesheets.expense.return"
REOPEN = "timesheets.expense.reopen"


@action(APPROVE, label=_("Approve expenses"))
def approve_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str]) -> list[UUID]:
    """Approve handed-in expenses and tell billing, in this transaction."""
    ids = approve_chosen(actor, APPROVE, expense_ids)
    undo_with(REOPEN, expense_ids=[str(one) for one in ids], note="")
    return ids


@action(RETURN, label=_("Return expenses"))
def return_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str], note: str) -> list[UUID]:
    """Give expenses back with the reason."""
    if not note.strip():
        raise invalid("/note", "Say what is to be changed.", code="required")
    chosen = chosen_of(actor, RETURN, expense_ids, Status.SUBMITTED)
    record_decisions(actor, "return", chosen, note)
    ids = [expense.id for expense in chosen]
    Expense.objects.filter(id__in=ids).update(status=Status.RETURNED, return_note=note.strip(), submitted_at=None)
    emit(actor, "timesheets.expense.returned", running_action_id(), expense_ids=ids)
    return ids


@action(REOPEN, label=_("Reopen approved expenses"))
def reopen_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str], note: str = "") -> list[UUID]:
    """Open approved expenses again; what is billed already is refused by billing."""
    ids = reopen_chosen(actor, REOPEN, expense_ids, note)
    touch("", reason=note)
    return ids
