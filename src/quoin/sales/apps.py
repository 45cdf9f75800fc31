"""Django app of sales: its place in the sidebar."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class SalesConfig(AppConfig):
    name = "quoin.sales"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.ui import nav, tabs
        from quoin.sales.queries import VIEW

        nav.add(nav.Entry("contracts", "money", _("Contracts"), "sales:contracts", "contract", VIEW, 60))
        nav.add_create(nav.Create("k", _("Contract"), "sales:contract_new", "sales.contract.create"))
        tabs.add("contract", "overview", _("Overview"), "sales:contract", VIEW, 10)
