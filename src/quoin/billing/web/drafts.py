"""Editing a draft on its page: cells in place, hours and prices with a reason, work in and out, lines moved."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.cells import Cell
from quoin.billing.actions import drafts, lines, rearranging
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.drafts import addable_work, other_drafts
from quoin.billing.web.words import GROUPINGS
from quoin.kernel.errors import DomainError, invalid
from quoin.kernel.quantity import clock, parse_duration
from quoin.kernel.words import spoken

NEW_DRAFT = "new"
_TYPED = {"quantity", "unit_price"}


class HeaderForm(forms.Form):
    """What stands above and below the lines."""

    purchase_order = forms.CharField(label=gettext_lazy("Purchase order"), required=False)
    buyer_reference = forms.CharField(label=gettext_lazy("Client's reference"), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: the days to pay, counted from the issue."),
    )  # fmt: skip
    payment_days = forms.IntegerField(label=gettext_lazy("Days to pay"), min_value=0, max_value=365)
    shows_hours = forms.BooleanField(label=gettext_lazy("List the hours in the PDF"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note to the client"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class ChangeForm(forms.Form):
    """Hours or price of a line of work, with the reason."""

    hours = forms.CharField(label=gettext_lazy("Hours billed"), required=False)
    unit_price = forms.DecimalField(label=gettext_lazy("Price"), min_value=0, max_digits=15, decimal_places=6)
    reason = forms.CharField(label=gettext_lazy("Reason"))


class MoveForm(forms.Form):
    """Where a line goes."""

    to = forms.ChoiceField(label=gettext_lazy("Draft"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


@page("billing.invoice.edit", methods=("GET", "POST"))
def edit_header(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    form = HeaderForm(request.POST or None, initial={name: getattr(row, name) for name in HeaderForm.base_fields})
    back = reverse("billing:invoice", args=[pk])
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        with respond.refusals_on(form):
            if changed:
                drafts.edit_draft(request.actor, invoice_id=row.id, **changed)
            return _back(request, back, _("Saved"))
    return respond.form_page(request, form, title=_("Edit the draft"), verb=_("Save"), cancel_url=back)


@page("billing.line.edit", methods=("PATCH",))
def line_cell(request: ActorRequest, line: str) -> HttpResponse:
    """Text of a line, quantity and price of a typed one, saved in place."""
    row = queries.line_for(request.actor, object_id("inl", line))
    changes = list(QueryDict(request.body).items())
    if len(changes) != 1 or changes[0][0] not in {"description", *_TYPED}:
        raise invalid("/", _("One cell is saved at a time."))
    name, text = changes[0][0], str(changes[0][1]).strip()
    try:
        value: Any = Decimal(text.replace(",", ".")) if name in _TYPED else text
        row = drafts.edit_line(request.actor, line_id=row.id, **{name: value})
    except InvalidOperation:
        return respond.cell(request, cell_of(row, name), error=_("Write a number, for example 118.50."))
    except DomainError as error:
        return respond.cell(request, cell_of(row, name), error=error.detail)
    return respond.cell(request, cell_of(queries.line_for(request.actor, row.id), name))


def cell_of(line: Any, name: str) -> Cell:
    """A cell of the lines table that can be edited in place."""
    labels = {"description": _("Description"), "quantity": _("Quantity"), "unit_price": _("Price")}
    value = str(getattr(line, name)) if name == "description" else f"{getattr(line, name).normalize():f}"
    kind = "text" if name == "description" else "number"
    url = reverse("billing:line_cell", args=[line.public_id])
    return Cell(url=url, field=name, value=value, display=value, label=labels[name], kind=kind)


@page("billing.line.write_down", methods=("GET", "POST"))
def change_line(request: ActorRequest, line: str) -> HttpResponse:
    """Fewer hours or another price for a line of work; both changes keep their reason."""
    row = queries.line_for(request.actor, object_id("inl", line))
    is_timed = row.billed_minutes > 0
    start = {"hours": clock(row.billed_minutes), "unit_price": row.unit_price.normalize()}
    form = ChangeForm(request.POST or None, initial=start)
    form.fields["unit_price"].label = _("Price per hour") if is_timed else _("Price of the line")
    if not is_timed:
        del form.fields["hours"]
    back = reverse("billing:invoice", args=[row.invoice.public_id])
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, row, form)
        except (DomainError, ValueError) as error:
            # The price may have been changed before the hours were refused.
            request.must_roll_back = True  # type: ignore[attr-defined]  # read by the middleware
            _refuse(form, error)
        else:
            return _back(request, back, _("Line changed"))
    intro = _("What is billed less than worked is written down. The worked hours stay as they are.")
    return respond.form_page(
        request, form, title=_("Change %(line)s") % {"line": row.description}, verb=_("Change the line"),
        cancel_url=back, intro=intro,
    )  # fmt: skip


def _change(request: ActorRequest, row: Any, form: ChangeForm) -> None:
    given = form.cleaned_data
    minutes = parse_duration(given["hours"]).minutes if given.get("hours") else row.billed_minutes
    is_shorter, is_repriced = minutes != row.billed_minutes, given["unit_price"] != row.unit_price
    if not (is_shorter or is_repriced):
        raise invalid("/unit_price", _("Nothing is changed yet."))
    if is_repriced:
        request.actor.require("billing.line.reprice")
        lines.reprice_line(request.actor, line_id=row.id, unit_price=given["unit_price"], reason=given["reason"])
    if is_shorter:
        lines.write_line_down(request.actor, line_id=row.id, billed_minutes=minutes, reason=given["reason"])


def _refuse(form: forms.Form, error: Exception) -> None:
    if not isinstance(error, DomainError):
        form.add_error("hours", spoken(str(error)))
        return
    respond.form_errors(form, error)


@page("billing.line.take_out", methods=("POST",))
def take_out(request: ActorRequest, line: str) -> HttpResponse:
    """Take the chosen entries off the line."""
    row = queries.line_for(request.actor, object_id("inl", line))
    ids = [object_id("chg", text) for text in request.POST.getlist("ids")]
    if not ids:
        raise invalid("/ids", _("Choose the entries first."))
    lines.take_work_out(request.actor, line_id=row.id, charge_ids=ids)
    text = _("Taken out; the work is unbilled again")
    return _back(request, reverse("billing:invoice", args=[row.invoice.public_id]), text)


@page("billing.line.add_work", methods=("GET", "POST"))
def add_work(request: ActorRequest, pk: str) -> HttpResponse:
    """Unbilled work of the client, to be put on the draft."""
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    back = reverse("billing:invoice", args=[pk])
    if request.method == "POST":
        ids = [object_id("chg", text) for text in request.POST.getlist("ids")]
        if not ids:
            raise invalid("/ids", _("Choose the entries first."))
        lines.add_work(request.actor, invoice_id=row.id, charge_ids=ids)
        return _back(request, back, _("Work added"))
    found = addable_work(request.actor, row)
    context = {
        "title": _("Add unbilled work"), "area": _("Invoices"), "invoice": row, "charges": found.charges,
        "is_cut": found.is_cut,
        "crumbs": ((_("Invoices"), reverse("billing:invoices")), (row.client.name, back)),
    }  # fmt: skip
    return respond.page(request, "billing/add_work.html", context)


@page("billing.invoice.regroup", methods=("POST",))
def regroup(request: ActorRequest, pk: str) -> HttpResponse:
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    grouping = request.POST.get("grouping", "")
    rearranging.regroup_draft(request.actor, invoice_id=row.id, grouping=grouping)
    text = _("Grouped: %(how)s") % {"how": GROUPINGS.get(grouping, grouping)}
    return _back(request, reverse("billing:invoice", args=[pk]), text)


@page("billing.line.place", methods=("POST",))
def place(request: ActorRequest, line: str) -> HttpResponse:
    """One place up or down."""
    row = queries.line_for(request.actor, object_id("inl", line))
    ids = [one.id for one in queries.lines_of(row.invoice)]
    step = -1 if request.POST.get("to") == "up" else 1
    position = min(max(ids.index(row.id) + 1 + step, 1), len(ids))
    rearranging.place_line(request.actor, line_id=row.id, position=position)
    return _back(request, reverse("billing:invoice", args=[row.invoice.public_id]), _("Line moved"))


@page("billing.line.move", methods=("GET", "POST"))
def move_line(request: ActorRequest, line: str) -> HttpResponse:
    """To another draft of the client, or to a new one."""
    row = queries.line_for(request.actor, object_id("inl", line))
    draft = queries.invoice_for(request.actor, row.invoice_id)
    choices = [(one.public_id, _named(one)) for one in other_drafts(request.actor, draft)]
    if request.actor.may("billing.invoice.split"):
        choices.insert(0, (NEW_DRAFT, _("a new draft")))
    form = MoveForm(request.POST or None, choices=choices)
    back = reverse("billing:invoice", args=[draft.public_id])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            target = _moved(request, row, draft, form.cleaned_data["to"])
            return _back(request, reverse("billing:invoice", args=[target.public_id]), _("Line moved"))
    title = _("Move %(line)s") % {"line": row.description}
    return respond.form_page(request, form, title=title, verb=_("Move the line"), cancel_url=back)


def _moved(request: ActorRequest, row: Any, draft: Any, to: str) -> Any:
    if to == NEW_DRAFT:
        return rearranging.split_draft(request.actor, invoice_id=draft.id, line_ids=[row.id])
    return rearranging.move_lines(request.actor, line_ids=[row.id], invoice_id=object_id("inv", to))


def _named(draft: Any) -> str:
    net = f"{draft.currency} {draft.net_amount:,.2f}"
    return f"{draft.client.name} · {draft.contract.name} · {net}" if draft.contract else f"{draft.client.name} · {net}"


@page("billing.invoice.merge", methods=("GET", "POST"))
def merge(request: ActorRequest, pk: str) -> HttpResponse:
    """Put all lines on another draft of the client."""
    draft = queries.invoice_for(request.actor, object_id("inv", pk))
    form = MoveForm(
        request.POST or None, choices=[(one.public_id, _named(one)) for one in other_drafts(request.actor, draft)]
    )
    back = reverse("billing:invoice", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            into = object_id("inv", form.cleaned_data["to"])
            rearranging.merge_drafts(request.actor, invoice_id=draft.id, into_id=into)
            url = reverse("billing:invoice", args=[form.cleaned_data["to"]])
            return _back(request, url, _("Drafts brought together"))
    intro = _("All lines go onto the other draft, and this one is discarded.")
    return respond.form_page(
        request, form, title=_("Bring drafts together"), verb=_("Move all lines"), cancel_url=back, intro=intro
    )


@page("billing.invoice.step", methods=("POST",))
def step(request: ActorRequest, pk: str) -> HttpResponse:
    """Review, approve, or take that back."""
    row = queries.invoice_for(request.actor, object_id("inv", pk))
    to = request.POST.get("to", "approved")
    drafts.step_drafts(request.actor, invoice_ids=[row.id], to=to)
    words = {"approved": _("Approved"), "in_review": _("In review"), "draft": _("Draft again")}
    return _back(request, reverse("billing:invoice", args=[pk]), words[to])


def _back(request: ActorRequest, url: str, text: str) -> HttpResponse:
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
