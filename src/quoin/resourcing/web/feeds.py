"""The calendar feed behind an address that nobody can guess: no sign-in, limited in how often it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quoin.base.actor import Scope
from quoin.base.db.context import tenant_transaction
from quoin.base.http.limits import TooManyRequests, take
from quoin.base.http.views import public
from quoin.kernel.errors import NotFound
from quoin.resourcing.actions.feeds import NOTE, note_reading
from quoin.resourcing.adapters.ical import feed_text
from quoin.resourcing.queries import feeds

_PER_SECOND, _BURST = 1, 60
_NOTED_EVERY = timedelta(days=1)


@public
@require_safe
def feed(_request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar as text; nothing at all for an address that is unknown or revoked."""
    try:
        take(f"ical:{feeds.digest_of(secret)}", per_second=_PER_SECOND, burst=_BURST)
        actor, found = feeds.feed_behind(secret)
        with tenant_transaction(actor, read_only=True):
            name, entries = feeds.entries_of(actor, found)
        if found.last_read_at is None or actor.now - found.last_read_at > _NOTED_EVERY:
            noting = replace(actor, grants={NOTE: Scope.OWN})
            note_reading(noting, feed_id=found.id)
    except NotFound:
        return _private(HttpResponse("Not found\n", status=404, content_type="text/plain"))
    except TooManyRequests as fault:
        refused = HttpResponse("Too many requests\n", status=429, content_type="text/plain")
        refused["Retry-After"] = str(fault.wait_seconds)
        return _private(refused)
    response = HttpResponse(feed_text(name, entries), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="quoin.ics"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
