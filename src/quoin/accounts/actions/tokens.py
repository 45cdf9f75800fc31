"""API tokens: 256 random bits, shown once, kept as SHA-256, limited by scopes and an end date."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import ApiToken, Membership
from quoin.accounts.queries.members import token_for
from quoin.accounts.queries.standing import actor_of_member, token_digest
from quoin.accounts.types import NewToken
from quoin.base.actions import PERMISSIONS, action, touch
from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, invalid

PREFIX = "quoin_live_"
MOST_DAYS = 366


@action("accounts.token.create", label=gettext_lazy("Create an API token"))
def create_token(actor: Actor, *, name: str, scopes: Sequence[str] = (), days: int = 90) -> NewToken:
    """A token of the actor's own. It can do what they can, or only the scopes; it ends after at most a year.

    Who comes with a narrow token gets no wider one: without scopes it is as narrow.
    """
    if actor.membership_id is None:
        raise Conflict(_("Only a user can own a token."))
    if not name.strip():
        raise invalid("/name", _("Say what the token is for."))
    if not 1 <= days <= MOST_DAYS:
        raise invalid("/days", _("A token lives between 1 and %(most)s days.") % {"most": MOST_DAYS})
    wanted = _expanded(scopes) or _limits_of(actor, actor.membership_id)
    for scope in wanted:
        actor.require(scope)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership_id=actor.membership_id, name=name.strip(), digest=token_digest(secret), scopes=wanted,
        created_at=actor.now, expires_at=actor.now + timedelta(days=days),
    )  # fmt: skip
    touch(token.public_id)
    return NewToken(token.id, secret)


@action("accounts.token.revoke", label=gettext_lazy("Revoke an API token"))
def revoke_token(actor: Actor, *, token_id: UUID | str) -> None:
    """End the token now. It cannot be brought back."""
    token = token_for(actor, token_id)
    if token.revoked_at is None:
        token.revoked_at = actor.now
        token.save(update_fields=["revoked_at"])
    touch(token.public_id)


def _limits_of(actor: Actor, membership_id: UUID) -> list[str]:
    """The rights of an actor who holds fewer than their member does; none for everybody else."""
    whole = actor_of_member(Membership.objects.select_related("user").get(id=membership_id))
    is_whole = whole is not None and all(actor.may(name, scope) for name, scope in whole.grants.items())
    return [] if is_whole else sorted(actor.grants)


def _expanded(scopes: Sequence[str]) -> list[str]:
    """`billing.*` stands for all permissions that begin so; an unknown name is refused."""
    found: set[str] = set()
    for scope in scopes:
        names = {
            name for name in PERMISSIONS if name == scope or (scope.endswith(".*") and name.startswith(scope[:-1]))
        }
        if not names:
            raise invalid("/scopes", _("%(name)s is not a permission.") % {"name": scope})
        found |= names
    return sorted(found)
