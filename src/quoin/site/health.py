"""/healthz: the process lives. /readyz: it may be given requests. Both answer without a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from quoin.base.http.views import public

_UNAVAILABLE = 503
_ROLE = """
SELECT rolsuper OR rolbypassrls,
       EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p'))
FROM pg_roles WHERE rolname = current_user
"""


@public
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@public
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 if every check passes, else 503 with the name of the first that fails and what to do."""
    for name, fault in CHECKS.items():
        try:
            problem = fault()
        except Error:
            problem = "The database does not answer."
        if problem:
            return JsonResponse({"status": "not ready", "check": name, "detail": problem}, status=_UNAVAILABLE)
    return JsonResponse({"status": "ready"})


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    missing = sorted(_known_migrations() - applied)
    return f"{len(missing)} migrations are not applied, first {missing[0]}. Run `quoin migrate`." if missing else ""


def _role() -> str:
    """Row security protects nothing from a superuser, from a role that bypasses it, or from the tables' owner."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        is_unfenced, owns_tables = cursor.fetchone()
    if is_unfenced:
        return "The application's role is a superuser or bypasses row security. Use quoin_app in DATABASE_URL."
    if owns_tables:
        return "The application's role owns tables. Use quoin_app in DATABASE_URL, the owner in DATABASE_OWNER_URL."
    return ""


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "role": _role}
