"""Forms of contracts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.sales.queries.choices import card_choices, client_choices, entity_choices
from quoin.sales.queries.lists import KINDS

_DAY = {"type": "date"}
SCOPES = [("entry", _("Each entry")), ("day_person", _("Each person's day")), ("invoice", _("All time on an invoice"))]
DIRECTIONS = [("up", _("Up")), ("nearest", _("To the nearest")), ("down", _("Down"))]
GROUPINGS = [
    ("task", _("A line per task")),
    ("person", _("A line per person")),
    ("role", _("A line per role")),
    ("week", _("A line per week")),
    ("one", _("One line")),
]
FREQUENCIES = [
    ("weekly", _("Weekly")),
    ("monthly", _("Monthly")),
    ("quarterly", _("Quarterly")),
    ("yearly", _("Yearly")),
    ("on_demand", _("On demand")),
]
METHODS = [
    ("right_to_invoice", _("As work is approved")),
    ("as_billed", _("As it is billed")),
    ("milestone", _("As milestones are reached")),
    ("cost_to_cost", _("By cost to date")),
    ("straight_line", _("Evenly over the period")),
]


class ContractForm(forms.Form):
    """Terms of a contract. Which of them matter depends on the type; the domain says what is missing."""

    name = forms.CharField(label=_("Name"))
    rate_card_id = forms.TypedChoiceField(label=_("Rate card"), required=False, empty_value=None)
    starts_on = forms.DateField(label=_("Start"), widget=forms.DateInput(attrs=_DAY))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs=_DAY))
    fixed_amount = forms.DecimalField(label=_("Fixed price"), required=False, min_value=0)
    cap_amount = forms.DecimalField(
        label=_("Cap"), required=False, min_value=0, help_text=_("Not to exceed; work above it is held back.")
    )
    cap_is_hard = forms.BooleanField(label=_("The cap stops billing"), required=False, initial=True)
    purchase_order = forms.CharField(label=_("Purchase order"), required=False)
    purchase_order_amount = forms.DecimalField(label=_("Order covers"), required=False, min_value=0)
    purchase_order_until = forms.DateField(
        label=_("Order valid until"), required=False, widget=forms.DateInput(attrs=_DAY)
    )
    increment_minutes = forms.IntegerField(
        label=_("Billing step in minutes"), min_value=1, initial=1, help_text=_("Worked time is never changed.")
    )
    increment_scope = forms.ChoiceField(label=_("What is stepped"), choices=SCOPES)
    rounding_direction = forms.ChoiceField(label=_("Direction"), choices=DIRECTIONS)
    retainer_fee = forms.DecimalField(label=_("Monthly fee"), required=False, min_value=0)
    retainer_minutes = forms.IntegerField(label=_("Included minutes a month"), required=False, min_value=1)
    rollover_months = forms.IntegerField(label=_("Unused time lasts, in months"), min_value=0, initial=0)
    overage_rate_per_hour = forms.DecimalField(label=_("Rate above it, per hour"), required=False, min_value=0)
    expense_markup_ratio = forms.DecimalField(
        label=_("Mark-up on expenses"), initial=0, min_value=0, help_text=_("0.10 is ten per cent.")
    )
    retention_ratio = forms.DecimalField(label=_("Kept until acceptance"), initial=0, min_value=0, max_value=1)
    frequency = forms.ChoiceField(label=_("Billed"), choices=FREQUENCIES, initial="monthly")
    line_grouping = forms.ChoiceField(label=_("Lines on the invoice"), choices=GROUPINGS)
    shows_hours = forms.BooleanField(
        label=_("List the hours in the PDF"),
        required=False,
        initial=True,
        help_text=_("The client's link shows them in any case."),
    )
    is_vat_inclusive = forms.BooleanField(
        label=_("Rates include VAT"),
        required=False,
        help_text=_("Only for time and materials. Revenue is what is left without it."),
    )
    needs_note = forms.BooleanField(label=_("Every entry needs a note"), required=False)
    payment_days = forms.IntegerField(
        label=_("Payment days"), required=False, min_value=0, help_text=_("Empty: as the client's.")
    )
    recognition = forms.ChoiceField(label=_("Revenue is earned"), choices=METHODS)
    planned_cost = forms.DecimalField(label=_("Planned cost"), required=False, min_value=0)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cards: Any = self.fields["rate_card_id"]
        cards.choices = [("", _("The company card")), *card_choices(actor)]


class NewContractForm(ContractForm):
    """A contract to be made: with whom, of which type, in which currency."""

    client_id = forms.ChoiceField(label=_("Client"))
    entity_id = forms.ChoiceField(label=_("Our company"))
    kind = forms.ChoiceField(label=_("Type"), choices=list(KINDS.items()))
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Stays as long as the contract."))
    field_order = ("client_id", "entity_id", "kind", "currency", "name")

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        clients: Any = self.fields["client_id"]
        entities: Any = self.fields["entity_id"]
        clients.choices, entities.choices = client_choices(actor), entity_choices(actor)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class MilestonesForm(forms.Form):
    """Milestones as lines: name; amount; day."""

    lines = forms.CharField(
        label=_("Milestones, one a line"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Name; amount; due day (2026-05-31, may be left out). Reached ones stay as they are."),
    )
    bills_on_due_day = forms.BooleanField(label=_("A payment schedule: billed on the due day"), required=False)
