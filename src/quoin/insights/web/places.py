"""Tabs of a project and a client: their money and their lines."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.figures import Parameters
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.context import viewer
from quoin.base.ui.lists import Empty, Screen, list_page
from quoin.billing.queries.figures import VIEW_CHARGES
from quoin.clients.queries import VIEW as VIEW_CLIENTS
from quoin.clients.queries import client_for
from quoin.clients.queries.frame import client_frame
from quoin.insights.queries import breakdown
from quoin.insights.queries.figures import VIEW_REVENUE
from quoin.insights.queries.lines import charges, listing_for
from quoin.insights.queries.money import project_money
from quoin.insights.queries.reports import known_months
from quoin.insights.web.charts import legend
from quoin.insights.web.header import asked_if_allowed
from quoin.insights.web.portfolio import CHART_MONTHS, Span, month_chart
from quoin.projects.queries import project_by_number
from quoin.projects.queries.frame import project_frame
from quoin.projects.queries.lists import HEALTH

_COCKPIT = (
    "project.worked", "project.billable", "project.billed", "project.unbilled", "project.cost", "project.revenue",
    "project.margin", "project.margin_ratio", "project.budget_used", "project.rate",
)  # fmt: skip


@page(VIEW_CHARGES)
def project_money_tab(request: ActorRequest, number: str) -> HttpResponse:
    """The cockpit: what the project took, earned and cost."""
    project = project_by_number(request.actor, number)
    asked = Parameters(project_id=project.id)
    values = [asked_if_allowed(request.actor, key, asked) for key in _COCKPIT]
    who = viewer(request)
    months = [Span.ending(month, 1) for month in known_months(request.actor, most=CHART_MONTHS).all]
    keys = (("project.revenue", "chart-1"), ("project.cost", "chart-4"), ("project.billed", "chart-3"))
    chart = month_chart(
        request.actor, who, months, keys, {"project_id": project.id}, title=_("Revenue, cost and billing by month")
    )
    by = request.GET.get("by", "task")
    context = project_frame(request.actor, project, current="money") | {
        "cockpit": [value for value in values if value is not None],
        "chart": chart,
        "legend": legend(chart) if chart else "",
        "by": by,
        "bys": [("task", _("Task")), ("person", _("Person")), ("role", _("Role"))],
        "rows": breakdown.by(request.actor, project, by),
        "as_of": request.actor.now,
    }
    return respond.page(request, "insights/project_money.html", context)


@page(VIEW_CHARGES)
def project_lines_tab(request: ActorRequest, number: str) -> HttpResponse:
    """Every priced fact of the project."""
    project = project_by_number(request.actor, number)
    crumbs = ((_("Projects"), reverse("projects:projects")), (project.name, reverse("projects:project", args=[number])))
    screen = Screen(
        title=_("Lines of %(name)s") % {"name": project.name}, area=_("Projects"), empty=_nothing(), crumbs=crumbs
    )
    return list_page(request, listing_for(request.actor), charges(request.actor, project), screen)


@page(VIEW_CHARGES)
def lines(request: ActorRequest) -> HttpResponse:
    """Every priced fact of the firm."""
    screen = Screen(title=_("Lines"), area=_("Insight"), empty=_nothing())
    return list_page(request, listing_for(request.actor), charges(request.actor), screen)


def _nothing() -> Empty:
    return Empty(text=_("Nothing is priced yet. Approved time and expenses appear here."))


@page(VIEW_REVENUE)
def client_tab(request: ActorRequest, pk: str) -> HttpResponse:
    """What a client brings and owes, project by project."""
    request.actor.require(VIEW_CLIENTS)
    client = client_for(request.actor, object_id("cli", pk))
    asked = Parameters(client_id=client.id)
    keys = (
        "client.worked",
        "client.revenue",
        "client.margin",
        "client.margin_ratio",
        "client.billed",
        "client.unbilled",
        "client.receivables",
    )
    values = [asked_if_allowed(request.actor, key, asked) for key in keys]
    overdue = asked_if_allowed(request.actor, "receivables.overdue", asked)
    rows = project_money(
        request.actor, where=breakdown.of_client(client.id), statuses=("planned", "active", "on_hold", "closed")
    )
    context = client_frame(request.actor, client, current="money") | {
        "cockpit": [value for value in (*values, overdue) if value is not None],
        "rows": [(row, HEALTH[row.project.health]) for row in sorted(rows, key=lambda row: row.project.number)],
        "as_of": request.actor.now,
    }
    return respond.page(request, "insights/client_money.html", context)
