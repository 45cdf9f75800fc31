"""Lists of governance, for screens, API and exports."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.governance.queries.raid import rating_of
from quoin.governance.rules.exposure import counts, expected_amount, score
from quoin.governance.types import RaidKind, RaidStatus
from quoin.kernel.money import Money

RAID_KINDS = {
    "risk": Status("warning", _("Risk")),
    "assumption": Status("neutral", _("Assumption")),
    "issue": Status("danger", _("Issue")),
    "dependency": Status("info", _("Dependency")),
    "decision": Status("neutral", _("Decision")),
}
RAID_STATUSES = {
    "open": Status("warning", _("Open")),
    "mitigating": Status("info", _("Being mitigated")),
    "accepted": Status("neutral", _("Accepted")),
    "came_true": Status("danger", _("Came true")),
    "closed": Status("success", _("Closed")),
}
CHANGE_STATUSES = {
    "draft": Status("neutral", _("Draft")),
    "sent": Status("info", _("Sent")),
    "accepted": Status("success", _("Accepted")),
    "declined": Status("danger", _("Declined")),
    "withdrawn": Status("neutral", _("Withdrawn")),
}
REPORT_STATUSES = {
    "draft": Status("neutral", _("Draft")),
    "sent": Status("success", _("Sent")),
    "kept": Status("info", _("Kept")),
}
HEALTHS = {
    "on_track": Status("success", _("On track")),
    "at_risk": Status("warning", _("At risk")),
    "off_track": Status("danger", _("Off track")),
}


def _expected(row: Any) -> Money | None:
    if not counts(RaidKind(row.kind), RaidStatus(row.status)):
        return None
    return expected_amount(rating_of(row, row.project.currency))


def _cost(row: Any) -> Money | None:
    amount: Decimal | None = row.impact_amount
    return None if amount is None else Money(amount, row.project.currency)


RAID = Listing(
    key="raid",
    columns=(
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="number", label=_("#"), kind=Kind.NUMBER),
        Column(key="kind", label=_("Kind"), kind=Kind.STATUS, statuses=RAID_KINDS),
        Column(key="title", label=_("Entry")),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=RAID_STATUSES),
        Column(key="probability", label=_("Probability"), kind=Kind.NUMBER),
        Column(key="impact", label=_("Impact"), kind=Kind.NUMBER),
        Column(
            key="score", label=_("Score"), kind=Kind.NUMBER, is_sortable=False, ops=(),
            value=lambda row: score(rating_of(row, row.project.currency)),
        ),
        Column(
            key="cost", label=_("Cost"), kind=Kind.MONEY, source="impact_amount", currency="project__currency",
            value=_cost,
        ),
        Column(
            key="expected", label=_("Expected"), kind=Kind.MONEY, currency="project__currency", is_sortable=False,
            ops=(), value=_expected,
        ),
        Column(key="days", label=_("Days"), kind=Kind.NUMBER, source="impact_days"),
        Column(key="owner", label=_("Owner"), kind=Kind.PERSON, source="owner__name"),
        Column(key="due_on", label=_("Due"), kind=Kind.DAY),
        Column(key="task", label=_("Task"), source="task__name", is_default=False),
    ),
    search=("title__icontains", "detail__icontains", "project__name__icontains"),
    sort="-probability",
    views=(
        View(key="risks", label=_("Open risks"), query="kind=risk&status[in]=open,mitigating,accepted"),
        View(
            key="high",
            label=_("Likely and grave"),
            query="kind=risk&probability[gte]=4&impact[gte]=4&status[ne]=closed",
        ),
        View(key="issues", label=_("Open issues"), query="kind=issue&status[in]=open,mitigating"),
        View(key="overdue", label=_("Overdue"), query="due_on[lt]=today&status[in]=open,mitigating"),
    ),
)  # fmt: skip

CHANGES = Listing(
    key="change_orders",
    columns=(
        Column(key="number", label=_("#"), kind=Kind.NUMBER),
        Column(key="title", label=_("Change order")),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="client", label=_("Client"), source="project__client__name"),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=CHANGE_STATUSES),
        Column(
            key="price", label=_("Price"), kind=Kind.MONEY, source="price_amount", currency="currency", is_totalled=True
        ),
        Column(key="budget", label=_("Budget"), kind=Kind.MINUTES, source="budget_minutes"),
        Column(key="reason", label=_("Reason"), is_default=False),
        Column(key="sent_at", label=_("Sent"), kind=Kind.DAY),
        Column(key="answered_on", label=_("Answered"), kind=Kind.DAY),
        Column(key="answered_by", label=_("By"), is_default=False),
    ),
    search=("title__icontains", "project__name__icontains", "project__client__name__icontains"),
    sort="-number",
    views=(
        View(key="waiting", label=_("Waiting for an answer"), query="status=sent"),
        View(key="accepted", label=_("Accepted"), query="status=accepted"),
        View(key="drafts", label=_("Drafts"), query="status=draft"),
    ),
)  # fmt: skip

REPORTS = Listing(
    key="status_reports",
    columns=(
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="number", label=_("#"), kind=Kind.NUMBER),
        Column(key="as_of", label=_("As of"), kind=Kind.DAY),
        Column(key="health", label=_("Health"), kind=Kind.STATUS, statuses=HEALTHS),
        Column(key="summary", label=_("Summary")),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=REPORT_STATUSES),
        Column(key="written_by", label=_("By")),
        Column(key="told_at", label=_("Sent"), kind=Kind.DAY),
    ),
    search=("summary__icontains", "project__name__icontains"),
    sort="-as_of",
    views=(
        View(key="drafts", label=_("Drafts"), query="status=draft"),
        View(key="red", label=_("Off track"), query="health=off_track"),
    ),
)

LESSONS = Listing(
    key="lessons",
    columns=(
        Column(key="title", label=_("Lesson")),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="client", label=_("Client"), source="project__client__name"),
        Column(key="went_well", label=_("Went well"), value=lambda row: _("yes") if row.went_well else _("no")),
        Column(key="advice", label=_("Next time")),
        Column(key="learned_on", label=_("On"), kind=Kind.DAY),
        Column(key="learned_by", label=_("By"), is_default=False),
    ),
    search=("title__icontains", "what__icontains", "advice__icontains", "project__name__icontains"),
    sort="-learned_on",
)
