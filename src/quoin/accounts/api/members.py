"""Users, roles, tokens, settings and legal entities over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.accounts.queries.explain import explain
from quoin.accounts.queries.options import option_rows
from quoin.base.http.api import (
    ApiIn,
    ApiOut,
    ApiRequest,
    ListOut,
    PublicId,
    Router,
    check_match,
    etag_of,
    list_response,
    operation,
    respond_json,
    whole_list,
)
from quoin.kernel.ids import public_id

router = Router(tags=["Accounts"])
UserId = Annotated[UUID, PublicId("usr")]
RoleId = Annotated[UUID, PublicId("rol")]
TokenId = Annotated[UUID, PublicId("tok")]
EntityId = Annotated[UUID, PublicId("ent")]
Request = ApiRequest


class MeOut(ApiOut):
    """Who the caller is."""

    name: str
    id: UserId | None
    tenant: str
    time_zone: str
    locale: str
    permissions: dict[str, str]


class UserOut(ApiOut):
    id: UserId
    name: str
    email: str
    roles: list[str]
    is_active: bool
    last_login_at: datetime | None


class InviteIn(ApiIn):
    text: str
    role_ids: list[RoleId] = []
    reason: str = ""


class RolesIn(ApiIn):
    role_ids: list[RoleId]
    reason: str = ""


class RoleIn(ApiIn):
    name: str
    description: str = ""
    landing: str = ""
    grants: dict[str, str] | None = None


class RoleOut(ApiOut):
    id: RoleId
    name: str
    description: str
    landing: str
    grants: dict[str, str]


class TokenIn(ApiIn):
    name: str
    scopes: list[str] = []
    days: int = 90


class TokenOut(ApiOut):
    id: TokenId
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewTokenOut(ApiOut):
    """The secret is shown this once."""

    id: TokenId
    secret: str


class SettingIn(ApiIn):
    value: bool | int | str


class EntityIn(ApiIn):
    name: str
    code: str
    country: str
    currency: str
    vat_id: str = ""
    registration_id: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    email: str = ""
    phone: str = ""
    contact_name: str = ""
    iban: str = ""
    bic: str = ""
    electronic_address: str = ""


class EntityPatch(ApiIn):
    """Only the fields that are sent are changed."""

    name: str | None = None
    code: str | None = None
    country: str | None = None
    currency: str | None = None
    vat_id: str | None = None
    registration_id: str | None = None
    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    email: str | None = None
    phone: str | None = None
    contact_name: str | None = None
    iban: str | None = None
    bic: str | None = None
    electronic_address: str | None = None


class EntityOut(EntityIn):
    id: EntityId


@router.get("/me", response=MeOut)
@operation(None)
def me(request: Request) -> HttpResponse:
    """Who the token or session is, and what it may do."""
    actor = request.actor
    return respond_json(
        {
            "name": actor.name,
            "id": public_id("usr", actor.membership_id) if actor.membership_id else None,
            "tenant": queries.tenant_of(actor).name,
            "time_zone": actor.zone,
            "locale": actor.locale,
            "permissions": {name: scope.name.lower() for name, scope in sorted(actor.grants.items())},
        }
    )


@router.get("/users", response=ListOut[UserOut])
@operation(queries.SEE_MEMBERS)
def list_users(request: Request) -> HttpResponse:
    """Users with their roles."""
    return list_response(request, queries.MEMBERS, queries.members(request.actor), _user)


@router.post("/users/invite")
@operation("accounts.member.invite")
def invite_users(request: Request, payload: InviteIn) -> HttpResponse:
    """Invite every address of a text, as pasted."""
    found = actions.invite_members(request.actor, text=payload.text, role_ids=payload.role_ids, reason=payload.reason)
    rows = [
        {
            "email": one.email,
            "state": one.state,
            "id": public_id("usr", one.membership_id) if one.membership_id else None,
        }
        for one in found
    ]
    return respond_json({"data": rows}, status=201)


@router.get("/users/{user_id}", response=UserOut)
@operation(queries.SEE_MEMBERS)
def get_user(request: Request, user_id: UserId) -> HttpResponse:
    """One user."""
    member = queries.members(request.actor).filter(id=queries.member_for(request.actor, user_id).id).get()
    return respond_json(_user(member), etag=_version_of_user(member))


@router.put("/users/{user_id}/roles", response=UserOut)
@operation("accounts.member.set_roles")
def put_user_roles(request: Request, user_id: UserId, payload: RolesIn) -> HttpResponse:
    """Let the user hold exactly these roles."""
    member = queries.members(request.actor).filter(id=queries.member_for(request.actor, user_id).id).get()
    check_match(request, _version_of_user(member))
    actions.set_roles(request.actor, member_id=user_id, role_ids=payload.role_ids, reason=payload.reason)
    return get_user(request, user_id)


@router.post("/users/{user_id}/deactivate")
@operation("accounts.member.deactivate")
def deactivate_user(request: Request, user_id: UserId) -> HttpResponse:
    """End sessions and tokens now."""
    actions.deactivate_members(request.actor, member_ids=[user_id])
    return respond_json({"id": public_id("usr", user_id), "is_active": False})


@router.get("/users/{user_id}/explain")
@operation(queries.SEE_MEMBERS)
def explain_user(request: Request, user_id: UserId, permission: str) -> HttpResponse:
    """Why the user may, or may not."""
    return respond_json(explain(queries.member_for(request.actor, user_id), permission))


@router.get("/roles", response=ListOut[RoleOut])
@operation(queries.SEE_MEMBERS)
def list_roles(request: Request) -> HttpResponse:
    """All roles with what they carry."""
    roles = queries.roles(request.actor)
    grants = queries.grants_of_roles([role.id for role in roles])
    return whole_list([_role(role, grants[role.id]) for role in roles])


@router.post("/roles", response={201: RoleOut})
@operation("accounts.role.create")
def create_role(request: Request, payload: RoleIn) -> HttpResponse:
    """A role of the firm's own."""
    role = actions.create_role(
        request.actor,
        name=payload.name,
        description=payload.description,
        landing=payload.landing,
        grants=payload.grants,
    )
    return respond_json(_role(role, queries.grants_of_roles([role.id])[role.id]), status=201)


@router.delete("/roles/{role_id}", response={204: None})
@operation("accounts.role.delete")
def delete_role(request: Request, role_id: RoleId) -> HttpResponse:
    """Delete a role that nobody holds."""
    actions.delete_role(request.actor, role_id=role_id)
    return HttpResponse(status=204)


@router.get("/tokens", response=ListOut[TokenOut])
@operation("accounts.token.create")
def list_tokens(request: Request) -> HttpResponse:
    """Own tokens, without their secrets."""
    rows = [_token(token) for token in queries.tokens(request.actor)]
    return whole_list(rows)


@router.post("/tokens", response={201: NewTokenOut})
@operation("accounts.token.create")
def create_token(request: Request, payload: TokenIn) -> HttpResponse:
    """A token of the caller's own."""
    new = actions.create_token(request.actor, name=payload.name, scopes=payload.scopes, days=payload.days)
    return respond_json({"id": public_id("tok", new.token_id), "secret": new.secret}, status=201)


@router.delete("/tokens/{token_id}", response={204: None})
@operation("accounts.token.revoke")
def revoke_token(request: Request, token_id: TokenId) -> HttpResponse:
    """End a token now."""
    actions.revoke_token(request.actor, token_id=token_id)
    return HttpResponse(status=204)


@router.get("/settings")
@operation(queries.SEE_SETTINGS)
def list_settings(request: Request) -> HttpResponse:  # noqa: ARG001  the API names it so
    """Every setting with its meaning, default and value."""
    return respond_json({"data": option_rows()})


@router.put("/settings/{key}")
@operation("accounts.setting.set")
def put_setting(request: Request, key: str, payload: SettingIn) -> HttpResponse:
    """Choose a value."""
    actions.set_option(request.actor, key=key, value=payload.value)
    return respond_json(next(row for row in option_rows() if row["key"] == key))


@router.get("/legal-entities", response=ListOut[EntityOut])
@operation(queries.SEE_ENTITIES)
def list_legal_entities(request: Request) -> HttpResponse:
    """Companies of the firm."""
    rows = [_entity(entity) for entity in queries.legal_entities(request.actor)]
    return whole_list(rows)


@router.post("/legal-entities", response={201: EntityOut})
@operation("accounts.legal_entity.create")
def create_legal_entity(request: Request, payload: EntityIn) -> HttpResponse:
    """A company that issues invoices and keeps books."""
    return respond_json(_entity(actions.create_legal_entity(request.actor, **payload.dict())), status=201)


@router.patch("/legal-entities/{entity_id}", response=EntityOut)
@operation("accounts.legal_entity.edit")
def edit_legal_entity(request: Request, entity_id: EntityId, payload: EntityPatch) -> HttpResponse:
    """Change the fields that are sent."""
    entity = queries.legal_entity_for(request.actor, entity_id)
    check_match(request, etag_of(*_entity(entity).values()))
    changed = _entity(
        actions.edit_legal_entity(
            request.actor, entity_id=entity_id, **payload.dict(exclude_unset=True, exclude_none=True)
        )
    )
    return respond_json(changed, etag=etag_of(*changed.values()))


def _user(member: Any) -> dict[str, Any]:
    return {
        "id": member.public_id,
        "name": member.user.name,
        "email": member.user.email,
        "roles": member.role_names.split(", ") if member.role_names else [],
        "is_active": member.is_active,
        "last_login_at": member.user.last_login,
    }


def _version_of_user(member: Any) -> str:
    return etag_of(member.id, member.is_active, member.role_names, member.user.name)


def _role(role: Any, grants: Any) -> dict[str, Any]:
    return {
        "id": role.public_id,
        "name": role.name,
        "description": role.description,
        "landing": role.landing,
        "grants": {name: scope.name.lower() for name, scope in sorted(grants.items())},
    }


def _token(token: Any) -> dict[str, Any]:
    return {
        "id": token.public_id,
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }


def _entity(entity: Any) -> dict[str, Any]:
    return {"id": entity.public_id, **{name: getattr(entity, name) for name in EntityIn.model_fields}}
