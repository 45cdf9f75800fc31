"""Expenses as lists, for screens, API, exports and the approval queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor, Scope
from quoin.base.files.models import StoredFile
from quoin.base.listing import Column, Kind, Listing, View
from quoin.catalog.models import ExpenseCategory
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.timesheets.models import Expense
from quoin.timesheets.queries import access
from quoin.timesheets.queries.words import STATUSES

APPROVE = "timesheets.expense.approve"

EXPENSES = Listing(
    key="expenses",
    columns=(
        Column(key="spent_on", label=_("Date"), kind=Kind.DAY),
        Column(key="person", label=_("Person"), source="person__name", kind=Kind.PERSON),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="category", label=_("Category"), source="category__name"),
        Column(key="supplier", label=_("Supplier")),
        Column(key="gross", label=_("Amount"), source="gross_amount", kind=Kind.MONEY, currency="currency"),
        Column(
            key="net", label=_("Net in the books"), source="base_net_amount", kind=Kind.MONEY,
            currency="base_currency", is_totalled=True,
        ),
        Column(
            key="vat", label=_("VAT"), source="base_vat_amount", kind=Kind.MONEY, currency="base_currency",
            is_totalled=True,
        ),
        Column(
            key="receipt", label=_("Receipt"), source="receipt_id", ops=("isnull",), is_sortable=False,
            value=lambda row: "✓" if row.receipt_id else "",
        ),
        Column(
            key="billable", label=_("Billable"), source="is_billable", ops=(), is_sortable=False,
            value=lambda row: "✓" if row.is_billable else "",
        ),
        Column(
            key="status", label=_("Status"), kind=Kind.STATUS,
            statuses={status.value: badge for status, badge in STATUSES.items()},
        ),
    ),
    search=("supplier__icontains", "note__icontains", "project__name__icontains", "category__name__icontains"),
    sort="-spent_on",
    views=(
        View(key="open", label=_("To submit"), query="status[in]=open,returned"),
        View(key="waiting", label=_("Waiting"), query="status=submitted"),
        View(key="approved", label=_("Approved"), query="status=approved"),
    ),
)  # fmt: skip


def visible_expenses(actor: Actor) -> QuerySet[Expense]:
    """Expenses within reach."""
    return Expense.objects.select_related("person", "project", "category", "project__client").filter(
        access.reach(actor, access.VIEW_EXPENSES)
    )


def expense_for(actor: Actor, expense_id: UUID) -> Expense:
    """The expense; NotFound if there is none within reach."""
    found = visible_expenses(actor).filter(id=expense_id).first()
    if found is None:
        raise NotFound("There is no such expense, or you may not see it.")
    return found


def receipt_of(actor: Actor, expense_id: UUID) -> StoredFile:
    """The receipt of a visible expense."""
    expense = expense_for(actor, expense_id)
    stored = StoredFile.objects.filter(id=expense.receipt_id).first() if expense.receipt_id else None
    if stored is None:
        raise NotFound("The expense has no receipt.")
    return stored


def categories() -> QuerySet[ExpenseCategory]:
    return ExpenseCategory.objects.filter(is_active=True).order_by("name")


def twins_of(expense: Expense) -> list[Expense]:
    """Other expenses with the same amount, day and supplier, or the very same receipt."""
    same = Expense.objects.exclude(id=expense.id).select_related("person")
    if expense.split_id is not None:
        same = same.exclude(split_id=expense.split_id)
    facts = same.filter(
        gross_amount=expense.gross_amount, currency=expense.currency, spent_on=expense.spent_on,
        supplier__iexact=expense.supplier,
    )  # fmt: skip
    found = list(facts[:5])
    if expense.receipt_id is not None:
        found += [one for one in same.filter(receipt_id=expense.receipt_id)[:5] if one not in found]
    return found


@dataclass(frozen=True, slots=True)
class WaitingExpense:
    """An expense that waits for the approver."""

    id: UUID
    person: str
    amount: Money
    what: str
    spent_on: date
    flag: str


@dataclass(frozen=True, slots=True)
class WaitingExpenses:
    """Expenses that wait."""

    items: tuple[WaitingExpense, ...]

    @property
    def count(self) -> int:
        return len(self.items)


def waiting_expenses(actor: Actor) -> WaitingExpenses:
    """Handed-in expenses within reach, never one's own."""
    if actor.scope(APPROVE) in {None, Scope.OWN}:
        return WaitingExpenses(())
    rows = (
        Expense.objects.select_related("person", "category")
        .filter(access.reach(actor, APPROVE), status="submitted")
        .exclude(person=actor.person_id)
        .order_by("spent_on", "id")[:100]
    )
    return WaitingExpenses(
        tuple(
            WaitingExpense(
                row.id, row.person.name, Money(row.gross_amount, row.currency), row.supplier or row.category.name,
                row.spent_on, "" if row.receipt_id or row.category.kind != "receipt" else _now("Receipt missing"),
            )
            for row in rows
        )
    )  # fmt: skip
