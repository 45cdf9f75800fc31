"""Finds the Chromium that browser tests drive."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium on PATH: install Debian's chromium package or Google Chrome"


def chromium_path() -> str | None:
    """The program, or None; `$QUOIN_CHROMIUM` comes first."""
    chosen = os.environ.get("QUOIN_CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, NAMES)), None)
