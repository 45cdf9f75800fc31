"""Forms of time and expenses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.kernel.currency import CODES
from quoin.timesheets.queries.week import RowView

_COMMON = ("EUR", "USD", "GBP", "CHF", "NOK", "SEK", "DKK", "PLN", "CZK", "JPY")


def _currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in (*_COMMON, *sorted(CODES - set(_COMMON)))]


class ExpenseForm(forms.Form):
    """An expense. Mileage and per diem take a quantity, receipts an amount."""

    receipt_file = forms.FileField(
        label=_("Receipt"), required=False, help_text=_("A PDF or a picture, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )  # fmt: skip
    category_id = forms.ChoiceField(label=_("Category"))
    row = forms.ChoiceField(label=_("Project"))
    spent_on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    supplier = forms.CharField(label=_("Supplier"), required=False, max_length=200)
    quantity = forms.DecimalField(
        label=_("Quantity"), required=False, min_value=0, max_digits=13, decimal_places=3,
        help_text=_("Kilometres or days; the rate gives the amount."),
    )  # fmt: skip
    gross_amount = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_digits=13, decimal_places=3)
    vat_amount = forms.DecimalField(
        label=_("of which VAT"), required=False, min_value=0, max_digits=13, decimal_places=3
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=_currencies)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)
    is_billable = forms.BooleanField(label=_("Charge it to the client"), required=False)
    is_reimbursable = forms.BooleanField(label=_("I paid it myself"), required=False)

    def __init__(self, *args: Any, rows: list[RowView], categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = [(str(row.key), row.names.label) for row in rows]  # type: ignore[attr-defined]
        self.fields["category_id"].choices = categories  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the command takes."""
        given = dict(self.cleaned_data)
        given.pop("receipt_file")
        project_id, _sep, task_id = given.pop("row").partition(":")
        given.update(project_id=project_id, task_id=task_id or None)
        given["gross_amount"] = given["gross_amount"] or 0
        given["vat_amount"] = given["vat_amount"] or 0
        return given


class EntryForm(forms.Form):
    """Time by hand: a duration, or a start and an end."""

    row = forms.ChoiceField(label=_("Project"))
    work_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    start = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=_("To"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    duration = forms.CharField(
        label=_("Duration"), required=False, max_length=20, help_text=_("7:30, 7.5 or 450m; or give from and to.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)
    is_billable = forms.BooleanField(label=_("Billable"), required=False)

    def __init__(self, *args: Any, rows: list[RowView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = [(str(row.key), row.names.label) for row in rows]  # type: ignore[attr-defined]
