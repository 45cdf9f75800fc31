"""Django app of clients: its place in the sidebar, tabs and palette."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class ClientsConfig(AppConfig):
    name = "quoin.clients"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.ui import nav, palette, tabs
        from quoin.clients.queries import VIEW
        from quoin.clients.queries.search import client_hits

        nav.add(nav.Entry("clients", "work", _("Clients"), "clients:clients", "client", VIEW, 20, go="c"))
        tabs.add("client", "overview", _("Overview"), "clients:client", VIEW, 10)
        palette.add_provider("clients", client_hits)
