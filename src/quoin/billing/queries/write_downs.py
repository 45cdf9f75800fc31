"""What was given up or added before issue, for the list and for taking it back."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.billing.models import WriteDown
from quoin.billing.queries.charges import charges

STANDINGS = {
    "open": Status("info", _("Can be taken back")),
    "taken_back": Status("neutral", _("Taken back")),
    "reversal": Status("neutral", _("Takes another back")),
    "billed": Status("success", _("Billed")),
}
WRITE_DOWNS = Listing(
    key="write-downs",
    columns=(
        Column(key="decided_at", label=pgettext_lazy("write-down", "Decided"), kind=Kind.DAY),
        Column(key="client", label=_("Client"), source="charge__client__name"),
        Column(key="project", label=_("Project"), source="charge__project__name"),
        Column(key="person", label=_("Person"), source="charge__person__name", is_default=False),
        Column(key="work_on", label=_("Day of work"), kind=Kind.DAY, source="charge__work_on", is_default=False),
        Column(key="reason", label=_("Reason")),
        Column(key="minutes", label=_("Hours given up"), kind=Kind.MINUTES, is_totalled=True),
        Column(key="amount", label=_("Given up"), kind=Kind.MONEY, currency="charge__currency", is_totalled=True),
        Column(key="standing", label=_("Status"), kind=Kind.STATUS, statuses=STANDINGS),
    ),
    search=("reason__icontains", "charge__client__name__icontains", "charge__project__name__icontains"),
    sort="-decided_at",
    views=(
        View(key="open", label=_("Can be taken back"), query="standing=open"),
        View(key="up", label=_("Write-ups"), query="amount[lt]=0&standing=open"),
    ),
)


def price_changes(actor: Actor) -> QuerySet[Any]:
    """Write-downs and write-ups of the charges that the actor may see; negative amounts were added.

    `standing` is open (can be taken back), taken_back, reversal or billed.
    """
    reversed_by = WriteDown.objects.filter(reverses_id=OuterRef("id"))
    standing = Case(
        When(reverses_id__isnull=False, then=Value("reversal")),
        When(Exists(reversed_by), then=Value("taken_back")),
        When(charge__status__in=("unbilled", "written_off"), then=Value("open")),
        default=Value("billed"),
        output_field=CharField(),
    )
    rows = WriteDown.objects.filter(charge_id__in=charges(actor).order_by().values("id"))
    return rows.select_related("charge__client", "charge__project", "charge__person").annotate(
        standing=standing, currency=F("charge__currency")
    )
