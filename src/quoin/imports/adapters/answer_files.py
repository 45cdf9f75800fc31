"""Reads a file of answers (`--map`): what columns and names mean, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quoin.kernel.errors import invalid
from quoin.kernel.words import say

_MOST = 1_000_000


def read_answers(path: Path) -> dict[str, Any]:
    """The object in the file; Invalid with what is wrong."""
    try:
        if path.stat().st_size > _MOST:
            raise invalid("/map", say("%(path)s is too big for a file of answers.", path=path.name))
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise invalid(
            "/map", say("%(path)s cannot be read: %(error)s.", path=path.name, error=error.strerror)
        ) from error
    except (ValueError, RecursionError) as error:
        raise invalid("/map", say("%(path)s is not JSON: %(error)s.", path=path.name, error=error)) from error
    if not isinstance(found, dict):
        raise invalid(
            "/map", say('%(path)s must hold an object, as {"columns": {"Worker": "person"}}.', path=path.name)
        )
    return found
