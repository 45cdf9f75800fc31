"""Django app of revenue: its place in the sidebar, and its tab on contracts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class RevenueConfig(AppConfig):
    name = "quoin.revenue"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.ui import nav, tabs
        from quoin.revenue.queries import VIEW

        nav.add(nav.Entry("revenue", "money", _("Revenue"), "revenue:plan", "chart", VIEW, 75))
        tabs.add("contract", "revenue", _("Revenue"), "revenue:contract", VIEW, 40)
