"""Sums of drafts: net from the lines, VAT per category and rate, gross. The same rules as at issue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from quoin.base.db.bulk import update_columns
from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine, InvoiceTax, PrepaidPack
from quoin.billing.queries.parties import draft_treatment
from quoin.billing.rules.document_lines import entered_net
from quoin.billing.rules.tax import document_unit, split_inclusive, tax_of
from quoin.billing.rules.tax_treatment import TaxTreatment
from quoin.billing.types import ChargeKind
from quoin.kernel.money import Money, Rounding

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
    nets: defaultdict[UUID, dict[tuple[str, Decimal, str], Decimal]] = defaultdict(dict)
    kinds: defaultdict[UUID, set[str]] = defaultdict(set)
    rows = InvoiceLine.objects.filter(invoice_id__in=list(found)).order_by("invoice_id", "position")
    for invoice_id, category, percent, reason, net, kind in rows.values_list(
        "invoice_id", "tax_category", "tax_percent", "tax_reason", "net_amount", "kind"
    ):
        kinds[invoice_id].add(kind)
        key = (category, percent, reason)
        nets[invoice_id][key] = nets[invoice_id].get(key, Decimal(0)) + net
    taxes: list[InvoiceTax] = []
    agreed = _agreed(key for key, own in kinds.items() if own == {ChargeKind.PREPAID.value})
    for invoice in found.values():
        own = tax_rows(invoice, nets.get(invoice.id, {}))
        _sum_up(invoice, own)
        if invoice.id in agreed:
            _round_to(invoice, agreed[invoice.id])
        elif ChargeKind.PREPAID.value in kinds[invoice.id] and not invoice.is_vat_inclusive:
            invoice.rounding_amount = _exact(Decimal(0), invoice)
        taxes += own
    InvoiceTax.objects.filter(invoice_id__in=list(found)).delete()
    InvoiceTax.objects.bulk_create(taxes)
    update_columns(Invoice, list(found), {name: [getattr(row, name) for row in found.values()] for name in _UPDATED})


def _agreed(invoice_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What was agreed, with its VAT, for drafts of nothing but packs whose price was agreed so."""
    ids = list(invoice_ids)
    if not ids:
        return {}
    items = InvoiceItem.objects.filter(line__invoice_id__in=ids, is_live=True)
    packs = dict(items.values_list("charge__source_id", "line__invoice_id"))
    found: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for pack_id, entered in PrepaidPack.objects.filter(id__in=packs).values_list("id", "entered_amount"):
        # One price without VAT, and the sum is no price that was agreed.
        found[packs[pack_id]] += Decimal("NaN") if entered is None else entered
    return {key: amount for key, amount in found.items() if not amount.is_nan()}


def _round_to(invoice: Invoice, agreed: Decimal) -> None:
    """Bring the amount due to what was agreed, where only the cents of the VAT stand between (BT-114)."""
    apart = _exact(agreed, invoice) - invoice.gross_amount
    most = document_unit(invoice.currency)
    invoice.rounding_amount = apart if abs(apart) <= most else _exact(Decimal(0), invoice)


def tax_rows(invoice: Invoice, nets: dict[tuple[str, Decimal, str], Decimal]) -> list[InvoiceTax]:
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
