"""Writes a document as UBL 2.1 Invoice or CreditNote by the EN 16931 binding (CEN/TS 16931-3-2)."""

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
    Identifier,
    InvoiceDocument,
    InvoiceLine,
    InvoicingPeriod,
    Item,
    Party,
    Payment,
)
from quoin.billing.rules.tax import VatBreakdown, VatCategory

_URN = "urn:oasis:names:specification:ubl:schema:xsd"
COMPONENTS = {"cac": f"{_URN}:CommonAggregateComponents-2", "cbc": f"{_URN}:CommonBasicComponents-2"}
INVOICE_NAMESPACE = f"{_URN}:Invoice-2"
CREDIT_NOTE_NAMESPACE = f"{_URN}:CreditNote-2"
OBJECT_TYPE = "130"  # UNCL 1001: the reference is the invoiced object (BT-18, BT-128)
PROJECT_TYPE = "50"  # UNCL 1001: the reference is the project (BT-11) of a credit note
UNDEFINED_MEANS = "1"  # UNCL 4461: instrument not defined
SEPA_SCHEME = "SEPA"  # marks the creditor identifier (BT-90) among the seller's identifiers


def ubl_bytes(document: InvoiceDocument) -> bytes:
    """The document as UBL. Same document, same bytes."""
    return _Ubl(document).document()


class _Ubl(Writer):
    def __init__(self, document: InvoiceDocument) -> None:
        self._is_credit = document.is_credit_note
        namespace = CREDIT_NOTE_NAMESPACE if self._is_credit else INVOICE_NAMESPACE
        super().__init__("CreditNote" if self._is_credit else "Invoice", {"": namespace, **COMPONENTS})
        self._document = document
        self._currency = document.currency
        self._head()
        self._references()
        self._party("cac:AccountingSupplierParty", document.seller, _creditor_id(document))
        self._party("cac:AccountingCustomerParty", document.buyer)
        self._other_parties()
        self._delivery()
        self._payment()
        for adjustment in document.adjustments:
            self._adjustment(self.root, adjustment)
        self._tax()
        self._totals()
        for line in document.lines:
            self._line(line)

    def _head(self) -> None:
        document, root = self._document, self.root
        self.text(root, "cbc:CustomizationID", document.specification)
        self.text(root, "cbc:ProfileID", document.process)
        self.text(root, "cbc:ID", document.number)
        self._day(root, "cbc:IssueDate", document.issued_on)
        if self._is_credit:
            self._day(root, "cbc:TaxPointDate", document.tax_point_on)
            self.text(root, "cbc:CreditNoteTypeCode", document.type_code)
            self._notes()
        else:
            self._day(root, "cbc:DueDate", document.due_on)
            self.text(root, "cbc:InvoiceTypeCode", document.type_code)
            self._notes()
            self._day(root, "cbc:TaxPointDate", document.tax_point_on)
        self.text(root, "cbc:DocumentCurrencyCode", document.currency)
        self.text(root, "cbc:TaxCurrencyCode", document.accounting_currency)
        self.text(root, "cbc:AccountingCost", document.accounting_reference)
        self.text(root, "cbc:BuyerReference", document.buyer_reference)
        self._period(root, document.period, document.tax_point_code)

    def _notes(self) -> None:
        for note in self._document.notes:
            self.text(self.root, "cbc:Note", note)

    def _references(self) -> None:
        document, root = self._document, self.root
        if document.order_reference or document.sales_order_reference:
            order = self.group(root, "cac:OrderReference")
            # UBL demands the buyer's order number; EN 16931 says to write NA where there is none.
            self.text(order, "cbc:ID", document.order_reference or "NA")
            self.text(order, "cbc:SalesOrderID", document.sales_order_reference)
        for preceding in document.preceding:
            reference = self.group(self.group(root, "cac:BillingReference"), "cac:InvoiceDocumentReference")
            self.text(reference, "cbc:ID", preceding.number)
            self._day(reference, "cbc:IssueDate", preceding.issued_on)
        self._reference("cac:ContractDocumentReference", document.contract_reference)
        for attachment in document.attachments:
            self._attachment(attachment)
        if document.object_id is not None:
            self._object(root, "cac:AdditionalDocumentReference", document.object_id)
        if self._is_credit and document.project_reference:
            project = self.group(root, "cac:AdditionalDocumentReference")
            self.text(project, "cbc:ID", document.project_reference)
            self.text(project, "cbc:DocumentTypeCode", PROJECT_TYPE)
        elif not self._is_credit:
            self._reference("cac:ProjectReference", document.project_reference)

    def _reference(self, name: str, value: str) -> None:
        if value:
            self.text(self.group(self.root, name), "cbc:ID", value)

    def _object(self, parent: etree._Element, name: str, identifier: Identifier) -> None:
        reference = self.group(parent, name)
        self.text(reference, "cbc:ID", identifier.value, schemeID=identifier.scheme)
        self.text(reference, "cbc:DocumentTypeCode", OBJECT_TYPE)

    def _attachment(self, attachment: Attachment) -> None:
        reference = self.group(self.root, "cac:AdditionalDocumentReference")
        self.text(reference, "cbc:ID", attachment.id)
        self.text(reference, "cbc:DocumentDescription", attachment.description)
        if not (attachment.content or attachment.url):
            return
        holder = self.group(reference, "cac:Attachment")
        self.text(
            holder,
            "cbc:EmbeddedDocumentBinaryObject",
            base64.b64encode(attachment.content).decode(),
            mimeCode=attachment.mime_type,
            filename=attachment.filename,
        )
        if attachment.url:
            self.text(self.group(holder, "cac:ExternalReference"), "cbc:URI", attachment.url)

    def _party(self, name: str, party: Party, creditor_id: str = "") -> None:
        element = self.group(self.group(self.root, name), "cac:Party")
        endpoint = party.electronic_address
        if endpoint is not None:
            self.text(element, "cbc:EndpointID", endpoint.value, schemeID=endpoint.scheme)
        for identifier in party.ids:
            self._party_id(element, identifier)
        if creditor_id:
            self._party_id(element, Identifier(creditor_id, SEPA_SCHEME))
        if party.trading_name:
            self.text(self.group(element, "cac:PartyName"), "cbc:Name", party.trading_name)
        self._address(element, "cac:PostalAddress", party.address)
        self._tax_scheme(element, party.vat_id, "VAT")
        self._tax_scheme(element, party.tax_number, "FC")
        legal = self.group(element, "cac:PartyLegalEntity")
        self.text(legal, "cbc:RegistrationName", party.name)
        if party.legal_id is not None:
            self.text(legal, "cbc:CompanyID", party.legal_id.value, schemeID=party.legal_id.scheme)
        self.text(legal, "cbc:CompanyLegalForm", party.legal_form)
        if party.contact is not None:
            contact = self.group(element, "cac:Contact")
            self.text(contact, "cbc:Name", party.contact.name)
            self.text(contact, "cbc:Telephone", party.contact.phone)
            self.text(contact, "cbc:ElectronicMail", party.contact.email)

    def _party_id(self, parent: etree._Element, identifier: Identifier) -> None:
        holder = self.group(parent, "cac:PartyIdentification")
        self.text(holder, "cbc:ID", identifier.value, schemeID=identifier.scheme)

    def _tax_scheme(self, parent: etree._Element, number: str, scheme: str) -> None:
        if number:
            holder = self.group(parent, "cac:PartyTaxScheme")
            self.text(holder, "cbc:CompanyID", number)
            self.text(self.group(holder, "cac:TaxScheme"), "cbc:ID", scheme)

    def _address(self, parent: etree._Element, name: str, address: Address | None) -> None:
        if address is None:
            return
        element = self.group(parent, name)
        self.text(element, "cbc:StreetName", address.line1)
        self.text(element, "cbc:AdditionalStreetName", address.line2)
        self.text(element, "cbc:CityName", address.city)
        self.text(element, "cbc:PostalZone", address.postcode)
        self.text(element, "cbc:CountrySubentity", address.region)
        if address.line3:
            self.text(self.group(element, "cac:AddressLine"), "cbc:Line", address.line3)
        self.text(self.group(element, "cac:Country"), "cbc:IdentificationCode", address.country)

    def _other_parties(self) -> None:
        payee, representative = self._document.payee, self._document.tax_representative
        if payee is not None:
            element = self.group(self.root, "cac:PayeeParty")
            if payee.id is not None:
                self._party_id(element, payee.id)
            self.text(self.group(element, "cac:PartyName"), "cbc:Name", payee.name)
            if payee.legal_id is not None:
                legal = self.group(element, "cac:PartyLegalEntity")
                self.text(legal, "cbc:CompanyID", payee.legal_id.value, schemeID=payee.legal_id.scheme)
        if representative is not None:
            element = self.group(self.root, "cac:TaxRepresentativeParty")
            self.text(self.group(element, "cac:PartyName"), "cbc:Name", representative.name)
            self._address(element, "cac:PostalAddress", representative.address)
            self._tax_scheme(element, representative.vat_id, "VAT")

    def _delivery(self) -> None:
        delivery = self._document.delivery
        if delivery is None:
            return
        element = self.group(self.root, "cac:Delivery")
        self._day(element, "cbc:ActualDeliveryDate", delivery.on)
        if delivery.location is not None or delivery.address is not None:
            location = self.group(element, "cac:DeliveryLocation")
            if delivery.location is not None:
                self.text(location, "cbc:ID", delivery.location.value, schemeID=delivery.location.scheme)
            self._address(location, "cac:Address", delivery.address)
        if delivery.name:
            party = self.group(self.group(element, "cac:DeliveryParty"), "cac:PartyName")
            self.text(party, "cbc:Name", delivery.name)

    def _payment(self) -> None:
        document = self._document
        payment = document.payment
        due_on = document.due_on if self._is_credit else None
        if payment is not None:
            for account in payment.accounts or (BankAccount(),):
                self._means(payment, account)
        elif due_on is not None:
            # A credit note has no other place for its due date than the means of payment.
            self._means(Payment(means_code=UNDEFINED_MEANS), BankAccount())
        if document.payment_terms:
            self.text(self.group(self.root, "cac:PaymentTerms"), "cbc:Note", document.payment_terms)

    def _means(self, payment: Payment, account: BankAccount) -> None:
        element = self.group(self.root, "cac:PaymentMeans")
        self.text(element, "cbc:PaymentMeansCode", payment.means_code, name=payment.means_text)
        if self._is_credit:
            self._day(element, "cbc:PaymentDueDate", self._document.due_on)
        self.text(element, "cbc:PaymentID", payment.remittance)
        if account.iban:
            holder = self.group(element, "cac:PayeeFinancialAccount")
            self.text(holder, "cbc:ID", account.iban)
            self.text(holder, "cbc:Name", account.holder)
            if account.bic:
                self.text(self.group(holder, "cac:FinancialInstitutionBranch"), "cbc:ID", account.bic)
        if payment.mandate or payment.debited_account:
            mandate = self.group(element, "cac:PaymentMandate")
            self.text(mandate, "cbc:ID", payment.mandate)
            if payment.debited_account:
                self.text(self.group(mandate, "cac:PayerFinancialAccount"), "cbc:ID", payment.debited_account)

    def _adjustment(self, parent: etree._Element, adjustment: Adjustment) -> None:
        element = self.group(parent, "cac:AllowanceCharge")
        self.text(element, "cbc:ChargeIndicator", "true" if adjustment.is_charge else "false")
        self.text(element, "cbc:AllowanceChargeReasonCode", adjustment.reason_code)
        self.text(element, "cbc:AllowanceChargeReason", adjustment.reason)
        self.number(element, "cbc:MultiplierFactorNumeric", adjustment.percent)
        self.number(element, "cbc:Amount", adjustment.amount, currencyID=self._currency)
        self.number(element, "cbc:BaseAmount", adjustment.base_amount, currencyID=self._currency)
        if adjustment.category is not None:
            category = self.group(element, "cac:TaxCategory")
            self.text(category, "cbc:ID", adjustment.category)
            self.number(category, "cbc:Percent", adjustment.rate)
            self.text(self.group(category, "cac:TaxScheme"), "cbc:ID", "VAT")

    def _tax(self) -> None:
        document = self._document
        total = self.group(self.root, "cac:TaxTotal")
        self.number(total, "cbc:TaxAmount", document.totals.tax, currencyID=self._currency)
        for group in document.vat:
            self._subtotal(total, group)
        if document.totals.tax_in_accounting_currency is not None:
            other = self.group(self.root, "cac:TaxTotal")
            amount = document.totals.tax_in_accounting_currency
            self.number(other, "cbc:TaxAmount", amount, currencyID=document.accounting_currency)

    def _subtotal(self, parent: etree._Element, group: VatBreakdown) -> None:
        element = self.group(parent, "cac:TaxSubtotal")
        self.number(element, "cbc:TaxableAmount", group.taxable, currencyID=self._currency)
        self.number(element, "cbc:TaxAmount", group.tax, currencyID=self._currency)
        category = self.group(element, "cac:TaxCategory")
        self.text(category, "cbc:ID", group.category)
        self.number(category, "cbc:Percent", group.rate)
        self.text(category, "cbc:TaxExemptionReasonCode", group.exemption.code)
        self.text(category, "cbc:TaxExemptionReason", group.exemption.text)
        self.text(self.group(category, "cac:TaxScheme"), "cbc:ID", "VAT")

    def _totals(self) -> None:
        totals = self._document.totals
        element = self.group(self.root, "cac:LegalMonetaryTotal")
        for name, amount in (
            ("LineExtensionAmount", totals.lines),
            ("TaxExclusiveAmount", totals.net),
            ("TaxInclusiveAmount", totals.gross),
            ("AllowanceTotalAmount", totals.allowances),
            ("ChargeTotalAmount", totals.charges),
            ("PrepaidAmount", totals.prepaid),
            ("PayableRoundingAmount", totals.rounding),
            ("PayableAmount", totals.payable),
        ):
            self.number(element, f"cbc:{name}", amount, currencyID=self._currency)

    def _line(self, line: InvoiceLine) -> None:
        element = self.group(self.root, "cac:CreditNoteLine" if self._is_credit else "cac:InvoiceLine")
        self.text(element, "cbc:ID", line.id)
        self.text(element, "cbc:Note", line.note)
        quantity = "cbc:CreditedQuantity" if self._is_credit else "cbc:InvoicedQuantity"
        self.number(element, quantity, line.quantity, unitCode=line.unit)
        self.number(element, "cbc:LineExtensionAmount", line.net, currencyID=self._currency)
        self.text(element, "cbc:AccountingCost", line.accounting_reference)
        self._period(element, line.period)
        if line.order_line:
            self.text(self.group(element, "cac:OrderLineReference"), "cbc:LineID", line.order_line)
        if line.object_id is not None:
            self._object(element, "cac:DocumentReference", line.object_id)
        for adjustment in line.adjustments:
            self._adjustment(element, adjustment)
        self._item(element, line.item, line.category, line)
        self._price(element, line)

    def _item(self, parent: etree._Element, item: Item, category: VatCategory | None, line: InvoiceLine) -> None:
        element = self.group(parent, "cac:Item")
        self.text(element, "cbc:Description", item.description)
        self.text(element, "cbc:Name", item.name)
        for name, value, scheme in (
            ("Buyers", item.buyer_id, ""),
            ("Sellers", item.seller_id, ""),
            ("Standard", item.standard_id.value if item.standard_id else "", _scheme(item.standard_id)),
        ):
            if value:
                holder = self.group(element, f"cac:{name}ItemIdentification")
                self.text(holder, "cbc:ID", value, schemeID=scheme)
        if item.origin_country:
            self.text(self.group(element, "cac:OriginCountry"), "cbc:IdentificationCode", item.origin_country)
        for code in item.classifications:
            holder = self.group(element, "cac:CommodityClassification")
            self.text(holder, "cbc:ItemClassificationCode", code.value, listID=code.scheme)
        if category is not None:
            tax = self.group(element, "cac:ClassifiedTaxCategory")
            self.text(tax, "cbc:ID", category)
            self.number(tax, "cbc:Percent", line.rate)
            self.text(self.group(tax, "cac:TaxScheme"), "cbc:ID", "VAT")
        for name, value in item.attributes:
            holder = self.group(element, "cac:AdditionalItemProperty")
            self.text(holder, "cbc:Name", name)
            self.text(holder, "cbc:Value", value)

    def _price(self, parent: etree._Element, line: InvoiceLine) -> None:
        price = line.price
        element = self.group(parent, "cac:Price")
        self.number(element, "cbc:PriceAmount", price.net, currencyID=self._currency)
        self.number(element, "cbc:BaseQuantity", price.base_quantity, unitCode=price.base_unit)
        if price.discount is not None:
            holder = self.group(element, "cac:AllowanceCharge")
            self.text(holder, "cbc:ChargeIndicator", "false")
            self.number(holder, "cbc:Amount", price.discount, currencyID=self._currency)
            self.number(holder, "cbc:BaseAmount", price.gross, currencyID=self._currency)

    def _period(self, parent: etree._Element, period: InvoicingPeriod | None, code: str = "") -> None:
        if period is None and not code:
            return
        element = self.group(parent, "cac:InvoicePeriod")
        if period is not None:
            self._day(element, "cbc:StartDate", period.start)
            self._day(element, "cbc:EndDate", period.end)
        self.text(element, "cbc:DescriptionCode", code)

    def _day(self, parent: etree._Element, name: str, day: date | None) -> None:
        self.text(parent, name, day.isoformat() if day else "")


def _creditor_id(document: InvoiceDocument) -> str:
    return document.payment.creditor_id if document.payment else ""


def _scheme(identifier: Identifier | None) -> str:
    return identifier.scheme if identifier else ""
