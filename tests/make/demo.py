"""The small demo company, loaded once for all tests of one process: its name is taken once in a database."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from quoin.site.demo import Loaded, load

DEMO_NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


@cache
def loaded_demo() -> Loaded:
    return load(scale=0.05, now=DEMO_NOW)
