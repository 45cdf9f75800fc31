"""Django app of catalog: its place in the sidebar."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class CatalogConfig(AppConfig):
    name = "quoin.catalog"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.ui import nav
        from quoin.catalog.queries import VIEW

        nav.add(nav.Entry("rates", "money", _("Rate cards"), "catalog:cards", "rate", VIEW, 70))
