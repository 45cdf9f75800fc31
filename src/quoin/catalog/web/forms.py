"""Forms of rate cards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.catalog.queries.choices import client_choices, person_choices, role_choices

_DAY = {"type": "date"}


class CardForm(forms.Form):
    """A rate card."""

    name = forms.CharField(label=_("Name"))
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="EUR")
    is_default = forms.BooleanField(
        label=_("The company card"), required=False, help_text=_("Prices all work that has no rate of its own.")
    )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class RateForm(forms.Form):
    """One rate from a day on."""

    per_hour = forms.DecimalField(label=_("Per hour"), min_value=0, max_digits=13, decimal_places=6)
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=_DAY))
    role_id = forms.TypedChoiceField(label=_("Role"), required=False, empty_value=None)
    person_id = forms.TypedChoiceField(label=_("Person"), required=False, empty_value=None)
    client_id = forms.TypedChoiceField(
        label=_("Only for the client"), required=False, empty_value=None, help_text=_("Beats the cards.")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"role_id": role_choices, "person_id": person_choices, "client_id": client_choices}
        for name, choose in choices.items():
            chosen: Any = self.fields[name]
            chosen.choices = [("", _("any")), *choose(actor)]


class VersionForm(forms.Form):
    """All rates of a card from a day on, by a percentage."""

    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=_DAY))
    percent = forms.DecimalField(
        label=_("Change in per cent"), min_value=-99, max_value=1000, help_text=_("3.5 raises, -10 lowers.")
    )
