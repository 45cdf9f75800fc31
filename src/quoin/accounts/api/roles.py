"""Roles and what they carry, over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.base.http.api import (
    ApiIn,
    ApiOut,
    ApiRequest,
    ListOut,
    PublicId,
    Router,
    operation,
    respond_json,
    whole_list,
)

router = Router(tags=["Accounts"])
RoleId = Annotated[UUID, PublicId("rol")]


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


@router.get("/roles", response=ListOut[RoleOut])
@operation(queries.SEE_MEMBERS)
def list_roles(request: ApiRequest) -> HttpResponse:
    """All roles with what they carry."""
    roles = queries.roles(request.actor)
    grants = queries.grants_of_roles([role.id for role in roles])
    return whole_list([_role(role, grants[role.id]) for role in roles])


@router.post("/roles", response={201: RoleOut})
@operation("accounts.role.create")
def create_role(request: ApiRequest, payload: RoleIn) -> HttpResponse:
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
def delete_role(request: ApiRequest, role_id: RoleId) -> HttpResponse:
    """Delete a role that nobody holds."""
    actions.delete_role(request.actor, role_id=role_id)
    return HttpResponse(status=204)


def _role(role: Any, grants: Any) -> dict[str, Any]:
    return {
        "id": role.public_id,
        "name": role.name,
        "description": role.description,
        "landing": role.landing,
        "grants": {name: scope.name.lower() for name, scope in sorted(grants.items())},
    }
