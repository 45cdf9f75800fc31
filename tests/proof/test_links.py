"""Nobody is shown a door that does not open: every link and every form that a standard role meets on its way lets it in.

A walk without a screen, from the page where the role starts, over the links of each page that it finds. Links from
one kind of page to another are tried a few times each: they differ by what the page shows, not by how it is built.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client as Browser
from django.urls import Resolver404, resolve, reverse
from typing_extensions import override

from quoin.base.actor import Actor
from quoin.base.ui.doors import may_open
from tests.proof.estate import ALL_RIGHTS, ROLE_NAMES, estates

_MOST_PAGES = 900
_TRIES = 2
"""How often a link from one kind of page to another is followed: nearly always it leads to near and to far things."""
_SKIPPED = ("/static/", "/assets/", "/login/logout", "/api/")
_REFUSED = 400
_SAYS_WHAT_TO_DO = 409
"""A page whose thing moved on meanwhile: an answer, not a shut door."""
_HOME = "quoin.test"


class _Doors(HTMLParser):
    """Addresses that a page leads to, and those that its forms send to: a form without a button sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.config = ""
        self._is_config = False
        self._form: dict[str, str] = {}

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._is_config = tag == "script" and given.get("id") == "ui-config"
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form":
            self._form = given
        if tag == "button" and given.get("type") != "button" and "disabled" not in given:
            self._send(given)
        self.links += [given[name] for name in ("hx-get", "data-href", "data-next") if name in given]
        self.forms += [given[name] for name in ("hx-post", "hx-patch", "hx-delete") if name in given]

    def _send(self, button: dict[str, str]) -> None:
        target = button.get("formaction", self._form.get("action", ""))
        method = button.get("formmethod", self._form.get("method", "get"))
        (self.forms if method.lower() == "post" else self.links).append(target)

    @override
    def handle_data(self, data: str) -> None:
        if self._is_config:
            self.config += data

    @override
    def handle_endtag(self, tag: str) -> None:
        self._is_config = False
        if tag == "form":
            self._form = {}

    @property
    def keys(self) -> list[str]:
        """Where `g` and `n` sequences lead."""
        found = json.loads(self.config) if self.config else {}
        return [each["url"] for name in ("go", "create") for each in found.get(name, ())]


@dataclass
class Walk:
    """What one member met: how many pages, and which doors were shut."""

    browser: Browser
    actor: Actor | None
    faults: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    tried: Counter[tuple[str, ...]] = field(default_factory=Counter)
    waiting: deque[tuple[str, str]] = field(default_factory=deque)

    def along(self, *starts: str) -> Walk:
        self.waiting.extend(("the start", start) for start in starts)
        while self.waiting and len(self.seen) < _MOST_PAGES:
            source, url = self.waiting.popleft()
            if url not in self.seen:
                self.seen.add(url)
                self._open(source, url)
        return self

    def _open(self, source: str, url: str) -> None:
        response = self.browser.get(url, headers={"host": _HOME})
        if response.status_code >= _REFUSED and response.status_code != _SAYS_WHAT_TO_DO:
            self.faults.add(f"{source} leads to {url}, which answers {response.status_code}")
        elif location := response.get("Location"):
            self._meet(source, url, location)
        elif response.get("Content-Type", "").startswith("text/html"):
            self._look_around(url, response)

    def _look_around(self, url: str, response: HttpResponseBase) -> None:
        doors = _Doors()
        doors.feed(b"".join(response).decode())
        source = _route(url)
        for link in (*doors.links, *doors.keys):
            self._meet(source, url, link)
        for form in doors.forms:
            target = urljoin(url, form)
            if not may_open(self.actor, target):
                self.faults.add(f"{source} has a form to {_route(target)}, which would be refused")

    def _meet(self, source: str, url: str, link: str) -> None:
        target = urlsplit(urljoin(url, link))
        if target.scheme not in {"", "http"} or target.netloc not in {"", _HOME} or target.path.startswith(_SKIPPED):
            return
        address = target.path + (f"?{target.query}" if target.query else "")
        names = tuple(sorted({name for name, _value in parse_qsl(target.query, keep_blank_values=True)}))
        route = _route(address)
        # A page that leads to itself shows another order or part of the same; only things have a near and a far one.
        way = (source, route) if source == route else (source, route, *names)
        tries = _TRIES if "<" in route and source != route else 1
        if address not in self.seen and self.tried[way] < tries:
            self.tried[way] += 1
            self.waiting.append((source, address))


def _route(url: str) -> str:
    try:
        return "/" + str(resolve(urlsplit(url).path).route)
    except Resolver404:
        return urlsplit(url).path


@cache
def walk_of(role: str) -> Walk:
    estate = estates()[0]
    browser = estate.browser(role)
    return Walk(browser, estate.members[role]).along("/", *_landings(role), *_palette(browser, estate.sign))


def _landings(role: str) -> Iterator[str]:
    from quoin.accounts.rules.standard_roles import BY_KEY

    if role in BY_KEY:
        yield reverse(BY_KEY[role].landing)


def _palette(browser: Browser, sign: str) -> Iterator[str]:
    """Everything that the palette offers: all its actions, and hits on the firm's things."""
    for asked in (">", sign, f"#{sign}", f"@{sign}", f"${sign}"):
        answer: Any = browser.get("/search", {"q": asked}, headers={"host": _HOME})
        assert answer.status_code < _REFUSED
        doors = _Doors()
        doors.feed(answer.content.decode())
        yield from (link for link in doors.links if link.startswith("/") and not link.startswith(_SKIPPED))


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, _HOME]


@pytest.mark.parametrize("role", [*ROLE_NAMES, ALL_RIGHTS])
def test_every_door_that_a_role_is_shown_opens(role: str) -> None:
    walk = walk_of(role)

    assert not walk.faults, f"{role}:\n" + "\n".join(sorted(walk.faults))
    assert len(walk.seen) > 20


def test_the_walk_reaches_the_product() -> None:
    """What nobody can reach by links is not under this test; most of the pages must be."""
    routes = {_route(url) for url in walk_of(ALL_RIGHTS).seen}

    assert len(routes) > 100, sorted(routes)


def test_a_client_with_a_link_finds_no_shut_door() -> None:
    secret = estates()[0].words["near:secret"]

    walk = Walk(Browser(raise_request_exception=False), None).along(reverse("portal:invoice", args=[secret]))

    assert not walk.faults, "\n".join(sorted(walk.faults))
    assert len(walk.seen) > 1


def test_a_shut_door_is_found() -> None:
    """The seeded fault: the walk of somebody who is let in nowhere complains at once."""
    estate = estates()[0]
    walk = Walk(estate.browser("consultant"), estate.members["consultant"])

    walk.along(reverse("billing:unbilled"), "/nowhere")

    assert {fault.rpartition(" ")[2] for fault in walk.faults} == {"403", "404"}
