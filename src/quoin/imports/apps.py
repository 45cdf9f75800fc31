"""Django app of imports: its place in the sidebar, and the personal data it holds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class ImportsConfig(AppConfig):
    name = "quoin.imports"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base import privacy
        from quoin.base.ui import nav
        from quoin.imports.queries import VIEW

        nav.add(nav.Entry("imports", "admin", _("Import"), "imports:history", "upload", VIEW, 20))
        privacy.declare("imports_importline", "Proof of what was imported", "person")
        privacy.declare("imports_importfile", "Import that waits to be applied", "content")
