"""Prepaid packs: the list, a pack with all its moves, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.billing.actions import packs as actions
from quoin.billing.queries import packs as queries
from quoin.billing.queries.choices import project_choices
from quoin.catalog.queries.choices import role_choices
from quoin.kernel.money import Money
from quoin.kernel.quantity import parse_duration
from quoin.sales.queries.contracts import contract_for, contracts

SELL = "billing.pack.sell"
_DAY = {"type": "date"}


class ContractForm(forms.Form):
    """Which contract a pack is sold on."""

    contract = forms.ChoiceField(label=gettext_lazy("Contract"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = contracts(actor).filter(kind="time_and_materials", status="active")
        chosen: Any = self.fields["contract"]
        chosen.choices = [
            (row.public_id, f"{row.client.name} · {row.number} · {row.name}")
            for row in rows.order_by("client__name", "number")
        ]


class SellForm(forms.Form):
    """What is sold."""

    name = forms.CharField(label=gettext_lazy("Pack"), help_text=gettext_lazy("The text of the invoice line."))
    hours = forms.CharField(
        label=gettext_lazy("Hours"), required=False, help_text=gettext_lazy("As 40 or 7:30. Or an amount below.")
    )  # fmt: skip
    value = forms.DecimalField(
        label=gettext_lazy("Amount to use up"), required=False, max_digits=15, decimal_places=2,
        help_text=gettext_lazy("Work at the agreed rates, instead of hours."),
    )  # fmt: skip
    price = forms.DecimalField(
        label=gettext_lazy("Price"), max_digits=15, decimal_places=2, min_value=0,
        help_text=gettext_lazy("Without VAT, which is charged with the sale."),
    )  # fmt: skip
    sold_on = forms.DateField(label=gettext_lazy("Sold on"), widget=forms.DateInput(attrs=_DAY))
    expires_on = forms.DateField(
        label=gettext_lazy("Expires on"), required=False, widget=forms.DateInput(attrs=_DAY),
        help_text=gettext_lazy("First day on which it cannot be used. Empty: it does not expire."),
    )  # fmt: skip
    overflow = forms.ChoiceField(label=gettext_lazy("Work beyond it"), choices=list(queries.OVERFLOWS.items()))
    project_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these projects"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    job_role_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these roles"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False)

    def __init__(
        self, actor: Actor, contract_id: UUID, *args: Any, is_vat_inclusive: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_vat_inclusive:
            self.fields["price"].help_text = _("With its VAT, as the prices of this contract.")
            self.fields["value"].help_text = _("Work at the agreed rates, with its VAT, instead of hours.")
        choices = {"project_ids": project_choices(actor, contract_id=contract_id), "job_role_ids": role_choices(actor)}
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered

    def clean_hours(self) -> int | None:
        """Minutes of what was typed."""
        text = self.cleaned_data["hours"]
        try:
            return parse_duration(text).minutes if text else None
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from None


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"))


class ReviveForm(ReasonForm):
    """Why a pack is usable again, and until when."""

    expires_on = forms.DateField(
        label=gettext_lazy("Expires on"), required=False, widget=forms.DateInput(attrs=_DAY),
        help_text=gettext_lazy("A later day; empty leaves it as it was."),
    )  # fmt: skip


@page(queries.VIEW)
def packs(request: ActorRequest) -> HttpResponse:
    may_sell = request.actor.may(SELL)
    new = reverse("billing:pack_new")
    screen = Screen(
        title=_("Prepaid packs"), area=_("Money"),
        empty=Empty(
            text=_("No packs are sold yet."),
            detail=_("A pack is hours, or an amount of money, that a client buys ahead and uses up by work."),
            url=new if may_sell else "", verb=_("Sell a pack") if may_sell else "",
        ),
        row_url=lambda row: reverse("billing:pack", args=[row.public_id]),
        primary=Link(label=_("Sell a pack"), url=new, icon="plus") if may_sell else None,
    )  # fmt: skip
    return list_page(request, queries.PACKS, queries.packs(request.actor), screen)


@page(queries.VIEW)
def pack(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.pack_for(request.actor, object_id("pck", pk))
    invoice = queries.invoice_of(row)
    is_usable = row.state in {"open", "low", "soon"}
    sums = queries.sums_of(row)
    may = request.actor.may
    context: dict[str, Any] = {
        "title": row.name, "area": _("Prepaid packs"), "number_text": str(row.number), "pack": row,
        "crumbs": ((_("Prepaid packs"), reverse("billing:packs")),), "status": queries.STATES[row.state],
        "steps": queries.steps(request.actor, row), "covered": queries.covered_words(row),
        "left": queries.quantity(row, row.left_size), "worth": Money(row.left_amount, row.currency).round(),
        "price": Money(row.price_amount, row.currency).round(),
        "entered": None if row.entered_amount is None else Money(row.entered_amount, row.currency).round(),
        "overflow": queries.OVERFLOWS[row.overflow],
        "sums": {name: queries.quantity(row, units) for name, units in sums.items()},
        "share": row.left_size / row.size, "days": queries.days_left(row, request.actor.today), "invoice": invoice,
        "may_bill": invoice is None and not row.is_closed and row.price_amount and may("billing.pack.bill"),
        "may_cover": is_usable and queries.waiting_minutes(row) and may("billing.pack.cover"),
        "may_expire": row.state == "lapsed" and row.expires_on and may("billing.pack.expire"),
        "may_revive": sums["expired"] and may("billing.pack.revive"),
        "may_refund": row.left_size and getattr(invoice, "status", "") == "issued" and may("billing.pack.refund"),
        "may_cancel": not row.is_closed and (invoice is None) and may("billing.pack.cancel"),
    }  # fmt: skip
    return respond.page(request, "billing/pack.html", context)


@page(queries.VIEW)
def contract_packs(request: ActorRequest, pk: str) -> HttpResponse:
    """The tab of a contract."""
    contract = contract_for(request.actor, object_id("ctr", pk))
    is_sold_here = contract.kind == "time_and_materials" and contract.status == "active"
    context: dict[str, Any] = {
        "title": contract.name, "area": _("Contracts"), "number_text": contract.number,
        "crumbs": ((_("Contracts"), reverse("sales:contracts")),),
        "tabs": tabs.links("contract", request.actor, current="packs", arguments={"pk": pk}),
        "rows": [
            (one, queries.STATES[one.state], queries.quantity(one, one.size), queries.quantity(one, one.left_size),
             Money(one.left_amount, one.currency).round())
            for one in queries.packs_of(request.actor, contract.id)
        ],
        "new_url": reverse("billing:contract_pack_new", args=[pk]) if is_sold_here and request.actor.may(SELL) else "",
    }  # fmt: skip
    return respond.page(request, "billing/contract_packs.html", context)


@page(SELL, methods=("GET", "POST"))
def pack_new(request: ActorRequest) -> HttpResponse:
    """Which contract first."""
    form = ContractForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(reverse("billing:contract_pack_new", args=[form.cleaned_data["contract"]]))
    intro = _("Packs are sold on active contracts that bill time by the hour.")
    return respond.form_page(
        request, form, title=_("Sell a pack"), verb=_("Continue"), cancel_url=reverse("billing:packs"), intro=intro
    )


@page(SELL, methods=("GET", "POST"))
def contract_pack_new(request: ActorRequest, pk: str) -> HttpResponse:
    contract = contract_for(request.actor, object_id("ctr", pk))
    form = SellForm(
        request.actor, contract.id, request.POST or None, initial={"sold_on": request.actor.today},
        is_vat_inclusive=contract.is_vat_inclusive,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["minutes"] = given.pop("hours")
        price = Money(given.pop("price"), contract.currency).round()
        with respond.refusals_on(form):
            made = actions.sell_pack(request.actor, contract_id=contract.id, price=price, **given)
            return _told(request, made.public_id, _("Sold. Draft its invoice next."))
    return respond.form_page(
        request, form, title=_("Sell a pack on %(name)s") % {"name": contract.name}, verb=_("Sell"),
        cancel_url=reverse("billing:contract_packs", args=[pk]),
        intro=_("In %(currency)s. Open work since the sale is covered at once, oldest first.")
        % {"currency": contract.currency},
    )  # fmt: skip


@page("billing.pack.bill", methods=("POST",))
def bill(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.pack_for(request.actor, object_id("pck", pk))
    draft = actions.bill_pack(request.actor, pack_id=row.id)
    return respond.redirect_with_toast(
        request, reverse("billing:invoice", args=[draft.public_id]), _("Draft made"), undo=undo_token(request.actor)
    )


@page("billing.pack.cover", methods=("POST",))
def cover(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.pack_for(request.actor, object_id("pck", pk))
    count = len(actions.cover_work(request.actor, contract_id=row.contract_id))
    text = ngettext("%(count)s entry covered", "%(count)s entries covered", count) % {"count": count}
    return _told(request, pk, text)


@page("billing.pack.expire", methods=("POST",))
def expire(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.pack_for(request.actor, object_id("pck", pk))
    actions.expire_pack(request.actor, pack_id=row.id)
    return _told(request, pk, _("Expired; what was left is earned"))


@page("billing.pack.revive", methods=("GET", "POST"))
def revive(request: ActorRequest, pk: str) -> HttpResponse:
    form = ReviveForm(request.POST or None)
    return _asked(request, pk, form, actions.revive_pack, title=_("Make the pack usable again"), verb=_("Make usable"),
                  done=_("Usable again"), intro="")  # fmt: skip


@page("billing.pack.refund", methods=("GET", "POST"))
def refund(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.pack_for(request.actor, object_id("pck", pk))
    worth = Money(row.left_amount, row.currency).round()
    intro = _("A credit note over %(worth)s, plus VAT, is issued at once. It cannot be undone.") % {"worth": worth}
    return _asked(request, pk, ReasonForm(request.POST or None), actions.refund_pack, title=_("Pay the rest back"),
                  verb=_("Issue the credit note"), done=_("Paid back by a credit note"), intro=intro)  # fmt: skip


@page("billing.pack.cancel", methods=("GET", "POST"))
def cancel(request: ActorRequest, pk: str) -> HttpResponse:
    intro = _("Nothing was invoiced yet: the sale never was, and the work that it covered is unbilled again.")
    return _asked(request, pk, ReasonForm(request.POST or None), actions.cancel_pack, title=_("Take the sale back"),
                  verb=_("Take back"), done=_("The sale is taken back"), intro=intro)  # fmt: skip


def _asked(
    request: ActorRequest, pk: str, form: forms.Form, run: Callable[..., Any], *, title: str, verb: str, done: str,
    intro: str,
) -> HttpResponse:  # fmt: skip
    row = queries.pack_for(request.actor, object_id("pck", pk))
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            run(request.actor, pack_id=row.id, **form.cleaned_data)
            return _told(request, pk, done)
    back = reverse("billing:pack", args=[pk])
    return respond.form_page(request, form, title=title, verb=verb, cancel_url=back, intro=intro)


def _told(request: ActorRequest, pk: str, text: str) -> HttpResponse:
    return respond.redirect_with_toast(
        request, reverse("billing:pack", args=[pk]), text, undo=undo_token(request.actor)
    )
