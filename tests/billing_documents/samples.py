"""Documents to test with: one seller, clients in several countries, a line for every kind of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from quoin.billing.rules.einvoice import (
    CREDIT_NOTE,
    SEPA_DIRECT_DEBIT,
    SEPA_TRANSFER,
    Address,
    Adjustment,
    Attachment,
    BankAccount,
    Contact,
    Delivery,
    Identifier,
    InvoiceDocument,
    InvoiceLine,
    InvoicingPeriod,
    Item,
    Party,
    Payee,
    Payment,
    PrecedingInvoice,
    Price,
    TaxRepresentative,
)
from quoin.billing.rules.einvoice_totals import line_amount, time_price, with_totals
from quoin.billing.rules.tax import Exemption, VatCategory

SELLER = Party(
    name="Halden Digital GmbH",
    trading_name="Halden Digital",
    ids=(Identifier("4711"), Identifier("4012345000009", "0088")),
    legal_id=Identifier("HRB 123456 B"),
    vat_id="DE136695976",
    legal_form="Geschäftsführerin: Ingrid Sørensen · Amtsgericht Berlin-Charlottenburg",
    electronic_address=Identifier("billing@halden.example", "EM"),
    address=Address(line1="Torstraße 140", city="Berlin", postcode="10119", country="DE"),
    contact=Contact(name="Mara Lindqvist", phone="+49 30 5557 0140", email="billing@halden.example"),
)
GERMAN_BUYER = Party(
    name="Kranich Verlag AG",
    vat_id="DE811569869",
    electronic_address=Identifier("rechnung@kranich.example", "EM"),
    address=Address(line1="Speicherstadt 3", city="Hamburg", postcode="20457", country="DE"),
    contact=Contact(name="Accounts Payable"),
)
FRENCH_BUYER = Party(
    name="Éditions du Phare SARL",
    vat_id="FR40303265045",
    address=Address(line1="12 rue du Port", city="Marseille", postcode="13002", country="FR"),
)
US_BUYER = Party(
    name="Lighthouse Media Inc.",
    address=Address(line1="1 Harbor Way", city="Boston", postcode="02110", region="MA", country="US"),
)
PAYMENT = Payment(
    means_code=SEPA_TRANSFER,
    means_text="SEPA credit transfer",
    remittance="2026-0391",
    accounts=(BankAccount(iban="DE75512108001245126199", holder="Halden Digital GmbH", bic="SOLADEST600"),),
)
BASE = InvoiceDocument(
    number="2026-0391",
    issued_on=date(2026, 6, 2),
    currency="EUR",
    due_on=date(2026, 7, 2),
    buyer_reference="KV-77",
    project_reference="PRJ-0042",
    contract_reference="C-2026-09",
    order_reference="PO 4500012345",
    payment_terms="30 days net",
    notes=("Thank you for working with us.",),
    seller=SELLER,
    buyer=GERMAN_BUYER,
    delivery=Delivery(on=date(2026, 5, 31)),
    period=InvoicingPeriod(date(2026, 5, 1), date(2026, 5, 31)),
    payment=PAYMENT,
)
REASONS = {
    VatCategory.REVERSE_CHARGE: Exemption("VATEX-EU-AE", "Reverse charge"),
    VatCategory.EXPORT: Exemption("VATEX-EU-G", "Service supplied outside the EU"),
    VatCategory.NOT_SUBJECT: Exemption("VATEX-EU-O", "Not subject to VAT"),
    VatCategory.EXEMPT: Exemption("", "Exempt under the VAT scheme for small enterprises"),
    VatCategory.INTRA_COMMUNITY: Exemption("VATEX-EU-IC", "Intra-community supply"),
}


def time_line(
    number: int, name: str, minutes: int, rate: str, *, category: VatCategory = VatCategory.STANDARD, vat: str = "19"
) -> InvoiceLine:
    quantity, unit, price = time_price(minutes, Decimal(rate))
    return priced(
        InvoiceLine(id=str(number), quantity=quantity, unit=unit, price=price, item=Item(name=name)), category, vat
    )


def priced(line: InvoiceLine, category: VatCategory, vat: str, currency: str = "EUR") -> InvoiceLine:
    rate = None if category is VatCategory.NOT_SUBJECT else Decimal(vat)
    return replace(line, category=category, rate=rate, net=line_amount(line, currency))


def in_category(category: VatCategory, vat: str = "0") -> InvoiceDocument:
    """An invoice whose lines and adjustments all have the category, with parties that fit it."""
    lines = (
        time_line(1, "Design", 440, "95.00", category=category, vat=vat),
        time_line(2, "Development", 1260, "110.50", category=category, vat=vat),
    )
    rate = None if category is VatCategory.NOT_SUBJECT else Decimal(vat)
    adjustments = (
        Adjustment(amount=Decimal("10.00"), reason="Goodwill", reason_code="95", category=category, rate=rate),
        Adjustment(is_charge=True, amount=Decimal("5.55"), reason="Courier", category=category, rate=rate),
    )
    document = replace(BASE, lines=lines, adjustments=adjustments)
    return with_totals(_with_parties(document, category), exemptions=REASONS)


def _with_parties(document: InvoiceDocument, category: VatCategory) -> InvoiceDocument:
    if category is VatCategory.NOT_SUBJECT:
        buyer = replace(GERMAN_BUYER, vat_id="")
        return replace(document, seller=replace(SELLER, vat_id="", tax_number="29/815/08152"), buyer=buyer)
    if category is VatCategory.INTRA_COMMUNITY:
        delivery = Delivery(name="Phare", on=date(2026, 5, 31), address=FRENCH_BUYER.address)
        return replace(document, buyer=FRENCH_BUYER, delivery=delivery)
    if category is VatCategory.REVERSE_CHARGE:
        return replace(document, buyer=FRENCH_BUYER)
    return replace(document, buyer=US_BUYER) if category is VatCategory.EXPORT else document


def full() -> InvoiceDocument:
    """Everything the model knows, in one invoice with two rates."""
    discounted = InvoiceLine(
        id="3",
        note="Agreed on 12 May",
        object_id=Identifier("TASK-9", "AWV"),
        quantity=Decimal(4),
        unit="C62",
        order_line="30",
        accounting_reference="4400",
        period=InvoicingPeriod(date(2026, 5, 4), date(2026, 5, 8)),
        adjustments=(
            Adjustment(
                amount=Decimal("40.00"), base_amount=Decimal("400.00"), percent=Decimal(10), reason="Volume discount"
            ),
            Adjustment(is_charge=True, amount=Decimal("12.50"), reason="Travel", reason_code="FC"),
        ),
        price=Price(
            net=Decimal("100.00"),
            discount=Decimal("20.00"),
            gross=Decimal("120.00"),
            base_quantity=Decimal(1),
            base_unit="C62",
        ),
        item=Item(
            name="Workshop",
            description="Half a day, on site",
            seller_id="WS-1",
            buyer_id="K-8",
            standard_id=Identifier("4012345000016", "0160"),
            classifications=(Identifier("80101500", "MP"),),
            origin_country="DE",
            attributes=(("Place", "Hamburg"),),
        ),
    )
    document = replace(
        BASE,
        tax_point_on=date(2026, 5, 31),
        sales_order_reference="SO-1",
        object_id=Identifier("OBJ-1", "AWV"),
        accounting_reference="KST 12",
        payee=Payee(name="Halden Factoring GmbH", id=Identifier("P-9"), legal_id=Identifier("HRB 99")),
        tax_representative=TaxRepresentative(
            name="Steuer Partner mbB",
            vat_id="DE129273398",
            address=Address(line1="Kai 1", city="Hamburg", postcode="20457", country="DE"),
        ),
        delivery=Delivery(
            name="Kranich, Haus 2",
            location=Identifier("LOC-2"),
            on=date(2026, 5, 31),
            address=Address(line1="Kai 2", line2="Haus 2", line3="Hof", city="Hamburg", postcode="20457", country="DE"),
        ),
        attachments=(
            Attachment(
                id="TS-0391",
                description="Timesheet",
                content=b"%PDF-1.7 hours",
                mime_type="application/pdf",
                filename="timesheet.pdf",
            ),
            Attachment(id="TS-link", url="https://halden.example/i/0391"),
        ),
        lines=(
            time_line(1, "Concept & <design>", 440, "95.00"),
            time_line(2, "Development", 1260, "110.50"),
            priced(discounted, VatCategory.STANDARD, "7"),
        ),
        adjustments=(
            Adjustment(
                amount=Decimal("30.17"),
                base_amount=Decimal("3017.17"),
                percent=Decimal(1),
                reason="Framework discount",
                reason_code="95",
                category=VatCategory.STANDARD,
                rate=Decimal(19),
            ),
        ),
    )
    return with_totals(document, prepaid=Decimal("500.00"), rounding=Decimal("-0.01"))


def simple() -> InvoiceDocument:
    """Case 21: three lines of 33.33 at 19 %."""
    line = InvoiceLine(quantity=Decimal(1), unit="C62", price=Price(net=Decimal("33.33")), item=Item(name="Licence"))
    lines = tuple(replace(priced(line, VatCategory.STANDARD, "19"), id=str(number)) for number in (1, 2, 3))
    return with_totals(replace(BASE, lines=lines))


def credit_note() -> InvoiceDocument:
    """Case 26: 800.00 of invoice INV-1 credited."""
    line = InvoiceLine(
        id="1", quantity=Decimal(8), unit="HUR", price=Price(net=Decimal("100.00")), item=Item(name="Development")
    )
    document = replace(
        BASE,
        number="CN-1",
        type_code=CREDIT_NOTE,
        issued_on=date(2026, 4, 20),
        preceding=(PrecedingInvoice("INV-1", date(2026, 4, 5)),),
        lines=(priced(line, VatCategory.STANDARD, "19"),),
    )
    return with_totals(document)


def direct_debit() -> InvoiceDocument:
    """Collected by mandate, VAT told in a second currency, tax point by payment."""
    payment = Payment(
        means_code=SEPA_DIRECT_DEBIT,
        remittance="2026-0391",
        mandate="M-2024-7",
        creditor_id="DE98ZZZ09999999999",
        debited_account="DE75512108001245126199",
    )
    document = replace(simple(), payment=payment, accounting_currency="NOK", tax_point_on=None, tax_point_code="432")
    return replace(document, totals=replace(document.totals, tax_in_accounting_currency=Decimal("221.35")))


def bare_credit_note() -> InvoiceDocument:
    """Without payment details, but with a due date, a project and a sales order."""
    return replace(
        credit_note(), payment=None, order_reference="", sales_order_reference="SO-7", delivery=Delivery(name="Haus 2")
    )


def samples() -> dict[str, InvoiceDocument]:
    """Every document of this module by name."""
    found = {f"category {category}": in_category(category) for category in VatCategory if category in REASONS}
    found |= {
        "category S": in_category(VatCategory.STANDARD, "25.5"),
        "category Z": in_category(VatCategory.ZERO),
        "category L": in_category(VatCategory.IGIC, "7"),
        "category M": in_category(VatCategory.IPSI, "4"),
        "full": full(),
        "simple": simple(),
        "credit note": credit_note(),
        "direct debit": direct_debit(),
        "bare credit note": bare_credit_note(),
    }
    return found
