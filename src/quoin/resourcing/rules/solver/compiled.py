"""The one decorator for hot loops: compiled by numba, kept on disk, free of the interpreter lock.

Compiled code is kept beside the source, or in NUMBA_CACHE_DIR where the source cannot be written; the first use ever
compiles (some seconds), each later process loads (some tenths). `schedules.warm` does either before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

F = TypeVar("F", bound="Callable[..., Any]")


def compiled(function: F) -> F:
    return cast("F", numba.njit(cache=True, nogil=True)(function))
