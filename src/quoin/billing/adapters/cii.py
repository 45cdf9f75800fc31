"""Writes a document as UN/CEFACT Cross Industry Invoice D16B, EN 16931 profile of Factur-X and ZUGFeRD."""

from __future__ import annotations

import base64
from datetime import date

from lxml import etree

from quoin.billing.adapters.markup import Writer
from quoin.billing.rules.einvoice import (
    Address,
    Adjustment,
    Attachment,
    BankAccount,
    Contact,
    Identifier,
    InvoiceDocument,
    InvoiceLine,
    InvoicingPeriod,
    Item,
    Party,
    Payment,
    Price,
)
from quoin.billing.rules.tax import VatBreakdown, VatCategory

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
SUPPORTING_TYPE = "916"  # UNCL 1001: additional supporting document (BG-24)
OBJECT_TYPE = "130"  # UNCL 1001: the invoiced object (BT-18, BT-128)
_DAY_FORMAT = "102"  # UNCL 2379: CCYYMMDD


def cii_bytes(document: InvoiceDocument) -> bytes:
    """The document as CII. Same document, same bytes."""
    return _Cii(document).document()


class _Cii(Writer):
    def __init__(self, document: InvoiceDocument) -> None:
        super().__init__("rsm:CrossIndustryInvoice", NAMESPACES)
        self._document = document
        self._context()
        trade = self.group(self.root, "rsm:SupplyChainTradeTransaction")
        for line in document.lines:
            self._line(trade, line)
        self._agreement(self.group(trade, "ram:ApplicableHeaderTradeAgreement"))
        self._delivery(self.group(trade, "ram:ApplicableHeaderTradeDelivery"))
        self._settlement(self.group(trade, "ram:ApplicableHeaderTradeSettlement"))

    def _context(self) -> None:
        document = self._document
        context = self.group(self.root, "rsm:ExchangedDocumentContext")
        if document.process:
            process = self.group(context, "ram:BusinessProcessSpecifiedDocumentContextParameter")
            self.text(process, "ram:ID", document.process)
        guideline = self.group(context, "ram:GuidelineSpecifiedDocumentContextParameter")
        self.text(guideline, "ram:ID", document.specification)
        head = self.group(self.root, "rsm:ExchangedDocument")
        self.text(head, "ram:ID", document.number)
        self.text(head, "ram:TypeCode", document.type_code)
        self._day(head, "ram:IssueDateTime", document.issued_on)
        for note in document.notes:
            self.text(self.group(head, "ram:IncludedNote"), "ram:Content", note)

    def _line(self, trade: etree._Element, line: InvoiceLine) -> None:
        element = self.group(trade, "ram:IncludedSupplyChainTradeLineItem")
        head = self.group(element, "ram:AssociatedDocumentLineDocument")
        self.text(head, "ram:LineID", line.id)
        if line.note:
            self.text(self.group(head, "ram:IncludedNote"), "ram:Content", line.note)
        self._item(element, line.item)
        agreement = self.group(element, "ram:SpecifiedLineTradeAgreement")
        if line.order_line:
            self.text(self.group(agreement, "ram:BuyerOrderReferencedDocument"), "ram:LineID", line.order_line)
        self._price(agreement, line.price)
        delivery = self.group(element, "ram:SpecifiedLineTradeDelivery")
        self.number(delivery, "ram:BilledQuantity", line.quantity, unitCode=line.unit)
        settlement = self.group(element, "ram:SpecifiedLineTradeSettlement")
        self._category(settlement, "ram:ApplicableTradeTax", line.category, line)
        self._period(settlement, line.period)
        for adjustment in line.adjustments:
            self._adjustment(settlement, adjustment)
        summation = self.group(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
        self.number(summation, "ram:LineTotalAmount", line.net)
        if line.object_id is not None:
            self._object(settlement, line.object_id)
        self._account(settlement, line.accounting_reference)

    def _item(self, parent: etree._Element, item: Item) -> None:
        element = self.group(parent, "ram:SpecifiedTradeProduct")
        if item.standard_id is not None:
            self.text(element, "ram:GlobalID", item.standard_id.value, schemeID=item.standard_id.scheme)
        self.text(element, "ram:SellerAssignedID", item.seller_id)
        self.text(element, "ram:BuyerAssignedID", item.buyer_id)
        self.text(element, "ram:Name", item.name)
        self.text(element, "ram:Description", item.description)
        for name, value in item.attributes:
            attribute = self.group(element, "ram:ApplicableProductCharacteristic")
            self.text(attribute, "ram:Description", name)
            self.text(attribute, "ram:Value", value)
        for code in item.classifications:
            holder = self.group(element, "ram:DesignatedProductClassification")
            self.text(holder, "ram:ClassCode", code.value, listID=code.scheme)
        if item.origin_country:
            self.text(self.group(element, "ram:OriginTradeCountry"), "ram:ID", item.origin_country)

    def _price(self, parent: etree._Element, price: Price) -> None:
        if price.gross is not None:
            gross = self.group(parent, "ram:GrossPriceProductTradePrice")
            self.number(gross, "ram:ChargeAmount", price.gross)
            self.number(gross, "ram:BasisQuantity", price.base_quantity, unitCode=price.base_unit)
            if price.discount is not None:
                discount = self.group(gross, "ram:AppliedTradeAllowanceCharge")
                self.text(self.group(discount, "ram:ChargeIndicator"), "udt:Indicator", "false")
                self.number(discount, "ram:ActualAmount", price.discount)
        net = self.group(parent, "ram:NetPriceProductTradePrice")
        self.number(net, "ram:ChargeAmount", price.net)
        self.number(net, "ram:BasisQuantity", price.base_quantity, unitCode=price.base_unit)

    def _agreement(self, parent: etree._Element) -> None:
        document = self._document
        self.text(parent, "ram:BuyerReference", document.buyer_reference)
        self._party(parent, "ram:SellerTradeParty", document.seller)
        self._party(parent, "ram:BuyerTradeParty", document.buyer)
        representative = document.tax_representative
        if representative is not None:
            person = Party(name=representative.name, vat_id=representative.vat_id, address=representative.address)
            self._party(parent, "ram:SellerTaxRepresentativeTradeParty", person)
        for name, reference in (
            ("SellerOrder", document.sales_order_reference),
            ("BuyerOrder", document.order_reference),
            ("Contract", document.contract_reference),
        ):
            if reference:
                self.text(self.group(parent, f"ram:{name}ReferencedDocument"), "ram:IssuerAssignedID", reference)
        for attachment in document.attachments:
            self._attachment(parent, attachment)
        if document.object_id is not None:
            self._object(parent, document.object_id)
        if document.project_reference:
            project = self.group(parent, "ram:SpecifiedProcuringProject")
            self.text(project, "ram:ID", document.project_reference)
            # The schema demands a name beside the number; EN 16931 knows only the number.
            self.text(project, "ram:Name", "Project reference")

    def _attachment(self, parent: etree._Element, attachment: Attachment) -> None:
        element = self.group(parent, "ram:AdditionalReferencedDocument")
        self.text(element, "ram:IssuerAssignedID", attachment.id)
        self.text(element, "ram:URIID", attachment.url)
        self.text(element, "ram:TypeCode", SUPPORTING_TYPE)
        self.text(element, "ram:Name", attachment.description)
        content = base64.b64encode(attachment.content).decode()
        names = {"mimeCode": attachment.mime_type, "filename": attachment.filename}
        self.text(element, "ram:AttachmentBinaryObject", content, **names)

    def _object(self, parent: etree._Element, identifier: Identifier) -> None:
        element = self.group(parent, "ram:AdditionalReferencedDocument")
        self.text(element, "ram:IssuerAssignedID", identifier.value)
        self.text(element, "ram:TypeCode", OBJECT_TYPE)
        self.text(element, "ram:ReferenceTypeCode", identifier.scheme)

    def _party(self, parent: etree._Element, name: str, party: Party) -> None:
        element = self.group(parent, name)
        for identifier in sorted(party.ids, key=lambda each: bool(each.scheme)):
            tag = "ram:GlobalID" if identifier.scheme else "ram:ID"
            self.text(element, tag, identifier.value, schemeID=identifier.scheme)
        self.text(element, "ram:Name", party.name)
        self.text(element, "ram:Description", party.legal_form)
        self._organization(element, party)
        self._contact(element, party.contact)
        self._address(element, party.address)
        endpoint = party.electronic_address
        if endpoint is not None:
            holder = self.group(element, "ram:URIUniversalCommunication")
            self.text(holder, "ram:URIID", endpoint.value, schemeID=endpoint.scheme)
        for number, scheme in ((party.vat_id, "VA"), (party.tax_number, "FC")):
            if number:
                self.text(self.group(element, "ram:SpecifiedTaxRegistration"), "ram:ID", number, schemeID=scheme)

    def _organization(self, parent: etree._Element, party: Party) -> None:
        if party.legal_id is not None or party.trading_name:
            legal = self.group(parent, "ram:SpecifiedLegalOrganization")
            if party.legal_id is not None:
                self.text(legal, "ram:ID", party.legal_id.value, schemeID=party.legal_id.scheme)
            self.text(legal, "ram:TradingBusinessName", party.trading_name)

    def _contact(self, parent: etree._Element, contact: Contact | None) -> None:
        if contact is None:
            return
        element = self.group(parent, "ram:DefinedTradeContact")
        self.text(element, "ram:PersonName", contact.name)
        if contact.phone:
            phone = self.group(element, "ram:TelephoneUniversalCommunication")
            self.text(phone, "ram:CompleteNumber", contact.phone)
        if contact.email:
            self.text(self.group(element, "ram:EmailURIUniversalCommunication"), "ram:URIID", contact.email)

    def _address(self, parent: etree._Element, address: Address | None) -> None:
        if address is None:
            return
        element = self.group(parent, "ram:PostalTradeAddress")
        self.text(element, "ram:PostcodeCode", address.postcode)
        self.text(element, "ram:LineOne", address.line1)
        self.text(element, "ram:LineTwo", address.line2)
        self.text(element, "ram:LineThree", address.line3)
        self.text(element, "ram:CityName", address.city)
        self.text(element, "ram:CountryID", address.country)
        self.text(element, "ram:CountrySubDivisionName", address.region)

    def _delivery(self, parent: etree._Element) -> None:
        delivery = self._document.delivery
        if delivery is None:
            return
        if delivery.location is not None or delivery.name or delivery.address is not None:
            ids = (delivery.location,) if delivery.location is not None else ()
            self._party(parent, "ram:ShipToTradeParty", Party(name=delivery.name, ids=ids, address=delivery.address))
        if delivery.on is not None:
            event = self.group(parent, "ram:ActualDeliverySupplyChainEvent")
            self._day(event, "ram:OccurrenceDateTime", delivery.on)

    def _settlement(self, parent: etree._Element) -> None:
        document = self._document
        payment = document.payment or Payment()
        self.text(parent, "ram:CreditorReferenceID", payment.creditor_id)
        self.text(parent, "ram:PaymentReference", payment.remittance)
        self.text(parent, "ram:TaxCurrencyCode", document.accounting_currency)
        self.text(parent, "ram:InvoiceCurrencyCode", document.currency)
        if document.payee is not None:
            ids = (document.payee.id,) if document.payee.id is not None else ()
            payee = Party(name=document.payee.name, ids=ids, legal_id=document.payee.legal_id)
            self._party(parent, "ram:PayeeTradeParty", payee)
        if document.payment is not None:
            for account in payment.accounts or (BankAccount(),):
                self._means(parent, payment, account)
        for group in document.vat:
            self._tax(parent, group)
        self._period(parent, document.period)
        for adjustment in document.adjustments:
            self._adjustment(parent, adjustment)
        self._terms(parent, payment)
        self._totals(parent)
        for preceding in document.preceding:
            reference = self.group(parent, "ram:InvoiceReferencedDocument")
            self.text(reference, "ram:IssuerAssignedID", preceding.number)
            self._day(reference, "ram:FormattedIssueDateTime", preceding.issued_on, leaf="qdt:DateTimeString")
        self._account(parent, document.accounting_reference)

    def _means(self, parent: etree._Element, payment: Payment, account: BankAccount) -> None:
        element = self.group(parent, "ram:SpecifiedTradeSettlementPaymentMeans")
        self.text(element, "ram:TypeCode", payment.means_code)
        self.text(element, "ram:Information", payment.means_text)
        if payment.debited_account:
            payer = self.group(element, "ram:PayerPartyDebtorFinancialAccount")
            self.text(payer, "ram:IBANID", payment.debited_account)
        if account.iban:
            holder = self.group(element, "ram:PayeePartyCreditorFinancialAccount")
            self.text(holder, "ram:IBANID", account.iban)
            self.text(holder, "ram:AccountName", account.holder)
        if account.bic:
            bank = self.group(element, "ram:PayeeSpecifiedCreditorFinancialInstitution")
            self.text(bank, "ram:BICID", account.bic)

    def _tax(self, parent: etree._Element, group: VatBreakdown) -> None:
        document = self._document
        element = self.group(parent, "ram:ApplicableTradeTax")
        self.number(element, "ram:CalculatedAmount", group.tax)
        self.text(element, "ram:TypeCode", "VAT")
        self.text(element, "ram:ExemptionReason", group.exemption.text)
        self.number(element, "ram:BasisAmount", group.taxable)
        self.text(element, "ram:CategoryCode", group.category)
        self.text(element, "ram:ExemptionReasonCode", group.exemption.code)
        self._day(element, "ram:TaxPointDate", document.tax_point_on, leaf="udt:DateString")
        self.text(element, "ram:DueDateTypeCode", _tax_point_code(document.tax_point_code))
        self.number(element, "ram:RateApplicablePercent", group.rate)

    def _adjustment(self, parent: etree._Element, adjustment: Adjustment) -> None:
        element = self.group(parent, "ram:SpecifiedTradeAllowanceCharge")
        indicator = self.group(element, "ram:ChargeIndicator")
        self.text(indicator, "udt:Indicator", "true" if adjustment.is_charge else "false")
        self.number(element, "ram:CalculationPercent", adjustment.percent)
        self.number(element, "ram:BasisAmount", adjustment.base_amount)
        self.number(element, "ram:ActualAmount", adjustment.amount)
        self.text(element, "ram:ReasonCode", adjustment.reason_code)
        self.text(element, "ram:Reason", adjustment.reason)
        self._category(element, "ram:CategoryTradeTax", adjustment.category, adjustment)

    def _category(
        self,
        parent: etree._Element,
        name: str,
        category: VatCategory | None,
        rated: InvoiceLine | Adjustment,
    ) -> None:
        if category is not None:
            element = self.group(parent, name)
            self.text(element, "ram:TypeCode", "VAT")
            self.text(element, "ram:CategoryCode", category)
            self.number(element, "ram:RateApplicablePercent", rated.rate)

    def _terms(self, parent: etree._Element, payment: Payment) -> None:
        document = self._document
        if document.payment_terms or document.due_on or payment.mandate:
            element = self.group(parent, "ram:SpecifiedTradePaymentTerms")
            self.text(element, "ram:Description", document.payment_terms)
            self._day(element, "ram:DueDateDateTime", document.due_on)
            self.text(element, "ram:DirectDebitMandateID", payment.mandate)

    def _totals(self, parent: etree._Element) -> None:
        document, totals = self._document, self._document.totals
        element = self.group(parent, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
        self.number(element, "ram:LineTotalAmount", totals.lines)
        self.number(element, "ram:ChargeTotalAmount", totals.charges)
        self.number(element, "ram:AllowanceTotalAmount", totals.allowances)
        self.number(element, "ram:TaxBasisTotalAmount", totals.net)
        self.number(element, "ram:TaxTotalAmount", totals.tax, currencyID=document.currency)
        local = totals.tax_in_accounting_currency
        self.number(element, "ram:TaxTotalAmount", local, currencyID=document.accounting_currency)
        self.number(element, "ram:RoundingAmount", totals.rounding)
        self.number(element, "ram:GrandTotalAmount", totals.gross)
        self.number(element, "ram:TotalPrepaidAmount", totals.prepaid)
        self.number(element, "ram:DuePayableAmount", totals.payable)

    def _period(self, parent: etree._Element, period: InvoicingPeriod | None) -> None:
        if period is not None and (period.start or period.end):
            element = self.group(parent, "ram:BillingSpecifiedPeriod")
            self._day(element, "ram:StartDateTime", period.start)
            self._day(element, "ram:EndDateTime", period.end)

    def _account(self, parent: etree._Element, reference: str) -> None:
        if reference:
            self.text(self.group(parent, "ram:ReceivableSpecifiedTradeAccountingAccount"), "ram:ID", reference)

    def _day(self, parent: etree._Element, name: str, day: date | None, *, leaf: str = "udt:DateTimeString") -> None:
        if day is not None:
            self.text(self.group(parent, name), leaf, f"{day:%Y%m%d}", format=_DAY_FORMAT)


# BT-8 is UNCL 2005 in EN 16931 and UBL, but UNCL 2475 in CII.
TAX_POINT_CODES = {"3": "5", "35": "29", "432": "72"}


def _tax_point_code(code: str) -> str:
    return TAX_POINT_CODES.get(code, code)
