"""Django app of insights: its place in the sidebar, its tabs and key figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class InsightsConfig(AppConfig):
    name = "quoin.insights"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.ui import keyfigures, nav, tabs
        from quoin.billing.queries.figures import VIEW_CHARGES
        from quoin.insights.queries import VIEW_PORTFOLIO, VIEW_REPORTS
        from quoin.insights.queries.figures import VIEW_REVENUE
        from quoin.insights.queries.scenarios import VIEW_SCENARIOS
        from quoin.insights.web.header import of_client, of_project
        from quoin.people.queries import VIEW as VIEW_PEOPLE
        from quoin.projects.queries import VIEW as VIEW_PROJECTS
        from quoin.timesheets.queries.access import VIEW_TIME

        nav.add(
            nav.Entry(
                "portfolio", "insight", _("Portfolio"), "insights:dashboard", "insight", VIEW_PORTFOLIO, 10, go="d"
            )
        )
        nav.add(nav.Entry("reports", "insight", _("Reports"), "insights:reports", "report", VIEW_REPORTS, 20))
        nav.add(nav.Entry("scenarios", "insight", _("Scenarios"), "insights:scenarios", "scenario", VIEW_SCENARIOS, 25))
        nav.add(nav.Entry("lines", "insight", _("Lines"), "insights:lines", "columns", VIEW_CHARGES, 30))
        nav.add(nav.Entry("figures", "insight", _("Figures"), "insights:figures", "figures", VIEW_REPORTS, 40))
        tabs.add("project", "money", _("Money"), "insights:project_money", VIEW_CHARGES, 40)
        tabs.add("project", "budget", _("Budget"), "insights:project_budget", VIEW_TIME, 50)
        tabs.add("project", "lines", _("Lines"), "insights:project_lines", VIEW_CHARGES, 70)
        tabs.add("person", "time", _("Time"), "insights:person_time", VIEW_TIME, 25)
        tabs.add("person", "rates", _("Rates and cost"), "insights:person_rates", VIEW_PEOPLE, 40)
        tabs.add("person", "history", _("Projects"), "insights:person_history", VIEW_PROJECTS, 60)
        tabs.add("client", "money", _("Money"), "insights:client_money", VIEW_REVENUE, 20)
        keyfigures.add("project", "insights", of_project)
        keyfigures.add("client", "insights", of_client)
