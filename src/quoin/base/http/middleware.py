"""The request's actor and its one transaction.

A GET runs in a read-only transaction, anything else in one that is rolled back when the answer is an
error. Only the actor's tenant is visible inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from quoin.base.actor import Actor
from quoin.base.db.context import entered, tenant_transaction
from quoin.base.http.limits import Allowance, take_for
from quoin.base.http.problems import API_PREFIX, as_problem, respond
from quoin.kernel.errors import DomainError
from quoin.kernel.ids import uuid7

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SERVER_ERROR = 500


class Doorman(Protocol):
    """Finds out who asks."""

    def remembers(self, request: HttpRequest) -> bool:
        """Whether `enter` is worth a transaction."""

    def enter(self, request: HttpRequest, *, read_only: bool) -> Actor | None:
        """The actor, with the open transaction set to their tenant; None if `resolve` must decide."""

    def resolve(self, request: HttpRequest) -> Actor | None:
        """The actor, found in transactions of its own; None for a stranger."""


class RequestActor:
    """Middleware: sets `request.actor` (or None) and wraps the view in the tenant's transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.doorman: Doorman = import_string(settings.QUOIN_DOORMAN)()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid7()  # type: ignore[attr-defined]
        is_head = request.method == "HEAD" and request.path.startswith(API_PREFIX)
        if is_head:
            # The API's routes know GET only; the server sends the head of the same answer.
            request.method = "GET"
        response = as_problem(request, self._answer(request))
        if is_head:
            request.method = "HEAD"
        response["X-Request-Id"] = str(request.request_id)  # type: ignore[attr-defined]
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(settings.QUOIN_LINK_PATHS):
            request.actor = None  # type: ignore[attr-defined]
            return self.get_response(request)
        try:
            if self.doorman.remembers(request):
                with transaction.atomic():
                    read_only = _is_read(request)
                    actor = self.doorman.enter(request, read_only=read_only)
                    if actor is not None:
                        with entered(actor, read_only=read_only):
                            return self._seen_by(request, actor)
            actor = self.doorman.resolve(request)
            allowance = take_for(request)
        except DomainError as fault:
            return respond(request, fault)
        if actor is None:
            request.actor = None  # type: ignore[attr-defined]
            return self.get_response(request)
        with tenant_transaction(actor, read_only=request.method in SAFE):
            response = self._seen_by(request, actor)
        return _counted(response, allowance)

    def _seen_by(self, request: HttpRequest, actor: Actor) -> HttpResponseBase:
        """The view's answer, inside the transaction and in the actor's language and time zone."""
        actor = replace(actor, request_id=request.request_id)  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        with translation.override(actor.locale), timezone.override(actor.zone):
            response = self.get_response(request)
        if response.status_code >= _SERVER_ERROR or getattr(request, "must_roll_back", False):
            transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        request.must_roll_back = True  # type: ignore[attr-defined]
        return respond(request, exception)


def _is_read(request: HttpRequest) -> bool:
    """Whether the request may only read; a library's few pages that note on GET that they were seen may write."""
    return request.method in SAFE and not request.path.startswith(settings.QUOIN_WRITES_ON_GET)


def _counted(response: HttpResponseBase, allowance: Allowance | None) -> HttpResponseBase:
    if allowance is not None:
        response["RateLimit-Limit"] = str(allowance.limit)
        response["RateLimit-Remaining"] = str(allowance.remaining)
    return response
