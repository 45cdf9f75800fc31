"""Idempotency keys: the key, the effect and the stored answer are one transaction, so that a retry is always safe.

Codes as in the IETF draft: 400 a needed key is missing, 409 the first call still runs, 422 the key came with another
body. A failed call leaves no key: it changed nothing and may be sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from quoin.base.actor import Actor
from quoin.base.http.limits import caller_of
from quoin.base.http.models import IdempotencyKey
from quoin.kernel.errors import Conflict, DomainError, invalid
from quoin.kernel.words import say

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_LONGEST = 255
_BAD_REQUEST = 400


class KeyMissing(DomainError):
    """The call moves money: without a key a retry could do it twice."""

    code = "idempotency_key_missing"
    status = 400


class StillRunning(Conflict):
    """The first call with the key has not ended."""

    code = "idempotency_still_running"
    retryable = True


def once(
    request: HttpRequest, actor: Actor, run: Callable[[], HttpResponseBase], *, is_needed: bool
) -> HttpResponseBase:
    """The answer of the first call with this key: run now, or replayed."""
    key = request.headers.get(HEADER, "")
    if not key:
        if is_needed:
            raise KeyMissing(
                say(
                    "Send the header %(header)s with a value of your own, the same for every retry of this call.",
                    header=HEADER,
                )
            )
        return run()
    if len(key) > _LONGEST:
        raise invalid("/Idempotency-Key", say("The key is longer than %(longest)s characters.", longest=_LONGEST))
    caller, route = caller_of(request), f"{request.method} {request.path}"
    body = _fingerprint(request)
    _lock(f"{actor.tenant_id} {caller} {route} {key}")
    stored = IdempotencyKey.objects.filter(caller=caller, route=route, key=key).first()
    if stored is not None:
        return _replay(stored, body)
    response = run()
    if response.status_code < _BAD_REQUEST and isinstance(response, HttpResponse):
        IdempotencyKey.objects.create(
            key=key, route=route, caller=caller, body_sha256=body, status=response.status_code,
            response=response.content, content_type=response.get("Content-Type", ""), used_at=actor.now,
        )  # fmt: skip
    return response


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 52))", [name])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise StillRunning("The first call with this key is still running. Ask again in a moment.")


def _replay(stored: IdempotencyKey, body: str) -> HttpResponse:
    if stored.body_sha256 != body:
        raise invalid(
            "/Idempotency-Key", "The key was used with another body.", code="idempotency_key_reused",
            remedy="Use a new key for a new call.",
        )  # fmt: skip
    response = HttpResponse(bytes(stored.response), status=stored.status, content_type=stored.content_type)
    response[REPLAYED] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    digest.update(b"\n")
    digest.update(request.body)
    return digest.hexdigest()
