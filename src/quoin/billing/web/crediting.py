"""Crediting an issued invoice, all of it, amounts of lines or some of its work; and correcting it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.actions.invoices import correct_invoice, credit_invoice
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.credits import creditable_lines
from quoin.billing.web.words import require_issued
from quoin.kernel.errors import invalid

ALL, AMOUNTS, ENTRIES = "all", "amounts", "entries"


class ReasonForm(forms.Form):
    """Why an invoice is credited; the client reads it."""

    reason = forms.CharField(label=gettext_lazy("Reason"))


class CreditForm(ReasonForm):
    """What is credited, and whether its time is opened for correction."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is credited"), widget=forms.RadioSelect, initial=ALL,
        choices=(
            (ALL, gettext_lazy("All that is left")),
            (AMOUNTS, gettext_lazy("Amounts of lines; the work stays billed")),
            (ENTRIES, gettext_lazy("Some of the work; it is unbilled again")),
        ),
    )  # fmt: skip
    reopens_work = forms.BooleanField(
        label=gettext_lazy("Open the credited time for correction"), required=False,
        help_text=gettext_lazy("Its approval is taken back, and the person who worked corrects it."),
    )  # fmt: skip


@page("billing.invoice.credit", methods=("GET", "POST"))
def credit(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    require_issued(row)
    form = CreditForm(request.POST or None)
    if not request.actor.may("billing.charge.reopen"):
        del form.fields["reopens_work"]
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            note = credit_invoice(
                request.actor, invoice_id=row.id, reason=form.cleaned_data["reason"],
                reopens_work=form.cleaned_data.get("reopens_work", False),
                **_chosen(form.cleaned_data["what"], request.POST),
            )  # fmt: skip
            url = reverse("billing:invoice", args=[note.public_id])
            return respond.redirect_with_toast(
                request, url, _("Credit note %(number)s issued") % {"number": note.number}
            )
    context: dict[str, Any] = {
        "title": _("Credit %(number)s") % {"number": row.number}, "area": _("Invoices"), "form": form, "invoice": row,
        "lines": creditable_lines(row), "typed": request.POST, "chosen": set(request.POST.getlist("ids")),
        "crumbs": (
            (_("Invoices"), reverse("billing:invoices")), (row.number, reverse("billing:invoice", args=[pk])),
        ),
    }  # fmt: skip
    return respond.page(request, "billing/credit.html", context, status=422 if form.errors else 200)


def _chosen(what: str, typed: QueryDict) -> dict[str, Any]:
    if what == ENTRIES:
        ids = [object_id("chg", text) for text in typed.getlist("ids")]
        if not ids:
            raise invalid("/what", _("Choose the entries that are credited."))
        return {"charge_ids": ids}
    if what == AMOUNTS:
        amounts = {
            str(object_id("inl", name)): _amount(str(text)) for name, text in typed.items() if _is_typed(name, text)
        }
        if not amounts:
            raise invalid("/what", _("Type the amount of a line that is credited."))
        return {"amounts": amounts}
    return {}


def _is_typed(name: str, text: object) -> bool:
    return name.startswith("inl_") and bool(str(text).strip())


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise invalid("/what", _("%(text)s is no amount. Write it as 118.50.") % {"text": text}) from None


@page("billing.invoice.correct", methods=("GET", "POST"))
def correct(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    require_issued(row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made: UUID = correct_invoice(request.actor, invoice_id=row.id, reason=form.cleaned_data["reason"])[1].id
            url = reverse("billing:invoice", args=[queries.invoice_for(request.actor, made).public_id])
            return respond.redirect_with_toast(request, url, _("Credited; this draft has the same work"))
    intro = _(
        "The invoice stays as it is. A credit note takes it back, and a new draft says the same. Change that one."
    )
    return respond.form_page(
        request, form, title=_("Correct %(number)s") % {"number": row.number}, verb=_("Credit and open a new draft"),
        cancel_url=reverse("billing:invoice", args=[pk]), intro=intro,
    )  # fmt: skip
