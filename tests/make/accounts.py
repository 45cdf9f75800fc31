"""Firms with roles and users who really sign in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from uuid import UUID, uuid4

from django.test import Client

from quoin.accounts.actions import NewTenant, create_tenant, create_token, invite_members, new_user
from quoin.accounts.models import Role, User
from quoin.accounts.queries.standing import actor_of_user
from quoin.base.actor import Actor
from quoin.base.clock import utc_now
from quoin.base.db.context import tenant_transaction

PASSWORD = "correct horse battery"
_numbers = count(1)


@dataclass
class Firm:
    """A firm with its standard roles and its first administrator."""

    system: Actor
    user: User

    @property
    def actor(self) -> Actor:
        found = actor_of_user(self.user.id, tenant_id=self.system.tenant_id)
        assert found is not None
        return replace(found)

    def inside(self):
        return tenant_transaction(self.system)

    def role_id(self, name: str) -> UUID:
        with self.inside():
            return Role.objects.get(name=name).id

    def member(self, *roles: str, reason: str = "") -> Actor:
        """A user with these roles, as the actor of a request."""
        email = f"u{next(_numbers)}-{uuid4().hex[:8]}@firm.example"
        user = new_user(email, email.split("-", maxsplit=1)[0], PASSWORD)
        invite_members(self.actor, text=email, role_ids=[self.role_id(name) for name in roles], reason=reason)
        found = actor_of_user(user.id, tenant_id=self.system.tenant_id)
        assert found is not None
        return found

    def browser(self, actor: Actor | None = None, *, checks_csrf: bool = False) -> Client:
        """A signed-in browser."""
        client = Client(enforce_csrf_checks=checks_csrf)
        client.force_login(User.objects.get(id=(actor or self.actor).user_id))
        return client

    def token(self, *scopes: str, actor: Actor | None = None) -> str:
        return create_token(actor or self.actor, name="test", scopes=scopes, days=1).secret


def new_firm(*, name: str = "Halden") -> Firm:
    """A firm of its own for the test."""
    mark = uuid4().hex[:10]
    user = new_user(f"boss-{mark}@firm.example", "Eva Berg", PASSWORD)
    system = create_tenant(NewTenant(name=name, slug=f"firm-{mark}"), now=utc_now(), administrator=user)
    return Firm(system=system, user=user)


def bearer(secret: str) -> Client:
    """A program with a token."""
    return Client(headers={"Authorization": f"Bearer {secret}"})
