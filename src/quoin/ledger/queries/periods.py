"""The months of the books and whether they take postings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncMonth

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.ledger import queries
from quoin.ledger.models import FiscalPeriod, Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodStatus:
    """A month of an entity: how much was posted in it, and whether it is closed."""

    row: FiscalPeriod
    journals: int
    is_closed: bool

    @property
    def month(self) -> str:
        return f"{self.row.starts_on:%Y-%m}"


def periods(actor: Actor, *, entity_id: UUID | None = None) -> tuple[PeriodStatus, ...]:
    """Newest first, by entity."""
    actor.require(queries.VIEW)
    rows = FiscalPeriod.objects.select_related("entity").order_by("entity__code", "-starts_on")
    if entity_id is not None:
        rows = rows.filter(entity_id=entity_id)
    counts = _journals_by_month()
    return tuple(
        PeriodStatus(row=row, journals=counts.get((row.entity_id, row.starts_on), 0), is_closed=is_closed(row, actor))
        for row in rows
    )


def is_closed(row: FiscalPeriod, actor: Actor) -> bool:
    """Whether the period takes no postings now. One that was opened again closes by itself."""
    again = row.open_again_until
    return row.closed_at is not None and (again is None or again <= actor.now)


def _journals_by_month() -> dict[tuple[UUID, date], int]:
    found = (
        Journal.objects.annotate(month=TruncMonth("posting_on"))
        .values_list("entity_id", "month")
        .annotate(n=Count("id"))
        .order_by()
    )
    return {(entity_id, month): number for entity_id, month, number in found}


def entity_of(actor: Actor, code: str = "") -> UUID | None:
    """The company with the code, or the only one when no code is given; None if that is not clear."""
    actor.require(queries.VIEW)
    rows = LegalEntity.objects.filter(**({"code__iexact": code} if code else {}))
    found = list(rows.order_by("code").values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def entities(actor: Actor) -> tuple[LegalEntity, ...]:
    """The companies whose books there are."""
    actor.require(queries.VIEW)
    return tuple(LegalEntity.objects.order_by("code"))
