"""Expenses by the thousand, for imports and the demo: checked as a set, priced one by one, written as a set.

Every check that a single expense passes is made for all of them, but for one: past work on a project that is closed
by now may be brought in, as with time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from quoin.base.actor import Actor
from quoin.catalog.models import ExpenseCategory
from quoin.kernel.errors import Conflict, DomainError, Invalid, Problem
from quoin.kernel.words import say
from quoin.ledger.models import FiscalPeriod
from quoin.people.models import Person
from quoin.projects.models import Project, Task
from quoin.timesheets.models import Expense
from quoin.timesheets.services.spending import Frozen, freeze, price, settle

_MOST_PROBLEMS = 100
_BATCH = 1000
_FIELDS = (
    "person", "project", "task", "category", "spent_on", "supplier", "note", "quantity", "gross_amount", "vat_amount",
    "currency", "fx_rate", "fx_on", "fx_source", "base_net_amount", "base_vat_amount", "base_currency",
    "is_vat_recoverable", "is_billable", "is_reimbursable", "receipt_id", "version",
)  # fmt: skip


class ExpenseRow(NamedTuple):
    """An expense to be written. `gross_amount` of mileage and per diem must be what their rate gives."""

    person_id: UUID
    project_id: UUID
    task_id: UUID | None
    category_id: UUID
    spent_on: date
    supplier: str
    note: str
    quantity: Decimal | None
    gross_amount: Decimal
    vat_amount: Decimal
    currency: str
    is_billable: bool
    is_reimbursable: bool
    external_key: str
    receipt_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows name, read once for all of them."""

    people: dict[UUID, Person]
    projects: set[UUID]
    tasks: dict[UUID, UUID]
    categories: dict[UUID, ExpenseCategory]
    closed: dict[UUID, list[tuple[date, date]]]
    frozen: dict[tuple[str, str, date], Frozen]


def load_expenses(
    actor: Actor, rows: Iterable[ExpenseRow], *, status: str, import_id: UUID | None = None
) -> list[Expense]:
    """Write the rows, or none of them: Invalid names the broken ones as `/rows/17/spent_on`. Runs inside an action."""
    wanted = list(rows)
    submitted_at = actor.now if status == "submitted" else None
    made = [
        Expense(import_id=import_id, external_key=row.external_key, status=status, submitted_at=submitted_at)
        for row in wanted
    ]
    _fill_all(actor, made, wanted)
    return Expense.objects.bulk_create(made, batch_size=_BATCH)


def change_expenses(actor: Actor, changes: Sequence[tuple[UUID, ExpenseRow]]) -> int:
    """Write new values of open expenses; Conflict if one is gone, handed in or approved meanwhile."""
    if not changes:
        return 0
    ids = [expense_id for expense_id, _row in changes]
    found = Expense.objects.select_for_update(of=("self",)).filter(id__in=ids, status__in=["open", "returned"])
    by_id = {expense.id: expense for expense in found.order_by("id")}
    if len(by_id) < len(changes):
        raise Conflict(
            say(
                "%(count)s of %(of)s expenses are gone, handed in or approved meanwhile.",
                count=len(changes) - len(by_id),
                of=len(changes),
            )
        )
    expenses = [by_id[expense_id] for expense_id in ids]
    _fill_all(actor, expenses, [row for _id, row in changes])
    for expense in expenses:
        expense.version += 1
    return Expense.objects.bulk_update(expenses, _FIELDS, batch_size=_BATCH)


def remove_expenses(expense_ids: Iterable[UUID]) -> int:
    """Delete expenses that are not approved; returns how many."""
    count, _by_model = Expense.objects.filter(id__in=list(expense_ids)).delete()
    return count


def _fill_all(actor: Actor, expenses: Sequence[Expense], rows: Sequence[ExpenseRow]) -> None:
    known = _known(rows)
    problems: list[Problem] = []
    for number, (expense, row) in enumerate(zip(expenses, rows, strict=True)):
        try:
            _fill(actor, expense, row, known)
        except DomainError as fault:
            field, code = (fault.problems[0].pointer, fault.problems[0].code) if fault.problems else ("", fault.code)
            problems.append(Problem(f"/rows/{number}{field}", code, fault.args[0]))
            if len(problems) == _MOST_PROBLEMS:
                break
    if problems:
        raise Invalid(
            say(
                "%(count)s rows cannot be loaded; nothing was. First: %(detail)s",
                count=len(problems),
                detail=problems[0].detail,
            ),
            problems=tuple(problems),
        )


def _fill(actor: Actor, expense: Expense, row: ExpenseRow, known: _Known) -> None:
    if row.project_id not in known.projects or (row.task_id and known.tasks.get(row.task_id) != row.project_id):
        raise _refusal("project", "unknown", say("There is no such person, project or task."))
    person, category = known.people.get(row.person_id), known.categories.get(row.category_id)
    if person is None or category is None:
        raise _refusal("person", "unknown", say("There is no such person or category."))
    _check_day(actor, person, row.spent_on, known)
    for name in (
        "project_id", "task_id", "category_id", "person_id", "spent_on", "supplier", "note", "quantity",
        "gross_amount", "vat_amount", "currency", "is_billable", "is_reimbursable", "receipt_id",
    ):  # fmt: skip
        setattr(expense, name, getattr(row, name))
    price(expense, category)
    if (expense.gross_amount, expense.currency) != (row.gross_amount, row.currency):
        raise _refusal(
            "gross_amount", "amount_differs",
            say(
                "%(category)s gives %(amount)s %(currency)s for this quantity, the file %(told)s %(told_currency)s.",
                category=category.name, amount=expense.gross_amount, currency=expense.currency,
                told=row.gross_amount, told_currency=row.currency,
            ),
        )  # fmt: skip
    key = (expense.currency, person.entity.currency, row.spent_on)
    if key not in known.frozen:
        known.frozen[key] = freeze(*key)
    settle(expense, person.entity.currency, known.frozen[key])


def _check_day(actor: Actor, person: Person, day: date, known: _Known) -> None:
    if day > actor.today:
        raise _refusal("spent_on", "future", say("The day is in the future."))
    if person.hired_on is not None and day < person.hired_on:
        raise _refusal("spent_on", "before_hire", say("The day is before the person was hired."))
    if person.left_on is not None and day >= person.left_on:
        raise _refusal("spent_on", "after_leave", say("The day is after the person left."))
    if any(start <= day < end for start, end in known.closed.get(person.entity_id, ())):
        raise _refusal("spent_on", "period_closed", say("The books of that month are closed."))


def _refusal(field: str, code: str, sentence: str) -> Invalid:
    return Invalid(sentence, problems=(Problem(f"/{field}", code, sentence),))


def _known(rows: Sequence[ExpenseRow]) -> _Known:
    closed: dict[UUID, list[tuple[date, date]]] = {}
    for entity_id, start, end in FiscalPeriod.objects.exclude(closed_at=None).values_list(
        "entity_id", "starts_on", "ends_on"
    ):
        closed.setdefault(entity_id, []).append((start, end))
    projects = {row.project_id for row in rows}
    return _Known(
        people=Person.objects.select_related("entity").in_bulk({row.person_id for row in rows}),
        projects=set(Project.objects.filter(id__in=projects).values_list("id", flat=True)),
        tasks=dict(
            Task.objects.filter(id__in={row.task_id for row in rows if row.task_id}).values_list("id", "project_id")
        ),
        categories=ExpenseCategory.objects.in_bulk({row.category_id for row in rows}),
        closed=closed,
        frozen={},
    )
