"""Which hashed file stands behind a logical asset name.

The bundler writes `manifest.json` beside its files in `settings.ASSETS_DIR`; without it the plain name is used.
"""

from __future__ import annotations

import json
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


@lru_cache(maxsize=2)
def _names(folder: Path, _second: int) -> dict[str, str]:
    # A page asks for a hundred names; whether there is a new build is looked up once a second.
    path = Path(folder) / "manifest.json"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


def url(name: str) -> str:
    """The address of `app.css` as served; re-reads the manifest when a new build replaces it."""
    names = _names(settings.ASSETS_DIR, int(time.monotonic()))
    return f"{settings.STATIC_URL}{names.get(name, name)}"
