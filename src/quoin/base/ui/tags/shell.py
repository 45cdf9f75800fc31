"""Tags of the shell around every page, and the htmx attributes of what stands in it."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from quoin.base.ui import nav
from quoin.base.ui.client import client_config
from quoin.base.ui.context import looks_of
from quoin.base.ui.doors import may_open

register = template.Library()


@register.inclusion_tag("ui/parts/sidebar.html", takes_context=True)
def sidebar(context: Context) -> dict[str, Any]:
    """The groups that the actor may open."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if request is None or actor is None:
        return {"groups": (), "request": request}
    return {"groups": nav.groups(actor, request.path, *_crumb_paths(context)), "request": request}


def _crumb_paths(context: Context) -> tuple[str, ...]:
    screen = context.get("screen")
    return tuple(
        str(url).partition("?")[0] for _label, url in (context.get("crumbs") or getattr(screen, "crumbs", None) or ())
    )


@register.inclusion_tag("ui/parts/crumbs.html", takes_context=True)
def crumbs(context: Context) -> dict[str, Any]:
    """The way back: what the view names, else the entry of the sidebar that leads here."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    screen = context.get("screen")
    title = getattr(screen, "title", "") or context.get("title", "")
    named = context.get("crumbs") or getattr(screen, "crumbs", None) or ()
    if not named and request is not None and actor is not None:
        links = (link for group in nav.groups(actor, request.path) for link in group.links)
        named = [(link.entry.label, link.url) for link in links if link.is_current and link.url != request.path]
        named = [(label, url) for label, url in named if url != "/" and str(label) != str(title)]
    return {"crumbs": [(label, url) for label, url in named if may_open(actor, str(url))], "title": title}


@register.inclusion_tag("ui/parts/frames.html", takes_context=True)
def frames(context: Context) -> dict[str, Any]:
    """What frames the whole page: view-as, the demo ribbon, the offline banner."""
    is_demo = bool(getattr(settings, "IS_DEMO", False))
    return {"request": context.get("request"), "leave_view_url": context.get("leave_view_url"), "is_demo": is_demo}


@register.inclusion_tag("ui/parts/topbar_end.html", takes_context=True)
def topbar_end(context: Context) -> dict[str, Any]:
    """Timer, bell, help and the menu of the user."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"request": request, "actor": None}
    initials = "".join(part[0] for part in str(actor.name).split()[:2]).upper()
    links = nav.user_links(actor)
    return {"request": request, "actor": actor, "initials": initials, "slots": nav.slots(actor), "links": links}


@register.inclusion_tag("ui/parts/bottombar.html", takes_context=True)
def bottombar(context: Context) -> dict[str, Any]:
    """The five places within thumb's reach on a phone."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    groups = nav.groups(actor, request.path) if request is not None and actor is not None else ()
    links = [link for group in groups for link in group.links if link.entry.is_in_bottom_bar]
    return {"links": links[:3]}


@register.simple_tag(takes_context=True)
def looks(context: Context) -> SafeString:
    """`<html{% looks %}>`: theme, density, shortcuts and week start as data attributes, so that nothing flashes."""
    found = looks_of(context.get("request"))
    if address := context.get("preferences_url"):
        found["preferences"] = address
    return format_html_join("", ' data-{}="{}"', found.items())


@register.simple_tag(takes_context=True)
def ui_config(context: Context) -> SafeString:
    """Texts and key sequences for the scripts, as data and not as code."""
    return client_config(context.get("request"))


def _hx(method: str, url: str, options: dict[str, Any]) -> SafeString:
    names = {"push": "push-url", "on": "trigger", "disable": "disabled-elt"}
    pairs = [(method, url)] + [
        (names.get(name, name), value) for name, value in options.items() if value not in {None, ""}
    ]
    return format_html_join(" ", 'hx-{}="{}"', [(name, "true" if value is True else value) for name, value in pairs])


@register.simple_tag
def hx_get(url: str, **options: Any) -> SafeString:
    """`<a href="{{ url }}" {% hx_get url target="#list" swap="morph" push=True %}>`."""
    return _hx("get", url, options)


@register.simple_tag
def hx_post(url: str, **options: Any) -> SafeString:
    """Options of all four: target, swap, trigger, confirm, push, include, sync, indicator, vals, disable."""
    return _hx("post", url, options)


@register.simple_tag
def hx_patch(url: str, **options: Any) -> SafeString:
    return _hx("patch", url, options)


@register.simple_tag
def hx_delete(url: str, **options: Any) -> SafeString:
    return _hx("delete", url, options)
