"""The lines explorer: every priced fact in one list, for the firm or for a project."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor, Scope
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.billing.models import Charge
from quoin.billing.queries.figures import VIEW_CHARGES
from quoin.people.queries import VIEW_COST
from quoin.projects.models import Project
from quoin.projects.queries import VIEW as VIEW_PROJECTS
from quoin.projects.queries.figures import visible_ids
from quoin.timesheets.queries.access import reach

STATUSES = {
    "unbilled": Status("warning", _("Unbilled")),
    "drafted": Status("info", _("On a draft")),
    "billed": Status("success", _("Billed")),
    "written_off": Status("danger", _("Written off")),
    "included": Status("neutral", _("Included")),
    "non_billable": Status("neutral", _("Not billable")),
    "void": Status("neutral", _("Taken back")),
}
KINDS = {
    "time": Status("neutral", _("Time")),
    "expense": Status("neutral", _("Expense")),
    "milestone": Status("neutral", _("Milestone")),
    "fee": Status("neutral", _("Fee")),
    "overage": Status("neutral", _("Overage")),
    "prepaid": Status("neutral", _("Prepaid")),
}
_COST = Column(
    key="cost", label=_("Cost"), source="cost_amount", kind=Kind.MONEY, currency="cost_currency", is_totalled=True
)
_HIDDEN = tuple(
    Column(key=key, label=label, source=source, ops=("eq",), is_default=False, is_sortable=False)
    for key, label, source in (
        ("batch", _("Posting"), "batch_text"),
        ("project_id", _("Project id"), "project_text"),
        ("person_id", _("Person id"), "person_text"),
        ("task_id", _("Task id"), "task_text"),
    )
)
LINES = Listing(
    key="lines",
    columns=(
        Column(key="work_on", label=_("Day"), kind=Kind.DAY),
        Column(
            key="kind",
            label=_("Type"),
            kind=Kind.STATUS,
            statuses=KINDS,
            value=lambda row: KINDS[row.kind].label,
            is_default=False,
        ),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="task", label=_("Task"), source="task__name"),
        Column(key="person", label=_("Person"), source="person__name"),
        Column(key="note", label=_("Note")),
        Column(key="minutes", label=_("Worked"), kind=Kind.MINUTES, is_totalled=True),
        Column(key="billable_minutes", label=_("Billable"), kind=Kind.MINUTES, is_totalled=True, is_default=False),
        Column(key="rate", label=_("Rate"), source="rate_per_hour", kind=Kind.MONEY, currency="currency"),
        Column(key="amount", label=_("Price"), kind=Kind.MONEY, currency="currency", is_totalled=True),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES),
        Column(key="held_until", label=_("Held until"), kind=Kind.DAY, is_default=False),
        Column(key="client", label=_("Client"), source="client__name", is_default=False),
        *_HIDDEN,
    ),
    search=("project__name__icontains", "task__name__icontains", "person__name__icontains", "note__icontains"),
    sort="-work_on",
    views=(
        View(key="unbilled", label=_("Unbilled"), query="status=unbilled"),
        View(key="billed", label=_("Billed"), query="status=billed"),
        View(key="held", label=_("Held"), query="held_until[gte]=today"),
        View(key="expenses", label=_("Expenses"), query="kind=expense"),
    ),
)
_WITH_COST = replace(LINES, columns=(*LINES.columns[:10], _COST, *LINES.columns[10:]))


def listing_for(actor: Actor) -> Listing:
    """The columns that the actor may see."""
    return _WITH_COST if actor.may(VIEW_COST) else LINES


def charges(actor: Actor, project: Project | None = None) -> QuerySet[Charge]:
    """Priced facts line by line, as far as the actor may see them."""
    rows = (
        Charge.objects.select_related("project", "task", "person", "client")
        .exclude(status="void")
        .annotate(
            batch_text=Cast("batch_id", TextField()),
            project_text=Cast("project_id", TextField()),
            person_text=Cast("person_id", TextField()),
            task_text=Cast("task_id", TextField()),
        )
    )
    if project is not None:
        rows = rows.filter(project=project)
    elif actor.scope(VIEW_PROJECTS) is not Scope.ALL:
        rows = rows.filter(project_id__in=visible_ids(actor))
    seen = _within(actor, VIEW_CHARGES) & (_within(actor, VIEW_COST) if actor.may(VIEW_COST) else Q())
    return rows.filter(seen)


def _within(actor: Actor, permission_name: str) -> Q:
    return Q() if actor.scope(permission_name) is Scope.ALL else reach(actor, permission_name)
