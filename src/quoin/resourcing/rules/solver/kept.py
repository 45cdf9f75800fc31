"""Where compiled code is kept: a folder per state of the solver's sources.

numba looks only at the file of a function to see whether what it compiled is still true, not at the files of what that
function calls. After an update in place it would load code for another layout of the same values, and crash. A folder
named by a digest of all sources cannot be stale.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

_RULES = Path(__file__).parents[1]
_PARTS = ("multiskill", "rcpsp", "solver")
_DIGITS = 16
_MARK = "complete"


@cache
def folder() -> Path:
    """Beside the sources, or in NUMBA_CACHE_DIR. Not made by asking."""
    digest = hashlib.sha256()
    for part in _PARTS:
        for source in sorted((_RULES / part).glob("*.py")):
            digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    root = os.environ.get("NUMBA_CACHE_DIR") or str(Path(__file__).parent / "__pycache__")
    return Path(root) / f"solver-{digest.hexdigest()[:_DIGITS]}"


def is_complete() -> bool:
    """Whether `schedules.warm` ended here once, so that nothing is left to compile."""
    return (folder() / _MARK).exists()


def mark_complete() -> None:
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / _MARK).touch()
