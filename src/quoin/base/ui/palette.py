"""What the command palette searches: providers of hits, and actions. Apps add theirs; `/search` asks all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from quoin.base.ui import nav
from quoin.base.ui.doors import may_open

if TYPE_CHECKING:
    from quoin.base.actor import Actor

# `#` numbers of projects and documents, `@` persons, `$` invoices, `>` actions: as in the key map of the palette.
PREFIXES = (">", "#", "@", "$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A result. `kind` is the word in the first column; `rank` 0 is an exact number, 9 the vaguest match."""

    kind: str | Promise
    title: str
    url: str
    detail: str = ""
    icon: str = ""
    rank: int = 5


@dataclass(frozen=True, slots=True)
class Command:
    """An entry under `>`: opens the URL."""

    label: str | Promise
    url_name: str
    permission: str = ""
    icon: str = "arrow-right"
    keys: str = ""


Provider = Callable[["Actor", str], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class _Registered:
    provider: Provider
    prefix: str


_providers: dict[str, _Registered] = {}
_commands: dict[str, Command] = {}


def add_provider(key: str, provider: Provider, *, prefix: str = "") -> None:
    """Register a search; with a prefix it also answers that prefix alone (`@` persons, `$` invoices, `#` numbers)."""
    if prefix and prefix not in PREFIXES:
        raise ValueError(f"{prefix!r} is not a palette prefix; they are {' '.join(PREFIXES)}")
    _providers[key] = _Registered(provider, prefix)


def add_command(command: Command) -> None:
    """Register an action."""
    _commands[command.url_name] = command


def search(actor: Actor, text: str, *, limit: int = 12) -> tuple[Hit, ...]:
    """Hits in order of rank, at most `limit`; a leading prefix narrows the search."""
    prefix, typed = (text[0], text[1:].strip()) if text[:1] in PREFIXES else ("", text.strip())
    if prefix == ">":
        return commands(actor, typed)[:limit]
    if not typed:
        return ()
    asked = [found.provider for found in _providers.values() if not prefix or found.prefix == prefix]
    hits = [hit for provider in asked for hit in provider(actor, typed) if may_open(actor, hit.url)]
    if not prefix:
        hits.extend(commands(actor, typed))
    return tuple(sorted(hits, key=lambda hit: hit.rank)[:limit])


def commands(actor: Actor, text: str) -> tuple[Hit, ...]:
    """Pages of the sidebar, forms that create, and registered actions whose name holds every typed word."""
    words = text.casefold().split()
    return tuple(hit for hit in _all_commands(actor) if all(word in hit.title.casefold() for word in words))


def _all_commands(actor: Actor) -> Iterable[Hit]:
    for create, url in nav.creates(actor):
        yield Hit(_("New"), str(create.label), url, icon="plus", rank=7, detail=f"n {create.key}")
    for group in nav.groups(actor, ""):
        for link in group.links:
            keys = f"g {link.entry.go}" if link.entry.go else ""
            yield Hit(_("Go to"), str(link.entry.label), link.url, icon=link.entry.icon, rank=8, detail=keys)
    for command in tuple(_commands.values()):
        if command.permission and not actor.may(command.permission):
            continue
        try:
            url = reverse(command.url_name)
        except NoReverseMatch:
            continue
        if may_open(actor, url):
            yield Hit(_("Action"), str(command.label), url, icon=command.icon, rank=7, detail=command.keys)
