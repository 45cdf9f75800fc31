"""Which pages somebody may open, so that a link is shown to those alone whom its page lets in.

A page names its permission once, in `@page`; a link to it asks here and needs no rule of its own.
"""

from __future__ import annotations

import re
from typing import Protocol

from django.conf import settings
from django.urls import Resolver404, resolve

from quoin.base.actor import Scope
from quoin.base.figures.registry import FIGURES

_NAMED = re.compile(r"[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
_LINES = re.compile(r"/figures/(?P<key>[\w.]+)/lines")
_MOST_SHAPES = 4096
_OPEN = ""
_permissions: dict[tuple[str, str], tuple[str, Scope]] = {}


class MayAsk(Protocol):
    """What a door needs of an actor."""

    def may(self, permission: str, scope: Scope = ..., /) -> bool: ...


def may_open(actor: MayAsk | None, url: str) -> bool:
    """Whether the page behind the address lets the actor in; an address that is no page of ours stays as it is.

    Which single things are visible is for the query that found them to say: this asks for the page's permission only.
    """
    path = url.partition("#")[0].partition("?")[0]
    if actor is None or not path.startswith("/"):
        return True
    if lines := _LINES.fullmatch(path):
        return may_ask(actor, lines["key"])
    permission, scope = _permission_of(path)
    return permission == _OPEN or (actor.may(permission) if scope is Scope.OWN else actor.may(permission, scope))


def may_ask(actor: MayAsk | None, key: str) -> bool:
    """Whether the actor may open the lines of the figure, and so of all the figures that it is made of."""
    figure = FIGURES.get(key)
    if actor is None or figure is None:
        return True
    return actor.may(figure.permission) and all(may_ask(actor, part) for _sign, part in figure.parts)


def passable(actor: MayAsk | None, url: str) -> str:
    """The address, or nothing for those whom its page would turn away."""
    return url if url and may_open(actor, url) else ""


def _permission_of(path: str) -> tuple[str, Scope]:
    """The permission that the page asks for, and how far it must reach.

    Lists show one address a row: what differs by id is looked up once.
    """
    shape = (settings.ROOT_URLCONF, _NAMED.sub("0", path))
    if shape not in _permissions:
        if len(_permissions) >= _MOST_SHAPES:
            _permissions.clear()
        _permissions[shape] = _read(path)
    return _permissions[shape]


def _read(path: str) -> tuple[str, Scope]:
    try:
        view = resolve(path).func
    except Resolver404:
        return _OPEN, Scope.OWN
    return str(getattr(view, "permission", None) or _OPEN), getattr(view, "scope", Scope.OWN)
