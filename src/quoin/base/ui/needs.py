"""Rows of "Needs you" on My day: each app says what waits for the actor, the page ranks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quoin.base.ui.doors import may_open
from quoin.base.ui.icons import Meaning

if TYPE_CHECKING:
    from quoin.base.actor import Actor


@dataclass(frozen=True, slots=True)
class Need:
    """One sentence, at most one figure, one button. A lower `rank` stands higher."""

    sentence: str
    url: str
    verb: str
    figure: str = ""
    meaning: Meaning = Meaning.NEUTRAL
    rank: int = 50


Provider = Callable[["Actor"], Iterable[Need]]
_providers: dict[str, Provider] = {}


def add(key: str, provider: Provider) -> None:
    """Register a provider."""
    _providers[key] = provider


def needs(actor: Actor, *, limit: int = 8) -> tuple[Need, ...]:
    """What waits for the actor, most urgent first."""
    found = [need for provider in _providers.values() for need in provider(actor) if may_open(actor, need.url)]
    return tuple(sorted(found, key=lambda need: need.rank)[:limit])
