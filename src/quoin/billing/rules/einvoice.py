"""The semantic model of EN 16931: an invoice or credit note as a value, before any syntax.

Each field names its business term (BT) or group (BG). An empty text, None or an empty tuple means absent; whether
the document is complete and correct is what einvoice_check says, so that half-read documents can be values too.
Amounts are in the document's currency; those of a credit note are positive, as what is credited.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from quoin.billing.rules.tax import VatBreakdown, VatCategory

INVOICE = "380"
CREDIT_NOTE = "381"
CORRECTED_INVOICE = "384"
SELF_BILLED_INVOICE = "389"
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})

EN16931 = "urn:cen.eu:en16931:2017"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

HOUR = "HUR"
MINUTE = "MIN"
DAY = "DAY"
MONTH = "MON"
PIECE = "C62"
LUMP_SUM = "LS"
KILOMETRE = "KMT"

SEPA_TRANSFER = "58"
CREDIT_TRANSFER = "30"
SEPA_DIRECT_DEBIT = "59"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value and the list it comes from (ISO 6523 for parties, EAS for electronic addresses)."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """BG-5, BG-8, BG-12, BG-15."""

    line1: str = ""  # BT-35, BT-50
    line2: str = ""  # BT-36, BT-51
    line3: str = ""  # BT-162, BT-163
    city: str = ""  # BT-37, BT-52
    postcode: str = ""  # BT-38, BT-53
    region: str = ""  # BT-39, BT-54
    country: str = ""  # BT-40, BT-55, ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """BG-6, BG-9."""

    name: str = ""  # BT-41, BT-56
    phone: str = ""  # BT-42, BT-57
    email: str = ""  # BT-43, BT-58


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller (BG-4) or buyer (BG-7)."""

    name: str = ""  # BT-27, BT-44: the registered name
    trading_name: str = ""  # BT-28, BT-45
    ids: tuple[Identifier, ...] = ()  # BT-29, BT-46
    legal_id: Identifier | None = None  # BT-30, BT-47
    vat_id: str = ""  # BT-31, BT-48
    tax_number: str = ""  # BT-32, seller only
    legal_form: str = ""  # BT-33, seller only
    electronic_address: Identifier | None = None  # BT-34, BT-49
    address: Address | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """BG-10, only if it is not the seller."""

    name: str = ""  # BT-59
    id: Identifier | None = None  # BT-60
    legal_id: Identifier | None = None  # BT-61


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRepresentative:
    """BG-11."""

    name: str = ""  # BT-62
    vat_id: str = ""  # BT-63
    address: Address | None = None  # BG-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """BG-13."""

    name: str = ""  # BT-70
    location: Identifier | None = None  # BT-71
    on: date | None = None  # BT-72, the day of the service
    address: Address | None = None  # BG-15


@dataclass(frozen=True, slots=True)
class InvoicingPeriod:
    """BG-14 and, on a line, BG-26: first and last day, both inside."""

    start: date | None = None  # BT-73, BT-134
    end: date | None = None  # BT-74, BT-135


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """BG-17."""

    iban: str = ""  # BT-84, or another account number
    holder: str = ""  # BT-85
    bic: str = ""  # BT-86


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """BG-16 and, for a direct debit, BG-19."""

    means_code: str = ""  # BT-81, UNCL 4461
    means_text: str = ""  # BT-82
    remittance: str = ""  # BT-83
    accounts: tuple[BankAccount, ...] = ()
    mandate: str = ""  # BT-89
    creditor_id: str = ""  # BT-90
    debited_account: str = ""  # BT-91


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An allowance (BG-20, BG-27) or a charge (BG-21, BG-28); category and rate on document level only."""

    is_charge: bool = False
    amount: Decimal | None = None  # BT-92, BT-99, BT-136, BT-141
    base_amount: Decimal | None = None  # BT-93, BT-100, BT-137, BT-142
    percent: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143
    reason: str = ""  # BT-97, BT-104, BT-139, BT-144
    reason_code: str = ""  # BT-98, BT-105, BT-140, BT-145
    category: VatCategory | None = None  # BT-95, BT-102
    rate: Decimal | None = None  # BT-96, BT-103


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Additional supporting document (BG-24), for example the timesheet behind the invoice."""

    id: str = ""  # BT-122
    description: str = ""  # BT-123
    url: str = ""  # BT-124
    content: bytes = b""  # BT-125
    mime_type: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class PrecedingInvoice:
    """BG-3: the invoice that a credit note or correction is about."""

    number: str  # BT-25
    issued_on: date | None = None  # BT-26


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """BG-22. Only what is always written may not stay None on an issued document."""

    lines: Decimal | None = None  # BT-106
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    net: Decimal | None = None  # BT-109
    tax: Decimal | None = None  # BT-110
    tax_in_accounting_currency: Decimal | None = None  # BT-111
    gross: Decimal | None = None  # BT-112
    prepaid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    payable: Decimal | None = None  # BT-115


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """BG-29: `net` is the price of `base_quantity` units."""

    net: Decimal | None = None  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_unit: str = ""  # BT-150


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """BG-31."""

    name: str = ""  # BT-153
    description: str = ""  # BT-154
    seller_id: str = ""  # BT-155
    buyer_id: str = ""  # BT-156
    standard_id: Identifier | None = None  # BT-157
    classifications: tuple[Identifier, ...] = ()  # BT-158
    origin_country: str = ""  # BT-159
    attributes: tuple[tuple[str, str], ...] = ()  # BG-32: BT-160, BT-161


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """BG-25."""

    id: str = ""  # BT-126
    note: str = ""  # BT-127
    object_id: Identifier | None = None  # BT-128
    quantity: Decimal | None = None  # BT-129
    unit: str = ""  # BT-130, UN/ECE Rec 20
    net: Decimal | None = None  # BT-131
    order_line: str = ""  # BT-132
    accounting_reference: str = ""  # BT-133
    period: InvoicingPeriod | None = None
    adjustments: tuple[Adjustment, ...] = ()
    price: Price = field(default_factory=Price)
    category: VatCategory | None = None  # BT-151
    rate: Decimal | None = None  # BT-152, percent
    item: Item = field(default_factory=Item)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument:
    """An invoice or credit note."""

    number: str = ""  # BT-1
    issued_on: date | None = None  # BT-2
    type_code: str = INVOICE  # BT-3, UNCL 1001
    currency: str = ""  # BT-5
    accounting_currency: str = ""  # BT-6, if VAT must also be told in another currency
    tax_point_on: date | None = None  # BT-7
    tax_point_code: str = ""  # BT-8
    due_on: date | None = None  # BT-9
    buyer_reference: str = ""  # BT-10
    project_reference: str = ""  # BT-11
    contract_reference: str = ""  # BT-12
    order_reference: str = ""  # BT-13
    sales_order_reference: str = ""  # BT-14
    object_id: Identifier | None = None  # BT-18
    accounting_reference: str = ""  # BT-19
    payment_terms: str = ""  # BT-20
    notes: tuple[str, ...] = ()  # BT-22
    process: str = ""  # BT-23
    specification: str = EN16931  # BT-24
    preceding: tuple[PrecedingInvoice, ...] = ()  # BG-3
    seller: Party = field(default_factory=Party)
    buyer: Party = field(default_factory=Party)
    payee: Payee | None = None
    tax_representative: TaxRepresentative | None = None
    delivery: Delivery | None = None
    period: InvoicingPeriod | None = None  # BG-14
    payment: Payment | None = None
    adjustments: tuple[Adjustment, ...] = ()  # BG-20, BG-21
    totals: Totals = field(default_factory=Totals)
    vat: tuple[VatBreakdown, ...] = ()  # BG-23
    attachments: tuple[Attachment, ...] = ()  # BG-24
    lines: tuple[InvoiceLine, ...] = ()

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTE_CODES
