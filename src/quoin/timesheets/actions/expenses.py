"""Commands on one's expenses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.files.models import StoredFile
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id, uuid7
from quoin.kernel.money import Money
from quoin.kernel.words import say
from quoin.timesheets.models import Expense
from quoin.timesheets.rules.spending import shares
from quoin.timesheets.services.receipts import require_receipt, store_receipt
from quoin.timesheets.services.spending import fill, open_expense, open_expenses, reachable, snapshot, spender
from quoin.timesheets.types import Status, WrongState

ADD = "timesheets.expense.add"
EDIT = "timesheets.expense.edit"
DELETE = "timesheets.expense.delete"
SPLIT = "timesheets.expense.split"
SUBMIT = "timesheets.expense.submit"
WITHDRAW = "timesheets.expense.withdraw"
RECEIPT = "timesheets.receipt.store"
_MOST_SHARES = 20


@action(ADD, label=_("Add an expense"))
def add_expense(actor: Actor, /, *, person_id: UUID | str, spent_on: date | str, **values: Any) -> Expense:
    """An expense of the person; see services.spending.FIELDS. The exchange rate is frozen now."""
    day = spent_on if isinstance(spent_on, date) else date.fromisoformat(spent_on)
    person = spender(actor, ADD, person_id, day)
    expense = Expense(person_id=person.id, spent_on=day, gross_amount=Decimal(0), currency="EUR")
    require_receipt(actor, expense, values.get("receipt_id"))
    fill(actor, expense, values, person=person if "spent_on" not in values else None)
    expense.save()
    touch(expense.public_id)
    undo_with(DELETE, expense_id=str(expense.id))
    return expense


@action(EDIT, label=_("Change an expense"))
def edit_expense(actor: Actor, /, *, expense_id: UUID | str, **values: Any) -> Expense:
    """Change an open expense."""
    expense = open_expense(actor, EDIT, expense_id)
    before = snapshot(expense)
    require_receipt(actor, expense, values.get("receipt_id"))
    fill(actor, expense, values)
    expense.version += 1
    expense.save()
    touch(expense.public_id)
    undo_with(EDIT, expense_id=str(expense.id), **{name: before[name] for name in values})
    return expense


@action(DELETE, label=_("Delete an expense"))
def delete_expense(actor: Actor, *, expense_id: UUID | str) -> None:
    """Delete an open expense; its receipt stays stored."""
    expense = open_expense(actor, DELETE, expense_id)
    undo_with(ADD, person_id=str(expense.person_id), **snapshot(expense))
    touch(expense.public_id)
    expense.delete()


@action(SPLIT, label=_("Split an expense over projects"))
def split_expense(
    actor: Actor, *, expense_id: UUID | str, parts: Sequence[tuple[UUID | str, Decimal | int | str]]
) -> list[Expense]:
    """Replace a receipt by parts on projects, by weight; their sums are exactly the receipt's."""
    expense = open_expense(actor, SPLIT, expense_id)
    if not 2 <= len(parts) <= _MOST_SHARES:  # noqa: PLR2004 - fewer than two is no split
        raise invalid("/parts", say("A receipt is split over 2 to %(most_shares)s projects.", most_shares=_MOST_SHARES))
    if expense.quantity is not None:
        raise WrongState("Mileage and per diem are entered once per project.")
    weights = [Decimal(str(weight)) for _project, weight in parts]
    if min(weights) <= 0:
        raise invalid("/parts", "Each share is more than zero.")
    gross, vat = Money(expense.gross_amount, expense.currency), Money(expense.vat_amount, expense.currency)
    family = expense.split_id or uuid7()
    values = snapshot(expense)
    made = []
    for (project_id, _weight), (its_gross, its_vat) in zip(parts, shares(gross, vat, weights), strict=True):
        part = Expense(person_id=expense.person_id, split_id=family)
        changed = {"project_id": str(project_id), "task_id": None, "gross_amount": str(its_gross.amount)}
        fill(actor, part, {**values, **changed, "vat_amount": str(its_vat.amount)})
        part.save()
        made.append(part)
    touch(expense.public_id)
    expense.delete()
    return made


@action(SUBMIT, label=_("Submit expenses"))
def submit_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str]) -> int:
    """Hand open expenses in; a receipt must be there where the category asks for one."""
    chosen = open_expenses(actor, SUBMIT, expense_ids)
    if not chosen:
        raise WrongState("There is nothing to submit.")
    for expense in chosen:
        if expense.category.kind == "receipt" and expense.receipt_id is None:
            raise WrongState(
                say(
                    "The receipt of %(supplier)s is missing. Add it first.",
                    supplier=expense.supplier or expense.category.name,
                )
            )
    ids = [expense.id for expense in chosen]
    Expense.objects.filter(id__in=ids).update(status=Status.SUBMITTED, submitted_at=actor.now, return_note="")
    undo_with(WITHDRAW, expense_ids=[str(one) for one in ids])
    emit(actor, "timesheets.expense.submitted", running_action_id(), expense_ids=ids)
    return len(ids)


@action(WITHDRAW, label=_("Take expenses back"))
def withdraw_expenses(actor: Actor, *, expense_ids: Iterable[UUID | str]) -> int:
    """Open handed-in expenses again."""
    chosen = [reachable(actor, WITHDRAW, one) for one in sorted(map(str, expense_ids))]
    if not chosen or any(expense.status != Status.SUBMITTED for expense in chosen):
        raise WrongState("Only what is handed in and not decided yet can be taken back.")
    ids = [expense.id for expense in chosen]
    Expense.objects.filter(id__in=ids).update(status=Status.OPEN, submitted_at=None)
    undo_with(SUBMIT, expense_ids=[str(one) for one in ids])
    return len(ids)


@action(RECEIPT, label=_("Upload a receipt"))
def upload_receipt(actor: Actor, *, name: str, content: bytes) -> StoredFile:
    """Store a receipt to be named by an expense."""
    stored = store_receipt(actor, name=name, content=content)
    touch(public_id("fil", stored.id))
    return stored
