"""What can be done with a draft: the work that may be added, the drafts that lines may move to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from quoin.base.actor import Actor
from quoin.billing.models import Charge, Invoice
from quoin.billing.queries.invoices import visible_invoices
from quoin.billing.queries.unbilled import visible_charges

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Addable:
    """Unbilled work, oldest first; `is_cut` says that there is more."""

    charges: tuple[Charge, ...]
    is_cut: bool


def addable_work(actor: Actor, draft: Invoice) -> Addable:
    """Unbilled work of the draft's client, company and currency that has a contract."""
    rows = visible_charges(actor).filter(
        client_id=draft.client_id, entity_id=draft.entity_id, currency=draft.currency, contract__isnull=False
    )
    found = list(rows.select_related("person", "task", "project").order_by("work_on", "id")[: _SHOWN + 1])
    return Addable(tuple(found[:_SHOWN]), len(found) > _SHOWN)


def other_drafts(actor: Actor, draft: Invoice) -> QuerySet[Any]:
    """Drafts of the same client, company, currency and kind of price."""
    rows = visible_invoices(actor).exclude(status="issued").exclude(id=draft.id)
    return rows.filter(
        client_id=draft.client_id, entity_id=draft.entity_id, currency=draft.currency, kind="invoice",
        is_vat_inclusive=draft.is_vat_inclusive,
    ).order_by("-created_at", "id")  # fmt: skip
