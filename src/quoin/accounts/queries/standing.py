"""Who stands behind a session or a token: the actor of a request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.http import HttpRequest

from quoin.accounts.models import Door, Grant, Membership, Tenant, User
from quoin.accounts.types import TokenRefused
from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Actor, Scope, Source
from quoin.base.clock import utc_now
from quoin.base.db.context import NoTenant, current_tenant, tenant_transaction
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say

STANDING = (
    "t.tenant_id, t.is_demo, t.clock_at, t.membership_id, t.user_id, t.user_name, t.preferences, t.person_id,"
    " t.team_id, t.zone, t.locale, t.grants, t.scopes"
)
"""Columns of `accounts_standing` as t, in the order that `actor_from` reads."""
TENANT_KEY = "quoin_tenant"
VIEW_AS_KEY = "quoin_view_as"
SEEN_KEY = "quoin_seen"
_NOTE_SECONDS = 300
VIEWS_AS = "accounts.member.view_as"
ADMINISTERS = "accounts.member.set_roles"
"""Who may give roles is an administrator."""


def actor_for_request(request: HttpRequest) -> Actor | None:
    """The actor behind the bearer token or the session; None for a stranger."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        actor = actor_of_token(header.removeprefix("Bearer ").strip())
        if actor is None:
            raise TokenRefused("The token is unknown, expired or revoked. Create a new one in your profile.")
        return actor
    user_id = request.session.get(SESSION_KEY)
    if user_id is None or _has_idled(request) or not request.user.is_authenticated:
        return None
    tenant = request.session.get(TENANT_KEY)
    source = Source.API if request.path.startswith("/api/") else Source.UI
    actor = actor_of_user(UUID(user_id), tenant_id=UUID(tenant) if tenant else None, source=source)
    viewed = request.session.get(VIEW_AS_KEY)
    return _viewed(actor, viewed) if actor is not None and viewed else actor


def _has_idled(request: HttpRequest) -> bool:
    """Ends a session that was left alone for a working day."""
    if note_presence(request):
        return False
    request.session.flush()
    return True


def note_presence(request: HttpRequest) -> bool:
    """Whether the session is still alive; if so, the time is noted in it, at most every few minutes."""
    now = int(utc_now().timestamp())
    seen = int(request.session.get(SEEN_KEY, now))
    if now - seen > settings.QUOIN_IDLE_SECONDS:
        return False
    if SEEN_KEY not in request.session or now - seen > _NOTE_SECONDS:
        request.session[SEEN_KEY] = now
    return True


def _viewed(actor: Actor, viewed: dict[str, str]) -> Actor:
    """The actor who looks through other eyes: another member's, or a role's. Such an actor only reads."""
    if not actor.may(VIEWS_AS, Scope.ALL):
        return actor
    with tenant_transaction(actor, read_only=True):
        if viewed["kind"] == "role":
            grants = Grant.objects.filter(role_id=UUID(viewed["id"])).values_list("permission", "scope")
            seen = {name: Scope(scope) for name, scope in grants}
            return replace(actor, grants=seen, name=viewed["name"], person_id=None, viewed_by_id=actor.user_id)
        member = Membership.objects.select_related("user").filter(id=UUID(viewed["id"])).first()
        other = actor_of_member(member) if member else None
    return actor if other is None else replace(other, viewed_by_id=actor.user_id)


def actor_of_user(user_id: UUID, *, tenant_id: UUID | None = None, source: Source = Source.UI) -> Actor | None:
    """The user as an actor of the tenant, or of their first one; None if they are a member of none."""
    return _standing("user", str(user_id), tenant_id, source)


def actor_of_member(member: Membership) -> Actor | None:
    """The member as an actor, as if they asked now; None if they may not enter."""
    return actor_of_user(member.user_id, tenant_id=member.tenant_id)


def actor_of_token(secret: str) -> Actor | None:
    """The owner of a live token, with no more permissions than the token's scopes."""
    return _standing("token", token_digest(secret), None, Source.API)


def actor_of_console(*, email: str = "", slug: str = "") -> Actor:
    """The member with the e-mail (or the first administrator) in the tenant (or in the first one)."""
    doors = Door.objects.filter(kind="user").order_by("tenant_id", "row_id")
    if email:
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise NotFound(say("There is no user %(email)s.", email=email))
        doors = doors.filter(key=str(user.id))
    for door in doors:
        actor = actor_of_user(UUID(door.key), tenant_id=door.tenant_id, source=Source.CLI)
        if actor and (email or actor.may(ADMINISTERS, Scope.ALL)) and (not slug or _slug_of(actor) == slug):
            return actor if email else _operator(actor)
    raise NotFound("Nobody fits --as and --tenant. `quoin init` creates the first administrator.")


def _operator(actor: Actor) -> Actor:
    # Whoever holds the server's shell holds everything; the trail says that it was done from there.
    return replace(actor, grants=dict.fromkeys(PERMISSIONS, Scope.ALL), name=f"{actor.name} (operator)")


def tenant_ids() -> list[UUID]:
    """Every tenant that has a member; jobs that serve all tenants walk them one by one."""
    return list(Door.objects.filter(kind="user").values_list("tenant_id", flat=True).distinct().order_by("tenant_id"))


def tenant_now(tenant_id: UUID) -> datetime:
    """The tenant's own time: a sandbox lives at its clock's."""
    return _now(_of_tenant(tenant_id, "clock_at"))


def tenant_locale(tenant_id: UUID) -> str:
    """The language of the firm, for work that nobody in particular does."""
    return _of_tenant(tenant_id, "locale") or settings.LANGUAGE_CODE


def _of_tenant(tenant_id: UUID, column: str) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('quoin.tenant_id', %s, true)", [str(tenant_id)])
        cursor.execute(f"SELECT {column} FROM accounts_tenant WHERE id = %s", [tenant_id])
        row = cursor.fetchone()
        cursor.execute("SELECT set_config('quoin.tenant_id', %s, true)", [_tenant_in_force()])
    return row[0] if row else None


def _slug_of(actor: Actor) -> str:
    with tenant_transaction(actor, read_only=True):
        return Tenant.objects.values_list("slug", flat=True).get(id=actor.tenant_id)


def token_digest(secret: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _standing(kind: str, key: str, tenant_id: UUID | None, source: Source) -> Actor | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {STANDING} FROM accounts_standing(%s, %s, %s) t", [kind, key, tenant_id])
        row = cursor.fetchone()
        # The function looked into the tenant; what was in force before is in force again.
        cursor.execute("SELECT set_config('quoin.tenant_id', %s, true)", [_tenant_in_force()])
    if row is None:
        return None
    return actor_from(row, source)


def actor_from(row: Sequence[Any], source: Source) -> Actor:
    """The actor in a row of `accounts_standing`, in the order of `STANDING`."""
    tenant, _, clock_at, membership, user, name, stored, person, team, zone, locale, grants, scopes = row
    preferences: dict[str, str] = json.loads(stored) if isinstance(stored, str) else stored
    return Actor(
        tenant_id=tenant,
        grants=_grants(grants, scopes),
        now=_now(clock_at),
        name=name,
        user_id=user,
        membership_id=membership,
        person_id=person,
        team_id=team,
        zone=preferences.get("zone") or zone,
        locale=locale,
        writes_decimal_hours=preferences.get("hours") == "decimal",
        source=source,
    )


def _tenant_in_force() -> str:
    try:
        return str(current_tenant())
    except NoTenant:
        return ""


def _now(clock_at: datetime | None) -> datetime:
    # A sandbox tenant lives at its own clock's time.
    return clock_at or utc_now()


def _grants(grants: str | dict[str, int], scopes: list[str] | None) -> Mapping[str, Scope]:
    text = grants if isinstance(grants, str) else json.dumps(grants)
    return _read_grants(text, frozenset(scopes or ()))


@lru_cache(maxsize=256)
def _read_grants(text: str, scopes: frozenset[str]) -> Mapping[str, Scope]:
    """Parsed once for all who hold the same; the text itself is read from the database for every request."""
    held: dict[str, int] = json.loads(text)
    return MappingProxyType({name: Scope(scope) for name, scope in held.items() if not scopes or name in scopes})
