"""Lists of projects and tasks, for screens, API and exports."""

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing, Status, View

PROJECT_STATUSES = {
    "planned": Status("neutral", _("Planned")),
    "active": Status("info", _("Active")),
    "on_hold": Status("warning", _("On hold")),
    "closed": Status("neutral", _("Closed")),
}
HEALTH = {
    "on_track": Status("success", _("On track")),
    "at_risk": Status("warning", _("At risk")),
    "off_track": Status("danger", _("Off track")),
}
TASK_STATUSES = {
    "open": Status("neutral", _("Open")),
    "in_progress": Status("info", _("In progress")),
    "done": Status("success", _("Done")),
    "closed": Status("neutral", _("Closed")),
}

PROJECTS = Listing(
    key="projects",
    columns=(
        Column(key="health", label=_("Health"), kind=Kind.STATUS, statuses=HEALTH),
        Column(key="number", label=_("Number")),
        Column(key="name", label=_("Name")),
        Column(key="client", label=_("Client"), source="client__name"),
        Column(key="manager", label=_("Manager"), source="manager__name"),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=PROJECT_STATUSES),
        Column(key="starts_on", label=_("Start"), kind=Kind.DAY),
        Column(key="ends_on", label=_("End"), kind=Kind.DAY),
        Column(key="budget_minutes", label=_("Budget"), kind=Kind.MINUTES, is_totalled=True),
        Column(key="contract", label=_("Contract"), source="contract__number"),
    ),
    search=("name__icontains", "number__icontains", "client__name__icontains"),
    sort="number",
    views=(
        View(key="active", label=_("Active"), query="status=active"),
        View(key="at_risk", label=_("At risk"), query="health[in]=at_risk,off_track"),
        View(key="ending", label=_("Ending in 30 days"), query="ends_on[gte]=today&ends_on[lte]=%2B30d"),
        View(key="closed", label=_("Closed"), query="status=closed"),
    ),
)

TASKS = Listing(
    key="tasks",
    columns=(
        Column(key="number", label=_("#"), kind=Kind.NUMBER),
        Column(key="name", label=_("Task")),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=TASK_STATUSES),
        Column(key="assignee", label=_("Assignee"), source="assignee__name"),
        Column(key="starts_on", label=_("Start"), kind=Kind.DAY),
        Column(key="due_on", label=_("Due"), kind=Kind.DAY),
        Column(key="estimate_minutes", label=_("Estimate"), kind=Kind.MINUTES, is_totalled=True),
        Column(key="left_minutes", label=_("Left"), kind=Kind.MINUTES, is_totalled=True),
    ),
    search=("name__icontains",),
    sort="number",
    views=(
        View(key="open", label=_("Open"), query="status[in]=open,in_progress"),
        View(key="late", label=_("Late"), query="due_on[lt]=today&status[in]=open,in_progress"),
    ),
)
