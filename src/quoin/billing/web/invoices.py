"""Invoices: the list, the page that is the document, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import formats, respond
from quoin.base.ui.cells import Cell
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.billing.actions import drafts as draft_actions
from quoin.billing.actions import links
from quoin.billing.actions.invoices import ISSUE, issue_invoices
from quoin.billing.actions.runs import discard_draft
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.links import client_choices
from quoin.billing.web.drafts import cell_of
from quoin.billing.web.words import GROUPINGS
from quoin.kernel.money import Money

_RIGHTS = {
    "issue": ISSUE, "edit": "billing.line.add", "text": "billing.line.edit", "header": "billing.invoice.edit",
    "remove": "billing.line.remove", "change": "billing.line.write_down", "work": "billing.line.add_work",
    "place": "billing.line.place", "move": "billing.line.move", "regroup": "billing.invoice.regroup",
    "merge": "billing.invoice.merge", "step": "billing.invoice.step", "credit": "billing.invoice.credit",
    "correct": "billing.invoice.correct", "send": "billing.invoice.send", "link": "billing.link.create",
    "renew": "billing.link.renew", "revoke": "billing.link.revoke", "discard": "billing.invoice.discard",
    "pay": "billing.payment.record", "accept": "billing.retention.release",
}  # fmt: skip
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
    return _document(request, pk)


def _document(request: ActorRequest, pk: str, *, made: links.NewLink | None = None) -> HttpResponse:
    """The page; with the link that was just made, whose address nobody can show again."""
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    is_issued = row.status == "issued"
    lines, story = queries.lines_of(row), queries.story_of(row)
    may = {name: request.actor.may(right) for name, right in _RIGHTS.items()}
    is_editable = may["text"] and not is_issued
    context: dict[str, Any] = {
        "title": row.number or _("Draft for %(client)s") % {"client": row.client.name}, "area": _("Invoices"),
        "crumbs": ((_("Invoices"), reverse("billing:invoices")),), "status": queries.STATUSES[row.state],
        "invoice": row, "is_issued": is_issued, "may": may, "line_form": LineForm(),
        "lines": [
            (one, Money(one.net_amount, row.currency).round(), _cells(one) if is_editable else None) for one in lines
        ],
        "groupings": GROUPINGS.items(), "is_busy": len(lines) > 1,
        "kept": None if row.is_accepted else Money(row.retention_amount, row.currency).round(),
        "net": Money(row.net_amount, row.currency).round(), "tax": Money(row.tax_amount, row.currency).round(),
        "gross": Money(row.gross_amount + row.rounding_amount, row.currency).round(),
        "open": Money(row.open_shown, row.currency).round(), "story": story, "made": made,
        "alive": [one for one in story.links if one.revoked_at is None and one.expires_at > request.actor.now],
        "findings": () if is_issued or not lines else queries.draft_findings(row),
        "reason": lines[0].tax_reason if lines else "", "hash": queries.hash_of(row),
    }  # fmt: skip
    return respond.page(request, "billing/invoice.html", context)


def _cells(line: Any) -> dict[str, Cell]:
    """What of a line of a draft is edited in place: its text, and all of a typed one."""
    names = ("description", "quantity", "unit_price") if line.is_manual else ("description",)
    return {name: cell_of(line, name) for name in names}


@page(queries.VIEW)
def line_entries(request: ActorRequest, line: str) -> HttpResponse:
    """The work on a line."""
    row = queries.line_for(request.actor, object_id("inl", line))
    items = list(queries.items_of(row))
    context = {
        "title": row.description, "area": _("Invoices"), "line": row, "items": items,
        "total": sum(item.minutes for item in items),
        "net": Money(row.net_amount, row.invoice.currency).round(), "currency": row.invoice.currency,
        "may_take": row.invoice.status != "issued" and request.actor.may("billing.line.take_out"),
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
    return respond.redirect_with_toast(request, back, _("Line added"), undo=undo_token(request.actor))


@page("billing.line.remove", methods=("POST",))
def remove_line(request: ActorRequest, line: str) -> HttpResponse:
    row = queries.line_for(request.actor, object_id("inl", line))
    draft_actions.remove_line(request.actor, line_id=row.id)
    back = reverse("billing:invoice", args=[row.invoice.public_id])
    text = _("Line removed; its work is unbilled again")
    return respond.redirect_with_toast(request, back, text, undo=undo_token(request.actor))


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


@page("billing.invoice.send", methods=("POST",))
def send(request: ActorRequest, pk: str) -> HttpResponse:
    made = links.send_invoice(request.actor, invoice_id=object_id("inv", pk))
    text = _("Queued to %(to)s with a link for 14 days") % {"to": made.link.sent_to}
    return respond.redirect_with_toast(request, reverse("billing:invoice", args=[pk]), text)


@page("billing.link.create", methods=("POST",))
def make_link(request: ActorRequest, pk: str) -> HttpResponse:
    """Make a link; its address is on this answer and nowhere else, since only its digest is kept."""
    made = links.create_link(request.actor, invoice_id=object_id("inv", pk))
    response = _document(request, pk, made=made)
    response["Cache-Control"] = "no-store"
    return response


@page("billing.link.renew", methods=("POST",))
def renew_link(request: ActorRequest, pk: str, link: str) -> HttpResponse:
    row = links.renew_link(request.actor, link_id=object_id("lnk", link))
    text = _("The link is valid until %(day)s") % {"day": formats.day(row.expires_at.date(), request.actor.locale)}
    return respond.redirect_with_toast(request, reverse("billing:invoice", args=[pk]), text)


@page("billing.link.revoke", methods=("POST",))
def revoke_link(request: ActorRequest, pk: str, link: str) -> HttpResponse:
    links.revoke_link(request.actor, link_id=object_id("lnk", link))
    return respond.redirect_with_toast(request, reverse("billing:invoice", args=[pk]), _("Link withdrawn"))
