"""The lists of rate cards and of kinds of expense."""

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing, Status, View

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

CATEGORY_KINDS = {
    "receipt": _("As on the receipt"),
    "mileage": _("By kilometre"),
    "per_diem": _("By day"),
}
CATEGORIES = Listing(
    key="expense-categories",
    columns=(
        Column(key="name", label=_("Name")),
        Column(
            key="kind",
            label=_("Paid"),
            kind=Kind.STATUS,
            statuses={key: Status("neutral", label) for key, label in CATEGORY_KINDS.items()},
        ),
        Column(key="rate_per_unit", label=_("Rate"), kind=Kind.MONEY, currency="currency"),
        Column(
            key="is_vat_recoverable",
            label=_("VAT"),
            kind=Kind.FLAG,
            statuses={"true": Status("neutral", _("claimed back")), "false": Status("neutral", _("part of the cost"))},
        ),
        Column(
            key="is_active",
            label=_("Offered"),
            kind=Kind.FLAG,
            statuses={"true": Status("success", _("yes")), "false": Status("neutral", _("no"))},
        ),
    ),
    search=("name__icontains",),
    sort="name",
    views=(View(key="active", label=_("Offered"), query="is_active=true"),),
)
