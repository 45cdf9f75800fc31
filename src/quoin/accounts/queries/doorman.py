"""Who asks, in one statement: session, user and standing of a session that this process has met before.

What is remembered of a session is only whose it was, so that all three can be asked for at once. Everything that
counts (that the session lives, that it is still that user's, their password, roles and grants) is read anew for
every request; where anything differs, the ordinary way decides.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from quoin.accounts.models import User
from quoin.accounts.queries.standing import (
    STANDING,
    TENANT_KEY,
    VIEW_AS_KEY,
    actor_for_request,
    actor_from,
    note_presence,
)
from quoin.base.actor import Actor, Source
from quoin.base.db.prepared import rows_of
from quoin.base.http.sessions import SessionStore

_MOST = 20_000
_FIELDS = User._meta.concrete_fields  # noqa: SLF001  Django documents it for reading
_NAMES = tuple(field.attname for field in _FIELDS)
_USER = ", ".join(f'u."{name}"' for name in _NAMES)
_ENTER = f"""
SELECT s.session_data, {_USER}, {STANDING},
  set_config('quoin.actor_id', u.id::text, true), set_config('quoin.action_id', '', true),
  CASE WHEN %(read_only)s THEN set_config('transaction_read_only', 'on', true) END
FROM django_session s JOIN accounts_user u ON u.id = %(user)s
CROSS JOIN LATERAL accounts_standing('user', %(user)s::text, %(tenant)s) t
WHERE s.session_key = %(key)s AND s.expire_date > clock_timestamp()
"""
_SETTINGS = 3
"""The last columns only set what holds for the transaction."""


class _Owner(NamedTuple):
    """Whose a session was when it was last seen."""

    user_id: UUID
    tenant: str | None


class Doorman:
    """Finds the actor of requests; one for each process."""

    def __init__(self) -> None:
        self._owners: dict[str, _Owner] = {}

    def resolve(self, request: HttpRequest) -> Actor | None:
        """The actor by the ordinary way; None for a stranger."""
        actor = actor_for_request(request)
        key = request.session.session_key
        if actor is not None and key and actor.user_id is not None and request.session.get(SESSION_KEY):
            if len(self._owners) >= _MOST:
                self._owners.clear()
            self._owners[key] = _Owner(UUID(request.session[SESSION_KEY]), request.session.get(TENANT_KEY))
        return actor

    def remembers(self, request: HttpRequest) -> bool:
        """Whether the request comes with a session that was met before."""
        return request.session.session_key in self._owners and "Authorization" not in request.headers

    def enter(self, request: HttpRequest, *, read_only: bool) -> Actor | None:
        """The actor, with the open transaction set to their tenant; None if the ordinary way must decide."""
        key = request.session.session_key
        owner = self._owners.get(key) if key else None
        row = _row(key, owner, read_only=read_only) if owner is not None else None
        if owner is None or row is None:
            return None
        held = request.session.decode(row[0])
        user = _user(row[1 : 1 + len(_NAMES)])
        if not _is_good(held, owner, user):
            return None
        cast("SessionStore", request.session).know(held)
        if not note_presence(request):
            return None
        request.user = user
        source = Source.API if request.path.startswith("/api/") else Source.UI
        return actor_from(row[1 + len(_NAMES) : -_SETTINGS], source)


def _row(key: str | None, owner: _Owner, *, read_only: bool) -> tuple[Any, ...] | None:
    values = {
        "key": key,
        "user": owner.user_id,
        "tenant": UUID(owner.tenant) if owner.tenant else None,
        "read_only": read_only,
    }
    found = rows_of(_ENTER, values)
    return found[0] if found else None


def _user(row: tuple[Any, ...]) -> User:
    # As the ORM reads a row: some fields have a reader of their own.
    readers = (getattr(field, "from_db_value", None) for field in _FIELDS)
    values = [reader(value, None, connection) if reader else value for value, reader in zip(row, readers, strict=True)]
    return User.from_db("default", _NAMES, values)


def _is_good(held: dict[str, Any], owner: _Owner, user: User) -> bool:
    """The same questions as Django's own `get_user` asks, and ours: the same person, nobody else's eyes."""
    return (
        held.get(SESSION_KEY) == str(owner.user_id)
        and held.get(TENANT_KEY) == owner.tenant
        and VIEW_AS_KEY not in held
        and held.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and user.is_active
        and constant_time_compare(held.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )
