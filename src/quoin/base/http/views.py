"""@page: how a screen says which right it needs. A route without one is refused by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import Forbidden, NotFound, invalid
from quoin.kernel.ids import from_public_id

P = ParamSpec("P")
View = Callable[Concatenate["ActorRequest", P], HttpResponseBase]


class ActorRequest(HttpRequest):
    """A request whose actor is known; views behind @page get one."""

    actor: Actor


def page(
    permission: str | None, *, methods: Iterable[str] = ("GET",), scope: Scope = Scope.OWN
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Guard a view: sign-in, permission and methods. None means: any member of the tenant.

    `scope` is the least reach that the permission must have: pages about the whole firm ask for all of it.
    """
    allowed = frozenset(methods) | ({"HEAD"} if "GET" in methods else set())

    def guard(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(sorted(allowed))
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            if permission is not None:
                actor.require(permission, scope)
            if actor.viewed_by_id is not None and request.method not in {"GET", "HEAD"}:
                raise Forbidden("You are viewing as somebody else; leave that view to change things.")
            request.actor = actor  # type: ignore[attr-defined]  # ActorRequest is this request, with its actor known
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.scope = scope  # type: ignore[attr-defined]
        guarded.is_guarded = True  # type: ignore[attr-defined]
        return guarded

    return guard


def public(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Mark a view that needs no sign-in (health, sign-in itself, client links)."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def asked_day(request: ActorRequest, name: str, default: date) -> date:
    """The day that the address names, as 2026-05-31; Invalid for anything else."""
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise invalid(f"/{name}", _("This is no day.")) from None


def json_object(request: HttpRequest, *, most_bytes: int) -> Mapping[str, Any]:
    """What a script of ours sent: a JSON object no larger than that; Invalid for anything else."""
    if len(request.body) > most_bytes:
        raise invalid("/", _("That is too much at once."))
    try:
        body = msgspec.json.decode(request.body)
    except msgspec.DecodeError:
        raise invalid("/", _("The request is no JSON.")) from None
    if not isinstance(body, dict):
        raise invalid("/", _("Say what to change."), code="required")
    return body


def object_id(prefix: str, text: str) -> UUID:
    """The id behind a public id in an address; NotFound for anything else."""
    try:
        return from_public_id(prefix, text)
    except ValueError:
        raise NotFound("There is nothing at this address.") from None
