"""The caller's own tokens over the API."""

from __future__ import annotations

from datetime import datetime
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
from quoin.kernel.ids import public_id

router = Router(tags=["Accounts"])
TokenId = Annotated[UUID, PublicId("tok")]


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


@router.get("/tokens", response=ListOut[TokenOut])
@operation("accounts.token.create")
def list_tokens(request: ApiRequest) -> HttpResponse:
    """Own tokens, without their secrets."""
    rows = [_token(token) for token in queries.tokens(request.actor)]
    return whole_list(rows)


@router.post("/tokens", response={201: NewTokenOut})
@operation("accounts.token.create")
def create_token(request: ApiRequest, payload: TokenIn) -> HttpResponse:
    """A token of the caller's own."""
    new = actions.create_token(request.actor, name=payload.name, scopes=payload.scopes, days=payload.days)
    return respond_json({"id": public_id("tok", new.token_id), "secret": new.secret}, status=201)


@router.delete("/tokens/{token_id}", response={204: None})
@operation("accounts.token.revoke")
def revoke_token(request: ApiRequest, token_id: TokenId) -> HttpResponse:
    """End a token now."""
    actions.revoke_token(request.actor, token_id=token_id)
    return HttpResponse(status=204)


def _token(token: Any) -> dict[str, Any]:
    return {
        "id": token.public_id,
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }
