"""Which time the fees and instalments on documents stand for. For services and screens: no permission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from quoin.billing.models import InvoiceItem, InvoiceLine
from quoin.billing.rules.einvoice import InvoicingPeriod
from quoin.billing.rules.service_period import service_period
from quoin.billing.types import ChargeKind
from quoin.sales.models import Milestone

LASTING = frozenset({ChargeKind.FEE.value, ChargeKind.MILESTONE.value})
"""Kinds of lines that may stand for more than a day."""


def periods_of(lines: Iterable[InvoiceLine]) -> dict[UUID, InvoicingPeriod]:
    """The periods of those lines that have one (BT-134, BT-135)."""
    found = {line.id for line in lines if line.kind in LASTING}
    return {line_id: period for _invoice_id, line_id, period in _periods({"line_id__in": found})} if found else {}


def periods_on(invoice_ids: Iterable[UUID]) -> dict[UUID, list[InvoicingPeriod]]:
    """The periods of the lines of documents, by document."""
    ids = list(invoice_ids)
    found: defaultdict[UUID, list[InvoicingPeriod]] = defaultdict(list)
    for invoice_id, _line_id, period in _periods({"line__invoice_id__in": ids}) if ids else ():
        found[invoice_id].append(period)
    return found


def _periods(where: dict[str, object]) -> list[tuple[UUID, UUID, InvoicingPeriod]]:
    rows = list(
        InvoiceItem.objects.filter(line__kind__in=sorted(LASTING), **where).values_list(
            "line__invoice_id", "line_id", "charge__kind", "charge__work_on", "charge__source_id",
            "charge__contract__ends_on",
        )
    )  # fmt: skip
    sources = {row[4] for row in rows if row[2] == ChargeKind.MILESTONE}
    scheduled = set(Milestone.objects.filter(id__in=sources, bills_on_due_day=True).values_list("id", flat=True))
    found = []
    for invoice_id, line_id, kind, on, source_id, ends_on in rows:
        period = service_period(ChargeKind(kind), on=on, is_scheduled=source_id in scheduled, ends_on=ends_on)
        if period is not None:
            found.append((invoice_id, line_id, period))
    return found
