"""Signing in: a member of the world's tenant with the rights asked for, and a browser-less client."""

from __future__ import annotations

from dataclasses import replace

from django.test import Client

from quoin.accounts.actions import create_token
from quoin.accounts.models import Grant, Membership, MembershipRole, Role, User
from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Scope
from quoin.kernel.ids import uuid7
from quoin.people.models import Person
from tests.make.world import NOON, World


def member(
    world: World, *names: str, scope: Scope = Scope.ALL, person: Person | None = None, name: str = "Kari Holm"
) -> User:
    """A user of the tenant with these rights (all rights if none are named), who is the person or the boss."""
    user = User.objects.create(email=f"{uuid7().hex[-12:]}@halden.example", name=name)

    def build() -> None:
        membership = Membership.objects.create(user=user, invited_at=NOON)
        role = Role.objects.create(name=f"Test {uuid7()}")
        rights = names or tuple(PERMISSIONS)
        Grant.objects.bulk_create([Grant(role=role, permission=right, scope=scope) for right in rights])
        MembershipRole.objects.create(membership=membership, role=role)
        Person.objects.filter(id=(person or world.boss).id).update(user=user)

    world.do(build)
    return user


def signed_in(world: World, *names: str, scope: Scope = Scope.ALL, person: Person | None = None) -> Client:
    """A client of the web that is signed in as a new member."""
    browser = Client(raise_request_exception=True)
    browser.force_login(member(world, *names, scope=scope, person=person))
    return browser


def token(world: World, *names: str) -> str:
    """A token of the API of a new member with these rights."""
    user = member(world, *names)
    rights = dict.fromkeys(names or PERMISSIONS, Scope.ALL)
    with world.inside():
        membership = Membership.objects.get(user=user)
    actor = replace(world.actor, user_id=user.id, membership_id=membership.id, grants=rights, request_id=uuid7())
    return create_token(actor, name="test", scopes=(), days=365).secret
