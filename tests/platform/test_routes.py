"""Deny by default: every address names the right it needs, or says that it is public."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from quoin.base.actions import PERMISSIONS
from quoin.base.http.document import operations
from quoin.site.api import api

LIBRARIES = ("allauth.", "ninja.")


def _views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def _is_library(view: object) -> bool:
    target = getattr(view, "func", view)
    return str(getattr(target, "__module__", "")).startswith(LIBRARIES)


def test_every_page_is_guarded_or_public() -> None:
    open_pages = [
        route
        for route, view in _views(get_resolver().url_patterns)
        if not (getattr(view, "is_guarded", False) or getattr(view, "is_public", False) or _is_library(view))
    ]

    assert open_pages == []


def test_every_operation_of_the_api_is_guarded() -> None:
    found = operations(api)

    assert [one.view_func.__name__ for one in found if not getattr(one.view_func, "is_guarded", False)] == []
    assert len(found) > 20


def test_every_permission_that_a_route_names_exists() -> None:
    named = {
        view.permission for _route, view in _views(get_resolver().url_patterns) if getattr(view, "permission", None)
    }
    named |= {one.view_func.permission for one in operations(api) if one.view_func.permission}

    assert named <= set(PERMISSIONS)
