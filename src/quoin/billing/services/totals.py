"""Sums of drafts: net from the lines, VAT per category and rate, gross. The same rules as at issue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from quoin.base.db.bulk import update_columns
from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine, InvoiceTax, PrepaidPack
from quoin.billing.queries.parties import draft_treatment
from quoin.billing.queries.service_periods import LASTING, periods_on
from quoin.billing.rules.document_lines import entered_net
from quoin.billing.rules.einvoice import InvoicingPeriod
from quoin.billing.rules.tax import document_unit, split_inclusive, tax_of
from quoin.billing.rules.tax_treatment import TaxTreatment
from quoin.billing.types import ChargeKind
from quoin.kernel.money import Money, Rounding

VatKey = tuple[str, Decimal, str]
"""Category, percentage and reason."""
_UPDATED = ("net_amount", "tax_amount", "gross_amount", "rounding_amount", "period_from", "period_until")


def set_treatment(invoice: Invoice, lines: Iterable[InvoiceLine], treatment: TaxTreatment) -> None:
    """Put the treatment on the lines; prices that include VAT are taken apart by it."""
    found = list(lines)
    for line in found:
        line.tax_category = treatment.category.value
        line.tax_percent = treatment.rate or Decimal(0)
        line.tax_reason = treatment.why
    if invoice.is_vat_inclusive:
        _take_vat_out(invoice, found, treatment)


def _take_vat_out(invoice: Invoice, lines: list[InvoiceLine], treatment: TaxTreatment) -> None:
    gross = [line.entered_amount or Decimal(0) for line in lines]
    split = split_inclusive(gross, treatment.rate or Decimal(0), invoice.currency, Rounding(invoice.rounding))
    for line, net in zip(lines, split.line_nets, strict=True):
        line.net_amount = net
        line.quantity, line.unit_price = Decimal(1 if net >= 0 else -1), abs(net)
    invoice.rounding_amount = split.rounding


def refresh_draft(invoice: Invoice) -> Invoice:
    """Work the lines of one draft out anew: VAT by today's parties, then all sums."""
    lines = list(InvoiceLine.objects.filter(invoice=invoice).order_by("position"))
    mode = Rounding(invoice.rounding)
    for line in lines:
        if line.is_manual and not invoice.is_vat_inclusive:
            typed = entered_net(
                line.quantity, unit=line.unit, unit_price=line.unit_price, currency=invoice.currency, mode=mode
            )
            line.net_amount = typed.amount
    on = invoice.period_until or invoice.issue_on or invoice.created_at.date()
    invoice.rounding_amount = Decimal(0)
    set_treatment(invoice, lines, draft_treatment(invoice.entity, invoice.client, on=on))
    InvoiceLine.objects.bulk_update(
        lines, ["net_amount", "tax_category", "tax_percent", "tax_reason", "quantity", "unit_price"]
    )
    retotal([invoice])
    return invoice


def retotal(invoices: Iterable[Invoice]) -> None:
    """Sums of drafts from their lines as they stand, and their VAT rows."""
    found = {invoice.id: invoice for invoice in invoices}
    nets: defaultdict[UUID, dict[VatKey, Decimal]] = defaultdict(dict)
    kinds: defaultdict[UUID, set[str]] = defaultdict(set)
    rows = InvoiceLine.objects.filter(invoice_id__in=list(found)).order_by("invoice_id", "position")
    for invoice_id, category, percent, reason, net, kind in rows.values_list(
        "invoice_id", "tax_category", "tax_percent", "tax_reason", "net_amount", "kind"
    ):
        kinds[invoice_id].add(kind)
        key = (category, percent, reason)
        nets[invoice_id][key] = nets[invoice_id].get(key, Decimal(0)) + net
    taxes: list[InvoiceTax] = []
    agreed = _agreed(key for key, own in kinds.items() if ChargeKind.PREPAID.value in own)
    periods = periods_on(key for key, own in kinds.items() if own & LASTING)
    for invoice in found.values():
        own = tax_rows(invoice, nets.get(invoice.id, {}))
        _sum_up(invoice, own)
        if not invoice.is_vat_inclusive:
            invoice.rounding_amount = _rounding(invoice, nets.get(invoice.id, {}), agreed.get(invoice.id, ()))
        _cover(invoice, periods.get(invoice.id, ()))
        taxes += own
    InvoiceTax.objects.filter(invoice_id__in=list(found)).delete()
    InvoiceTax.objects.bulk_create(taxes)
    update_columns(Invoice, list(found), {name: [getattr(row, name) for row in found.values()] for name in _UPDATED})


@dataclass(frozen=True, slots=True)
class _Agreed:
    """A pack on a line: its net, and what was agreed for it with its VAT."""

    vat: VatKey
    net: Decimal
    gross: Decimal


def _agreed(invoice_ids: Iterable[UUID]) -> dict[UUID, list[_Agreed]]:
    """The packs on drafts whose price was agreed with VAT. A part of a pack has no price of its own."""
    ids = list(invoice_ids)
    found: defaultdict[UUID, list[_Agreed]] = defaultdict(list)
    if not ids:
        return found
    items = InvoiceItem.objects.filter(line__invoice_id__in=ids, is_live=True, charge__kind=ChargeKind.PREPAID)
    names = ("tax_category", "tax_percent", "tax_reason", "net_amount", "invoice_id")
    lines = {row[0]: row[1:] for row in items.values_list("charge__source_id", *(f"line__{name}" for name in names))}
    packs = PrepaidPack.objects.filter(id__in=lines, entered_amount__isnull=False)
    for pack_id, price, entered in packs.values_list("id", "price_amount", "entered_amount"):
        category, percent, reason, net, invoice_id = lines[pack_id]
        if net == price:
            found[invoice_id].append(_Agreed((category, percent, reason), net, entered))
    return found


def _rounding(invoice: Invoice, nets: dict[VatKey, Decimal], agreed: Sequence[_Agreed]) -> Decimal:
    """What brings the amount due (BT-114) to what was agreed for packs and what the rest comes to alone.

    VAT is worked out on the sum of all lines, so that only its cents may stand between. More than a cent for each
    pack is no rounding: the VAT changed since the sale, and nothing is rounded.
    """
    nothing = _exact(Decimal(0), invoice)
    if not agreed:
        return nothing
    rest = dict(nets)
    for pack in agreed:
        rest[pack.vat] -= pack.net
    mode = Rounding(invoice.rounding)
    due = sum((pack.gross for pack in agreed), nothing)
    for (_, percent, _), net in rest.items():
        due += _exact(net, invoice) + tax_of(_exact(net, invoice), percent, invoice.currency, mode)
    apart = _exact(due, invoice) - invoice.gross_amount
    return apart if abs(apart) <= document_unit(invoice.currency) * len(agreed) else nothing


def _cover(invoice: Invoice, periods: Iterable[InvoicingPeriod]) -> None:
    """Fees and instalments last longer than the day on which they are charged."""
    for period in periods:
        days = [day for day in (period.start, invoice.period_from) if day]
        invoice.period_from = min(days, default=None)
        invoice.period_until = max((day for day in (period.end, invoice.period_until) if day), default=None)


def tax_rows(invoice: Invoice, nets: dict[VatKey, Decimal]) -> list[InvoiceTax]:
    """VAT per category and rate, computed once (R4)."""
    mode = Rounding(invoice.rounding)
    return [
        InvoiceTax(
            invoice=invoice, category=category, percent=percent, reason=reason, base_amount=_exact(net, invoice),
            tax_amount=tax_of(_exact(net, invoice), percent, invoice.currency, mode),
        )
        for (category, percent, reason), net in nets.items()
    ]  # fmt: skip


def _sum_up(invoice: Invoice, taxes: list[InvoiceTax]) -> None:
    zero = Money(Decimal(0), invoice.currency).round().amount
    invoice.net_amount = sum((row.base_amount for row in taxes), zero)
    invoice.tax_amount = sum((row.tax_amount for row in taxes), zero)
    invoice.gross_amount = invoice.net_amount + invoice.tax_amount


def _exact(amount: Decimal, invoice: Invoice) -> Decimal:
    return Money(amount, invoice.currency).round().amount
