"""Revenue by progress: what a run would post, posting it, and what was recognised for a contract."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.kernel.period import month_of
from quoin.revenue import queries
from quoin.revenue.actions.runs import RECOGNISE, recognise_revenue
from quoin.revenue.queries.contracts import contract_revenue
from quoin.revenue.queries.table import revenue_table

METHODS = {
    "cost_to_cost": gettext_lazy("percent complete by cost"),
    "milestone": gettext_lazy("milestones"),
    "straight_line": gettext_lazy("straight line by day"),
    "right_to_invoice": gettext_lazy("right to invoice"),
    "as_billed": gettext_lazy("as billed"),
}


@page(queries.VIEW)
def plan(request: ActorRequest) -> HttpResponse:
    """The preview: nothing is posted by looking at it."""
    up_to = _day(request.GET.get("up_to"), request.actor.today)
    table = revenue_table(request.actor, up_to=up_to)
    context: dict[str, Any] = {
        "title": _("Revenue by progress"), "area": _("Money"), "up_to": up_to, "table": table,
        "rows": [(row, METHODS[row.method], public_id("ctr", row.contract.id)) for row in table.rows],
        "left_out": [(one, public_id("ctr", one.contract.id)) for one in table.left_out],
        "may_run": request.actor.may(RECOGNISE) and table.is_whole and any(row.step for row in table.rows),
    }  # fmt: skip
    return respond.page(request, "revenue/plan.html", context)


@page(RECOGNISE, methods=("POST",))
def recognise(request: ActorRequest) -> HttpResponse:
    """Post what the preview showed."""
    up_to = _day(request.POST.get("up_to"), request.actor.today)
    done = recognise_revenue(request.actor, up_to=up_to)
    count = sum(1 for found in done.contracts if found.step.posting)
    text = ngettext("Posted for %(count)s contract", "Posted for %(count)s contracts", count) % {"count": count}
    url = f"{reverse('revenue:plan')}?up_to={up_to.isoformat()}"
    return respond.redirect_with_toast(request, url, text if count else _("Nothing was left to post"))


@page(queries.VIEW)
def contract(request: ActorRequest, pk: str) -> HttpResponse:
    """What was recognised for a contract, step by step, each with its journal."""
    found = contract_revenue(request.actor, object_id("ctr", pk))
    row = found.contract
    context: dict[str, Any] = {
        "title": row.name, "area": _("Contracts"), "number_text": row.number,
        "crumbs": ((_("Contracts"), reverse("sales:contracts")),), "method": METHODS.get(row.recognition, ""),
        "tabs": tabs.links("contract", request.actor, current="revenue", arguments={"pk": pk}),
        "contract": row, "found": found,
        "steps": [_step(step, journal) for step, journal in found.steps],
    }  # fmt: skip
    return respond.page(request, "revenue/contract.html", context)


def _step(step: Any, journal_id: UUID | None) -> tuple[Any, ...]:
    posted, to_date = (Money(amount, step.currency).round() for amount in (step.step_amount, step.cumulative_amount))
    return step, posted, to_date, step.progress_ratio, public_id("jou", journal_id) if journal_id else ""


def _day(text: str | None, today: date) -> date:
    """The day that was asked for, else the last day of the month before."""
    if not text:
        return month_of(today).start - timedelta(days=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid("/up_to", _("%(text)s is not a day. Write it as 2026-05-31.") % {"text": text}) from None
