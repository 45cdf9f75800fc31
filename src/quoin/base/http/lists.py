"""A declared list as an answer of the API, encoded without a detour through models of the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from quoin.base.actor import Actor
from quoin.base.http.wire import encode
from quoin.base.listing import Listing, Page, page_of, parse
from quoin.base.listing.query import pairs_of

_NOT_FILTERS = frozenset({"fields", "dry_run", "as_of", "expand"})


def list_page(request: HttpRequest, listing: Listing, rows: QuerySet[Any, Any]) -> Page:
    """The page that the query string asks for; Invalid names each parameter that is not understood."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # operations run with a known actor
    pairs = [pair for pair in pairs_of(request.GET) if pair[0] not in _NOT_FILTERS]
    return page_of(listing, rows, parse(listing, pairs, on=actor.today), with_totals=False)


def list_response(
    request: HttpRequest, listing: Listing, rows: QuerySet[Any, Any], write: Callable[[Any], dict[str, Any]]
) -> HttpResponse:
    """`{"data": [...], "has_more", "next_cursor", "total_estimate"}`; `fields=a,b` keeps only those of each row."""
    page = list_page(request, listing, rows)
    wanted = frozenset(filter(None, request.GET.get("fields", "").split(",")))
    found = [write(row) for row in page.rows]
    if wanted:
        found = [{name: value for name, value in row.items() if name in wanted or name == "id"} for row in found]
    answer = {
        "data": found,
        "has_more": bool(page.next_cursor),
        "next_cursor": page.next_cursor or None,
        "total_estimate": page.count,
    }
    return HttpResponse(encode(answer), content_type="application/json")
