"""Who the caller is, and the users of the firm, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.accounts.queries.explain import explain
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
)
from quoin.kernel.ids import public_id

router = Router(tags=["Accounts"])
UserId = Annotated[UUID, PublicId("usr")]
RoleId = Annotated[UUID, PublicId("rol")]


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


@router.get("/me", response=MeOut)
@operation(None)
def me(request: ApiRequest) -> HttpResponse:
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
def list_users(request: ApiRequest) -> HttpResponse:
    """Users with their roles."""
    return list_response(request, queries.MEMBERS, queries.members(request.actor), _user)


@router.post("/users/invite")
@operation("accounts.member.invite")
def invite_users(request: ApiRequest, payload: InviteIn) -> HttpResponse:
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
def get_user(request: ApiRequest, user_id: UserId) -> HttpResponse:
    """One user."""
    member = queries.members(request.actor).filter(id=queries.member_for(request.actor, user_id).id).get()
    return respond_json(_user(member), etag=_version_of_user(member))


@router.put("/users/{user_id}/roles", response=UserOut)
@operation("accounts.member.set_roles")
def put_user_roles(request: ApiRequest, user_id: UserId, payload: RolesIn) -> HttpResponse:
    """Let the user hold exactly these roles."""
    member = queries.members(request.actor).filter(id=queries.member_for(request.actor, user_id).id).get()
    check_match(request, _version_of_user(member))
    actions.set_roles(request.actor, member_id=user_id, role_ids=payload.role_ids, reason=payload.reason)
    return get_user(request, user_id)


@router.post("/users/{user_id}/deactivate")
@operation("accounts.member.deactivate")
def deactivate_user(request: ApiRequest, user_id: UserId) -> HttpResponse:
    """End sessions and tokens now."""
    actions.deactivate_members(request.actor, member_ids=[user_id])
    return respond_json({"id": public_id("usr", user_id), "is_active": False})


@router.get("/users/{user_id}/explain")
@operation(queries.SEE_MEMBERS)
def explain_user(request: ApiRequest, user_id: UserId, permission: str) -> HttpResponse:
    """Why the user may, or may not."""
    return respond_json(explain(queries.member_for(request.actor, user_id), permission))


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
