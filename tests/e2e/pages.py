"""Every page of the product, found in the URL conf: a new one is looked at from the moment that it exists.

Which thing a parameter names is found by asking, without a screen, until the page answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

from quoin.kernel.ids import public_id

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from django.test import Client as Browser

    from tests.e2e.firm import Firm

_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_LIBRARIES = ("allauth.", "ninja.")
_OK = 200
_UNKNOWN = {404, 422}
_MOST_TRIES = 200


def areas() -> list[str]:
    """The apps that have pages."""
    return sorted({area for area, _pattern in _patterns()})


def pages_of(area: str, firm: Firm) -> list[str]:
    """The addresses of an app's pages; fragments, downloads and addresses that only take forms are left out."""
    browser = firm.browser()
    return [path for found, pattern in _patterns() if found == area for path in _paths(pattern, area, firm, browser)]


@cache
def _patterns() -> tuple[tuple[str, str], ...]:
    return tuple((_area(view), pattern) for pattern, view in _walk(get_resolver().url_patterns) if _is_ours(view))


def _is_ours(view: Any) -> bool:
    return getattr(view, "is_guarded", False) or getattr(view, "is_public", False)


def _area(view: Any) -> str:
    return str(view.__module__).removeprefix("quoin.").split(".")[0]


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith("api/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def _paths(pattern: str, area: str, firm: Firm, browser: Browser) -> list[str]:
    """The address for each thing of the kind that the page shows; none if it is no page."""
    parameters = list(_PARAMETER.finditer(pattern))
    choices = [_candidates(match, area, pattern, firm) for match in parameters]
    for kinds in islice(product(*choices), _MOST_TRIES):
        paths = _filled(pattern, kinds)
        answers = [browser.get(path) for path in paths]
        if any(answer.status_code not in _UNKNOWN for answer in answers):
            return [path for path, answer in zip(paths, answers, strict=True) if _is_page(answer)]
    return []


def _filled(pattern: str, kinds: tuple[tuple[str, ...], ...]) -> list[str]:
    texts = _PARAMETER.sub("\0", pattern).split("\0")
    chosen = [(*(kind[number % len(kind)] for kind in kinds), "") for number in range(max(map(len, kinds), default=1))]
    return ["/" + "".join(text + value for text, value in zip(texts, values, strict=True)) for values in chosen]


def _is_page(answer: HttpResponseBase) -> bool:
    is_html = answer.get("Content-Type", "").startswith("text/html")
    return answer.status_code == _OK and is_html and b"</html>" in b"".join(answer)


def _candidates(match: re.Match[str], area: str, pattern: str, firm: Firm) -> list[tuple[str, ...]]:
    from django.apps import apps

    home = {model.prefix: model._meta.app_label for model in apps.get_models() if hasattr(model, "prefix")}
    ordered = sorted(firm.ids, key=lambda prefix: (home[prefix] != area, not match["name"].startswith(prefix)))
    if match["kind"] == "uuid":
        return [tuple(map(str, firm.ids[prefix])) for prefix in ordered]
    ids = [tuple(public_id(prefix, value) for value in firm.ids[prefix]) for prefix in ordered]
    words: list[tuple[str, ...]] = [(word,) for word in firm.words]
    return words + ids if match["name"] in {"number", "week", "day", "key", "month", "list_key"} else ids + words
