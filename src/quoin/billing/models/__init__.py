"""Tables of billing. Issued documents never change: triggers of the migration refuse it."""

from quoin.billing.models.cash import BankLine, BankStatement, Payment, PaymentApplication
from quoin.billing.models.charges import Charge, ChargeMonth, WriteDown
from quoin.billing.models.contracts import ContractUse, RetainerPeriod
from quoin.billing.models.documents import InvoiceLink, IssuedDocument, RetentionRelease
from quoin.billing.models.invoices import BillingRun, Invoice, InvoiceItem, InvoiceLine, InvoiceTax
from quoin.billing.models.packs import PackMove, PrepaidPack

__all__ = [
    "BankLine",
    "BankStatement",
    "BillingRun",
    "Charge",
    "ChargeMonth",
    "ContractUse",
    "Invoice",
    "InvoiceItem",
    "InvoiceLine",
    "InvoiceLink",
    "InvoiceTax",
    "IssuedDocument",
    "PackMove",
    "Payment",
    "PaymentApplication",
    "PrepaidPack",
    "RetainerPeriod",
    "RetentionRelease",
    "WriteDown",
]
