"""The sidebar: each app registers its entries; the shell shows those that the actor may open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quoin.base.ui.doors import MayAsk, may_open

GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("me", _("Me")),
    ("work", _("Work")),
    ("people", _("People")),
    ("money", _("Money")),
    ("insight", _("Insight")),
    ("partners", _("Partners")),
    ("admin", _("Admin")),
)
# Entries of this group stand in the menu behind the avatar.
USER_GROUP = "user"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the sidebar. `go` is the second key of a `g` sequence; no permission means everybody."""

    key: str
    group: str
    label: str | Promise
    url_name: str
    icon: str
    permission: str = ""
    order: int = 100
    go: str = ""
    is_in_bottom_bar: bool = False
    also: str = ""
    """Another address under which pages of the entry live: a project's are below /p/."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the template shows it."""

    entry: Entry
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its links."""

    label: str | Promise
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Create:
    """A target of an `n` sequence: `n` then `key` opens the form."""

    key: str
    label: str | Promise
    url_name: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A fragment of the top bar that its app renders: the timer pill, the bell. Loaded after the page."""

    key: str
    url_name: str
    permission: str = ""
    event: str = ""


_entries: dict[str, Entry] = {}
_slots: dict[str, Slot] = {}
_creates: dict[str, Create] = {}


def add(entry: Entry) -> None:
    """Register; a second entry of the same key or go-key is a programming error."""
    if entry.group not in {*dict(GROUPS), USER_GROUP}:
        raise ValueError(f"{entry.group!r} is not a sidebar group")
    taken = [other.key for other in _entries.values() if entry.go and other.go == entry.go and other.key != entry.key]
    if taken or _entries.get(entry.key, entry) != entry:
        raise ValueError(f"sidebar entry {entry.key!r} or its key {entry.go!r} is taken")
    _entries[entry.key] = entry


def add_create(create: Create) -> None:
    """Register what `n` + key creates."""
    if _creates.get(create.key, create) != create:
        raise ValueError(f"the key n {create.key} is taken by {_creates[create.key].url_name}")
    _creates[create.key] = create


def add_slot(slot: Slot) -> None:
    """Register a fragment of the top bar; `event` is the browser event that reloads it."""
    _slots[slot.key] = slot


def slots(actor: MayAsk) -> tuple[tuple[Slot, str], ...]:
    """The fragments for the actor, with their URLs."""
    found = ((slot, address(slot.url_name)) for slot in tuple(_slots.values()) if _may(actor, slot.permission))
    return tuple((slot, url) for slot, url in found if url and may_open(actor, url))


def user_links(actor: MayAsk) -> tuple[Link, ...]:
    """The menu behind the avatar."""
    entries = sorted((e for e in _entries.values() if e.group == USER_GROUP), key=lambda e: (e.order, e.key))
    links = (
        Link(entry, address(entry.url_name), is_current=False) for entry in entries if _may(actor, entry.permission)
    )
    return tuple(link for link in links if link.url and may_open(actor, link.url))


def groups(actor: MayAsk, *paths: str) -> tuple[Group, ...]:
    """What the actor sees; the entry with the longest URL that starts the path is the current one.

    Further paths are tried where no entry leads to the first: a page below another address names its crumbs.
    """
    # The first address that is asked for loads the URL conf, and modules of pages register entries when they load.
    known = tuple(_entries.values())
    urls = {entry.key: address(entry.url_name) for entry in known}
    shown = sorted((entry for entry in known if _may(actor, entry.permission)), key=lambda e: (e.order, e.key))
    shown = [entry for entry in shown if urls[entry.key] and may_open(actor, urls[entry.key])]
    shown_urls = [urls[entry.key] for entry in shown]
    current = next(filter(None, (_current(shown_urls, path) for path in paths)), "") or next(
        (urls[entry.key] for entry in shown if entry.also and any(path.startswith(entry.also) for path in paths)), ""
    )
    links = [Link(entry, urls[entry.key], is_current=urls[entry.key] == current) for entry in shown]
    by_group = ((label, tuple(link for link in links if link.entry.group == key)) for key, label in GROUPS)
    return tuple(Group(label, members) for label, members in by_group if members)


def creates(actor: MayAsk) -> tuple[tuple[Create, str], ...]:
    """What the actor may create, with the URL."""
    found = (
        (create, address(create.url_name)) for create in tuple(_creates.values()) if _may(actor, create.permission)
    )
    return tuple((create, url) for create, url in found if url and may_open(actor, url))


def _may(actor: MayAsk, permission: str) -> bool:
    return not permission or actor.may(permission)


def _current(urls: Iterable[str], path: str) -> str:
    def leads(url: str) -> bool:
        return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))

    return max((url for url in urls if leads(url)), key=len, default="")


def address(name: str, *arguments: str) -> str:
    """The address of the name, or nothing: an app may be registered before its URLs are mounted, as in a test."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
