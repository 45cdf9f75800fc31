"""Standard roles of a tenant, computed from the permissions that this version of the program knows."""

from __future__ import annotations

from collections.abc import Iterable

from quoin.accounts.models import Grant, Role, Tenant
from quoin.accounts.rules.standard_roles import BY_KEY, ROLES, grants_of
from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Scope
from quoin.base.db.context import current_tenant

_KNOWN = "known_permissions"


def standard_grants(key: str, permissions: Iterable[str]) -> dict[str, Scope]:
    """What the standard role carries of these permissions."""
    return {name: Scope[scope.upper()] for name, scope in grants_of(BY_KEY[key], permissions).items()}


def create_standard_roles() -> dict[str, Role]:
    """All standard roles with their grants, by key."""
    made: dict[str, Role] = {}
    for standard in ROLES:
        role = Role.objects.create(
            name=standard.name, description=standard.description, landing=standard.landing, standard=standard.key
        )
        grants = standard_grants(standard.key, PERMISSIONS)
        Grant.objects.bulk_create(
            Grant(role=role, permission=name, scope=scope.value) for name, scope in grants.items()
        )
        made[standard.key] = role
    note_permissions()
    return made


def new_permissions() -> list[str]:
    """Permissions that came with a newer version than the one that last filled the roles."""
    known = set(_settings().get(_KNOWN, []))
    return sorted(set(PERMISSIONS) - known)


def note_permissions() -> None:
    """Remember which permissions the standard roles have been filled with."""
    settings = {**_settings(), _KNOWN: sorted(PERMISSIONS)}
    Tenant.objects.filter(id=current_tenant()).update(settings=settings)


def _settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = Tenant.objects.values_list("settings", flat=True).get(id=current_tenant())
    return found
