"""Hypothesis strategies for documents that may be issued: any mix of lines, rates, allowances and charges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from quoin.billing.rules.einvoice import (
    CREDIT_NOTE,
    Adjustment,
    InvoiceDocument,
    InvoiceLine,
    InvoicingPeriod,
    Item,
    PrecedingInvoice,
    Price,
)
from quoin.billing.rules.einvoice_totals import line_amount, time_price, with_totals
from quoin.billing.rules.tax import VatCategory
from tests.billing_documents.samples import BASE, FRENCH_BUYER, GERMAN_BUYER, REASONS, SELLER, US_BUYER

# What people type, without the characters that XML 1.0 cannot carry and without outer spaces.
texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)
cents = st.decimals(min_value=0, max_value=9999, places=2)
prices = st.decimals(min_value=0, max_value=999, places=4)
percentages = st.decimals(min_value=0, max_value=100, places=2)
_RATES = {
    VatCategory.STANDARD: ("5.5", "7", "19", "20", "25.5"),
    VatCategory.IGIC: ("3", "7"),
    VatCategory.IPSI: ("0", "4"),
}
_MIXED = (VatCategory.STANDARD, VatCategory.ZERO, VatCategory.EXEMPT)


@st.composite
def line_adjustments(draw: st.DrawFn) -> Adjustment:
    return Adjustment(is_charge=draw(st.booleans()), amount=draw(cents), reason=draw(texts))


@st.composite
def lines(draw: st.DrawFn, category: VatCategory, currency: str) -> InvoiceLine:
    """Hours and minutes by time_price, or any unit with a signed quantity."""
    if draw(st.booleans()):
        quantity, unit, price = time_price(draw(st.integers(-6000, 60000)), draw(prices))
    else:
        quantity = draw(st.decimals(min_value=-999, max_value=999, places=3))
        base = draw(st.sampled_from([None, Decimal(1), Decimal(100)]))
        unit = draw(st.sampled_from(["C62", "DAY", "LS", "KMT"]))
        price = Price(net=draw(prices), base_quantity=base, base_unit=unit if base else "")
    rate = None if category is VatCategory.NOT_SUBJECT else Decimal(draw(st.sampled_from(_RATES.get(category, ("0",)))))
    line = InvoiceLine(
        quantity=quantity,
        unit=unit,
        price=price,
        adjustments=tuple(draw(st.lists(line_adjustments(), max_size=2))),
        item=Item(name=draw(texts), description=draw(st.just("") | texts)),
        note=draw(st.just("") | texts),
        period=draw(st.sampled_from([None, InvoicingPeriod(date(2026, 5, 4), date(2026, 5, 9))])),
        category=category,
        rate=rate,
    )
    return replace(line, net=line_amount(line, currency))


@st.composite
def adjustments(draw: st.DrawFn, category: VatCategory) -> Adjustment:
    """An allowance or charge, given as an amount or as a percentage of a base."""
    rate = None if category is VatCategory.NOT_SUBJECT else Decimal(_RATES.get(category, ("0",))[0])
    part = Adjustment(is_charge=draw(st.booleans()), reason=draw(texts), category=category, rate=rate)
    if draw(st.booleans()):
        return replace(part, amount=draw(cents))
    base, percent = draw(cents), draw(percentages)
    amount = (base * percent / 100).quantize(Decimal("0.01"))
    return replace(part, base_amount=base, percent=percent, amount=amount)


@st.composite
def documents(draw: st.DrawFn) -> InvoiceDocument:
    """An invoice or credit note in one category, or in a mix of those that may be mixed."""
    main = draw(st.sampled_from(VatCategory))
    allowed = _MIXED if main in _MIXED else (main,)
    currency = draw(st.sampled_from(["EUR", "NOK", "USD", "JPY", "KWD"]))
    categories = draw(st.lists(st.sampled_from(allowed), min_size=1, max_size=5))
    found = [draw(lines(category, currency)) for category in categories]
    parts = [draw(adjustments(category)) for category in draw(st.lists(st.sampled_from(allowed), max_size=2))]
    if currency == "JPY":
        found = [
            replace(line, adjustments=(), net=line_amount(replace(line, adjustments=()), currency)) for line in found
        ]
        parts = []
    document = replace(
        _parties(BASE, main),
        currency=currency,
        number=draw(texts),
        notes=tuple(draw(st.lists(texts, max_size=2))),
        lines=tuple(replace(line, id=str(number)) for number, line in enumerate(found, start=1)),
        adjustments=tuple(parts),
    )
    if draw(st.booleans()):
        document = replace(document, type_code=CREDIT_NOTE, preceding=(PrecedingInvoice("INV-1", date(2026, 4, 1)),))
    prepaid = draw(st.none() | cents) if currency != "JPY" else None
    return with_totals(document, exemptions=REASONS, prepaid=prepaid)


def _parties(document: InvoiceDocument, category: VatCategory) -> InvoiceDocument:
    if category is VatCategory.NOT_SUBJECT:
        seller = replace(SELLER, vat_id="", tax_number="29/815/08152")
        return replace(document, seller=seller, buyer=replace(GERMAN_BUYER, vat_id=""))
    if category in {VatCategory.REVERSE_CHARGE, VatCategory.INTRA_COMMUNITY}:
        assert document.delivery is not None
        delivery = replace(document.delivery, address=FRENCH_BUYER.address)
        return replace(document, buyer=FRENCH_BUYER, delivery=delivery)
    return replace(document, buyer=US_BUYER) if category is VatCategory.EXPORT else document
