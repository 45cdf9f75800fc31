"""Key figures of page headers: an app above says what a page below shows, without the page knowing the app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest

from quoin.base.ui.respond import KeyFigure

Provider = Callable[[HttpRequest, Any], Sequence[KeyFigure]]
_providers: dict[str, dict[str, Provider]] = {}


def add(page: str, key: str, provider: Provider) -> None:
    """`add("project", "money", figures_of_project)`: the provider takes the request and the thing shown."""
    _providers.setdefault(page, {})[key] = provider


def of(page: str, request: HttpRequest, thing: Any) -> tuple[KeyFigure, ...]:
    """The key figures of the thing, for the reader of the request."""
    return tuple(figure for provider in _providers.get(page, {}).values() for figure in provider(request, thing))
