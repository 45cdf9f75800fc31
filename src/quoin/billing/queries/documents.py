"""Rows of an invoice as a document of EN 16931, and how it is printed. For services and screens: no permission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.accounts.models import LegalEntity
from quoin.billing.models import Invoice, InvoiceLine
from quoin.billing.rules.document_lines import price_base
from quoin.billing.rules.einvoice import (
    CREDIT_NOTE,
    CREDIT_TRANSFER,
    INVOICE,
    MINUTE,
    SEPA_TRANSFER,
    Address,
    BankAccount,
    Contact,
    Delivery,
    Identifier,
    InvoiceDocument,
    InvoicingPeriod,
    Item,
    Party,
    Payment,
    PrecedingInvoice,
    Price,
)
from quoin.billing.rules.einvoice import InvoiceLine as DocumentLine
from quoin.billing.rules.einvoice_totals import with_totals
from quoin.billing.rules.identifiers import is_iban
from quoin.billing.rules.tax import Exemption, VatCategory
from quoin.kernel.money import Money, Rounding

_LONGEST_NAME = 100


def document_of(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    *,
    parties: Mapping[str, Any],
    periods: Mapping[UUID, InvoicingPeriod],
) -> InvoiceDocument:
    """The document that the rows say; `parties` is the snapshot of seller, buyer, bank account and exemptions.

    `periods` are those of lines that stand for more than a day.
    """
    is_credit = invoice.kind == "credit_note"
    seller, buyer = party_from(parties["seller"]), party_from(parties["buyer"])
    service_on = invoice.period_until or invoice.issue_on
    period = InvoicingPeriod(invoice.period_from, invoice.period_until) if invoice.period_from else None
    document = InvoiceDocument(
        number=invoice.number or "",
        issued_on=invoice.issue_on,
        type_code=CREDIT_NOTE if is_credit else INVOICE,
        currency=invoice.currency,
        due_on=None if is_credit else invoice.due_on,
        buyer_reference=invoice.buyer_reference,
        contract_reference=invoice.contract.number if invoice.contract else "",
        order_reference=invoice.purchase_order,
        notes=(invoice.note,) if invoice.note else (),
        preceding=_preceding(invoice),
        seller=seller,
        buyer=buyer,
        delivery=Delivery(name=buyer.name) if _is_ahead(invoice) else Delivery(on=service_on),
        period=period,
        payment=None if is_credit else _payment(parties["bank"], invoice),
        lines=tuple(_line(number, line, invoice, periods.get(line.id)) for number, line in enumerate(lines, 1)),
    )
    exemptions = {
        VatCategory(category): Exemption(text["code"], text["text"])
        for category, text in parties["exemptions"].items()
    }  # fmt: skip
    rounding = Money(invoice.rounding_amount, invoice.currency).round().amount or None
    return with_totals(document, exemptions=exemptions, rounding=rounding, mode=Rounding(invoice.rounding))


def _preceding(invoice: Invoice) -> tuple[PrecedingInvoice, ...]:
    original = invoice.corrects
    return (PrecedingInvoice(original.number or "", original.issue_on),) if original else ()


def _payment(bank: Mapping[str, str], invoice: Invoice) -> Payment | None:
    if not bank["iban"]:
        return None
    is_sepa = invoice.currency == "EUR" and is_iban(bank["iban"])
    return Payment(
        means_code=SEPA_TRANSFER if is_sepa else CREDIT_TRANSFER,
        remittance=invoice.number or "",
        accounts=(BankAccount(iban=bank["iban"], holder=bank["holder"], bic=bank["bic"]),),
    )


def _is_ahead(invoice: Invoice) -> bool:
    """Whether the service goes on after the day of issue: it has a period then, and no day of delivery (BT-72) yet."""
    until, on = invoice.period_until, invoice.issue_on
    return invoice.period_from is not None and until is not None and on is not None and until > on


def _line(number: int, line: InvoiceLine, invoice: Invoice, period: InvoicingPeriod | None) -> DocumentLine:
    name, _, rest = line.description.strip().partition("\n")
    base = price_base(line.unit)
    category = VatCategory(line.tax_category)
    return DocumentLine(
        id=str(number),
        quantity=_plain(line.quantity),
        unit=line.unit,
        net=Money(line.net_amount, invoice.currency).round().amount,
        price=Price(net=_plain(line.unit_price), base_quantity=base, base_unit=MINUTE if base else ""),
        category=category,
        rate=None if category is VatCategory.NOT_SUBJECT else _plain(line.tax_percent),
        item=Item(name=name[:_LONGEST_NAME], description=f"{name[_LONGEST_NAME:]}{rest}".strip()),
        period=period,
    )


def _plain(number: Decimal) -> Decimal:
    """Without the zeros that a column adds, and without an exponent."""
    whole = number.normalize()
    return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole


def snapshot(seller: Party, buyer: Party, entity: LegalEntity, exemptions: Mapping[str, Exemption]) -> dict[str, Any]:
    """What is frozen at issue about the parties."""
    return {
        "seller": asdict(seller),
        "buyer": asdict(buyer),
        "bank": {"iban": "".join(entity.iban.split()), "bic": entity.bic, "holder": entity.name},
        "exemptions": {category: asdict(found) for category, found in exemptions.items()},
    }


def party_from(said: Mapping[str, Any]) -> Party:
    """The party of a snapshot."""
    return Party(
        name=said["name"],
        trading_name=said["trading_name"],
        ids=tuple(Identifier(**one) for one in said["ids"]),
        legal_id=Identifier(**said["legal_id"]) if said["legal_id"] else None,
        vat_id=said["vat_id"],
        tax_number=said["tax_number"],
        legal_form=said["legal_form"],
        electronic_address=Identifier(**said["electronic_address"]) if said["electronic_address"] else None,
        address=Address(**said["address"]) if said["address"] else None,
        contact=Contact(**said["contact"]) if said["contact"] else None,
    )


def due_on(invoice: Invoice, issue_on: date) -> date:
    """The day on which the money is due."""
    return invoice.due_on or date.fromordinal(issue_on.toordinal() + invoice.payment_days)
