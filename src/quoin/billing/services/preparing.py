"""Bringing drafts to what they would say on the day of issue, and checking each. What they need is read once for all.

A draft that the exact check refuses is left as it is, with the reasons; the others go on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from quoin.base.db.bulk import update_columns
from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine
from quoin.billing.queries.documents import document_of, due_on, snapshot
from quoin.billing.queries.parties import buyer_of, seller_of, treatment, wrong_vat_ids
from quoin.billing.queries.service_periods import periods_of
from quoin.billing.rules.einvoice import InvoiceDocument, InvoicingPeriod
from quoin.billing.rules.einvoice_check import require_issuable
from quoin.billing.rules.tax import VatCategory
from quoin.billing.rules.tax_treatment import TaxTreatment
from quoin.billing.services.totals import retotal, set_treatment
from quoin.kernel.errors import Conflict, DomainError, Problem
from quoin.kernel.money import Money, Rounding
from quoin.kernel.words import say
from quoin.ledger.queries.rates import RateTable
from quoin.ledger.rules.fx import convert
from quoin.ledger.types import FxRate
from quoin.sales.models import Contract

_PROVISIONAL = "DRAFT-0000"
_LINE_FIELDS = ("tax_category", "tax_percent", "tax_reason", "net_amount", "quantity", "unit_price")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft that was not issued, and why."""

    invoice_id: UUID
    detail: str
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Ready:
    """A document that passed the check and waits for its number."""

    invoice: Invoice
    lines: list[InvoiceLine]
    items: list[InvoiceItem]
    rate: FxRate
    wrong_ids: frozenset[str]
    periods: Mapping[UUID, InvoicingPeriod]

    def document(self) -> InvoiceDocument:
        """What the document says, with the number that it has by now."""
        return _document(self.invoice, self.lines, self.rate, self.periods)


@dataclass(slots=True)
class _Draft:
    """A document on its way to the check."""

    invoice: Invoice
    lines: list[InvoiceLine]
    treatment: TaxTreatment | None


def prepare(invoices: Iterable[Invoice], *, issue_on: date) -> tuple[list[Ready], list[Refusal]]:
    """The drafts that are fit to be issued on the day, and the others with what is wrong, both in the given order."""
    found = list(invoices)
    lines = _lines_of(found)
    refused: dict[UUID, Refusal] = {}
    drafts: list[_Draft] = []
    for invoice in found:
        try:
            drafts.append(_dated(invoice, lines[invoice.id], issue_on))
        except DomainError as fault:
            refused[invoice.id] = Refusal(invoice.id, fault.detail, fault.problems)
    _settle(drafts)
    items, rates = _items_of(line for draft in drafts for line in draft.lines), _rates(drafts)
    periods = periods_of(line for draft in drafts for line in draft.lines)
    ready: list[Ready] = []
    for draft in drafts:
        try:
            ready.append(_checked(draft, items[draft.invoice.id], rates, periods))
        except DomainError as fault:
            refused[draft.invoice.id] = Refusal(draft.invoice.id, fault.detail, fault.problems)
    return ready, [refused[invoice.id] for invoice in found if invoice.id in refused]


def _lines_of(invoices: Sequence[Invoice]) -> defaultdict[UUID, list[InvoiceLine]]:
    found: defaultdict[UUID, list[InvoiceLine]] = defaultdict(list)
    for line in InvoiceLine.objects.filter(invoice__in=list(invoices)).order_by("invoice_id", "position"):
        found[line.invoice_id].append(line)
    return found


def _items_of(lines: Iterable[InvoiceLine]) -> defaultdict[UUID, list[InvoiceItem]]:
    """The work on the lines, by document, in the order of the charges."""
    known = {line.id: line for line in lines}
    found: defaultdict[UUID, list[InvoiceItem]] = defaultdict(list)
    for item in InvoiceItem.objects.filter(line_id__in=known).select_related("charge").order_by("charge_id"):
        item.line = known[item.line_id]
        found[item.line.invoice_id].append(item)
    return found


def _dated(invoice: Invoice, lines: list[InvoiceLine], issue_on: date) -> _Draft:
    """The days of the document, and the VAT of its lines as of them."""
    if invoice.status == "issued":
        raise Conflict(say("%(number)s is issued already.", number=invoice.number))
    invoice.issue_on = issue_on
    invoice.due_on = None if invoice.kind == "credit_note" else due_on(invoice, issue_on)
    service_on = invoice.period_until or issue_on
    # What is billed ahead is taxed when it is billed, at the rate of the service (Art. 65, 93 of Directive 2006/112).
    invoice.tax_point_on = min(service_on, issue_on)
    found = None
    if invoice.kind == "invoice":
        found = treatment(invoice.entity, invoice.client, on=service_on)
    return _Draft(invoice, lines, found)


def _settle(drafts: Sequence[_Draft]) -> None:
    """VAT as of the day, sums, retention and the snapshot of the parties; a credit note has them from its invoice."""
    changed: list[InvoiceLine] = []
    own = [draft for draft in drafts if draft.treatment is not None]
    for draft in own:
        before = [_said(line) for line in draft.lines]
        assert draft.treatment is not None
        set_treatment(draft.invoice, draft.lines, draft.treatment)
        changed += [line for line, said in zip(draft.lines, before, strict=True) if _said(line) != said]
    update_columns(
        InvoiceLine,
        [line.id for line in changed],
        {name: [getattr(line, name) for line in changed] for name in _LINE_FIELDS},
    )
    retotal(draft.invoice for draft in own)
    ratios = _retention_ratios(line.contract_id for draft in own for line in draft.lines)
    for draft in own:
        assert draft.treatment is not None
        draft.invoice.retention_amount = _retention(draft.invoice, draft.lines, ratios)
        draft.invoice.parties = _parties(draft.invoice, draft.treatment)


def _said(line: InvoiceLine) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in _LINE_FIELDS)


def _retention_ratios(contract_ids: Iterable[UUID | None]) -> dict[UUID, Decimal]:
    ids = {contract_id for contract_id in contract_ids if contract_id}
    return dict(Contract.objects.filter(id__in=ids, retention_ratio__gt=0).values_list("id", "retention_ratio"))


def _retention(invoice: Invoice, lines: Iterable[InvoiceLine], ratios: dict[UUID, Decimal]) -> Decimal:
    exact = sum(
        (line.net_amount * ratios[line.contract_id] for line in lines if line.contract_id in ratios), Decimal(0)
    )
    return Money(exact, invoice.currency).round(Rounding(invoice.rounding)).amount


def _parties(invoice: Invoice, found: TaxTreatment) -> dict[str, object]:
    has_vat = found.category is not VatCategory.NOT_SUBJECT
    return snapshot(
        seller_of(invoice.entity, has_vat=has_vat),
        buyer_of(invoice.client, has_vat=has_vat),
        invoice.entity,
        {found.category.value: found.exemption} if found.exemption.text or found.exemption.code else {},
    )


def _rates(drafts: Sequence[_Draft]) -> RateTable:
    days = [draft.invoice.tax_point_on for draft in drafts if draft.invoice.tax_point_on]
    currencies = {draft.invoice.currency for draft in drafts} | {draft.invoice.entity.currency for draft in drafts}
    return RateTable(currencies, first=min(days, default=date.max), last=max(days, default=date.min))


def _checked(
    draft: _Draft, items: list[InvoiceItem], rates: RateTable, periods: Mapping[UUID, InvoicingPeriod]
) -> Ready:
    """The document if the exact check finds nothing. Raises what is wrong."""
    invoice = draft.invoice
    rate = _rate(invoice, rates)
    wrong = wrong_vat_ids(invoice.entity, invoice.client) if invoice.kind == "invoice" else frozenset()
    invoice.number = _PROVISIONAL
    try:
        document = _document(invoice, draft.lines, rate, periods)
    finally:
        invoice.number = None
    require_issuable(document, mode=Rounding(invoice.rounding), wrong_vat_ids=wrong)
    _require_same(invoice, document)
    return Ready(invoice, draft.lines, items, rate, wrong, periods)


def _rate(invoice: Invoice, rates: RateTable) -> FxRate:
    assert invoice.tax_point_on is not None
    base = invoice.entity.currency
    if invoice.kind == "credit_note":
        return FxRate(invoice.currency, base, Fraction(invoice.fx_rate), invoice.tax_point_on, "invoice")
    return rates.rate(currency=invoice.currency, base_currency=base, on=invoice.tax_point_on)


def _document(
    invoice: Invoice, lines: Sequence[InvoiceLine], rate: FxRate, periods: Mapping[UUID, InvoicingPeriod]
) -> InvoiceDocument:
    document = document_of(invoice, lines, parties=invoice.parties, periods=periods)
    if rate.currency == rate.base_currency or not document.totals.tax:
        return document
    # VAT is owed in the currency of the books, and the document tells it in that too (EN 16931 BT-111).
    tax = convert(Money(document.totals.tax, rate.currency), rate).base.amount
    return replace(
        document, accounting_currency=rate.base_currency,
        totals=replace(document.totals, tax_in_accounting_currency=tax),
    )  # fmt: skip


def _require_same(invoice: Invoice, document: InvoiceDocument) -> None:
    totals = document.totals
    if (totals.net, totals.tax, totals.gross) != (invoice.net_amount, invoice.tax_amount, invoice.gross_amount):
        raise Conflict("The document and its sums differ. Open the draft, save it and issue again.")
