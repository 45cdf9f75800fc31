"""What a question of the explainer means: a permission by name, or a thing by its public id."""

from __future__ import annotations

from collections.abc import Callable

from quoin.accounts.queries.things import thing_of
from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say


def asked(what: str) -> tuple[str, Callable[[Actor], bool] | None]:
    """The permission that decides and, for a thing, whether an actor reaches it."""
    if what in PERMISSIONS:
        return what, None
    thing = thing_of(what)
    if thing is None:
        raise NotFound(say("%(what)s is neither a permission nor the id of a thing.", what=repr(what)))
    return thing.permission, lambda actor: thing.is_visible(actor, what)
