"""Lists of field work, for screens, API and exports."""

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing, Status, View

DELIVERY_STATUSES = {
    "ordered": Status("neutral", _("Ordered")),
    "shipped": Status("info", _("Shipped")),
    "on_site": Status("info", _("On site")),
    "checked": Status("info", _("Checked")),
    "installed": Status("success", _("Installed")),
    "accepted": Status("success", _("Accepted")),
    "cancelled": Status("neutral", _("Cancelled")),
}
VISIT_STATUSES = {
    "draft": Status("neutral", _("Draft")),
    "published": Status("info", _("Published")),
    "travelling": Status("info", _("On the way")),
    "on_site": Status("warning", _("On site")),
    "done": Status("success", _("Done")),
    "cancelled": Status("neutral", _("Cancelled")),
}
EQUIPMENT_KINDS = {
    "vehicle": Status("neutral", _("Vehicle")),
    "crane": Status("neutral", _("Crane")),
    "tool": Status("neutral", _("Tool set")),
}

DELIVERIES = Listing(
    key="deliveries",
    columns=(
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="number", label=_("#"), kind=Kind.NUMBER),
        Column(key="item", label=_("Item")),
        Column(key="supplier", label=_("Supplier")),
        Column(key="order_number", label=_("Order")),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=DELIVERY_STATUSES),
        Column(key="promised_on", label=_("Promised"), kind=Kind.DAY),
        Column(key="expected_on", label=_("Expected"), kind=Kind.DAY),
        Column(key="arrived_on", label=_("Arrived"), kind=Kind.DAY),
        Column(key="task", label=_("Task"), source="task__name"),
        Column(key="site", label=_("Site"), source="site__name"),
    ),
    search=("item__icontains", "supplier__icontains", "order_number__icontains", "project__name__icontains"),
    sort="expected_on",
    views=(
        View(key="coming", label=_("Coming"), query="status[in]=ordered,shipped"),
        View(key="late", label=_("Late"), query="status[in]=ordered,shipped&expected_on[lt]=today"),
        View(key="here", label=_("Not installed yet"), query="status[in]=on_site,checked"),
    ),
)

VISITS = Listing(
    key="visits",
    columns=(
        Column(key="number", label=_("Number"), kind=Kind.NUMBER),
        Column(key="title", label=_("Visit")),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="site", label=_("Site"), source="site__name"),
        Column(key="city", label=_("City"), source="site__city"),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=VISIT_STATUSES),
        Column(key="starts_at", label=_("Start"), kind=Kind.DAY),
        Column(key="latest_on", label=_("Not after"), kind=Kind.DAY),
        Column(key="certificate", label=_("Certificate"), source="certificate__name"),
    ),
    search=("title__icontains", "site__name__icontains", "site__city__icontains", "project__name__icontains"),
    sort="-starts_at",
    views=(
        View(key="waiting", label=_("Without a time"), query="status=draft&starts_at[isnull]=true"),
        View(key="open", label=_("Published"), query="status[in]=published,travelling,on_site"),
        View(key="done", label=_("Done"), query="status=done"),
    ),
)

SITES = Listing(
    key="sites",
    columns=(
        Column(key="name", label=_("Site")),
        Column(key="client", label=_("Client"), source="client__name"),
        Column(key="street", label=_("Street")),
        Column(key="postal_code", label=_("Postal code")),
        Column(key="city", label=_("City")),
        Column(key="country", label=_("Country")),
        Column(key="contact_name", label=_("Contact")),
        Column(key="contact_phone", label=_("Phone")),
    ),
    search=("name__icontains", "city__icontains", "client__name__icontains"),
    sort="name",
)

EQUIPMENT = Listing(
    key="equipment",
    columns=(
        Column(key="name", label=_("Equipment")),
        Column(key="kind", label=_("Kind"), kind=Kind.STATUS, statuses=EQUIPMENT_KINDS),
        Column(key="registration", label=_("Registration")),
        Column(key="certificate", label=_("Certificate"), source="certificate__name"),
        Column(key="is_active", label=_("In use"), value=lambda row: _("yes") if row.is_active else _("no")),
    ),
    search=("name__icontains", "registration__icontains"),
    sort="name",
)

INSTALLED_BASE = Listing(
    key="installed_base",
    columns=(
        Column(key="client", label=_("Client"), source="delivery__project__client__name"),
        Column(key="site", label=_("Site"), source="delivery__site__name"),
        Column(key="city", label=_("City"), source="delivery__site__city"),
        Column(key="item", label=_("Equipment"), source="delivery__item"),
        Column(key="kind", label=_("Kind"), source="delivery__kind"),
        Column(key="serial_number", label=_("Serial number"), source="unit__serial_number"),
        Column(key="accepted_on", label=_("Accepted on"), kind=Kind.DAY),
        Column(key="warranty_until", label=_("Warranty until"), kind=Kind.DAY),
        Column(key="project", label=_("Project"), source="delivery__project__name"),
        Column(key="supplier", label=_("Supplier"), source="delivery__supplier"),
        Column(key="certificate", label=_("Certificate"), source="acceptance__number", kind=Kind.NUMBER),
    ),
    search=(
        "unit__serial_number__icontains", "delivery__item__icontains", "delivery__kind__icontains",
        "delivery__project__client__name__icontains", "delivery__site__name__icontains",
    ),
    sort="client",
    views=(
        View(key="warranty", label=_("In warranty"), query="warranty_until[gte]=today"),
        View(key="over", label=_("Warranty over"), query="warranty_until[lt]=today"),
    ),
)  # fmt: skip

ACCEPTANCE_STATUSES = {
    "valid": Status("success", _("Valid")),
    "withdrawn": Status("danger", _("Withdrawn")),
}
ACCEPTANCES = Listing(
    key="acceptances",
    columns=(
        Column(key="number", label=_("Number"), kind=Kind.NUMBER),
        Column(key="client", label=_("Client"), source="delivery__project__client__name"),
        Column(key="project", label=_("Project"), source="delivery__project__name"),
        Column(key="item", label=_("Equipment"), source="delivery__item"),
        Column(key="accepted_on", label=_("Accepted on"), kind=Kind.DAY),
        Column(key="accepted_by", label=_("Accepted by")),
        Column(
            key="status", label=_("Status"), kind=Kind.STATUS, statuses=ACCEPTANCE_STATUSES, ops=(),
            source="is_withdrawn", value=lambda row: "withdrawn" if row.is_withdrawn else "valid",
        ),
    ),
    search=("accepted_by__icontains", "delivery__item__icontains", "delivery__project__client__name__icontains"),
    sort="-number",
)  # fmt: skip

CHECKLISTS = Listing(
    key="checklists",
    columns=(
        Column(key="name", label=_("Checklist")),
        Column(key="kind", label=_("Kind of equipment")),
        Column(key="is_active", label=_("In use"), value=lambda row: _("yes") if row.is_active else _("no")),
    ),
    search=("name__icontains", "kind__icontains"),
    sort="name",
)
