"""Kinds of things with a public id: which right opens them, and how to ask whether somebody sees one.

The explainer ("why can X not see Y") asks here; `site.wiring` declares the kinds of the apps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quoin.base.actor import Actor
from quoin.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind: prefix of its ids, word for it, permission to read, and a query that raises NotFound if not visible."""

    prefix: str
    label: Any
    permission: str
    find: Callable[[Actor, str], object]

    def is_visible(self, actor: Actor, public_id: str) -> bool:
        try:
            self.find(actor, public_id)
        except (DomainError, ValueError):
            return False
        return True


THINGS: dict[str, Thing] = {}


def declare_thing(thing: Thing) -> None:
    """Register a kind of thing."""
    THINGS[thing.prefix] = thing


def thing_of(public_id: str) -> Thing | None:
    """The kind that the id belongs to."""
    return THINGS.get(public_id.rpartition("_")[0])
