"""The list of rate cards."""

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing

CARDS = Listing(
    key="rate-cards",
    columns=(
        Column(key="name", label=_("Name")),
        Column(key="currency", label=_("Currency")),
        Column(
            key="is_default",
            label=_("Company card"),
            value=lambda row: _("yes") if row.is_default else "",
            ops=(),
        ),
        Column(key="rates", label=_("Rates today"), kind=Kind.NUMBER, source="rate_count"),
    ),
    search=("name__icontains",),
    sort="name",
)
