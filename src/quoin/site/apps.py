"""Django app that puts the others together once all of them are loaded."""

import gc

from django.apps import AppConfig
from typing_extensions import override

_OBJECTS_BETWEEN_LOOKS = 50_000


class SiteConfig(AppConfig):
    name = "quoin.site"
    label = "site"

    @override
    def ready(self) -> None:
        # Imported here because it reads models, which are loaded by now.
        from quoin.site.palette import fill
        from quoin.site.wiring import load_vocabulary, wire

        load_vocabulary()
        wire()
        fill()
        _rest_the_collector()


def _rest_the_collector() -> None:
    """Look for circular garbage a hundred times less often, and never among what was loaded at the start.

    What a request or a billing run makes is freed by its reference count; looking through all of it again and again
    for circles takes a third of the time of a run over 40,000 entries.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, 20, 20)
