"""Tabs of detail pages: an app above adds a tab to a page below without the page knowing the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from quoin.base.ui.doors import MayAsk, may_open


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab; `url_name` takes the same URL arguments as the page itself."""

    key: str
    label: str | Promise
    url_name: str
    permission: str = ""
    order: int = 100
    is_within: Callable[[Any, Mapping[str, object]], bool] | None = None
    """Asked with the actor and the URL arguments, where the right may reach the page's thing and not the tab's."""


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab as the template shows it. `count` is shown when given."""

    key: str
    label: str | Promise
    url: str
    is_current: bool
    count: int | None = None


_tabs: dict[str, dict[str, Tab]] = {}


def add(  # noqa: PLR0917 - read as a table row
    page: str, key: str, label: str | Promise, url_name: str, permission: str = "", order: int = 100, *,
    is_within: Callable[[Any, Mapping[str, object]], bool] | None = None,
) -> None:  # fmt: skip
    """`add("project", "invoices", _("Invoices"), "billing:project_tab", "billing.invoice.view", 60)`."""
    tab = Tab(key, label, url_name, permission, order, is_within)
    registered = _tabs.setdefault(page, {})
    if registered.get(key, tab) != tab:
        raise ValueError(f"page {page!r} has a tab {key!r} already")
    registered[key] = tab


def links(
    page: str, actor: MayAsk, *, current: str, arguments: Mapping[str, object], counts: Mapping[str, int] | None = None
) -> tuple[TabLink, ...]:
    """The tabs the actor may open, in order."""
    shown = sorted(_tabs.get(page, {}).values(), key=lambda tab: (tab.order, tab.key))
    found = []
    for tab in shown:
        if tab.permission and not actor.may(tab.permission):
            continue
        try:
            url = reverse(tab.url_name, kwargs=dict(arguments))
        except NoReverseMatch:
            continue
        if not may_open(actor, url) or (tab.is_within is not None and not tab.is_within(actor, arguments)):
            continue
        found.append(TabLink(tab.key, tab.label, url, tab.key == current, (counts or {}).get(tab.key)))
    return tuple(found)
