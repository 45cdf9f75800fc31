"""Deciding on handed-in expenses: for the actions on them, and for imports that bring decided ones."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.bulk import update_columns
from quoin.base.events import emit
from quoin.kernel.errors import NotFound
from quoin.kernel.words import Sentence, say
from quoin.timesheets.models import Approval, Expense
from quoin.timesheets.queries import access
from quoin.timesheets.services.spending import snapshot
from quoin.timesheets.types import OwnApproval, Status, WrongState


def approve_chosen(actor: Actor, permission: str, expense_ids: Iterable[UUID | str]) -> list[UUID]:
    """Approve handed-in expenses within reach of the permission and tell billing, in this transaction."""
    chosen = chosen_of(actor, permission, expense_ids, Status.SUBMITTED)
    approvals = record_decisions(actor, "approve", chosen, "")
    ids = [expense.id for expense in chosen]
    count = len(ids)
    update_columns(
        Expense, ids,
        {
            "status": [Status.APPROVED.value] * count, "approved_by_id": [actor.person_id] * count,
            "approved_at": [actor.now] * count, "return_note": [""] * count,
            "approval_id": [approvals[expense.person_id] for expense in chosen],
        },
    )  # fmt: skip
    emit(actor, "timesheets.expense.approved", running_action_id(), expense_ids=ids)
    return ids


def reopen_chosen(actor: Actor, permission: str, expense_ids: Iterable[UUID | str], note: str) -> list[UUID]:
    """Open approved expenses again; what is billed already is refused by billing."""
    chosen = chosen_of(actor, permission, expense_ids, Status.APPROVED)
    for expense in chosen:
        expense.status, expense.approved_by_id, expense.approved_at = Status.OPEN, None, None
        expense.approval_id, expense.submitted_at, expense.return_note = None, None, note.strip()
        expense.version += 1
    Expense.objects.bulk_update(
        chosen, ["status", "approved_by", "approved_at", "approval", "submitted_at", "return_note", "version"]
    )
    ids = [expense.id for expense in chosen]
    emit(actor, "timesheets.expense.reopened", running_action_id(), expense_ids=ids)
    return ids


def chosen_of(actor: Actor, permission: str, expense_ids: Iterable[UUID | str], status: Status) -> list[Expense]:
    """The expenses, locked; refused if one is out of reach, the decider's own, or stands elsewhere."""
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


def record_decisions(actor: Actor, decision: str, expenses: Iterable[Expense], note: str) -> dict[UUID, UUID]:
    """A decision on the expenses of each person, with the hash of exactly what was decided on; its id by theirs."""
    theirs: defaultdict[UUID, list[Expense]] = defaultdict(list)
    for expense in expenses:
        theirs[expense.person_id].append(expense)
    made = Approval.objects.bulk_create([_decision(actor, decision, found, note) for found in theirs.values()])
    return dict(zip(theirs, (row.id for row in made), strict=True))


def _decision(actor: Actor, decision: str, expenses: list[Expense], note: str) -> Approval:
    content = "\n".join(f"{expense.id}|{expense.version}|{snapshot(expense)}" for expense in expenses)
    return Approval(
        kind="expense", decision=decision, person_id=expenses[0].person_id, decided_by_id=actor.person_id,
        decided_at=actor.now, items=len(expenses), content_sha256=hashlib.sha256(content.encode()).hexdigest(),
        note=note,
    )  # fmt: skip
