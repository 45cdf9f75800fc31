"""Unbilled work by age, and what to do with it: bill now, hold, write off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.actions import charges as actions
from quoin.billing.actions.runs import build_run
from quoin.billing.queries import VIEW
from quoin.billing.queries.run_plan import BUILD
from quoin.billing.queries.unbilled import charges_of, headlines, unbilled_tree
from quoin.clients.queries import client_for
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id

_SHOWN = 500


class HoldForm(forms.Form):
    """Hold until a day, with the reason."""

    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField()


class ReasonForm(forms.Form):
    """Why work is given up."""

    reason = forms.CharField()


class PartForm(forms.Form):
    """Why one entry is given up, and how much of it if not all."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Only so many minutes"), required=False, min_value=1, help_text=gettext_lazy("Empty: all.")
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Only so much money"), required=False, min_value=0, max_digits=15, decimal_places=4,
        help_text=gettext_lazy("Empty: what the minutes are worth."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"))


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
    whose = client_for(request.actor, object_id("cli", client))
    rows = charges_of(
        request.actor,
        client_id=whose.id,
        contract_id=object_id("ctr", contract) if contract else None,
    )
    found = list(rows[: _SHOWN + 1])
    context = {
        "title": f"{whose.name} · {_('Entries')}", "area": _("Unbilled work"),
        "charges": found[:_SHOWN], "is_cut": len(found) > _SHOWN,
        "crumbs": ((_("Unbilled work"), reverse("billing:unbilled")),), "here": request.get_full_path(),
        "back": reverse("billing:unbilled"),
        "may_hold": request.actor.may("billing.charge.hold"),
        "may_write_down": request.actor.may("billing.charge.write_down"),
        "may_reopen": request.actor.may("billing.charge.reopen"),
        "may_write_up": request.actor.may("billing.charge.write_up"),
        "may_price_again": request.actor.may("billing.charge.reprice"),
        "may_release": request.actor.may("billing.charge.release") and any(row.held_until for row in found[:_SHOWN]),
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
    ids = chosen(request)

    def run(form: forms.Form) -> str:
        actions.hold_charges(request.actor, charge_ids=ids, **form.cleaned_data)
        return _("Held")

    return asked(request, HoldForm(request.POST or None), run, title=_held(len(ids)), verb=_("Hold"))


@page("billing.charge.release", methods=("POST",))
def release(request: ActorRequest) -> HttpResponse:
    """Let billing runs take the chosen entries again."""
    actions.release_charges(request.actor, charge_ids=chosen(request))
    return _told(request, _("Released"), reverse("billing:unbilled"))


@page("billing.charge.write_down", methods=("GET", "POST"))
def write_off(request: ActorRequest) -> HttpResponse:
    """Give the chosen entries up."""
    ids = chosen(request)

    def run(form: forms.Form) -> str:
        actions.write_down_charges(request.actor, charge_ids=ids, **form.cleaned_data)
        return _("Written off")

    title = ngettext("Write off %(count)s entry", "Write off %(count)s entries", len(ids)) % {"count": len(ids)}
    form = (PartForm if len(ids) == 1 else ReasonForm)(request.POST or None)
    return asked(request, form, run, title=title, verb=_("Write off"))


@page("billing.charge.reopen", methods=("GET", "POST"))
def reopen(request: ActorRequest) -> HttpResponse:
    """Take the approval of the chosen entries back, for the person to correct them."""
    ids = chosen(request)

    def run(form: forms.Form) -> str:
        actions.reopen_charges(request.actor, charge_ids=ids, reason=form.cleaned_data["reason"])
        return _("Open for correction")

    title = ngettext("Open %(count)s entry for correction", "Open %(count)s entries for correction", len(ids)) % {
        "count": len(ids)
    }
    return asked(request, ReasonForm(request.POST or None), run, title=title, verb=_("Open for correction"))


def _held(count: int) -> str:
    return ngettext("Hold %(count)s entry", "Hold %(count)s entries", count) % {"count": count}


def chosen(request: ActorRequest) -> list[UUID]:
    """The entries that were ticked: on the list they come in the address, from the form after it in the body."""
    ids = [object_id("chg", text) for text in request.GET.getlist("ids") or request.POST.getlist("ids")]
    if not ids:
        raise invalid("/ids", _("Choose the entries first: open an amount of unbilled work and tick its entries."))
    return ids


def asked(
    request: ActorRequest, form: forms.Form, run: Callable[[Any], str], *, title: str, verb: str, intro: str = "",
    back: str = "",
) -> HttpResponse:  # fmt: skip
    """Ask what the form asks, run it, and go back with what it says."""
    back = back or reverse("billing:unbilled")
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            text = run(form)
            return _told(request, text, back)
    return respond.form_page(request, form, title=title, verb=verb, cancel_url=back, intro=intro)


def _told(request: ActorRequest, text: str, back: str) -> HttpResponse:
    return respond.redirect_with_toast(request, back, text, undo=undo_token(request.actor))
