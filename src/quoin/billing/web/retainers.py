"""Retainers: how much of the included time is used, and the work and months behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.actions.pricing import charge_what_is_due, settle_months
from quoin.billing.queries import retainers as queries
from quoin.kernel.errors import NotFound
from quoin.sales import queries as sales
from quoin.sales.queries.contracts import contract_for

DUE = "billing.contract.charge_due"


@page(sales.VIEW)
def retainers(request: ActorRequest) -> HttpResponse:
    rows = queries.running_retainers(request.actor)
    context: dict[str, Any] = {
        "title": _("Retainers"), "area": _("Money"), "rows": rows, "month": f"{request.actor.today:%Y-%m}",
        "may_charge": request.actor.may(DUE) and request.actor.may("billing.retainer.settle"),
        "may_add": request.actor.may("sales.contract.create"),
    }  # fmt: skip
    return respond.page(request, "billing/retainers.html", context)


@page(sales.VIEW)
def work(request: ActorRequest, pk: str, month: str) -> HttpResponse:
    """The work of a month, and all months of the retainer."""
    contract = contract_for(request.actor, object_id("ctr", pk))
    try:
        month_on = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound(_("There is no such month.")) from None
    rows = list(queries.included_work(request.actor, contract.id, month_on=month_on)) if _may_see(request) else []
    context: dict[str, Any] = {
        "title": contract.name, "area": _("Retainers"), "number_text": contract.number, "contract": contract,
        "crumbs": ((_("Retainers"), reverse("billing:retainers")),), "month_on": month_on, "rows": rows,
        "total": sum(row.billable_minutes for row in rows),
        "months": queries.months_of(request.actor, contract.id)[:24],
    }  # fmt: skip
    return respond.page(request, "billing/retainer.html", context)


def _may_see(request: ActorRequest) -> bool:
    return request.actor.may("billing.charge.view")


@page(DUE, methods=("POST",))
def charge_due(request: ActorRequest) -> HttpResponse:
    """What the nightly job does, now."""
    count = charge_what_is_due(request.actor)
    months = settle_months(request.actor) if request.actor.may("billing.retainer.settle") else 0
    text = ngettext("%(count)s amount charged", "%(count)s amounts charged", count) % {"count": count}
    settled = ngettext("%(count)s month settled", "%(count)s months settled", months) % {"count": months}
    return respond.redirect_with_toast(request, reverse("billing:retainers"), f"{text}, {settled}")
