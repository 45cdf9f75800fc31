"""What clients owe, what of it is overdue, and what they paid. Lines are the documents and payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor, Scope
from quoin.base.figures import Line, Missing, Parameter, Parameters, QueryLines, Unit, alias, by_days, declare
from quoin.billing.models import Invoice, InvoiceLine, Payment, PaymentApplication
from quoin.billing.queries.figures_documents import MONEY, VIEW_INVOICES, VIEW_PAYMENTS, invoice_url, parties, sees_all
from quoin.kernel.ids import public_id
from quoin.projects.queries.figures import visible_ids
from quoin.timesheets.queries.figures import period

_ZERO = Value(Decimal(0), output_field=MONEY)
_DOCUMENT_TAKES = (Parameter.CLIENT, Parameter.CONTRACT, Parameter.ENTITY)


def _documents(actor: Actor, asked: Parameters) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(parties(actor, asked), status="issued")
    if not sees_all(actor):
        mine = InvoiceLine.objects.filter(invoice_id=OuterRef("id"), project_id__in=visible_ids(actor))
        rows = rows.filter(Exists(mine))
    return rows


def _open_rows(actor: Actor, asked: Parameters) -> QuerySet[Invoice]:
    """Issued documents with what is still open of them on the day; a credit note that is not used is negative."""
    on = asked.until_on or actor.today
    used = F("amount") + F("discount_amount")
    payable = F("gross_amount") + F("rounding_amount")
    paid = _applied("invoice_id", on, used)
    taken = _applied("credit_note_id", on, F("amount"))
    open_amount = Case(
        When(kind="credit_note", then=taken - payable),
        default=payable - paid,
        output_field=MONEY,
    )
    return _documents(actor, asked).filter(issue_on__lte=on).annotate(open_amount=open_amount).exclude(open_amount=0)


def _applied(field: str, on: date, value: Any) -> Any:
    rows = PaymentApplication.objects.filter(**{field: OuterRef("id")}, applied_on__lte=on).order_by().values(field)
    return Coalesce(Subquery(rows.annotate(total=Sum(value)).values("total"), output_field=MONEY), _ZERO)


def _receivables(actor: Actor, asked: Parameters, *, overdue_on: date | None = None) -> QueryLines:
    rows = _open_rows(actor, asked)
    if overdue_on is not None:
        rows = rows.filter(due_on__lt=overdue_on, kind="invoice")
    return QueryLines(
        rows=rows,
        value=F("open_amount"),
        currency=F("currency"),
        on="due_on",
        fields=("number", "client__name", "issue_on"),
        read=lambda row: Line(
            value=Decimal(0), label=f"{row['number']} · {row['client__name']}", source=public_id("inv", row["id"]),
            url=invoice_url(row["id"]),
        ),
    )  # fmt: skip


def _unapplied(actor: Actor, asked: Parameters) -> list[Missing]:
    """Money received that is set against no invoice yet."""
    if not actor.may(VIEW_PAYMENTS, Scope.ALL) or asked.contract_id is not None:
        return []
    rows = Payment.objects.filter(parties(actor, asked)).annotate(
        left=_received() - _applied("payment_id", asked.until_on or actor.today, F("amount"))
    )
    found = rows.exclude(left=0).order_by().values("currency").annotate(total=Sum("left"))
    count = rows.exclude(left=0).count()
    return [Missing(_("received on account"), count, -row["total"], row["currency"], Unit.MONEY) for row in found]


def _received() -> Any:
    """A payment that takes another back counts against it."""
    return Case(When(reverses__isnull=True, then=F("amount")), default=-Abs("amount"), output_field=MONEY)


def _cash(actor: Actor, asked: Parameters) -> QueryLines:
    rows = Payment.objects.filter(parties(actor, asked), period(asked, "received_on"))
    if not sees_all(actor):
        paid = PaymentApplication.objects.filter(payment_id=OuterRef("id"), invoice__in=_documents(actor, Parameters()))
        rows = rows.filter(Exists(paid))
    return QueryLines(
        rows=rows,
        value=_received(),
        currency=F("currency"),
        on="received_on",
        fields=("client__name", "method", "reference"),
        read=lambda row: Line(
            value=Decimal(0), label=" · ".join(filter(None, (row["client__name"], row["method"], row["reference"]))),
            source=public_id("pay", row["id"]),
        ),
    )  # fmt: skip


declare(
    "receivables.open",
    label=_("Receivables"),
    definition=_("What clients still owe on issued invoices, VAT included; unused credit notes count against it."),
    formula=_("sum of gross amounts − payments, discounts and credits set against them"),
    unit=Unit.MONEY,
    permission=VIEW_INVOICES,
    takes=(*_DOCUMENT_TAKES, Parameter.UNTIL),
    lines=_receivables,
    missing=_unapplied,
    higher_is_better=False,
)
declare(
    "receivables.overdue",
    label=_("Overdue"),
    definition=_("Open amounts of invoices whose due day is over."),
    formula=_("sum of the open amounts of invoices that were due before the day"),
    unit=Unit.MONEY,
    permission=VIEW_INVOICES,
    takes=(*_DOCUMENT_TAKES, Parameter.UNTIL),
    lines=lambda actor, asked: _receivables(actor, asked, overdue_on=asked.until_on or actor.today),
    higher_is_better=False,
)
declare(
    "cash.received",
    label=_("Received"),
    definition=_("Payments of clients by the day they came in, less those taken back."),
    formula=_("sum of payments"),
    unit=Unit.MONEY,
    permission=VIEW_PAYMENTS,
    takes=(Parameter.CLIENT, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL),
    lines=_cash,
    series=by_days(_cash),
    higher_is_better=True,
)
alias("client.receivables", "receivables.open", needs=(Parameter.CLIENT,))
alias("firm.receivables", "receivables.open")
alias("firm.overdue", "receivables.overdue")
