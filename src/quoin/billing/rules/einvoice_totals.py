"""Completes a document from its lines: line amounts from exact input, VAT per category and rate, document totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from quoin.billing.rules.einvoice import HOUR, MINUTE, Adjustment, InvoiceDocument, InvoiceLine, Price, Totals
from quoin.billing.rules.tax import Exemption, Taxable, VatCategory, document_unit, round_for_document, vat_breakdown
from quoin.kernel.money import EXACT, Rounding

_MINUTES_PER_HOUR = Decimal(60)
# Minutes that make hours of two decimals: 3 min = 0.05 h.
_EXACT_STEP = 3


def time_price(minutes: int, rate_per_hour: Decimal) -> tuple[Decimal, str, Price]:
    """Quantity, unit and price of time so that quantity x price gives the amount exactly.

    Hours where two decimals hold them; else minutes with the price per 60 (case 1: 440 min at 95.00 per 60).
    """
    if minutes % _EXACT_STEP == 0:
        return Decimal(minutes) / _MINUTES_PER_HOUR, HOUR, Price(net=rate_per_hour)
    price = Price(net=rate_per_hour, base_quantity=_MINUTES_PER_HOUR, base_unit=MINUTE)
    return Decimal(minutes), MINUTE, price


def line_amount(line: InvoiceLine, currency: str, mode: Rounding = Rounding.HALF_UP) -> Decimal:
    """Quantity x price / base quantity, rounded once (R1), then plus charges and minus allowances of the line."""
    base = line.price.base_quantity or Decimal(1)
    exact = Fraction(line.quantity or 0) * Fraction(line.price.net or 0) / Fraction(base)
    return EXACT.add(round_for_document(exact, currency, mode), signed_sum(line.adjustments))


def signed_sum(adjustments: Iterable[Adjustment]) -> Decimal:
    """Charges minus allowances."""
    return sum((_signed(adjustment) for adjustment in adjustments), Decimal(0))


def taxables(document: InvoiceDocument) -> Iterator[Taxable]:
    """What VAT is computed on: lines, then charges, then allowances as negative amounts."""
    for line in document.lines:
        if line.category is not None:
            yield Taxable(line.category, line.rate, line.net or Decimal(0))
    for adjustment in document.adjustments:
        if adjustment.category is not None:
            yield Taxable(adjustment.category, adjustment.rate, _signed(adjustment))


def with_totals(
    document: InvoiceDocument,
    *,
    exemptions: Mapping[VatCategory, Exemption] | None = None,
    prepaid: Decimal | None = None,
    rounding: Decimal | None = None,
    tax_in_accounting_currency: Decimal | None = None,
    mode: Rounding = Rounding.HALF_UP,
) -> InvoiceDocument:
    """The document with VAT breakdown and totals computed from its lines and adjustments."""
    zero = document_unit(document.currency) * 0
    vat = vat_breakdown(taxables(document), currency=document.currency, exemptions=dict(exemptions or {}), mode=mode)
    lines = sum((line.net or zero for line in document.lines), zero)
    net = EXACT.add(lines, signed_sum(document.adjustments))
    tax = sum((group.tax or zero for group in vat), zero)
    gross = EXACT.add(net, tax)
    totals = Totals(
        lines=lines,
        allowances=_part(document.adjustments, is_charge=False),
        charges=_part(document.adjustments, is_charge=True),
        net=net,
        tax=tax,
        tax_in_accounting_currency=tax_in_accounting_currency,
        gross=gross,
        prepaid=prepaid,
        rounding=rounding,
        payable=gross - (prepaid or zero) + (rounding or zero),
    )
    return replace(document, vat=vat, totals=totals)


def _part(adjustments: Iterable[Adjustment], *, is_charge: bool) -> Decimal | None:
    chosen = [adjustment.amount or Decimal(0) for adjustment in adjustments if adjustment.is_charge is is_charge]
    return sum(chosen, Decimal(0)) if chosen else None


def _signed(adjustment: Adjustment) -> Decimal:
    amount = adjustment.amount or Decimal(0)
    return amount if adjustment.is_charge else -amount
