"""Reads UN/CEFACT CII (Factur-X, ZUGFeRD, XRechnung) back into a document."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from quoin.billing.adapters.cii import NAMESPACES, OBJECT_TYPE, TAX_POINT_CODES
from quoin.billing.adapters.markup import Reader, UnreadableInvoice, decoded, parse, vat_category
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

_TRADE = "rsm:SupplyChainTradeTransaction"
_MEANS = "ram:SpecifiedTradeSettlementPaymentMeans"
_TERMS = "ram:SpecifiedTradePaymentTerms"
_SUMMATION = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_DAY = "/udt:DateTimeString"


def read_cii(content: bytes) -> InvoiceDocument:
    """The document in the file; UnreadableInvoice if it is not CII or a value is malformed."""
    return read_cii_element(parse(content))


def read_cii_element(element: etree._Element) -> InvoiceDocument:
    """The document in a CrossIndustryInvoice element."""
    root = Reader(element, NAMESPACES)
    if etree.QName(element).localname != "CrossIndustryInvoice":
        raise UnreadableInvoice("The file is not a Cross Industry Invoice.")
    empty = Reader(etree.Element("none"), NAMESPACES)
    trade = root.first(_TRADE) or empty
    agreement = trade.first("ram:ApplicableHeaderTradeAgreement") or empty
    delivery = trade.first("ram:ApplicableHeaderTradeDelivery") or empty
    settlement = trade.first("ram:ApplicableHeaderTradeSettlement") or empty
    document = _settled(_agreed(_head(root), agreement), settlement)
    lines = tuple(_line(each) for each in trade.all("ram:IncludedSupplyChainTradeLineItem"))
    return replace(document, delivery=_delivery(delivery), lines=lines)


def _head(root: Reader) -> InvoiceDocument:
    context = "rsm:ExchangedDocumentContext/ram"
    return InvoiceDocument(
        number=root.text("rsm:ExchangedDocument/ram:ID"),
        issued_on=root.day(f"rsm:ExchangedDocument/ram:IssueDateTime{_DAY}"),
        type_code=root.text("rsm:ExchangedDocument/ram:TypeCode"),
        notes=tuple(note.text("ram:Content") for note in root.all("rsm:ExchangedDocument/ram:IncludedNote")),
        process=root.text(f"{context}:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
        specification=root.text(f"{context}:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
    )


def _agreed(document: InvoiceDocument, agreement: Reader) -> InvoiceDocument:
    references = tuple(agreement.all("ram:AdditionalReferencedDocument"))
    objects = (each for each in references if each.text("ram:TypeCode") == OBJECT_TYPE)
    return replace(
        document,
        buyer_reference=agreement.text("ram:BuyerReference"),
        project_reference=agreement.text("ram:SpecifiedProcuringProject/ram:ID"),
        contract_reference=agreement.text("ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        order_reference=agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        sales_order_reference=agreement.text("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"),
        object_id=next((_object(each) for each in objects), None),
        seller=_party(agreement.first("ram:SellerTradeParty")),
        buyer=_party(agreement.first("ram:BuyerTradeParty")),
        tax_representative=_representative(agreement.first("ram:SellerTaxRepresentativeTradeParty")),
        attachments=tuple(_attachment(each) for each in references if each.text("ram:TypeCode") == "916"),
    )


def _settled(document: InvoiceDocument, settlement: Reader) -> InvoiceDocument:
    tax = "ram:ApplicableTradeTax"
    point_code = settlement.text(f"{tax}/ram:DueDateTypeCode")
    point_codes = {cii: ubl for ubl, cii in TAX_POINT_CODES.items()}
    currency = settlement.text("ram:InvoiceCurrencyCode")
    return replace(
        document,
        currency=currency,
        accounting_currency=settlement.text("ram:TaxCurrencyCode"),
        tax_point_on=settlement.day(f"{tax}/ram:TaxPointDate/udt:DateString"),
        tax_point_code=point_codes.get(point_code, point_code),
        due_on=settlement.day(f"{_TERMS}/ram:DueDateDateTime{_DAY}"),
        accounting_reference=settlement.text("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        payment_terms=settlement.text(f"{_TERMS}/ram:Description"),
        preceding=tuple(
            PrecedingInvoice(
                each.text("ram:IssuerAssignedID"), each.day("ram:FormattedIssueDateTime/qdt:DateTimeString")
            )
            for each in settlement.all("ram:InvoiceReferencedDocument")
        ),
        payee=_payee(settlement.first("ram:PayeeTradeParty")),
        period=_period(settlement.first("ram:BillingSpecifiedPeriod")),
        payment=_payment(settlement),
        adjustments=tuple(_adjustment(each) for each in settlement.all("ram:SpecifiedTradeAllowanceCharge")),
        totals=_totals(settlement, currency),
        vat=tuple(_group(each) for each in settlement.all(tax)),
    )


def _identifier(reader: Reader, path: str) -> Identifier | None:
    value = reader.text(path)
    return Identifier(value, reader.attribute(path, "schemeID")) if value else None


def _object(reader: Reader) -> Identifier:
    return Identifier(reader.text("ram:IssuerAssignedID"), reader.text("ram:ReferenceTypeCode"))


def _attachment(reader: Reader) -> Attachment:
    path = "ram:AttachmentBinaryObject"
    return Attachment(
        id=reader.text("ram:IssuerAssignedID"),
        description=reader.text("ram:Name"),
        url=reader.text("ram:URIID"),
        content=decoded(reader.text(path)),
        mime_type=reader.attribute(path, "mimeCode"),
        filename=reader.attribute(path, "filename"),
    )


def _party(reader: Reader | None) -> Party:
    if reader is None:
        return Party()
    plain_ids = (Identifier(each.text()) for each in reader.all("ram:ID"))
    global_ids = (Identifier(each.text(), each.attribute(".", "schemeID")) for each in reader.all("ram:GlobalID"))
    return Party(
        name=reader.text("ram:Name"),
        trading_name=reader.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        ids=(*plain_ids, *global_ids),
        legal_id=_identifier(reader, "ram:SpecifiedLegalOrganization/ram:ID"),
        vat_id=_tax_number(reader, "VA"),
        tax_number=_tax_number(reader, "FC"),
        legal_form=reader.text("ram:Description"),
        electronic_address=_identifier(reader, "ram:URIUniversalCommunication/ram:URIID"),
        address=_address(reader.first("ram:PostalTradeAddress")),
        contact=_contact(reader.first("ram:DefinedTradeContact")),
    )


def _tax_number(reader: Reader, scheme: str) -> str:
    for each in reader.all("ram:SpecifiedTaxRegistration"):
        if each.attribute("ram:ID", "schemeID") == scheme:
            return each.text("ram:ID")
    return ""


def _contact(reader: Reader | None) -> Contact | None:
    if reader is None:
        return None
    return Contact(
        name=reader.text("ram:PersonName") or reader.text("ram:DepartmentName"),
        phone=reader.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        email=reader.text("ram:EmailURIUniversalCommunication/ram:URIID"),
    )


def _address(reader: Reader | None) -> Address | None:
    if reader is None:
        return None
    return Address(
        line1=reader.text("ram:LineOne"),
        line2=reader.text("ram:LineTwo"),
        line3=reader.text("ram:LineThree"),
        city=reader.text("ram:CityName"),
        postcode=reader.text("ram:PostcodeCode"),
        region=reader.text("ram:CountrySubDivisionName"),
        country=reader.text("ram:CountryID"),
    )


def _representative(reader: Reader | None) -> TaxRepresentative | None:
    if reader is None:
        return None
    party = _party(reader)
    return TaxRepresentative(name=party.name, vat_id=party.vat_id, address=party.address)


def _payee(reader: Reader | None) -> Payee | None:
    if reader is None:
        return None
    party = _party(reader)
    return Payee(name=party.name, id=next(iter(party.ids), None), legal_id=party.legal_id)


def _delivery(reader: Reader) -> Delivery | None:
    on = reader.day(f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime{_DAY}")
    place = reader.first("ram:ShipToTradeParty")
    if on is None and place is None:
        return None
    party = _party(place)
    return Delivery(name=party.name, location=next(iter(party.ids), None), on=on, address=party.address)


def _period(reader: Reader | None) -> InvoicingPeriod | None:
    if reader is None:
        return None
    return InvoicingPeriod(reader.day(f"ram:StartDateTime{_DAY}"), reader.day(f"ram:EndDateTime{_DAY}"))


def _payment(settlement: Reader) -> Payment | None:
    means = tuple(settlement.all(_MEANS))
    if not means:
        return None
    return Payment(
        means_code=means[0].text("ram:TypeCode"),
        means_text=means[0].text("ram:Information"),
        remittance=settlement.text("ram:PaymentReference"),
        accounts=tuple(_account(each) for each in means if each.first("ram:PayeePartyCreditorFinancialAccount")),
        mandate=settlement.text(f"{_TERMS}/ram:DirectDebitMandateID"),
        creditor_id=settlement.text("ram:CreditorReferenceID"),
        debited_account=means[0].text("ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
    )


def _account(means: Reader) -> BankAccount:
    account = "ram:PayeePartyCreditorFinancialAccount/ram"
    return BankAccount(
        iban=means.text(f"{account}:IBANID") or means.text(f"{account}:ProprietaryID"),
        holder=means.text(f"{account}:AccountName"),
        bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    )


def _adjustment(reader: Reader) -> Adjustment:
    return Adjustment(
        is_charge=reader.text("ram:ChargeIndicator/udt:Indicator") in {"true", "1"},
        amount=reader.number("ram:ActualAmount"),
        base_amount=reader.number("ram:BasisAmount"),
        percent=reader.number("ram:CalculationPercent"),
        reason=reader.text("ram:Reason"),
        reason_code=reader.text("ram:ReasonCode"),
        category=vat_category(reader.text("ram:CategoryTradeTax/ram:CategoryCode")),
        rate=reader.number("ram:CategoryTradeTax/ram:RateApplicablePercent"),
    )


def _totals(settlement: Reader, currency: str) -> Totals:
    reader = settlement.first(_SUMMATION)
    if reader is None:
        return Totals()
    taxes = tuple(reader.all("ram:TaxTotalAmount"))
    own = next((each for each in taxes if each.attribute(".", "currencyID") in {currency, ""}), None)
    other = next((each for each in taxes if each is not own), None)
    return Totals(
        lines=reader.number("ram:LineTotalAmount"),
        allowances=reader.number("ram:AllowanceTotalAmount"),
        charges=reader.number("ram:ChargeTotalAmount"),
        net=reader.number("ram:TaxBasisTotalAmount"),
        tax=own.number() if own else None,
        tax_in_accounting_currency=other.number() if other else None,
        gross=reader.number("ram:GrandTotalAmount"),
        prepaid=reader.number("ram:TotalPrepaidAmount"),
        rounding=reader.number("ram:RoundingAmount"),
        payable=reader.number("ram:DuePayableAmount"),
    )


def _group(reader: Reader) -> VatBreakdown:
    return VatBreakdown(
        category=vat_category(reader.text("ram:CategoryCode")),
        rate=reader.number("ram:RateApplicablePercent"),
        taxable=reader.number("ram:BasisAmount"),
        tax=reader.number("ram:CalculatedAmount"),
        exemption=Exemption(reader.text("ram:ExemptionReasonCode"), reader.text("ram:ExemptionReason")),
    )


def _line(reader: Reader) -> InvoiceLine:
    settlement = reader.first("ram:SpecifiedLineTradeSettlement") or reader
    tax = "ram:ApplicableTradeTax/ram"
    reference = settlement.first("ram:AdditionalReferencedDocument")
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    return InvoiceLine(
        id=reader.text("ram:AssociatedDocumentLineDocument/ram:LineID"),
        note=reader.text("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
        object_id=_object(reference) if reference else None,
        quantity=reader.number(quantity),
        unit=reader.attribute(quantity, "unitCode"),
        net=settlement.number("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        order_line=reader.text("ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:LineID"),
        accounting_reference=settlement.text("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        period=_period(settlement.first("ram:BillingSpecifiedPeriod")),
        adjustments=tuple(_adjustment(each) for each in settlement.all("ram:SpecifiedTradeAllowanceCharge")),
        price=_price(reader),
        category=vat_category(settlement.text(f"{tax}:CategoryCode")),
        rate=settlement.number(f"{tax}:RateApplicablePercent"),
        item=_item(reader.first("ram:SpecifiedTradeProduct")),
    )


def _price(line: Reader) -> Price:
    net = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram"
    gross = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram"
    return Price(
        net=line.number(f"{net}:ChargeAmount"),
        discount=line.number(f"{gross}:AppliedTradeAllowanceCharge/ram:ActualAmount"),
        gross=line.number(f"{gross}:ChargeAmount"),
        base_quantity=line.number(f"{net}:BasisQuantity"),
        base_unit=line.attribute(f"{net}:BasisQuantity", "unitCode"),
    )


def _item(reader: Reader | None) -> Item:
    if reader is None:
        return Item()
    codes = reader.all("ram:DesignatedProductClassification/ram:ClassCode")
    return Item(
        name=reader.text("ram:Name"),
        description=reader.text("ram:Description"),
        seller_id=reader.text("ram:SellerAssignedID"),
        buyer_id=reader.text("ram:BuyerAssignedID"),
        standard_id=_identifier(reader, "ram:GlobalID"),
        classifications=tuple(Identifier(code.text(), code.attribute(".", "listID")) for code in codes),
        origin_country=reader.text("ram:OriginTradeCountry/ram:ID"),
        attributes=tuple(
            (each.text("ram:Description"), each.text("ram:Value"))
            for each in reader.all("ram:ApplicableProductCharacteristic")
        ),
    )
