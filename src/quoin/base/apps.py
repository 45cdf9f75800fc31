"""Django app of the platform."""

from django.apps import AppConfig
from typing_extensions import override

from quoin.kernel.words import speak_with


class BaseConfig(AppConfig):
    name = "quoin.base"
    label = "base"

    @override
    def ready(self) -> None:
        # Imported here: it needs the settings, which this module must not wait for.
        from quoin.base.ui.words import CatalogueSpeaker

        speak_with(CatalogueSpeaker())
