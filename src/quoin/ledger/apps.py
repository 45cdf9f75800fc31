"""Django app of ledger: its place in the sidebar."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class LedgerConfig(AppConfig):
    name = "quoin.ledger"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.ui import nav
        from quoin.ledger.queries import VIEW

        nav.add(nav.Entry("ledger", "money", _("Books"), "ledger:balance", "period-close", VIEW, 80))
