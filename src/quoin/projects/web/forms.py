"""Forms of projects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.clients import queries as clients
from quoin.people import queries as people
from quoin.projects.queries.choices import contract_choices, template_choices
from quoin.projects.queries.lists import HEALTH

_NONE = [("", "–")]
_MINUTES_PER_HOUR = 60


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


class ProjectForm(forms.Form):
    """A project's facts. Budget hours are kept as minutes."""

    name = forms.CharField(label=_("Name"), max_length=200)
    contract_id = forms.TypedChoiceField(
        label=_("Contract"),
        required=False,
        coerce=_id,
        empty_value=None,
        help_text=_("Without one, nothing is billed."),
    )
    manager_id = forms.TypedChoiceField(label=_("Manager"), required=False, coerce=_id, empty_value=None)
    starts_on = forms.DateField(label=_("Start"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("End"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    budget_hours = forms.DecimalField(
        label=_("Budget"), required=False, min_value=Decimal(0), max_digits=9, decimal_places=2, help_text=_("Hours")
    )
    note_rule = forms.ChoiceField(
        label=_("Notes on time"),
        choices=[("none", _("Not asked for")), ("wanted", _("Wanted")), ("needed", _("Needed to submit"))],
    )
    health = forms.ChoiceField(label=_("Health"), choices=[(key, status.label) for key, status in HEALTH.items()])
    health_note = forms.CharField(label=_("Why"), required=False)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea)

    def __init__(self, actor: Actor, *args: Any, client_id: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("contract_id", contract_choices(actor, client_id))
        self._choose("manager_id", [(str(person.id), person.name) for person in people.visible_people(actor)])

    def _choose(self, name: str, found: list[tuple[str, str]]) -> None:
        self.fields[name].choices = _NONE + found  # type: ignore[attr-defined]  # a choice field

    def values(self, names: list[str]) -> dict[str, Any]:
        """The named fields as the action takes them."""
        found = {name: self.cleaned_data[name] for name in names if name != "budget_hours"}
        if "budget_hours" in names:
            found["budget_minutes"] = int((self.cleaned_data["budget_hours"] or 0) * _MINUTES_PER_HOUR)
        return found


class NewProjectForm(ProjectForm):
    """A project to be started, with the template it starts from."""

    field_order = (
        "client_id",
        "name",
        "template_id",
        "contract_id",
        "starts_on",
        "ends_on",
        "manager_id",
        "budget_hours",
    )
    client_id = forms.TypedChoiceField(label=_("Client"), coerce=_id)
    template_id = forms.TypedChoiceField(label=_("Template"), required=False, coerce=_id, empty_value=None)
    number = forms.CharField(label=_("Number"), required=False, help_text=_("Empty: the next one."))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        for name in ("health", "health_note"):
            del self.fields[name]
        found = clients.visible_clients(actor).filter(is_active=True)
        self.fields["client_id"].choices = [(str(client.id), client.name) for client in found]  # type: ignore[attr-defined]  # a choice field
        self._choose("template_id", template_choices())


class MemberForm(forms.Form):
    """Somebody's part in the project."""

    person_id = forms.TypedChoiceField(label=_("Person"), coerce=_id)
    job_role_id = forms.TypedChoiceField(
        label=_("Sold as"), required=False, coerce=_id, empty_value=None, help_text=_("Empty: the person's own role.")
    )
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    hours_per_day = forms.DecimalField(
        label=_("Hours a day"), required=False, min_value=Decimal(0), max_value=Decimal(24)
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = people.employed_on(actor.today).order_by("name")
        self.fields["person_id"].choices = [(str(person.id), person.name) for person in found]  # type: ignore[attr-defined]  # a choice field
        roles = [(str(role.id), role.name) for role in people.job_roles()]
        self.fields["job_role_id"].choices = _NONE + roles  # type: ignore[attr-defined]  # a choice field

    def values(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        found = dict(self.cleaned_data)
        found["minutes_per_day"] = int((found.pop("hours_per_day") or 0) * _MINUTES_PER_HOUR)
        return found
