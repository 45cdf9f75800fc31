"""Django app that puts the others together once all of them are loaded."""

from django.apps import AppConfig
from typing_extensions import override


class SiteConfig(AppConfig):
    name = "quoin.site"
    label = "site"

    @override
    def ready(self) -> None:
        # Imported here because it reads models, which are loaded by now.
        from quoin.site.wiring import load_vocabulary, wire

        load_vocabulary()
        wire()
