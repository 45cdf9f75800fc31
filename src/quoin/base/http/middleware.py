"""The request's actor and its one transaction.

A GET runs in a read-only transaction, anything else in one that is rolled back when the answer is an
error. Only the actor's tenant is visible inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from quoin.base.actor import Actor
from quoin.base.db.context import tenant_transaction
from quoin.base.http.limits import Allowance, take_for
from quoin.base.http.problems import as_problem, respond
from quoin.kernel.errors import DomainError
from quoin.kernel.ids import uuid7

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SERVER_ERROR = 500


class RequestActor:
    """Middleware: sets `request.actor` (or None) and wraps the view in the tenant's transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.resolve: Callable[[HttpRequest], Actor | None] = import_string(settings.QUOIN_ACTOR_RESOLVER)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid7()  # type: ignore[attr-defined]
        response = as_problem(request, self._answer(request))
        response["X-Request-Id"] = str(request.request_id)  # type: ignore[attr-defined]
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            actor = self.resolve(request)
            allowance = take_for(request)
        except DomainError as fault:
            return respond(request, fault)
        if actor is not None:
            actor = replace(actor, request_id=request.request_id)  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        if actor is None:
            return self.get_response(request)
        with translation.override(actor.locale), timezone.override(actor.zone):
            return _counted(self._inside(request, actor), allowance)

    def _inside(self, request: HttpRequest, actor: Actor) -> HttpResponseBase:
        with tenant_transaction(actor, read_only=request.method in SAFE):
            response = self.get_response(request)
            if response.status_code >= _SERVER_ERROR or getattr(request, "must_roll_back", False):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        request.must_roll_back = True  # type: ignore[attr-defined]
        return respond(request, exception)


def _counted(response: HttpResponseBase, allowance: Allowance | None) -> HttpResponseBase:
    if allowance is not None:
        response["RateLimit-Limit"] = str(allowance.limit)
        response["RateLimit-Remaining"] = str(allowance.remaining)
    return response
