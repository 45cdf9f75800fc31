"""Forms of resourcing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.people.queries.within import people_within
from quoin.projects.queries import TAKES_TIME, visible_projects

_EFFORTS = (
    ("percent", _("Per cent of each day")),
    ("per_day", _("Hours per day")),
    ("total", _("Hours in all")),
)


class BookingForm(forms.Form):
    """Who, on what, when and how much."""

    person_id = forms.TypedChoiceField(label=_("Person"), coerce=UUID)
    project_id = forms.TypedChoiceField(label=_("Project"), coerce=UUID)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    effort = forms.ChoiceField(label=_("Effort"), choices=_EFFORTS)
    amount = forms.DecimalField(
        label=_("How much"), min_value=Decimal("0.25"), max_digits=7, decimal_places=2, initial=Decimal(100)
    )
    is_firm = forms.BooleanField(
        label=capfirst(_("firm")),
        required=False,
        help_text=_("Tentative time may overlap; firm time must fit into the day."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=400)
    override_reason = forms.CharField(
        label=_("Reason to book over capacity"),
        required=False,
        max_length=400,
        help_text=_("Only if it has to be: the reason and your name stay on record."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_within(actor, "people.person.view").exclude(kind="placeholder").filter(left_on=None)
        projects = visible_projects(actor).filter(status__in=TAKES_TIME)
        choices = {
            "person_id": [(str(person.id), person.name) for person in people],
            "project_id": [(str(project.id), f"{project.number} · {project.name}") for project in projects],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]  # choice fields

    def fields_of_booking(self) -> dict[str, Any]:
        """What the action takes: hours become minutes."""
        given = dict(self.cleaned_data)
        given["amount"] = int(given["amount"] * (1 if given["effort"] == "percent" else 60))
        return given
