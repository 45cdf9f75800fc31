"""Figures of invoices and money received: billed, open, overdue, received, backlog. Lines are the documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Abs, Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.figures import (
    Grouping,
    Line,
    ListLines,
    Missing,
    Parameter,
    Parameters,
    QueryLines,
    Sums,
    Unit,
    alias,
    by_days,
    declare,
    ratio,
    sums_of,
)
from quoin.billing.models import Invoice, InvoiceLine, Payment, PaymentApplication
from quoin.billing.queries.figures import VIEW_CHARGES
from quoin.clients.queries import client_for
from quoin.kernel.ids import public_id
from quoin.projects.models import Project
from quoin.projects.queries import VIEW as VIEW_PROJECTS
from quoin.projects.queries import project_for
from quoin.projects.queries.figures import PLACES, narrow_to_project, visible_ids
from quoin.sales.models import Contract
from quoin.timesheets.queries.figures import period

VIEW_INVOICES = permission("billing.invoice.view", _("See invoices"))
VIEW_PAYMENTS = permission("billing.payment.view", _("See payments"))
_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=24, decimal_places=4)
_ZERO = Value(Decimal(0), output_field=_MONEY)
_DOCUMENT_TAKES = (Parameter.CLIENT, Parameter.CONTRACT, Parameter.ENTITY)


def invoice_url(invoice_id: Any) -> str:
    """Address of the invoice's page; empty where the instance has none."""
    try:
        return reverse("billing:invoice", args=[public_id("inv", invoice_id)])
    except NoReverseMatch:
        return ""


def _parties(actor: Actor, asked: Parameters, link: str = "") -> Q:
    condition = Q()
    if asked.client_id is not None:
        condition &= Q(**{f"{link}client_id": client_for(actor, asked.client_id).id})
    if asked.contract_id is not None:
        condition &= Q(**{f"{link}contract_id": asked.contract_id})
    if asked.entity_id is not None:
        condition &= Q(**{f"{link}entity_id": asked.entity_id})
    return condition


def _sees_all(actor: Actor) -> bool:
    return actor.scope(VIEW_PROJECTS) is Scope.ALL


def _near(actor: Actor, permission_name: str, project: str = "project") -> Q | None:
    """Lines that are seen one by one: all, or those of projects that the actor runs."""
    if actor.scope(permission_name) is Scope.ALL:
        return None
    return Q(**{f"{project}__manager_id": actor.person_id}) if actor.person_id else Q(pk__in=())


def _billed(actor: Actor, asked: Parameters) -> QueryLines:
    where = _parties(actor, asked, "invoice__")
    if asked.project_id is not None:
        where &= Q(project_id=project_for(actor, asked.project_id).id)
    elif not _sees_all(actor):
        where &= Q(project_id__in=visible_ids(actor))
    rows = InvoiceLine.objects.filter(where, period(asked, "invoice__issue_on"), invoice__status="issued")
    return QueryLines(
        rows=rows,
        value=_signed("net_amount", "invoice__kind"),
        currency=F("invoice__currency"),
        on="invoice__issue_on",
        fields=(
            "invoice_id",
            "invoice__number",
            "description",
            "project__name",
            "worked_minutes",
            "unit_price",
            "unit",
        ),
        read=_read_billed,
        visible=_near(actor, VIEW_INVOICES),
        grouping=_by_project(asked),
    )


def _by_project(asked: Parameters) -> Grouping:
    if asked.project_id is not None:
        return Grouping("invoice_id", "invoice__number")
    return Grouping("project_id", "project__name", lambda project_id: narrow_to_project(asked, project_id))


def _read_billed(row: Mapping[str, Any]) -> Line:
    return Line(
        value=Decimal(0), label=f"{row['invoice__number']} · {row['description']}",
        who=row["project__name"] or "", minutes=row["worked_minutes"] or None,
        rate=row["unit_price"] if row["unit"] == "HUR" else None, source=public_id("inv", row["invoice_id"]),
        url=invoice_url(row["invoice_id"]),
    )  # fmt: skip


def _signed(field: str, kind: str) -> Any:
    """A credit note takes back what it says."""
    return Case(When(**{kind: "credit_note"}, then=-F(field)), default=F(field), output_field=_MONEY)


def _elsewhere(actor: Actor, asked: Parameters) -> list[Missing]:
    """Billed on the project's contract, but on lines that name no project."""
    if asked.project_id is None:
        return []
    contract_id = project_for(actor, asked.project_id).contract_id
    if contract_id is None:
        return []
    found = (
        InvoiceLine.objects.filter(
            period(asked, "invoice__issue_on"),
            project=None,
            invoice__contract_id=contract_id,
            invoice__status="issued",
        )
        .order_by()
        .values("invoice__currency")
        .annotate(total=Sum(_signed("net_amount", "invoice__kind")))
    )
    reason = _("billed on the contract without naming a project")
    return [Missing(reason, 1, row["total"], row["invoice__currency"], Unit.MONEY) for row in found]


def _documents(actor: Actor, asked: Parameters) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(_parties(actor, asked), status="issued")
    if not _sees_all(actor):
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
        output_field=_MONEY,
    )
    return _documents(actor, asked).filter(issue_on__lte=on).annotate(open_amount=open_amount).exclude(open_amount=0)


def _applied(field: str, on: date, value: Any) -> Any:
    rows = PaymentApplication.objects.filter(**{field: OuterRef("id")}, applied_on__lte=on).order_by().values(field)
    return Coalesce(Subquery(rows.annotate(total=Sum(value)).values("total"), output_field=_MONEY), _ZERO)


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
    rows = Payment.objects.filter(_parties(actor, asked)).annotate(
        left=_received() - _applied("payment_id", asked.until_on or actor.today, F("amount"))
    )
    found = rows.exclude(left=0).order_by().values("currency").annotate(total=Sum("left"))
    count = rows.exclude(left=0).count()
    return [Missing(_("received on account"), count, -row["total"], row["currency"], Unit.MONEY) for row in found]


def _received() -> Any:
    """A payment that takes another back counts against it."""
    return Case(When(reverses__isnull=True, then=F("amount")), default=-Abs("amount"), output_field=_MONEY)


def _cash(actor: Actor, asked: Parameters) -> QueryLines:
    rows = Payment.objects.filter(_parties(actor, asked), period(asked, "received_on"))
    if not _sees_all(actor):
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


def _backlog(actor: Actor, asked: Parameters) -> ListLines:
    return ListLines(_backlogs(actor, [asked])[0])


def _backlog_sums(actor: Actor, questions: Sequence[Parameters]) -> list[Sums]:
    return [sums_of(lines) for lines in _backlogs(actor, questions)]


def _backlogs(actor: Actor, questions: Sequence[Parameters]) -> list[list[Line]]:
    """What is left of each contract on the last day of each question."""
    asked = questions[0]
    rows = Contract.objects.filter(status="active").select_related("client").order_by("client__name", "number")
    if asked.client_id is not None:
        rows = rows.filter(client_id=client_for(actor, asked.client_id).id)
    if asked.contract_id is not None:
        rows = rows.filter(id=asked.contract_id)
    if not _sees_all(actor):
        rows = rows.filter(Exists(Project.objects.filter(contract_id=OuterRef("id"), id__in=visible_ids(actor))))
    billed = _billed_until([one.until_on or actor.today for one in questions])
    agreed = [(row, _agreed(row)) for row in rows if _agreed(row)]
    nothing = (None,) * len(questions)
    left = [(row, amount, billed.get(row.id, nothing)) for row, amount in agreed]
    return [
        [_contract_line(row, rest) for row, amount, done in left if (rest := amount - (done[at] or 0)) > 0]
        for at in range(len(questions))
    ]


def _billed_until(days: Sequence[date]) -> dict[UUID, tuple[Decimal | None, ...]]:
    """What was billed on each contract up to each of the days."""
    lines = InvoiceLine.objects.filter(
        invoice__status="issued", invoice__issue_on__lte=max(days), invoice__contract__isnull=False
    )
    net = _signed("net_amount", "invoice__kind")
    totals = {f"until_{at}": Sum(net, filter=Q(invoice__issue_on__lte=day)) for at, day in enumerate(days)}
    found = lines.order_by().values_list("invoice__contract_id").annotate(**totals)
    return {contract_id: tuple(sums) for contract_id, *sums in found}


def _agreed(contract: Contract) -> Decimal:
    return contract.fixed_amount or contract.cap_amount or contract.purchase_order_amount or Decimal(0)


def _contract_line(row: Contract, left: Decimal) -> Line:
    return Line(
        value=left, currency=row.currency, label=f"{row.number} · {row.client.name} · {row.name}", on=row.ends_on,
        source=row.public_id,
    )  # fmt: skip


declare(
    "billing.billed",
    label=_("Billed"),
    definition=_("Net amounts of issued invoices, less credit notes, by the day of issue."),
    formula=_("sum of invoice lines − sum of credit note lines"),
    unit=Unit.MONEY,
    permission=VIEW_INVOICES,
    takes=(*PLACES, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL),
    lines=_billed,
    series=by_days(_billed),
    missing=_elsewhere,
    higher_is_better=True,
)
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
declare(
    "contracts.backlog",
    label=_("Backlog"),
    definition=_(
        "What is agreed and not billed: fixed price, cap or purchase order of active contracts less what was billed."
    ),
    formula=_("sum of (agreed amount − billed), where something is left"),
    unit=Unit.MONEY,
    permission=VIEW_INVOICES,
    takes=(Parameter.CLIENT, Parameter.CONTRACT, Parameter.UNTIL),
    lines=_backlog,
    series=_backlog_sums,
    higher_is_better=True,
)
ratio(
    "work.realisation",
    label=_("Realisation"),
    definition=_("Share of the standard value of the work that was billed."),
    formula=_("billed ÷ value of work"),
    permission=VIEW_CHARGES,
    numerator="billing.billed",
    denominator="work.value",
    higher_is_better=True,
)
ratio(
    "budget.money_used",
    label=_("Budget used, in money"),
    definition=_(
        "Value of the work done as a share of the budgeted price. Projects without a budgeted price do not count."
    ),
    formula=_("value of work on these projects ÷ budgeted price"),
    permission=VIEW_CHARGES,
    numerator="work.budgeted",
    denominator="budget.money",
    nothing=_("no budgeted price"),
    higher_is_better=False,
)
alias("project.billed", "billing.billed", needs=(Parameter.PROJECT,))
alias("project.realisation", "work.realisation", needs=(Parameter.PROJECT,))
alias("project.budget_money_used", "budget.money_used", needs=(Parameter.PROJECT,))
alias("client.billed", "billing.billed", needs=(Parameter.CLIENT,))
alias("client.receivables", "receivables.open", needs=(Parameter.CLIENT,))
alias("firm.billed", "billing.billed")
alias("firm.receivables", "receivables.open")
alias("firm.overdue", "receivables.overdue")
