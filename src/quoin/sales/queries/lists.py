"""The list of contracts."""

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing, Status, View

KINDS = {
    "time_and_materials": _("Time and materials"),
    "fixed_price": _("Fixed price"),
    "retainer": _("Retainer"),
    "non_billable": _("Not billed"),
}
STATUSES = {
    "draft": Status("neutral", _("Draft")),
    "active": Status("success", _("Active")),
    "closed": Status("neutral", _("Closed")),
}
CONTRACTS = Listing(
    key="contracts",
    columns=(
        Column(key="number", label=_("Number")),
        Column(key="name", label=_("Name")),
        Column(key="client", label=_("Client"), source="client__name"),
        Column(key="kind", label=_("Type"), value=lambda row: KINDS.get(row.kind, row.kind)),
        Column(key="starts_on", label=_("Start"), kind=Kind.DAY),
        Column(key="ends_on", label=_("End"), kind=Kind.DAY),
        Column(key="fixed_amount", label=_("Price"), kind=Kind.MONEY, currency="currency"),
        Column(key="cap_amount", label=_("Cap"), kind=Kind.MONEY, currency="currency"),
        Column(key="purchase_order", label=_("Order")),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES),
        Column(key="entity", label=_("Entity"), source="entity__code", is_default=False),
        Column(key="rate_card", label=_("Rate card"), source="rate_card__name", is_default=False),
    ),
    search=("number__icontains", "name__icontains", "client__name__icontains", "purchase_order__icontains"),
    sort="number",
    views=(
        View(key="active", label=_("Active"), query="status=active"),
        View(key="closed", label=_("Closed"), query="status=closed"),
    ),
)
