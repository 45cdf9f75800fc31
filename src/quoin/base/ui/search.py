"""`/search`: the results of the palette as JSON, and as a page for those who come without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from quoin.base.ui import palette, respond

if TYPE_CHECKING:
    from django.http import HttpRequest

_PALETTE = 12
_PAGE = 50


def search(request: HttpRequest) -> HttpResponse:
    """Answer `?q=`; with `format=json` the few best hits, else a page with more."""
    actor: Any = request.actor  # type: ignore[attr-defined]  # set by the actor middleware
    text = request.GET.get("q", "")[:200]
    if request.GET.get("format") == "json":
        hits = palette.search(actor, text, limit=_PALETTE)
        return JsonResponse({"results": [_as_json(hit) for hit in hits]})
    hits = palette.search(actor, text, limit=_PAGE)
    return respond.page(request, "ui/search.html", {"title": _("Search"), "text": text, "hits": hits})


def _as_json(hit: palette.Hit) -> dict[str, str]:
    return {"kind": str(hit.kind), "title": hit.title, "url": hit.url, "detail": hit.detail, "icon": hit.icon}
