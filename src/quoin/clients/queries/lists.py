"""Lists of clients, for screens, API and exports."""

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing, Status, View

CLIENTS = Listing(
    key="clients",
    columns=(
        Column(key="number", label=_("Number")),
        Column(key="name", label=_("Name")),
        Column(key="country", label=_("Country")),
        Column(key="city", label=_("City")),
        Column(key="currency", label=_("Currency")),
        Column(key="vat_id", label=_("VAT id")),
        Column(key="owner", label=_("Owner"), source="owner__name"),
        Column(key="payment_days", label=_("Payment days"), kind=Kind.NUMBER),
        Column(key="invoice_email", label=_("Invoices to")),
        Column(
            key="is_active",
            label=_("Active"),
            kind=Kind.FLAG,
            statuses={"true": Status("success", _("yes")), "false": Status("neutral", _("no"))},
        ),
    ),
    search=("name__icontains", "number__icontains", "vat_id__icontains", "web_domain__icontains"),
    sort="name",
    views=(
        View(key="active", label=_("Active"), query="is_active=true"),
        View(key="inactive", label=_("Inactive"), query="is_active=false"),
    ),
)
