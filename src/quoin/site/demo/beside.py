"""What does not wait for the database: read on one core while the server works on the other."""

from __future__ import annotations

from threading import Thread

from django.urls import get_resolver


def read_routes() -> None:
    """Begin to read the routes of all apps; the reports at the end of the load name the pages of their lines."""
    Thread(target=_read, name="demo-routes", daemon=True).start()


def _read() -> None:
    _ = get_resolver().app_dict
