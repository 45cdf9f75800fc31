"""Kinds of expense: the list, and the form of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.catalog.actions.categories import save_expense_category
from quoin.catalog.queries.cards import categories as all_categories
from quoin.catalog.queries.cards import category_for
from quoin.catalog.queries.lists import CATEGORIES, CATEGORY_KINDS

_SAVE = "catalog.expense_category.save"


class CategoryForm(forms.Form):
    """A kind of expense."""

    name = forms.CharField(label=gettext_lazy("Name"))
    kind = forms.ChoiceField(label=gettext_lazy("Paid"), choices=list(CATEGORY_KINDS.items()))
    rate_per_unit = forms.DecimalField(
        label=gettext_lazy("Rate per kilometre or day"), required=False, min_value=0, max_digits=13, decimal_places=6,
        help_text=gettext_lazy("Empty for receipts."),
    )  # fmt: skip
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3)
    is_vat_recoverable = forms.BooleanField(
        label=gettext_lazy("VAT can be claimed back"), required=False,
        help_text=gettext_lazy("Else the VAT on the receipt is part of the cost."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("Offered for new expenses"), required=False)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


_FIELDS = tuple(CategoryForm.base_fields)


@page(_SAVE)
def categories(request: ActorRequest) -> HttpResponse:
    new = reverse("catalog:category_new")
    screen = Screen(
        title=_("Expense categories"),
        area=_("Money"),
        empty=Empty(
            text=_("No categories yet."),
            detail=_("Expenses are entered by category: travel by receipt, mileage by kilometre, meals by day."),
            url=new,
            verb=_("New category"),
        ),
        row_url=lambda row: reverse("catalog:category", args=[row.public_id]),
        row_meaning=lambda row: "" if row.is_active else "neutral",
        primary=Link(label=_("New category"), url=new, icon="plus"),
    )
    return list_page(request, CATEGORIES, all_categories(request.actor), screen)


@page(_SAVE, methods=("GET", "POST"))
def category_new(request: ActorRequest) -> HttpResponse:
    start = {"kind": "receipt", "currency": "EUR", "is_vat_recoverable": True, "is_active": True}
    return _form(request, CategoryForm(request.POST or None, initial=start), title=_("New category"))


@page(_SAVE, methods=("GET", "POST"))
def category(request: ActorRequest, pk: str) -> HttpResponse:
    row = category_for(request.actor, object_id("exc", pk))
    form = CategoryForm(request.POST or None, initial={name: getattr(row, name) for name in _FIELDS})
    return _form(request, form, title=_("Edit %(name)s") % {"name": row.name}, category_id=row.id)


def _form(request: ActorRequest, form: CategoryForm, *, title: str, category_id: UUID | None = None) -> HttpResponse:
    back = reverse("catalog:categories")
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        with respond.refusals_on(form):
            save_expense_category(request.actor, category_id=category_id, **values)
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    return respond.form_page(request, form, title=title, verb=_("Save"), cancel_url=back)
