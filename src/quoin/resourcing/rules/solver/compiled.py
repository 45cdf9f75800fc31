"""The one decorator for hot loops: compiled by numba, kept on disk, free of the interpreter lock.

Compiled code is kept beside the source, or in NUMBA_CACHE_DIR where the source cannot be written; the first use ever
compiles (half a minute), each later process loads (some tenths). `schedules.warm` does either before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

from quoin.resourcing.rules.solver.kept import folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

F = TypeVar("F", bound="Callable[..., Any]")

# Read by each use of the decorator; nothing else here uses numba, whose settings are made at import and have no types.
vars(numba.config)["CACHE_DIR"] = str(folder())


def compiled(function: F) -> F:
    return cast("F", numba.njit(cache=True, nogil=True)(function))
