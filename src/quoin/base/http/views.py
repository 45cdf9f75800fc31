"""@page: how a screen says which right it needs. A route without one is refused by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import Forbidden, NotFound
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


def object_id(prefix: str, text: str) -> UUID:
    """The id behind a public id in an address; NotFound for anything else."""
    try:
        return from_public_id(prefix, text)
    except ValueError:
        raise NotFound("There is nothing at this address.") from None
