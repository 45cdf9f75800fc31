"""Kinds of expenses."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.catalog.models import ExpenseCategory
from quoin.catalog.queries.cards import values_of
from quoin.catalog.types import CATEGORY_KINDS
from quoin.kernel.currency import CODES
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say

explain("expense_category_name", "There is an expense category of that name.")


@action("catalog.expense_category.save", label=_("Add or change an expense category"))
def save_expense_category(
    actor: Actor,
    *,
    category_id: UUID | str | None = None,
    name: str,
    kind: str = "receipt",
    rate_per_unit: Decimal | str | None = None,
    currency: str = "EUR",
    is_vat_recoverable: bool = True,
    is_active: bool = True,
) -> ExpenseCategory:
    """A new category, or new values of one. Mileage and per diem have a rate per unit, receipts have none."""
    if not name.strip():
        raise invalid("/name", "A category needs a name.")
    if kind not in CATEGORY_KINDS:
        raise invalid(
            "/kind", say("A category is one of %(category_kinds)s.", category_kinds=", ".join(CATEGORY_KINDS))
        )
    if (kind == "receipt") != (rate_per_unit is None):
        raise invalid("/rate_per_unit", "Mileage and per diem need a rate per unit; receipts have none.")
    if currency not in CODES:
        raise invalid("/currency", say("%(currency)s is not a currency code.", currency=repr(currency)))
    category = ExpenseCategory()
    if category_id is not None:
        found = ExpenseCategory.objects.select_for_update().filter(id=category_id).first()
        if found is None:
            raise NotFound("There is no such category.")
        category = found
        undo_with("catalog.expense_category.save", category_id=found.id, **values_of(found))
    category.name, category.kind = name.strip(), kind
    category.rate_per_unit = None if rate_per_unit is None else Decimal(rate_per_unit)
    category.currency, category.is_vat_recoverable, category.is_active = currency, is_vat_recoverable, is_active
    category.save()
    touch(category.public_id)
    return category
