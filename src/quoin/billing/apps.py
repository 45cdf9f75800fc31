"""Django app of billing: its place in the sidebar, tabs, palette and My day."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class BillingConfig(AppConfig):
    name = "quoin.billing"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.ui import nav, needs, palette, tabs
        from quoin.billing.queries import VIEW as VIEW_CHARGES
        from quoin.billing.queries.invoices import VIEW, billing_needs, invoice_hits
        from quoin.billing.queries.packs import VIEW as VIEW_PACKS
        from quoin.billing.queries.packs import pack_needs
        from quoin.billing.queries.receivables import VIEW as VIEW_PAYMENTS
        from quoin.catalog.queries import VIEW as VIEW_RATES
        from quoin.sales.queries import VIEW as VIEW_CONTRACTS

        nav.add(nav.Entry("unbilled", "money", _("Unbilled"), "billing:unbilled", "unbilled", VIEW_CHARGES, 10, go="b"))
        nav.add(nav.Entry("billing_runs", "money", _("Billing runs"), "billing:runs", "billing-run", VIEW, 20))
        nav.add(nav.Entry("invoices", "money", _("Invoices"), "billing:invoices", "invoice", VIEW, 30))
        money_in = nav.Entry(
            "receivables",
            "money",
            _("Receivables"),
            "billing:receivables",
            "receivables",
            VIEW_PAYMENTS,
            40,
            also="/payments",
        )
        nav.add(money_in)
        tabs.add("client", "invoices", _("Invoices"), "billing:client_tab", VIEW, 60)
        tabs.add("project", "invoices", _("Invoices"), "billing:project_tab", VIEW, 60)
        nav.add(nav.Entry("retainers", "money", _("Retainers"), "billing:retainers", "refresh", VIEW_CONTRACTS, 65))
        nav.add(nav.Entry("packs", "money", _("Prepaid packs"), "billing:packs", "pack", VIEW_PACKS, 66))
        tabs.add("contract", "packs", _("Prepaid packs"), "billing:contract_packs", VIEW_PACKS, 35)
        tabs.add("project", "rates", _("Rates"), "billing:project_rates", VIEW_RATES, 65)
        tabs.add("contract", "rates", _("Rates"), "billing:contract_rates", VIEW_RATES, 30)
        palette.add_provider("invoices", invoice_hits, prefix="$")
        needs.add("billing", billing_needs)
        needs.add("packs", pack_needs)
