"""Receivables: ageing, recording payments, and matching bank files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.actions import bank
from quoin.billing.actions.payments import record_payment
from quoin.billing.queries import invoices as invoice_queries
from quoin.billing.queries import receivables as queries
from quoin.billing.types import Share
from quoin.billing.web.words import BANDS, require_issued
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money


class PaymentForm(forms.Form):
    """Money that came in for an invoice."""

    amount = forms.DecimalField(max_digits=15, decimal_places=2)
    received_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    discount_percent = forms.DecimalField(required=False, max_digits=5, decimal_places=2)
    reference = forms.CharField(required=False)
    banked = forms.DecimalField(
        label=gettext_lazy("The bank account got"), required=False, max_digits=15, decimal_places=2,
        help_text=gettext_lazy("Only where that is not the amount: another currency, or less charges."),
    )  # fmt: skip
    bank_currency = forms.ChoiceField(label=gettext_lazy("Currency of the account"), required=False)
    charges = forms.DecimalField(
        label=gettext_lazy("Banks kept"), required=False, max_digits=15, decimal_places=2,
        help_text=gettext_lazy("In the currency of the account."),
    )  # fmt: skip

    def __init__(self, currencies: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["bank_currency"]
        chosen.choices = [(code, code) for code in currencies]

    def came(self) -> dict[str, Any]:
        """What the bank account got, and what banks kept."""
        given = self.cleaned_data
        chosen: Any = self.fields["bank_currency"]
        code = given["bank_currency"] or chosen.choices[0][0]
        return {
            name: None if given[name] is None else Money(given[name], code).round() for name in ("banked", "charges")
        }


class FileForm(forms.Form):
    """A bank file."""

    file = forms.FileField()


@page(queries.VIEW)
def receivables(request: ActorRequest) -> HttpResponse:
    numbers = {row.id: row.number or "" for row in queries.open_invoices(request.actor)}
    found = queries.proposals(request.actor)
    lines = [
        (row, Money(row.amount, row.currency).round(), _best(found.get(row.id, ()), numbers))
        for row in queries.waiting_lines(request.actor)[:200]
    ]
    context: dict[str, Any] = {
        "title": _("Receivables"), "area": _("Money"), "bands": list(BANDS.values()),
        "ageing": [
            (aged.currency, [(BANDS[band.value], amount) for band, amount in aged.bands])
            for aged in queries.ageing(request.actor)
        ],
        "lines": lines,
        "clients": [(one, public_id("cli", one.id), aged) for one, aged in queries.ageing_by_client(request.actor)],
        "exact": sum(1 for _row, _amount, best in lines if best and best["is_exact"]),
        "may_match": request.actor.may("billing.bank.match"), "may_import": request.actor.may("billing.bank.import"),
        "late": _late(request),
    }  # fmt: skip
    return respond.page(request, "billing/receivables.html", context)


def _late(request: ActorRequest) -> list[tuple[Any, Money, int, bool]]:
    """Overdue invoices: what is open, for how many days, and whether the reader may open the invoice itself."""
    actor = request.actor
    rows = list(queries.overdue(actor)[:50])
    seen: set[Any] = set()
    if actor.may(invoice_queries.VIEW):
        visible = invoice_queries.visible_invoices(actor).filter(id__in=[row.id for row in rows])
        seen = set(visible.order_by().values_list("id", flat=True))
    return [
        (row, Money(row.open_amount, row.currency).round(), (actor.today - row.due_on).days, row.id in seen)
        for row in rows
    ]


def _best(found: Any, numbers: dict[Any, str]) -> dict[str, Any] | None:
    if not found:
        return None
    one = found[0]
    ids = [public_id("inv", key) for key in one.invoice_ids]
    return {
        "ids": ids,
        "words": one.words,
        "score": one.score,
        "is_exact": one.is_exact,
        "numbers": [numbers[key] for key in one.invoice_ids],
    }


@page("billing.bank.import", methods=("GET", "POST"))
def import_file(request: ActorRequest) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    back = reverse("billing:receivables")
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with respond.refusals_on(form):
            entity_id = invoice_queries.entity_id_of(request.POST.get("entity", ""))
            found = bank.import_statement(request.actor, entity_id=entity_id, file_name=file.name, content=file.read())
            text = _("%(new)s new lines, %(known)s known") % {"new": found.new, "known": found.known}
            return respond.redirect_with_toast(request, back, text)
    return respond.form_page(
        request, form, title=_("Import a bank file"), verb=_("Import"), cancel_url=back,
        intro=_("CAMT.053 or CSV. The same file is imported once."),
    )  # fmt: skip


@page("billing.bank.match", methods=("POST",))
def match(request: ActorRequest, line: str) -> HttpResponse:
    ids = [object_id("inv", text) for text in request.POST.getlist("invoice")]
    payment = bank.match_line(request.actor, bank_line_id=object_id("bkl", line), invoice_ids=ids)
    amount = Money(payment.amount, payment.currency).round()
    return respond.redirect_with_toast(
        request, reverse("billing:receivables"), _("%(amount)s matched") % {"amount": amount}
    )


@page("billing.bank.match_exact", methods=("POST",))
def match_exact(request: ActorRequest) -> HttpResponse:
    count = bank.match_exact(request.actor)
    text = ngettext("%(count)s payment matched", "%(count)s payments matched", count) % {"count": count}
    return respond.redirect_with_toast(request, reverse("billing:receivables"), text)


@page("billing.bank.ignore", methods=("POST",))
def ignore(request: ActorRequest, line: str) -> HttpResponse:
    bank.ignore_line(request.actor, bank_line_id=object_id("bkl", line))
    return respond.redirect_with_toast(request, reverse("billing:receivables"), _("Ignored"))


@page("billing.payment.record", methods=("GET", "POST"))
def pay(request: ActorRequest, pk: str) -> HttpResponse:
    row = invoice_queries.invoice_for(request.actor, object_id("inv", pk))
    require_issued(row)
    initial = {"amount": Money(row.open_shown, row.currency).round().amount, "received_on": request.actor.today}
    own = [row.currency, row.entity.currency]
    currencies = list(dict.fromkeys([*own, *queries.other_currencies(request.actor)]))
    form = PaymentForm(currencies, request.POST or None, initial={**initial, "bank_currency": row.currency})
    form.fields["amount"].help_text = row.currency
    back = reverse("billing:invoice", args=[pk])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        share = Share(invoice_id=row.id, discount_percent=given["discount_percent"] or Decimal(0))
        with respond.refusals_on(form):
            record_payment(
                request.actor, client_id=row.client_id, amount=Money(given["amount"], row.currency).round(),
                received_on=given["received_on"], shares=[share], entity_id=row.entity_id, reference=given["reference"],
                **form.came(),
            )  # fmt: skip
            return respond.redirect_with_toast(request, back, _("Payment recorded"))
    title = _("Payment for %(number)s") % {"number": row.number}
    return respond.form_page(request, form, title=title, verb=_("Record payment"), cancel_url=back)
