"""What an answer has read already, so that its parts need not ask again: kept for one read-only transaction.

Nothing in it can grow old, as nobody writes in that transaction, and nothing can reach another tenant or reader: a
transaction belongs to one tenant, and what is kept belongs to the actor that asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from quoin.base.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")
_kept: ContextVar[dict[Any, tuple[Actor, Any]] | None] = ContextVar("quoin_kept_reads", default=None)


@contextmanager
def keeping_reads() -> Iterator[None]:
    """Keep what `once` reads in the block; only for a transaction that cannot write."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(read: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """Read the same for the same actor one time in an answer; outside of read-only transactions each time.

    The arguments are hashable, and callers leave the result as it is. What raises is asked again.
    """

    @wraps(read)
    def asked(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        kept = _kept.get()
        if kept is None:
            return read(actor, *args, **kwargs)
        # The actor is kept with the answer, so that its identity cannot pass on to another one.
        key = (read, id(actor), args, frozenset(kwargs.items()))
        if key not in kept:
            kept[key] = (actor, read(actor, *args, **kwargs))
        found: R = kept[key][1]
        return found

    return asked
