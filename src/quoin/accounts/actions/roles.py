"""Roles: named sets of permissions with a scope each."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import Grant, MembershipRole, Role
from quoin.accounts.queries.members import role_for
from quoin.accounts.queries.standing import ADMINISTERS
from quoin.accounts.services.duties import require_separate_duties
from quoin.accounts.services.roles import new_permissions, note_permissions, standard_grants
from quoin.base.actions import PERMISSIONS, action, touch, undo_with
from quoin.base.actor import Actor, Scope
from quoin.base.db.faults import explain
from quoin.kernel.errors import Conflict, invalid

explain("role_name", "A role of this name exists.")
explain("accounts_membershiprole_role_fk", "Users hold this role. Take it from them first.")


@action("accounts.role.create", label=gettext_lazy("Create a role"))
def create_role(
    actor: Actor, *, name: str, description: str = "", landing: str = "", grants: Mapping[str, str] | None = None
) -> Role:
    """A role of the tenant's own; `grants` maps permissions to own, team or all."""
    role = Role.objects.create(name=_named(name), description=description, landing=landing)
    _give(actor, role, {permission: _scope(scope) for permission, scope in (grants or {}).items()})
    touch(role.public_id)
    undo_with("accounts.role.delete", role_id=role.id)
    return role


@action("accounts.role.edit", label=gettext_lazy("Edit a role"))
def edit_role(
    actor: Actor,
    *,
    role_id: UUID | str,
    name: str,
    description: str,
    landing: str,
    grants: Mapping[str, str] | None = None,
) -> Role:
    """Rename the role and, with `grants`, replace what it carries; DutiesClash if a holder would hold too much."""
    role = role_for(actor, role_id)
    before = _texts(role)
    undo_with(
        "accounts.role.edit", role_id=role.id, name=role.name, description=role.description, landing=role.landing,
        grants=before,
    )  # fmt: skip
    role.name, role.description, role.landing = _named(name), description, landing
    role.save(update_fields=["name", "description", "landing"])
    if grants is not None:
        Grant.objects.filter(role=role).exclude(permission__in=list(grants)).delete()
        _give(actor, role, {permission: _scope(scope) for permission, scope in grants.items()})
        _require_holders_fit(actor, role)
    touch(role.public_id)
    return role


@action("accounts.role.grant", label=gettext_lazy("Change what a role carries"))
def set_grant(actor: Actor, *, role_id: UUID | str, permission: str, scope: str) -> None:
    """One cell of the matrix: own, team, all, or empty to take the permission away."""
    role = role_for(actor, role_id)
    before = _texts(role).get(permission, "")
    if scope:
        _give(actor, role, {permission: _scope(scope)})
        _require_holders_fit(actor, role)
    else:
        Grant.objects.filter(role=role, permission=permission).delete()
    touch(role.public_id)
    undo_with("accounts.role.grant", role_id=role.id, permission=permission, scope=before)


@action("accounts.role.delete", label=gettext_lazy("Delete a role"))
def delete_role(actor: Actor, *, role_id: UUID | str) -> None:
    """Delete a role that nobody holds."""
    role = role_for(actor, role_id)
    if MembershipRole.objects.filter(role=role).exists():
        raise Conflict(_("Users hold this role. Take it from them first."))
    undo_with(
        "accounts.role.create", name=role.name, description=role.description, landing=role.landing, grants=_texts(role)
    )
    touch(role.public_id)
    Grant.objects.filter(role=role).delete()
    role.delete()


@action("accounts.role.refresh", label=gettext_lazy("Add new permissions to the standard roles"))
def refresh_standard_roles(actor: Actor) -> dict[str, list[str]]:
    """Give the standard roles what a new version of the program brought; what the tenant changed stays."""
    unknown = new_permissions()
    added: dict[str, list[str]] = {}
    for role in Role.objects.exclude(standard=""):
        grants = standard_grants(role.standard, unknown)
        _put(role, grants)
        if grants:
            added[role.name] = sorted(grants)
    note_permissions()
    return added


def _give(actor: Actor, role: Role, grants: Mapping[str, Scope]) -> None:
    """Who edits roles without being an administrator gives nobody, so not themselves, more than they hold."""
    held = {grant.permission: grant.scope for grant in Grant.objects.filter(role=role)}
    for permission, scope in grants.items():
        if not actor.may(ADMINISTERS, Scope.ALL) and held.get(permission, 0) < scope:
            actor.require(permission, scope)
    _put(role, grants)


def _put(role: Role, grants: Mapping[str, Scope]) -> None:
    for permission in grants:
        if permission not in PERMISSIONS:
            raise invalid("/grants", _("%(name)s is not a permission.") % {"name": permission})
    held = {grant.permission: grant for grant in Grant.objects.filter(role=role)}
    for permission, scope in grants.items():
        if permission in held and held[permission].scope != scope.value:
            Grant.objects.filter(id=held[permission].id).update(scope=scope.value)
    missing = [
        Grant(role=role, permission=name, scope=scope.value) for name, scope in grants.items() if name not in held
    ]
    Grant.objects.bulk_create(missing)


def _require_holders_fit(actor: Actor, role: Role) -> None:
    for held in MembershipRole.objects.filter(role=role).select_related("membership"):
        member = held.membership
        ids = list(MembershipRole.objects.filter(membership=member).values_list("role_id", flat=True))
        require_separate_duties(actor, ids, reason=member.duties_reason)


def _texts(role: Role) -> dict[str, str]:
    return {grant.permission: Scope(grant.scope).name.lower() for grant in Grant.objects.filter(role=role)}


def _scope(text: str) -> Scope:
    try:
        return Scope[text.upper()]
    except KeyError:
        raise invalid("/scope", _("A scope is own, team or all.")) from None


def _named(name: str) -> str:
    if not name.strip():
        raise invalid("/name", _("Give the role a name."))
    return name.strip()
