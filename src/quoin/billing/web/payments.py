"""Payments: the list, what each paid, setting the rest against invoices, taking one back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Screen, list_page
from quoin.billing.actions import payments as actions
from quoin.billing.queries import invoices as invoice_queries
from quoin.billing.queries import payments as queries
from quoin.billing.queries.receivables import VIEW
from quoin.kernel.money import Money


class ReasonForm(forms.Form):
    """Why a payment is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"))


class AcceptForm(forms.Form):
    """When the client accepted the work."""

    accepted_on = forms.DateField(label=gettext_lazy("Accepted on"), widget=forms.DateInput(attrs={"type": "date"}))


@page(VIEW)
def payments(request: ActorRequest) -> HttpResponse:
    screen = Screen(
        title=_("Payments"), area=_("Money"),
        empty=Empty(
            text=_("No money came in yet."), detail=_("Record a payment on its invoice, or import a bank file."),
            url=reverse("billing:receivables"), verb=_("Receivables"),
        ),
        row_url=lambda row: reverse("billing:payment", args=[row.public_id]),
        crumbs=((_("Receivables"), reverse("billing:receivables")),),
    )  # fmt: skip
    return list_page(request, queries.PAYMENTS, queries.listed_payments(request.actor), screen)


@page(VIEW)
def payment(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.payment_for(request.actor, object_id("pay", pk))
    left = Money(row.unapplied, row.currency).round()
    is_live = row.reverses_id is None and not row.is_reversed
    applied = list(queries.applications_of(row))
    context: dict[str, Any] = {
        "title": _("Payment of %(client)s") % {"client": row.client.name}, "area": _("Receivables"), "payment": row,
        "crumbs": (
            (_("Receivables"), reverse("billing:receivables")), (_("Payments"), reverse("billing:payments")),
        ),
        "status": queries.STATES[row.state], "amount": Money(row.amount, row.currency).round(), "left": left,
        "base": Money(row.base_amount, row.entity.currency).round(),
        "is_foreign": row.currency != row.entity.currency,
        "banked": None if row.bank_amount is None else Money(row.bank_amount, row.bank_currency).round(),
        "charges": Money(row.charge_amount, row.bank_currency or row.currency).round(),
        "applications": applied, "seen": _seen(request, [one.invoice_id for one in applied]),
        "may_take_back": is_live and request.actor.may("billing.payment.take_back"),
        "may_apply": is_live and left.amount > 0 and request.actor.may("billing.payment.apply"),
    }  # fmt: skip
    return respond.page(request, "billing/payment.html", context)


def _seen(request: ActorRequest, ids: list[Any]) -> set[Any]:
    """Those of the invoices that the reader may open."""
    if not request.actor.may(invoice_queries.VIEW):
        return set()
    visible = invoice_queries.visible_invoices(request.actor).filter(id__in=ids)
    return set(visible.order_by().values_list("id", flat=True))


@page("billing.payment.take_back", methods=("GET", "POST"))
def take_back(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.payment_for(request.actor, object_id("pay", pk))
    form = ReasonForm(request.POST or None)
    back = reverse("billing:payment", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.take_back_payment(request.actor, payment_id=row.id, reason=form.cleaned_data["reason"])
            return respond.redirect_with_toast(request, back, _("Taken back; its invoices are open again"))
    intro = _("The money bounced, or was recorded by mistake. The books get the opposite entry.")
    return respond.form_page(
        request, form, title=_("Take the payment back"), verb=_("Take back"), cancel_url=back, intro=intro
    )


@page("billing.payment.apply", methods=("POST",))
def apply(request: ActorRequest, pk: str) -> HttpResponse:
    """Set what is left against the oldest open invoices."""
    row = queries.payment_for(request.actor, object_id("pay", pk))
    actions.apply_payment(request.actor, payment_id=row.id)
    text = _("Set against the oldest open invoices")
    return respond.redirect_with_toast(request, reverse("billing:payment", args=[pk]), text)


@page("billing.retention.release", methods=("GET", "POST"))
def accept(request: ActorRequest, pk: str) -> HttpResponse:
    """The client accepted the work: what the invoice kept back falls due."""
    row = invoice_queries.invoice_for(request.actor, object_id("inv", pk))
    form = AcceptForm(request.POST or None, initial={"accepted_on": request.actor.today})
    back = reverse("billing:invoice", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.release_retention(request.actor, invoice_id=row.id, accepted_on=form.cleaned_data["accepted_on"])
            return respond.redirect_with_toast(request, back, _("What was kept back is due now"))
    return respond.form_page(request, form, title=_("Work accepted"), verb=_("Make it due"), cancel_url=back)
