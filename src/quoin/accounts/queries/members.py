"""Members, roles, tokens, views and legal entities, as lists and one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import (
    ApiToken,
    Grant,
    LegalEntity,
    Membership,
    MembershipRole,
    Role,
    Tenant,
    User,
)
from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.listing import Column, Kind, Listing, Status
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say

SEE_MEMBERS = permission("accounts.member.view", _("See users and roles"))
SEE_SETTINGS = permission("accounts.setting.view", _("See settings"))
SEE_ENTITIES = permission("accounts.legal_entity.view", _("See legal entities"))

STATUSES: Mapping[str, Status] = {
    "active": Status("success", _("Active")),
    "invited": Status("info", _("Invited")),
    "inactive": Status("neutral", _("Deactivated")),
}


def state_of(member: Membership) -> str:
    """Somebody who was let in with a password of their own needs no invitation and has none open."""
    if not member.is_active:
        return "inactive"
    user = member.user
    has_password = bool(user.password) and user.has_usable_password()
    return "active" if member.last_seen_at or user.last_login or has_password else "invited"


MEMBERS = Listing(
    key="members",
    columns=(
        Column(key="name", label=_("Name"), source="user__name", kind=Kind.PERSON),
        Column(key="email", label=_("E-mail"), source="user__email"),
        Column(key="roles", label=_("Roles"), source="role_names", is_sortable=False, ops=("like",)),
        Column(key="last_login", label=_("Last seen"), source="user__last_login", kind=Kind.DAY),
        Column(
            key="second_factor", label=_("Second factor"), source="has_second_factor", kind=Kind.STATUS, ops=(),
            statuses={"True": Status("success", _("On")), "False": Status("neutral", _("Off"))}, is_sortable=False,
        ),
        Column(
            key="status", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES, value=state_of, ops=(),
            is_sortable=False,
        ),
    ),
    search=("user__name__icontains", "user__email__icontains"),
    sort="name",
)  # fmt: skip


def members(actor: Actor) -> QuerySet[Membership, Membership]:
    """Members with the names of their roles and whether they have a second factor."""
    actor.require(SEE_MEMBERS)
    # Imported here because it must not load before the library's app does.
    from allauth.mfa.models import Authenticator

    names = (
        MembershipRole.objects.filter(membership=OuterRef("pk"))
        .values("membership")
        .annotate(names=StringAgg("role__name", ", ", order_by="role__name"))
        .values("names")
    )
    factors = Authenticator.objects.filter(user_id=OuterRef("user_id"))
    return Membership.objects.select_related("user").annotate(
        role_names=Coalesce(Subquery(names), Value(""), output_field=TextField()), has_second_factor=Exists(factors)
    )


def member_for(actor: Actor, member_id: UUID | str) -> Membership:
    """The member; NotFound if there is none or the actor may not see members."""
    if not actor.may(SEE_MEMBERS) and _uuid(Membership, member_id) != actor.membership_id:
        raise NotFound(say("There is no such user."))
    found: Membership = _one(
        Membership.objects.select_related("user"), Membership, member_id, say("There is no such user.")
    )
    return found


def roles(actor: Actor) -> list[Role]:
    """All roles by name."""
    actor.require(SEE_MEMBERS)
    return list(Role.objects.order_by("name"))


def role_for(actor: Actor, role_id: UUID | str) -> Role:
    if not actor.may(SEE_MEMBERS):
        raise NotFound(say("There is no such role."))
    found: Role = _one(Role.objects.all(), Role, role_id, say("There is no such role."))
    return found


def grants_of_roles(role_ids: Sequence[UUID]) -> dict[UUID, dict[str, Scope]]:
    """Scope by permission, by role."""
    found: dict[UUID, dict[str, Scope]] = {role_id: {} for role_id in role_ids}
    for grant in Grant.objects.filter(role_id__in=role_ids):
        found[grant.role_id][grant.permission] = Scope(grant.scope)
    return found


def merged(grants: Sequence[Mapping[str, Scope]]) -> dict[str, Scope]:
    """The widest scope of each permission."""
    found: dict[str, Scope] = {}
    for one in grants:
        for name, scope in one.items():
            found[name] = max(scope, found.get(name, scope))
    return found


def role_ids_of(member_id: UUID) -> list[UUID]:
    return list(
        MembershipRole.objects.filter(membership_id=member_id).values_list("role_id", flat=True).order_by("role_id")
    )


def tokens(actor: Actor) -> QuerySet[ApiToken, ApiToken]:
    """Tokens, newest first: own ones, or with the scope all those of everybody."""
    scope = actor.scope("accounts.token.revoke")
    visible = Q() if scope is Scope.ALL else Q(membership_id=actor.membership_id)
    return ApiToken.objects.filter(visible).select_related("membership__user").order_by("-created_at")


def token_for(actor: Actor, token_id: UUID | str) -> ApiToken:
    found: ApiToken = _one(tokens(actor), ApiToken, token_id, say("There is no such token."))
    return found


def legal_entities(_actor: Actor) -> list[LegalEntity]:
    """Companies of the tenant; every member may know them."""
    return list(LegalEntity.objects.order_by("code"))


def legal_entity_for(_actor: Actor, entity_id: UUID | str) -> LegalEntity:
    found: LegalEntity = _one(LegalEntity.objects.all(), LegalEntity, entity_id, say("There is no such legal entity."))
    return found


def tenant_of(actor: Actor) -> Tenant:
    """The actor's own tenant."""
    return Tenant.objects.get(id=actor.tenant_id)


def user_of(actor: Actor) -> User:
    """The user behind the actor: in a view as somebody else, that somebody."""
    found = User.objects.filter(id=actor.user_id).first() if actor.user_id else None
    if found is None:
        raise NotFound("Only a user has a profile.")
    return found


def landing_of(actor: Actor) -> str:
    """URL name of the page the actor starts on: their own choice, else that of their widest role, or empty."""
    if actor.membership_id is None or actor.user_id is None:
        return ""
    chosen = User.objects.values_list("preferences__landing", flat=True).filter(id=actor.user_id).first()
    if chosen:
        return str(chosen)
    held = Role.objects.filter(id__in=role_ids_of(actor.membership_id)).exclude(landing="")
    sizes = {role_id: len(grants) for role_id, grants in grants_of_roles([role.id for role in held]).items()}
    best = max(held, key=lambda role: (sizes[role.id], role.name), default=None)
    return best.landing if best else ""


def _one(rows: Any, model: Any, given: UUID | str, sentence: str) -> Any:
    found = rows.filter(id=_uuid(model, given)).first()
    if found is None:
        raise NotFound(sentence)
    return found


def _uuid(model: Any, given: UUID | str) -> UUID:
    if isinstance(given, UUID):
        return given
    try:
        found: UUID = model.uuid_of(given)
    except ValueError:
        raise NotFound(say("%(given)s is not an id of this kind.", given=repr(given))) from None
    return found
