"""Decisions on handed-in expenses. Nobody decides on their own (I-38)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.timesheets.models import Approval, Expense
from quoin.timesheets.queries import access
from quoin.timesheets.services.spending import snapshot
from quoin.timesheets.types import OwnApproval, Status, WrongState

APPROVE = "timesheets.expense.approve"
RETURN = "timesheets.expense.return"
REOPEN = "timesheets.expense.reopen"


@action(APPROVE, label=_("Approve expenses"))
def approve_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str]) -> list[UUID]:
    """Approve handed-in expenses and tell billing, in this transaction."""
    chosen = _chosen(actor, APPROVE, expense_ids, Status.SUBMITTED)
    for person_id in {expense.person_id for expense in chosen}:
        mine = [expense for expense in chosen if expense.person_id == person_id]
        approval = _decision(actor, "approve", mine, "")
        Expense.objects.filter(id__in=[expense.id for expense in mine]).update(
            status=Status.APPROVED, approved_by=actor.person_id, approved_at=actor.now, approval=approval,
            return_note="",
        )  # fmt: skip
    ids = [expense.id for expense in chosen]
    undo_with(REOPEN, expense_ids=[str(one) for one in ids], note="")
    emit(actor, "timesheets.expense.approved", running_action_id(), expense_ids=ids)
    return ids


@action(RETURN, label=_("Return expenses"))
def return_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str], note: str) -> list[UUID]:
    """Give expenses back with the reason."""
    if not note.strip():
        raise invalid("/note", "Say what is to be changed.", code="required")
    chosen = _chosen(actor, RETURN, expense_ids, Status.SUBMITTED)
    for person_id in {expense.person_id for expense in chosen}:
        _decision(actor, "return", [expense for expense in chosen if expense.person_id == person_id], note)
    ids = [expense.id for expense in chosen]
    Expense.objects.filter(id__in=ids).update(status=Status.RETURNED, return_note=note.strip(), submitted_at=None)
    emit(actor, "timesheets.expense.returned", running_action_id(), expense_ids=ids)
    return ids


@action(REOPEN, label=_("Reopen approved expenses"))
def reopen_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str], note: str = "") -> list[UUID]:
    """Open approved expenses again; what is billed already is refused by billing."""
    chosen = _chosen(actor, REOPEN, expense_ids, Status.APPROVED)
    for expense in chosen:
        expense.status, expense.approved_by_id, expense.approved_at = Status.OPEN, None, None
        expense.approval_id, expense.submitted_at, expense.return_note = None, None, note.strip()
        expense.version += 1
        expense.save()
    ids = [expense.id for expense in chosen]
    touch("", reason=note)
    emit(actor, "timesheets.expense.reopened", running_action_id(), expense_ids=ids)
    return ids


def _chosen(actor: Actor, permission: str, expense_ids: Iterable[UUID | str], status: Status) -> list[Expense]:
    ids = {UUID(str(one)) for one in expense_ids}
    found = list(
        Expense.objects.select_for_update(of=("self",))
        .filter(access.reach(actor, permission), id__in=ids)
        .order_by("id")
    )
    if not ids or len(found) < len(ids):
        raise NotFound("There is no such expense, or you may not see it.")
    if any(expense.person_id == actor.person_id for expense in found):
        raise OwnApproval("Your own expenses are decided on by somebody else.")
    if any(expense.status != status for expense in found):
        raise WrongState(
            say(
                "Only %(status)s expenses can be decided on like this. Load the page again.",
                status=Sentence(status.value),
            )
        )
    return found


def _decision(actor: Actor, decision: str, expenses: list[Expense], note: str) -> Approval:
    content = "\n".join(f"{expense.id}|{expense.version}|{snapshot(expense)}" for expense in expenses)
    return Approval.objects.create(
        kind="expense", decision=decision, person_id=expenses[0].person_id, decided_by_id=actor.person_id,
        decided_at=actor.now, items=len(expenses), content_sha256=hashlib.sha256(content.encode()).hexdigest(),
        note=note,
    )  # fmt: skip
