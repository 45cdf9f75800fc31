"""Unbilled work by age, and what to do with it: bill now, hold, write off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.actions import charges as actions
from quoin.billing.actions.runs import build_run
from quoin.billing.queries import VIEW
from quoin.billing.queries.run_plan import BUILD
from quoin.billing.queries.unbilled import charges_of, headlines, unbilled_tree
from quoin.clients.queries import client_for
from quoin.kernel.errors import DomainError
from quoin.kernel.ids import public_id

_SHOWN = 500


class HoldForm(forms.Form):
    """Hold until a day, with the reason."""

    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField()


class ReasonForm(forms.Form):
    """Why work is given up."""

    reason = forms.CharField()


@page(VIEW)
def unbilled(request: ActorRequest) -> HttpResponse:
    nodes = unbilled_tree(request.actor)
    context: dict[str, Any] = {
        "title": _("Unbilled work"),
        "area": _("Money"),
        "nodes": [(node, public_id("cli", node.client_id), _contract(node)) for node in nodes],
        "headlines": headlines(nodes),
        "may_build": request.actor.may(BUILD),
    }
    return respond.page(request, "billing/unbilled.html", context)


def _contract(node: Any) -> str:
    return public_id("ctr", node.contract_id) if node.contract_id else ""


@page(VIEW)
def unbilled_lines(request: ActorRequest, client: str, contract: str = "") -> HttpResponse:
    """The entries behind an amount."""
    rows = charges_of(
        request.actor,
        client_id=client_for(request.actor, object_id("cli", client)).id,
        contract_id=object_id("ctr", contract) if contract else None,
    )
    found = list(rows[: _SHOWN + 1])
    context = {
        "title": _("Entries"), "area": _("Unbilled work"), "charges": found[:_SHOWN], "is_cut": len(found) > _SHOWN,
        "crumbs": ((_("Unbilled work"), reverse("billing:unbilled")),), "here": request.get_full_path(),
        "may_hold": request.actor.may("billing.charge.hold"),
        "may_write_down": request.actor.may("billing.charge.write_down"),
    }  # fmt: skip
    return respond.page(request, "billing/unbilled_lines.html", context)


@page(BUILD, methods=("POST",))
def bill_now(request: ActorRequest, contract: str) -> HttpResponse:
    """A run over one contract, up to today."""
    built = build_run(
        request.actor, work_until=request.actor.today, contract_ids=[object_id("ctr", contract)]
    )  # fmt: skip
    return respond.redirect_with_toast(request, reverse("billing:run", args=[built.run.public_id]), _("Drafts built"))


@page("billing.charge.hold", methods=("GET", "POST"))
def hold(request: ActorRequest) -> HttpResponse:
    """Hold the chosen entries."""
    ids = [object_id("chg", text) for text in request.GET.getlist("ids") or request.POST.getlist("ids")]
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hold_charges(request.actor, charge_ids=ids, **form.cleaned_data)
        except DomainError as error:
            respond.form_errors(form, error)
        else:
            return respond.redirect_with_toast(request, reverse("billing:unbilled"), _("Held"))
    return respond.form_page(
        request, form, title=_("Hold %(count)s entries") % {"count": len(ids)}, verb=_("Hold"),
        cancel_url=reverse("billing:unbilled"),
    )  # fmt: skip


@page("billing.charge.write_down", methods=("GET", "POST"))
def write_off(request: ActorRequest) -> HttpResponse:
    """Give the chosen entries up."""
    ids = [object_id("chg", text) for text in request.GET.getlist("ids")]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_down_charges(request.actor, charge_ids=ids, reason=form.cleaned_data["reason"])
        except DomainError as error:
            respond.form_errors(form, error)
        else:
            return respond.redirect_with_toast(request, reverse("billing:unbilled"), _("Written off"))
    return respond.form_page(
        request, form, title=_("Write off %(count)s entries") % {"count": len(ids)}, verb=_("Write off"),
        cancel_url=reverse("billing:unbilled"),
    )  # fmt: skip
