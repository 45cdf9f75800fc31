"""What of an issued invoice may still be credited, line by line and entry by entry."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine
from quoin.kernel.money import Money

_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Creditable:
    """A line, what is left of it, and the work on it that is still billed by it."""

    line: InvoiceLine
    left: Money
    items: tuple[Any, ...]
    is_cut: bool


def creditable_lines(invoice: Invoice) -> tuple[Creditable, ...]:
    """Lines in order, for an invoice that was seen."""
    rows = list(InvoiceLine.objects.filter(invoice=invoice).order_by("position"))
    earlier = InvoiceLine.objects.filter(corrects_line__invoice=invoice, invoice__status="issued").order_by()
    credited: dict[Any, Decimal] = dict(
        earlier.values_list("corrects_line_id").annotate(sum=Sum("net_amount")).values_list("corrects_line_id", "sum")
    )
    items: defaultdict[UUID, list[InvoiceItem]] = defaultdict(list)
    live = InvoiceItem.objects.filter(line__in=rows, is_live=True).select_related("charge__person", "charge__task")
    for item in live.order_by("charge__work_on", "charge_id"):
        items[item.line_id].append(item)
    return tuple(
        Creditable(
            line=row,
            left=Money(row.net_amount - credited.get(row.id, Decimal(0)), invoice.currency).round(),
            items=tuple(items[row.id][:_SHOWN]),
            is_cut=len(items[row.id]) > _SHOWN,
        )
        for row in rows
    )
