"""How the sign-in library behaves here: nobody signs up by themselves, and everybody lands where their role works."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from typing_extensions import override

from quoin.accounts.queries.members import landing_of
from quoin.accounts.queries.standing import actor_of_user
from quoin.base.db.context import tenant_transaction


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing_url(request.user)


def landing_url(user: Any) -> str:
    """The first page of the user's role, or My day."""
    actor = actor_of_user(user.id)
    if actor is None:
        return "/"
    with tenant_transaction(actor, read_only=True):
        name = landing_of(actor)
    try:
        return reverse(name) if name else "/"
    except NoReverseMatch:
        return "/"
