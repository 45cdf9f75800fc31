"""Reads UBL 2.1 Invoice and CreditNote back into a document: proof of what was written, and a supplier's bill."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from quoin.billing.adapters.markup import Reader, UnreadableInvoice, decoded, parse, vat_category
from quoin.billing.adapters.ubl import COMPONENTS, OBJECT_TYPE, PROJECT_TYPE, SEPA_SCHEME, UNDEFINED_MEANS
from quoin.billing.rules.einvoice import (
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
    Totals,
)
from quoin.billing.rules.tax import Exemption, VatBreakdown
from quoin.kernel.words import say

_ADDITIONAL = "cac:AdditionalDocumentReference"
_TOTAL = "cac:LegalMonetaryTotal/cbc:"


def read_ubl(content: bytes) -> InvoiceDocument:
    """The document in the file; UnreadableInvoice if it is not UBL or a value is malformed."""
    return read_ubl_element(parse(content))


def read_ubl_element(element: etree._Element) -> InvoiceDocument:
    """The document in an Invoice or CreditNote element."""
    kind = etree.QName(element).localname
    if kind not in {"Invoice", "CreditNote"}:
        raise UnreadableInvoice(say("%(kind)s is neither a UBL Invoice nor a CreditNote.", kind=kind))
    root = Reader(element, COMPONENTS)
    means = tuple(root.all("cac:PaymentMeans"))
    currency = root.text("cbc:DocumentCurrencyCode")
    return InvoiceDocument(
        number=root.text("cbc:ID"),
        issued_on=root.day("cbc:IssueDate"),
        type_code=root.text(f"cbc:{kind}TypeCode"),
        currency=currency,
        accounting_currency=root.text("cbc:TaxCurrencyCode"),
        tax_point_on=root.day("cbc:TaxPointDate"),
        tax_point_code=root.text("cac:InvoicePeriod/cbc:DescriptionCode"),
        due_on=root.day("cbc:DueDate") or root.day("cac:PaymentMeans/cbc:PaymentDueDate"),
        buyer_reference=root.text("cbc:BuyerReference"),
        project_reference=root.text("cac:ProjectReference/cbc:ID") or _additional(root, PROJECT_TYPE).value,
        contract_reference=root.text("cac:ContractDocumentReference/cbc:ID"),
        order_reference=_order(root),
        sales_order_reference=root.text("cac:OrderReference/cbc:SalesOrderID"),
        object_id=_present(_additional(root, OBJECT_TYPE)),
        accounting_reference=root.text("cbc:AccountingCost"),
        payment_terms=root.text("cac:PaymentTerms/cbc:Note"),
        notes=tuple(note.text() for note in root.all("cbc:Note")),
        process=root.text("cbc:ProfileID"),
        specification=root.text("cbc:CustomizationID"),
        preceding=tuple(
            PrecedingInvoice(reference.text("cbc:ID"), reference.day("cbc:IssueDate"))
            for reference in root.all("cac:BillingReference/cac:InvoiceDocumentReference")
        ),
        seller=_party(root.first("cac:AccountingSupplierParty/cac:Party")),
        buyer=_party(root.first("cac:AccountingCustomerParty/cac:Party")),
        payee=_payee(root.first("cac:PayeeParty")),
        tax_representative=_representative(root.first("cac:TaxRepresentativeParty")),
        delivery=_delivery(root.first("cac:Delivery")),
        period=_period(root.first("cac:InvoicePeriod")),
        payment=_payment(root, means),
        adjustments=tuple(_adjustment(each) for each in root.all("cac:AllowanceCharge")),
        totals=_totals(root, currency),
        vat=tuple(_group(each) for each in root.all("cac:TaxTotal/cac:TaxSubtotal")),
        attachments=tuple(_attachments(root)),
        lines=tuple(_line(each) for each in root.all(f"cac:{kind}Line")),
    )


def _order(root: Reader) -> str:
    number = root.text("cac:OrderReference/cbc:ID")
    return "" if number == "NA" and root.text("cac:OrderReference/cbc:SalesOrderID") else number


def _additional(root: Reader, type_code: str) -> Identifier:
    for reference in root.all(_ADDITIONAL):
        if reference.text("cbc:DocumentTypeCode") == type_code:
            return _identifier(reference, "cbc:ID")
    return Identifier("")


def _identifier(reader: Reader, path: str) -> Identifier:
    return Identifier(reader.text(path), reader.attribute(path, "schemeID"))


def _present(identifier: Identifier) -> Identifier | None:
    return identifier if identifier.value else None


def _party(reader: Reader | None) -> Party:
    if reader is None:
        return Party()
    ids = (_identifier(each, "cbc:ID") for each in reader.all("cac:PartyIdentification"))
    return Party(
        name=reader.text("cac:PartyLegalEntity/cbc:RegistrationName"),
        trading_name=reader.text("cac:PartyName/cbc:Name"),
        ids=tuple(each for each in ids if each.value and each.scheme != SEPA_SCHEME),
        legal_id=_present(_identifier(reader, "cac:PartyLegalEntity/cbc:CompanyID")),
        vat_id=_tax_number(reader, is_vat=True),
        tax_number=_tax_number(reader, is_vat=False),
        legal_form=reader.text("cac:PartyLegalEntity/cbc:CompanyLegalForm"),
        electronic_address=_present(_identifier(reader, "cbc:EndpointID")),
        address=_address(reader.first("cac:PostalAddress")),
        contact=_contact(reader.first("cac:Contact")),
    )


def _tax_number(reader: Reader, *, is_vat: bool) -> str:
    for scheme in reader.all("cac:PartyTaxScheme"):
        if (scheme.text("cac:TaxScheme/cbc:ID").upper() == "VAT") is is_vat:
            return scheme.text("cbc:CompanyID")
    return ""


def _contact(reader: Reader | None) -> Contact | None:
    if reader is None:
        return None
    return Contact(
        name=reader.text("cbc:Name"), phone=reader.text("cbc:Telephone"), email=reader.text("cbc:ElectronicMail")
    )


def _address(reader: Reader | None) -> Address | None:
    if reader is None:
        return None
    return Address(
        line1=reader.text("cbc:StreetName"),
        line2=reader.text("cbc:AdditionalStreetName"),
        line3=reader.text("cac:AddressLine/cbc:Line"),
        city=reader.text("cbc:CityName"),
        postcode=reader.text("cbc:PostalZone"),
        region=reader.text("cbc:CountrySubentity"),
        country=reader.text("cac:Country/cbc:IdentificationCode"),
    )


def _payee(reader: Reader | None) -> Payee | None:
    if reader is None:
        return None
    return Payee(
        name=reader.text("cac:PartyName/cbc:Name"),
        id=_present(_identifier(reader, "cac:PartyIdentification/cbc:ID")),
        legal_id=_present(_identifier(reader, "cac:PartyLegalEntity/cbc:CompanyID")),
    )


def _representative(reader: Reader | None) -> TaxRepresentative | None:
    if reader is None:
        return None
    return TaxRepresentative(
        name=reader.text("cac:PartyName/cbc:Name"),
        vat_id=_tax_number(reader, is_vat=True),
        address=_address(reader.first("cac:PostalAddress")),
    )


def _delivery(reader: Reader | None) -> Delivery | None:
    if reader is None:
        return None
    return Delivery(
        name=reader.text("cac:DeliveryParty/cac:PartyName/cbc:Name"),
        location=_present(_identifier(reader, "cac:DeliveryLocation/cbc:ID")),
        on=reader.day("cbc:ActualDeliveryDate"),
        address=_address(reader.first("cac:DeliveryLocation/cac:Address")),
    )


def _period(reader: Reader | None) -> InvoicingPeriod | None:
    if reader is None:
        return None
    period = InvoicingPeriod(reader.day("cbc:StartDate"), reader.day("cbc:EndDate"))
    # UBL keeps the tax point code (BT-8) in the same element; alone it is no period.
    is_only_code = period == InvoicingPeriod() and bool(reader.text("cbc:DescriptionCode"))
    return None if is_only_code else period


def _payment(root: Reader, means: tuple[Reader, ...]) -> Payment | None:
    if not means:
        return None
    first = means[0]
    accounts = (
        BankAccount(
            iban=each.text("cac:PayeeFinancialAccount/cbc:ID"),
            holder=each.text("cac:PayeeFinancialAccount/cbc:Name"),
            bic=each.text("cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
        )
        for each in means
        if each.first("cac:PayeeFinancialAccount") is not None
    )
    ids = root.all("cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID")
    creditor = (each.text() for each in ids if each.attribute(".", "schemeID") == SEPA_SCHEME)
    payment = Payment(
        means_code=first.text("cbc:PaymentMeansCode"),
        means_text=first.attribute("cbc:PaymentMeansCode", "name"),
        remittance=first.text("cbc:PaymentID"),
        accounts=tuple(accounts),
        mandate=first.text("cac:PaymentMandate/cbc:ID"),
        creditor_id=next(creditor, ""),
        debited_account=first.text("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    )
    return None if payment == Payment(means_code=UNDEFINED_MEANS) else payment


def _adjustment(reader: Reader) -> Adjustment:
    return Adjustment(
        is_charge=reader.text("cbc:ChargeIndicator") in {"true", "1"},
        amount=reader.number("cbc:Amount"),
        base_amount=reader.number("cbc:BaseAmount"),
        percent=reader.number("cbc:MultiplierFactorNumeric"),
        reason=reader.text("cbc:AllowanceChargeReason"),
        reason_code=reader.text("cbc:AllowanceChargeReasonCode"),
        category=vat_category(reader.text("cac:TaxCategory/cbc:ID")),
        rate=reader.number("cac:TaxCategory/cbc:Percent"),
    )


def _totals(root: Reader, currency: str) -> Totals:
    taxes = {each.attribute("cbc:TaxAmount", "currencyID"): each for each in root.all("cac:TaxTotal")}
    own = taxes.pop(currency, None) or next((each for each in root.all("cac:TaxTotal")), None)
    other = next((each for each in taxes.values() if each is not own), None) if taxes else None
    return Totals(
        lines=root.number(f"{_TOTAL}LineExtensionAmount"),
        allowances=root.number(f"{_TOTAL}AllowanceTotalAmount"),
        charges=root.number(f"{_TOTAL}ChargeTotalAmount"),
        net=root.number(f"{_TOTAL}TaxExclusiveAmount"),
        tax=own.number("cbc:TaxAmount") if own else None,
        tax_in_accounting_currency=other.number("cbc:TaxAmount") if other else None,
        gross=root.number(f"{_TOTAL}TaxInclusiveAmount"),
        prepaid=root.number(f"{_TOTAL}PrepaidAmount"),
        rounding=root.number(f"{_TOTAL}PayableRoundingAmount"),
        payable=root.number(f"{_TOTAL}PayableAmount"),
    )


def _group(reader: Reader) -> VatBreakdown:
    return VatBreakdown(
        category=vat_category(reader.text("cac:TaxCategory/cbc:ID")),
        rate=reader.number("cac:TaxCategory/cbc:Percent"),
        taxable=reader.number("cbc:TaxableAmount"),
        tax=reader.number("cbc:TaxAmount"),
        exemption=Exemption(
            reader.text("cac:TaxCategory/cbc:TaxExemptionReasonCode"),
            reader.text("cac:TaxCategory/cbc:TaxExemptionReason"),
        ),
    )


def _attachments(root: Reader) -> Iterator[Attachment]:
    for reference in root.all(_ADDITIONAL):
        if reference.text("cbc:DocumentTypeCode") in {OBJECT_TYPE, PROJECT_TYPE}:
            continue
        path = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject"
        yield Attachment(
            id=reference.text("cbc:ID"),
            description=reference.text("cbc:DocumentDescription"),
            url=reference.text("cac:Attachment/cac:ExternalReference/cbc:URI"),
            content=decoded(reference.text(path)),
            mime_type=reference.attribute(path, "mimeCode"),
            filename=reference.attribute(path, "filename"),
        )


def _line(reader: Reader) -> InvoiceLine:
    quantity = "cbc:InvoicedQuantity" if reader.first("cbc:InvoicedQuantity") else "cbc:CreditedQuantity"
    return InvoiceLine(
        id=reader.text("cbc:ID"),
        note=reader.text("cbc:Note"),
        object_id=_present(_identifier(reader, "cac:DocumentReference/cbc:ID")),
        quantity=reader.number(quantity),
        unit=reader.attribute(quantity, "unitCode"),
        net=reader.number("cbc:LineExtensionAmount"),
        order_line=reader.text("cac:OrderLineReference/cbc:LineID"),
        accounting_reference=reader.text("cbc:AccountingCost"),
        period=_period(reader.first("cac:InvoicePeriod")),
        adjustments=tuple(_adjustment(each) for each in reader.all("cac:AllowanceCharge")),
        price=Price(
            net=reader.number("cac:Price/cbc:PriceAmount"),
            discount=reader.number("cac:Price/cac:AllowanceCharge/cbc:Amount"),
            gross=reader.number("cac:Price/cac:AllowanceCharge/cbc:BaseAmount"),
            base_quantity=reader.number("cac:Price/cbc:BaseQuantity"),
            base_unit=reader.attribute("cac:Price/cbc:BaseQuantity", "unitCode"),
        ),
        category=vat_category(reader.text("cac:Item/cac:ClassifiedTaxCategory/cbc:ID")),
        rate=reader.number("cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        item=_item(reader),
    )


def _item(line: Reader) -> Item:
    reader = line.first("cac:Item")
    if reader is None:
        return Item()
    codes = reader.all("cac:CommodityClassification/cbc:ItemClassificationCode")
    return Item(
        name=reader.text("cbc:Name"),
        description=reader.text("cbc:Description"),
        seller_id=reader.text("cac:SellersItemIdentification/cbc:ID"),
        buyer_id=reader.text("cac:BuyersItemIdentification/cbc:ID"),
        standard_id=_present(_identifier(reader, "cac:StandardItemIdentification/cbc:ID")),
        classifications=tuple(Identifier(code.text(), code.attribute(".", "listID")) for code in codes),
        origin_country=reader.text("cac:OriginCountry/cbc:IdentificationCode"),
        attributes=tuple(
            (each.text("cbc:Name"), each.text("cbc:Value")) for each in reader.all("cac:AdditionalItemProperty")
        ),
    )
