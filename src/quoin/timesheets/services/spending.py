"""Expenses: amounts by kind, the exchange rate frozen on the day of spending, what may be written when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.catalog.models import ExpenseCategory
from quoin.kernel.currency import CODES
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.money import Money
from quoin.kernel.words import say
from quoin.ledger.queries.rates import rate
from quoin.people.models import Person
from quoin.timesheets.models import Expense
from quoin.timesheets.queries import access, facts
from quoin.timesheets.rules.spending import booked, quantity_amount
from quoin.timesheets.services.entries import check_work
from quoin.timesheets.types import RowKey, Status, WrongState

FIELDS = frozenset(
    {
        "project_id", "task_id", "category_id", "spent_on", "supplier", "note", "quantity", "gross_amount",
        "vat_amount", "currency", "is_billable", "is_reimbursable", "receipt_id",
    }
)  # fmt: skip
_PLACES = Decimal(1).scaleb(-10)
_MOST = Decimal(10_000_000)


@dataclass(frozen=True, slots=True)
class Frozen:
    """The rate of a day, from the currency of the receipt to that of the books."""

    rate: Decimal
    on: date | None
    source: str


def spender(actor: Actor, permission: str, person_id: UUID | str, on: date) -> facts.PersonFacts:
    """The person whose expense it is, if the permission reaches them."""
    found = facts.person_facts(actor, UUID(str(person_id)), since=on, until=on + timedelta(days=1))
    return access.require_reach(actor, permission, found)


def open_expense(actor: Actor, permission: str, expense_id: UUID | str) -> Expense:
    """An expense that may be changed, locked; NotFound or WrongState else."""
    expense = reachable(actor, permission, expense_id)
    _require_open(expense)
    return expense


def reachable(actor: Actor, permission: str, expense_id: UUID | str) -> Expense:
    """An expense within reach, locked for the rest of the transaction."""
    expense = (
        Expense.objects.select_for_update(of=("self",))
        .select_related("category")
        .filter(access.reach(actor, permission), id=UUID(str(expense_id)))
        .first()
    )
    if expense is None:
        raise NotFound("There is no such expense, or you may not see it.")
    return expense


def open_expenses(actor: Actor, permission: str, expense_ids: Iterable[UUID | str]) -> list[Expense]:
    """Expenses that may be changed, locked, in the order of their ids; NotFound or WrongState else."""
    ids = {UUID(str(one)) for one in expense_ids}
    rows = Expense.objects.select_for_update(of=("self",)).select_related("category")
    found = list(rows.filter(access.reach(actor, permission), id__in=ids).order_by("id"))
    if len(found) < len(ids):
        raise NotFound("There is no such expense, or you may not see it.")
    for expense in found:
        _require_open(expense)
    return found


def _require_open(expense: Expense) -> None:
    if expense.status not in {Status.OPEN, Status.RETURNED}:
        raise WrongState("The expense is handed in or approved. Withdraw it to change it.")


def fill(
    actor: Actor, expense: Expense, values: dict[str, Any], *, person: facts.PersonFacts | None = None
) -> None:  # fmt: skip
    """Put the values on the expense and work out what follows from them: amount, rate, books.

    `person` are the facts of its person on its day, if they are known.
    """
    if unknown := sorted(set(values) - FIELDS):
        raise invalid(f"/{unknown[0]}", say("An expense has no field %(unknown)s.", unknown=repr(unknown[0])))
    for name, value in values.items():
        setattr(expense, name, _value(name, value))
    category = ExpenseCategory.objects.filter(id=expense.category_id).first()
    if category is None:
        raise invalid("/category", "There is no such category.", code="unknown")
    if person is None:
        until = expense.spent_on + timedelta(days=1)
        person = facts.person_facts(actor, expense.person_id, since=expense.spent_on, until=until)
    if person is None:
        raise NotFound("There is no such person.")
    _check_day(actor, person, expense)
    price(expense, category)
    _freeze(expense)


def freeze(currency: str, base_currency: str, on: date) -> Frozen:
    """The rate to the books on the day of spending, as it will stay."""
    found = rate(currency=currency, base_currency=base_currency, on=on)
    exact = Decimal(found.rate.numerator) / Decimal(found.rate.denominator)
    return Frozen(exact.quantize(_PLACES), found.on, found.source)


def _check_day(actor: Actor, person: facts.PersonFacts, expense: Expense) -> None:
    if expense.spent_on > actor.today:
        raise invalid("/spent_on", "The day is in the future.", code="future")
    check_work(actor, person, RowKey(expense.project_id, expense.task_id), expense.spent_on)


def price(expense: Expense, category: ExpenseCategory) -> None:
    """Mileage and per diem cost quantity times rate; a receipt costs what it says. Invalid names what is wrong."""
    if category.kind == "receipt":
        expense.quantity = None
    else:
        if expense.quantity is None or not 0 < expense.quantity < _MOST:
            raise invalid("/quantity", "Say how many kilometres or days.", code="required")
        if category.rate_per_unit is None:
            raise invalid("/category", say("%(category)s has no rate. Finance can set one.", category=category.name))
        amount = quantity_amount(expense.quantity, category.rate_per_unit, category.currency)
        expense.gross_amount, expense.currency, expense.vat_amount = amount.amount, amount.currency, Decimal(0)
    if expense.currency not in CODES:
        raise invalid(
            "/currency",
            say("%(currency)s is no currency. Write it as EUR.", currency=repr(expense.currency)),
            code="unknown",
        )
    _judge_amounts(expense)
    expense.is_vat_recoverable = category.is_vat_recoverable


def _judge_amounts(expense: Expense) -> None:
    if not 0 < expense.gross_amount < _MOST:
        raise invalid("/gross_amount", "The amount is more than zero.", code="out_of_range")
    if not 0 <= expense.vat_amount < expense.gross_amount:
        raise invalid("/vat_amount", "The VAT is a part of the amount, so less than it.", code="out_of_range")
    for field in ("gross_amount", "vat_amount"):
        amount = getattr(expense, field)
        if Money(amount, expense.currency).round().amount != amount:
            raise invalid(
                f"/{field}",
                say("%(currency)s has no amounts that small.", currency=expense.currency),
                code="out_of_range",
            )


def _freeze(expense: Expense) -> None:
    entity = Person.objects.select_related("entity").get(id=expense.person_id).entity
    settle(expense, entity.currency, freeze(expense.currency, entity.currency, expense.spent_on))


def settle(expense: Expense, base_currency: str, frozen: Frozen) -> None:
    """What the expense is worth in the books, at the rate that stays."""
    gross, vat = Money(expense.gross_amount, expense.currency), Money(expense.vat_amount, expense.currency)
    worth = booked(gross, vat, rate=frozen.rate, currency=base_currency)
    expense.fx_rate, expense.fx_on, expense.fx_source = frozen.rate, frozen.on, frozen.source
    expense.base_net_amount, expense.base_vat_amount = worth.net.amount, worth.vat.amount
    expense.base_currency = base_currency


def _value(name: str, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if name in {"project_id", "task_id", "category_id", "receipt_id"}:
        return UUID(value) if value else None
    if name == "spent_on":
        return date.fromisoformat(value)
    if name in {"quantity", "gross_amount", "vat_amount"}:
        return Decimal(value)
    return value.strip()


def snapshot(expense: Expense) -> dict[str, Any]:
    """The fields as JSON values, for the undo."""
    return {name: _json(getattr(expense, name)) for name in sorted(FIELDS)}


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)
