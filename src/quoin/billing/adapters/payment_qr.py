"""QR code that starts a SEPA credit transfer (EPC069-12, version 2), as SVG."""

from __future__ import annotations

import io
from decimal import Decimal

import segno

from quoin.billing.rules.einvoice import InvoiceDocument
from quoin.billing.rules.identifiers import compact, is_iban

_MAX_AMOUNT = Decimal("999999999.99")
_MAX_NAME = 70
_MAX_REMITTANCE = 140
_MAX_BYTES = 331


def payment_qr_text(document: InvoiceDocument) -> str:
    """The text of the code; empty where the standard allows none (not EUR, no IBAN, nothing to pay)."""
    payment, payable = document.payment, document.totals.payable
    account = payment.accounts[0] if payment and payment.accounts else None
    if account is None or payment is None or not is_iban(account.iban) or document.currency != "EUR":
        return ""
    if document.is_credit_note or payable is None or not Decimal(0) < payable <= _MAX_AMOUNT:
        return ""
    name = _one_line(account.holder or document.seller.name)[:_MAX_NAME]
    remittance = _one_line(payment.remittance or document.number)[:_MAX_REMITTANCE]
    fields = ("BCD", "002", "1", "SCT", compact(account.bic), name, compact(account.iban), f"EUR{payable:f}")
    text = "\n".join((*fields, "", "", remittance))
    return text if len(text.encode()) <= _MAX_BYTES else ""


def payment_qr_svg(document: InvoiceDocument) -> bytes:
    """The code as SVG; empty bytes where there is none. Error correction M as the standard demands."""
    text = payment_qr_text(document)
    if not text:
        return b""
    target = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8", eci=False)
    code.save(target, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True)
    return target.getvalue()


def _one_line(text: str) -> str:
    return " ".join(text.split())
