"""What the fork server loads before it forks: Django, all apps and routes, and no connection."""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_done: list[bool] = []


def ready() -> None:
    """Load the product once."""
    if _done:
        return
    _done.append(True)
    sys.path[:0] = [str(_ROOT / "src"), str(_ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quoin.site.settings")
    import django
    from django.conf import settings

    for database in settings.DATABASES.values():
        # A pool keeps threads, which a fork does not take along; each child opens one connection of its own.
        database["OPTIONS"].pop("pool", None)
    django.setup()
    from django.urls import get_resolver

    assert get_resolver().url_patterns


if os.environ.get("DATABASE_URL"):
    ready()
