"""Forms of clients."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.people import queries as people

LANGUAGES = [
    ("en", _("English")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("nl", _("Dutch")),
    ("nb", _("Norwegian")),
]


class ClientForm(forms.Form):
    """A client's facts."""

    name = forms.CharField(label=_("Name"), max_length=200)
    legal_name = forms.CharField(
        label=_("Legal name"), required=False, help_text=_("As printed on invoices, if different.")
    )
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters, for example DE."))
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, for example EUR."))
    vat_id = forms.CharField(label=_("VAT id"), required=False, help_text=_("Checked by its check digits."))
    registration_id = forms.CharField(label=_("Company register number"), required=False)
    street = forms.CharField(label=_("Street"), required=False)
    postal_code = forms.CharField(label=_("Postal code"), required=False)
    city = forms.CharField(label=_("City"), required=False)
    payment_days = forms.IntegerField(label=_("Payment days"), min_value=0, max_value=365, initial=30)
    invoice_email = forms.EmailField(label=_("Invoices to"), required=False)
    buyer_reference = forms.CharField(
        label=_("Buyer reference"),
        required=False,
        help_text=_("What the buyer wants on each invoice (EN 16931 BT-10)."),
    )
    electronic_address = forms.CharField(
        label=_("Electronic address"), required=False, help_text=_("Scheme and identifier, for example 0192:987654321.")
    )
    language = forms.ChoiceField(
        label=_("Language of documents"),
        choices=LANGUAGES,
    )
    web_domain = forms.CharField(label=_("Web domain"), required=False)
    owner_id = forms.TypedChoiceField(label=_("Owner"), required=False, empty_value=None)
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = [(str(person.id), person.name) for person in people.visible_people(actor)]
        self.fields["owner_id"].choices = [("", _("Nobody yet")), *owners]  # type: ignore[attr-defined]  # a choice field

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class ContactForm(forms.Form):
    """A person at the client."""

    name = forms.CharField(label=_("Name"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False)
    job_title = forms.CharField(label=_("Job title"), required=False)
    gets_invoices = forms.BooleanField(label=_("Gets invoices"), required=False)
