"""What was billed, by lines of invoices, and as a share of the work and of the budget."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.figures import (
    Grouping,
    Line,
    Missing,
    Parameter,
    Parameters,
    QueryLines,
    Unit,
    alias,
    by_days,
    declare,
    ratio,
)
from quoin.billing.models import InvoiceLine
from quoin.billing.queries.figures import VIEW_CHARGES
from quoin.billing.queries.figures_documents import VIEW_INVOICES, invoice_url, near, parties, sees_all, signed
from quoin.kernel.ids import public_id
from quoin.projects.queries import project_for
from quoin.projects.queries.figures import PLACES, narrow_to_project, visible_ids
from quoin.timesheets.queries.figures import period


def _billed(actor: Actor, asked: Parameters) -> QueryLines:
    where = parties(actor, asked, "invoice__")
    if asked.project_id is not None:
        where &= Q(project_id=project_for(actor, asked.project_id).id)
    elif not sees_all(actor):
        where &= Q(project_id__in=visible_ids(actor))
    rows = InvoiceLine.objects.filter(where, period(asked, "invoice__issue_on"), invoice__status="issued")
    return QueryLines(
        rows=rows,
        value=signed("net_amount", "invoice__kind"),
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
        visible=near(actor, VIEW_INVOICES),
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
        .annotate(total=Sum(signed("net_amount", "invoice__kind")))
    )
    reason = _("billed on the contract without naming a project")
    return [Missing(reason, 1, row["total"], row["invoice__currency"], Unit.MONEY) for row in found]


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
alias("firm.billed", "billing.billed")
