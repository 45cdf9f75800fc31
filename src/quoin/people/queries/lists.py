"""Lists of people, for screens, API and exports."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quoin.base.listing import Column, Kind, Listing, View

PEOPLE = Listing(
    key="people",
    columns=(
        Column(key="name", label=_("Name")),
        Column(key="email", label=_("E-mail")),
        Column(key="job_role", label=_("Role"), source="job_role__name"),
        Column(key="team", label=_("Team"), source="team__name"),
        Column(key="manager", label=_("Manager"), source="manager__name"),
        Column(key="entity", label=_("Company"), source="entity__name"),
        Column(key="kind", label=_("Kind"), is_default=False),
        Column(key="hired_on", label=_("Hired"), kind=Kind.DAY),
        Column(key="left_on", label=pgettext_lazy("employment", "Left"), kind=Kind.DAY),
        Column(key="number", label=_("Number")),
    ),
    search=("name__icontains", "email__icontains", "number__icontains"),
    sort="name",
    views=(
        View(key="here", label=_("With us"), query="left_on[isnull]=true"),
        View(key="left", label=pgettext_lazy("employment", "Left"), query="left_on[isnull]=false"),
    ),
)
