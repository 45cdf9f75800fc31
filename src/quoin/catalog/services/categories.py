"""Categories of expenses that an import brings."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from quoin.catalog.models import ExpenseCategory
from quoin.kernel.errors import invalid


def add_category(*, name: str) -> ExpenseCategory:
    """A new category of receipts."""
    if not name.strip():
        raise invalid("/name", "A category needs a name.")
    return ExpenseCategory.objects.create(name=name.strip())


def remove_categories(category_ids: Iterable[UUID]) -> None:
    """Delete categories that no expense has; whatever is in use is refused by the database."""
    ExpenseCategory.objects.filter(id__in=list(category_ids)).delete()
