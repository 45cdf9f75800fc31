"""Forms of the import wizard."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from quoin.base.actor import Actor
from quoin.imports.queries import choices
from quoin.imports.rules.detect import PROFILES, SOLIDTIME, TOGGL_WORKSPACE
from quoin.kernel.currency import CODES
from quoin.kernel.words import spoken

_OPEN = ("", _("As the file shows"))
PROFILE_CHOICES = [
    ("", _("Find out from the headers")),
    *((profile.key, lazy(spoken, str)(profile.label)) for profile in PROFILES),
    (SOLIDTIME, _("solidtime, whole export (zip)")),
    (TOGGL_WORKSPACE, _("Toggl, whole workspace (zip)")),
]


class Upload(forms.Form):
    """The file, and what it is."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("CSV, XLSX or JSON, or a zip of them with receipts, up to 20 MB.")
    )
    pasted = forms.CharField(
        label=_("Or paste rows"), required=False, widget=forms.Textarea(attrs={"rows": 5}), strip=False,
        max_length=5_000_000, help_text=_("As copied from a spreadsheet, with the row of headers."),
    )  # fmt: skip
    profile = forms.ChoiceField(label=_("Source"), choices=PROFILE_CHOICES, required=False)

    @override
    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(told.get("file")) == bool((told.get("pasted") or "").strip()):
            self.add_error("file", _("Choose a file or paste rows: one of the two."))
        return told

    def content(self) -> tuple[str, bytes]:
        """Name and bytes of what was given; pasted rows are a table of text."""
        file = self.cleaned_data.get("file")
        if file:
            return str(file.name), file.read()
        return "pasted.csv", (self.cleaned_data["pasted"].strip("\r\n") + "\n").encode()


class Reading(forms.Form):
    """How the cells of the file are written, and names for rows that have none."""

    profile = forms.ChoiceField(label=_("Source"), choices=PROFILE_CHOICES, required=False)
    date_order = forms.ChoiceField(
        label=_("Dates"), required=False,
        choices=[_OPEN, ("ymd", _("Year-month-day")), ("dmy", _("Day, month, year")), ("mdy", _("Month, day, year"))],
    )  # fmt: skip
    decimal_point = forms.ChoiceField(
        label=_("Decimals"), required=False, choices=[_OPEN, (".", _("Point: 1.5")), (",", _("Comma: 1,5"))]
    )
    zone = forms.CharField(label=_("Time zone of clock times"), required=False)
    currency = forms.ChoiceField(
        label=_("Currency of amounts without one"), required=False,
        choices=[("", _("None")), *((code, code) for code in sorted(CODES))],
    )  # fmt: skip
    rounding = forms.ChoiceField(
        label=_("Seconds"), choices=[("nearest", _("To the nearest minute")), ("up", _("Up")), ("down", _("Down"))]
    )
    default_client = forms.CharField(
        label=_("Client of rows without one"), required=False, help_text=_("Left empty, they are internal work.")
    )
    default_project = forms.CharField(label=_("Project of rows without one"), required=False)

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("Write a time zone as Europe/Berlin."))
        return zone or "UTC"


class Loading(forms.Form):
    """As what time and expenses are written, and at which price."""

    status = forms.ChoiceField(
        label=_("Write time and expenses as"),
        choices=[("open", _("Open: people hand it in themselves")), ("submitted", _("Handed in: waits for approval")),
                 ("approved", _("Approved: ready to be billed"))],
    )  # fmt: skip
    approver = forms.ChoiceField(label=_("Approved by"), required=False)
    rate_per_hour = forms.DecimalField(
        label=_("Price per hour"), required=False, min_value=0, max_digits=12, decimal_places=4,
        help_text=_("For work that the file has no price for."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    cost_per_hour = forms.DecimalField(
        label=_("Cost per hour"), required=False, min_value=0, max_digits=12, decimal_places=4,
        help_text=_("Of people who have none yet, in your company's currency. Without it their work costs nothing."),
    )  # fmt: skip
    country = forms.CharField(label=_("Country of new clients"), required=False, max_length=2)
    card = forms.ChoiceField(label=_("Rate card"), required=False)
    takes_changes = forms.BooleanField(label=_("Change what is there as the file says"), required=False, initial=True)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("approver", [("", _("Me") if actor.person_id else _("Choose")), *choices.approvers(actor)])
        self._offer("currency", [("", _("The firm's")), *((code, code) for code in sorted(CODES))])
        self._offer("card", [("", _("The file's prices")), *choices.cards(actor)])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].strip().upper()
        if country and not (country.isalpha() and country.isascii() and len(country) == len("DE")):
            raise forms.ValidationError(_("Write the country as two letters, as in DE."))
        return country
