"""Invoices: the list, the page that is the document, and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.billing.actions import drafts as draft_actions
from quoin.billing.actions import links
from quoin.billing.actions.invoices import ISSUE, correct_invoice, credit_invoice, issue_invoices
from quoin.billing.actions.runs import discard_draft
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.links import client_choices, project_by_number
from quoin.billing.web.words import require_issued
from quoin.clients.queries import client_for
from quoin.kernel.errors import DomainError
from quoin.kernel.money import Money

_TYPES = {"pdf": "application/pdf", "ubl": "application/xml", "cii": "application/xml"}


class NewForm(forms.Form):
    """Whom to invoice."""

    client_id = forms.ChoiceField()

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_id"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["client_id"].label = _("Client")


class LineForm(forms.Form):
    """A typed line."""

    description = forms.CharField()
    quantity = forms.DecimalField(initial=1)
    unit_price = forms.DecimalField()


class ReasonForm(forms.Form):
    """Why an invoice is credited; the client reads it."""

    reason = forms.CharField()


@page(queries.VIEW)
def invoices(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may("billing.invoice.create")
    screen = Screen(
        title=_("Invoices"), area=_("Money"),
        empty=Empty(
            text=_("Invoices come from billing runs; you can also type one."), url=reverse("billing:runs"),
            verb=_("Start a billing run"),
        ),
        row_url=lambda row: reverse("billing:invoice", args=[row.public_id]),
        primary=Link(label=_("New invoice"), url=reverse("billing:new_invoice"), icon="plus") if may_add else None,
    )  # fmt: skip
    return list_page(request, queries.INVOICES, queries.visible_invoices(request.actor), screen)


@page(queries.VIEW)
def invoice(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    is_issued = row.status == "issued"
    lines = queries.lines_of(row)
    may = {
        name: request.actor.may(permission)
        for name, permission in (
            ("issue", ISSUE), ("edit", "billing.line.add"), ("credit", "billing.invoice.credit"),
            ("correct", "billing.invoice.correct"), ("send", "billing.invoice.send"),
            ("discard", "billing.invoice.discard"), ("pay", "billing.payment.record"),
        )
    }  # fmt: skip
    context: dict[str, Any] = {
        "title": row.number or _("Draft for %(client)s") % {"client": row.client.name}, "area": _("Invoices"),
        "crumbs": ((_("Invoices"), reverse("billing:invoices")),), "status": queries.STATUSES[row.state],
        "invoice": row, "is_issued": is_issued, "may": may, "line_form": LineForm(),
        "lines": [(line, Money(line.net_amount, row.currency).round()) for line in lines],
        "net": Money(row.net_amount, row.currency).round(), "tax": Money(row.tax_amount, row.currency).round(),
        "gross": Money(row.gross_amount + row.rounding_amount, row.currency).round(),
        "open": Money(row.open_shown, row.currency).round(), "story": queries.story_of(row),
        "findings": () if is_issued or not lines else queries.draft_findings(row),
        "reason": lines[0].tax_reason if lines else "", "hash": queries.hash_of(row),
    }  # fmt: skip
    return respond.page(request, "billing/invoice.html", context)


@page(queries.VIEW)
def line_entries(request: ActorRequest, line: str) -> HttpResponse:
    """The work on a line."""
    row = queries.line_for(request.actor, object_id("inl", line))
    items = list(queries.items_of(row))
    context = {
        "title": row.description, "area": _("Invoices"), "line": row, "items": items,
        "total": sum(item.minutes for item in items),
        "net": Money(row.net_amount, row.invoice.currency).round(), "currency": row.invoice.currency,
    }  # fmt: skip
    return respond.page(request, "billing/line.html", context)


@page(queries.VIEW)
def download(request: ActorRequest, pk: str, kind: str) -> HttpResponse:
    """The issued PDF or e-invoice."""
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    document = queries.document_bytes(row)
    content = {"pdf": document.pdf, "ubl": document.ubl, "cii": document.cii}[kind]
    response = HttpResponse(bytes(content), content_type=_TYPES[kind])
    name = f"{row.number}.pdf" if kind == "pdf" else f"{row.number}-{kind}.xml"
    response["Content-Disposition"] = f'{"inline" if kind == "pdf" else "attachment"}; filename="{name}"'
    return response


@page("billing.invoice.create", methods=("GET", "POST"))
def new_invoice(request: ActorRequest) -> HttpResponse:
    form = NewForm(request.POST or None, choices=client_choices(request.actor))
    if request.method == "POST" and form.is_valid():
        client_id = object_id("cli", form.cleaned_data["client_id"])
        row = draft_actions.create_invoice(request.actor, client_id=client_id)
        return respond.redirect_with_toast(
            request, reverse("billing:invoice", args=[row.public_id]), _("Draft created")
        )
    return respond.form_page(
        request, form, title=_("New invoice"), verb=_("Create draft"), cancel_url=reverse("billing:invoices")
    )


@page("billing.line.add", methods=("POST",))
def add_line(request: ActorRequest, pk: str) -> HttpResponse:
    draft = queries.invoice_for(request.actor, object_id("inv", pk))
    form = LineForm(request.POST)
    back = reverse("billing:invoice", args=[pk])
    if not form.is_valid():
        return respond.redirect_with_toast(request, back, _("A line needs a text and a price."), meaning="danger")
    draft_actions.add_line(request.actor, invoice_id=draft.id, **form.cleaned_data)
    return respond.redirect_with_toast(request, back, _("Line added"))


@page("billing.line.remove", methods=("POST",))
def remove_line(request: ActorRequest, line: str) -> HttpResponse:
    row = queries.line_for(request.actor, object_id("inl", line))
    draft_actions.remove_line(request.actor, line_id=row.id)
    back = reverse("billing:invoice", args=[row.invoice.public_id])
    return respond.redirect_with_toast(request, back, _("Line removed; its work is unbilled again"))


@page(ISSUE, methods=("POST",))
def issue(request: ActorRequest, pk: str) -> HttpResponse:
    found = issue_invoices(request.actor, invoice_ids=[object_id("inv", pk)])
    back = reverse("billing:invoice", args=[pk])
    if found.refused:
        return respond.redirect_with_toast(request, back, found.refused[0].detail, meaning="danger")
    number = found.invoices[0].number
    return respond.redirect_with_toast(request, back, _("Issued as %(number)s") % {"number": number})


@page("billing.invoice.discard", methods=("POST",))
def discard(request: ActorRequest, pk: str) -> HttpResponse:
    discard_draft(request.actor, invoice_id=object_id("inv", pk))
    return respond.redirect_with_toast(request, reverse("billing:invoices"), _("Draft discarded"))


@page("billing.invoice.credit", methods=("GET", "POST"))
def credit(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.invoice_for(request.actor, object_id("inv", pk))

    def run(reason: str) -> UUID:
        return credit_invoice(request.actor, invoice_id=row.id, reason=reason).id

    return _with_reason(
        request, row, run, title=_("Credit %(number)s") % {"number": row.number}, verb=_("Issue credit note")
    )


@page("billing.invoice.correct", methods=("GET", "POST"))
def correct(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.invoice_for(request.actor, object_id("inv", pk))

    def run(reason: str) -> UUID:
        return correct_invoice(request.actor, invoice_id=row.id, reason=reason)[1].id

    return _with_reason(
        request, row, run, title=_("Correct %(number)s") % {"number": row.number}, verb=_("Credit and open a new draft")
    )


def _with_reason(request: ActorRequest, row: Any, run: Any, *, title: str, verb: str) -> HttpResponse:
    require_issued(row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = run(form.cleaned_data["reason"])
        except DomainError as error:
            respond.form_errors(form, error)
        else:
            url = reverse("billing:invoice", args=[queries.invoice_for(request.actor, made).public_id])
            return respond.redirect_with_toast(request, url, _("Done"))
    intro = _("The invoice stays as it is. Its credited work is unbilled again. The client reads the reason.")
    cancel = reverse("billing:invoice", args=[row.public_id])
    return respond.form_page(request, form, title=title, verb=verb, cancel_url=cancel, intro=intro)


@page("billing.invoice.send", methods=("POST",))
def send(request: ActorRequest, pk: str) -> HttpResponse:
    made = links.send_invoice(request.actor, invoice_id=object_id("inv", pk))
    text = _("Queued to %(to)s with a link for 14 days") % {"to": made.link.sent_to}
    return respond.redirect_with_toast(request, reverse("billing:invoice", args=[pk]), text)


@page("billing.link.create", methods=("POST",))
def make_link(request: ActorRequest, pk: str) -> HttpResponse:
    made = links.create_link(request.actor, invoice_id=object_id("inv", pk))
    return respond.redirect_with_toast(request, reverse("billing:invoice", args=[pk]), made.url)


@page("billing.link.revoke", methods=("POST",))
def revoke_link(request: ActorRequest, pk: str, link: str) -> HttpResponse:
    links.revoke_link(request.actor, link_id=object_id("lnk", link))
    return respond.redirect_with_toast(request, reverse("billing:invoice", args=[pk]), _("Link revoked"))


@page(queries.VIEW)
def client_tab(request: ActorRequest, pk: str) -> HttpResponse:
    client = client_for(request.actor, object_id("cli", pk))
    rows = queries.visible_invoices(request.actor).filter(client_id=client.id)
    return _tab(request, rows, page_key="client", arguments={"pk": pk})


@page(queries.VIEW)
def project_tab(request: ActorRequest, pk: str) -> HttpResponse:
    project = project_by_number(request.actor, pk)
    rows = queries.visible_invoices(request.actor).filter(id__in=queries.invoice_ids_of_project(project))
    return _tab(request, rows, page_key="project", arguments={"pk": pk})


def _tab(request: ActorRequest, rows: Any, *, page_key: str, arguments: dict[str, Any]) -> HttpResponse:
    listed = rows.order_by("-issue_on", "-sequence")[:200]
    context = {
        "title": _("Invoices"), "area": _("Invoices"),
        "tabs": tabs.links(page_key, request.actor, current="invoices", arguments=arguments),
        "rows": [
            (
                row, queries.STATUSES[row.state], Money(row.gross_amount, row.currency).round(),
                Money(row.open_shown, row.currency).round(),
            )
            for row in listed
        ],
    }  # fmt: skip
    return respond.page(request, "billing/tab.html", context)
