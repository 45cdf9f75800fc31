"""Forms of people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quoin.base.actor import Actor
from quoin.people import queries
from quoin.people.queries.choices import entity_choices

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def _id(text: object) -> UUID | None:
    return UUID(str(text)) if text else None


class PersonForm(forms.Form):
    """A person's facts."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    number = forms.CharField(label=_("Number"), required=False)
    entity_id = forms.TypedChoiceField(label=_("Company"), coerce=_id)
    job_role_id = forms.TypedChoiceField(label=_("Role"), required=False, coerce=_id, empty_value=None)
    team_id = forms.TypedChoiceField(label=_("Team"), required=False, coerce=_id, empty_value=None)
    manager_id = forms.TypedChoiceField(label=_("Manager"), required=False, coerce=_id, empty_value=None)
    hired_on = forms.DateField(label=_("Hired"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    left_on = forms.DateField(
        label=pgettext_lazy("employment", "Left"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("First day no longer employed."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = [("", "–")]
        choices: dict[str, list[tuple[str, str]]] = {
            "entity_id": entity_choices(),
            "job_role_id": nobody + [(str(role.id), role.name) for role in queries.job_roles()],
            "team_id": nobody + [(str(team.id), team.name) for team in queries.teams()],
            "manager_id": nobody + [(str(person.id), person.name) for person in queries.visible_people(actor)],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]  # choice fields


class CostRateForm(forms.Form):
    """The cost of an hour from a day on."""

    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    amount_per_hour = forms.DecimalField(
        label=_("Cost per hour"), min_value=Decimal(0), max_digits=12, decimal_places=4
    )
    currency = forms.CharField(label=_("Currency"), max_length=3)


class PatternForm(forms.Form):
    """Working hours per weekday from a day on."""

    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index, weekday in enumerate(WEEKDAYS):
            self.fields[f"day{index}"] = forms.DecimalField(
                label=weekday, min_value=Decimal(0), max_value=Decimal(24), max_digits=4, decimal_places=2
            )

    def weekday_minutes(self) -> list[int]:
        """Minutes per weekday, Monday first."""
        return [int(self.cleaned_data[f"day{index}"] * 60) for index in range(len(WEEKDAYS))]
