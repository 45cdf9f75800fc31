"""The exact check of a document against EN 16931, before it is issued.

Stricter than the official validator on purpose: it allows a VAT amount to be wrong by 0.99, we allow nothing (R5).
Rule ids are those of EN 16931 and Peppol; ours start with QUOIN. A finding names the field and the remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from quoin.billing.rules import einvoice_codes as codes
from quoin.billing.rules.einvoice import CREDIT_NOTE_CODES, BankAccount, InvoiceDocument, Payment
from quoin.billing.rules.einvoice_check_amounts import amount_findings
from quoin.billing.rules.einvoice_check_lines import adjustment_findings, line_findings
from quoin.billing.rules.einvoice_check_parties import party_findings, vat_id_findings
from quoin.billing.rules.einvoice_check_vat import vat_findings
from quoin.billing.rules.identifiers import is_bic, is_iban, looks_like_iban
from quoin.kernel.currency import CODES as CURRENCIES
from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.money import Rounding
from quoin.kernel.words import say

_MAX_NUMBER_LENGTH = 100


class InvoiceRefused(Invalid):
    """The document may not be issued; `problems` says what is missing or wrong."""

    code = "billing.invoice.refused"


def findings(
    document: InvoiceDocument,
    *,
    mode: Rounding = Rounding.HALF_UP,
    wrong_vat_ids: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """All that is wrong, in document order; empty for a document that may be issued.

    `wrong_vat_ids` are the VAT ids on the document whose national check digits the caller found wrong.
    """
    checks: tuple[Callable[[InvoiceDocument], Iterator[Problem]], ...] = (
        _header,
        _references,
        party_findings,
        _service_date,
        _payment,
        adjustment_findings,
        line_findings,
    )
    found = [problem for check in checks for problem in check(document)]
    found.extend(vat_id_findings(document, wrong_vat_ids))
    found.extend(amount_findings(document))
    found.extend(vat_findings(document, mode))
    return tuple(found)


def require_issuable(
    document: InvoiceDocument,
    *,
    mode: Rounding = Rounding.HALF_UP,
    wrong_vat_ids: frozenset[str] = frozenset(),
) -> None:
    """Raise InvoiceRefused with all findings unless there are none."""
    problems = findings(document, mode=mode, wrong_vat_ids=wrong_vat_ids)
    if problems:
        rules = ", ".join(sorted({problem.code for problem in problems}))
        raise InvoiceRefused(say("The document cannot be issued: %(rules)s.", rules=rules), problems=problems)


def _header(document: InvoiceDocument) -> Iterator[Problem]:
    if not document.specification:
        yield Problem("/specification", "BR-01", "The specification identifier is missing (BT-24).")
    if not document.number:
        yield Problem("/number", "BR-02", "The document has no number (BT-1).", "Issue it to give it one.")
    elif len(document.number) > _MAX_NUMBER_LENGTH or document.number != document.number.strip():
        yield Problem("/number", "QUOIN-NUMBER", "The number has spaces around it or more than 100 characters.")
    if document.issued_on is None:
        yield Problem("/issued_on", "BR-03", "The issue date is missing (BT-2).")
    yield from _type(document)
    yield from _currencies(document)
    if not document.lines:
        yield Problem("/lines", "BR-16", "The document has no line.", "Add unbilled work or type a line.")


def _type(document: InvoiceDocument) -> Iterator[Problem]:
    if not document.type_code:
        yield Problem("/type_code", "BR-04", "The document type is missing (BT-3).")
    elif document.type_code not in codes.INVOICE_TYPES | CREDIT_NOTE_CODES:
        yield Problem(
            "/type_code",
            "BR-CL-01",
            say("%(type_code)s is not a document type of UNCL 1001.", type_code=repr(document.type_code)),
        )
    if document.tax_point_on is not None and document.tax_point_code:
        yield Problem("/tax_point_code", "BR-CO-03", "Tax point date and tax point code exclude each other.")
    if document.tax_point_code and document.tax_point_code not in codes.TAX_POINT_CODES:
        yield Problem("/tax_point_code", "BR-CL-06", "The tax point code is 3, 35 or 432.")


def _currencies(document: InvoiceDocument) -> Iterator[Problem]:
    if not document.currency:
        yield Problem("/currency", "BR-05", "The currency is missing (BT-5).")
    elif document.currency not in CURRENCIES:
        yield Problem(
            "/currency", "BR-CL-04", say("%(currency)s is not an ISO 4217 currency.", currency=repr(document.currency))
        )
    if document.accounting_currency in {"", document.currency}:
        return
    if document.accounting_currency not in CURRENCIES:
        yield Problem("/accounting_currency", "BR-CL-05", "The VAT accounting currency is not in ISO 4217.")
    if document.totals.tax_in_accounting_currency is None:
        yield Problem(
            "/totals/tax_in_accounting_currency",
            "BR-53",
            say(
                "The VAT in %(accounting_currency)s is missing (BT-111).",
                accounting_currency=document.accounting_currency,
            ),
            "Convert the VAT at the rate of the tax point date.",
        )


def _references(document: InvoiceDocument) -> Iterator[Problem]:
    for index, preceding in enumerate(document.preceding):
        if not preceding.number:
            yield Problem(f"/preceding/{index}/number", "BR-55", "The preceding invoice has no number (BT-25).")
    if document.is_credit_note and not document.preceding:
        yield Problem(
            "/preceding", "QUOIN-CREDIT", "A credit note names the invoice it is about.", "Credit from the invoice."
        )
    for index, attachment in enumerate(document.attachments):
        if not attachment.id:
            yield Problem(f"/attachments/{index}/id", "BR-52", "The supporting document has no reference (BT-122).")
        if attachment.content and attachment.mime_type not in codes.ATTACHMENT_TYPES:
            yield Problem(
                f"/attachments/{index}/mime_type",
                "BR-CL-24",
                say("Files of type %(mime_type)s cannot be attached.", mime_type=repr(attachment.mime_type)),
                "Attach PDF, PNG, JPEG, CSV, XLSX or ODS.",
            )


def _service_date(document: InvoiceDocument) -> Iterator[Problem]:
    period = document.period
    if period is not None:
        if period.start is None and period.end is None and not document.tax_point_code:
            yield Problem("/period", "BR-CO-19", "The invoicing period has neither start nor end.")
        if period.start and period.end and period.end < period.start:
            yield Problem("/period/end", "BR-29", "The invoicing period ends before it starts.")
    has_period = period is not None and (period.start is not None or period.end is not None)
    has_delivery = document.delivery is not None and document.delivery.on is not None
    if not (has_period or has_delivery or _has_line_periods(document)):
        yield Problem(
            "/period",
            "QUOIN-SERVICE-DATE",
            "Neither service date nor service period is given (Art. 226(7), section 14(4) no. 6 UStG).",
            "Set the period of the invoice.",
        )


def _has_line_periods(document: InvoiceDocument) -> bool:
    periods = [line.period for line in document.lines]
    return bool(periods) and all(period is not None and (period.start or period.end) for period in periods)


def _payment(document: InvoiceDocument) -> Iterator[Problem]:
    payable = document.totals.payable or Decimal(0)
    is_claim = payable > 0 and not document.is_credit_note
    if is_claim and document.due_on is None and not document.payment_terms:
        yield Problem("/due_on", "BR-CO-25", "Neither due date nor payment terms are given.", "Set the terms.")
    if document.payment is not None:
        yield from _instruction(document.payment)


def _instruction(payment: Payment) -> Iterator[Problem]:
    if not payment.means_code:
        yield Problem("/payment/means_code", "BR-49", "The means of payment is missing (BT-81).")
    elif payment.means_code not in codes.PAYMENT_MEANS:
        yield Problem("/payment/means_code", "BR-CL-16", "The means of payment is not in UNCL 4461.")
    if payment.means_code in codes.CREDIT_TRANSFERS and not payment.accounts:
        yield Problem("/payment/accounts", "BR-61", "A credit transfer needs an account.", "Fill in the bank account.")
    for index, account in enumerate(payment.accounts):
        yield from _account(account, f"/payment/accounts/{index}")


def _account(account: BankAccount, where: str) -> Iterator[Problem]:
    if not account.iban:
        yield Problem(f"{where}/iban", "BR-50", "The account has no number (BT-84).")
    elif looks_like_iban(account.iban) and not is_iban(account.iban):
        yield Problem(
            f"{where}/iban",
            "QUOIN-IBAN",
            say("%(iban)s is not an IBAN: its check digits are wrong.", iban=account.iban),
            "Correct it in the legal entity.",
        )
    if account.bic and not is_bic(account.bic):
        yield Problem(f"{where}/bic", "QUOIN-BIC", say("%(bic)s is not a BIC.", bic=account.bic))
