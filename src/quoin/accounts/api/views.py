"""Saved views of lists over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.accounts import actions
from quoin.accounts.queries.views import default_views, saved_view_for, saved_views
from quoin.base.actor import Actor
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
ViewId = Annotated[UUID, PublicId("viw")]


class SavedViewIn(ApiIn):
    """`query` is the query string of the list: `status=open&sort=-due_on&columns=number,total`."""

    list_key: str
    name: str
    query: str = ""
    is_shared: bool = False
    is_default: bool = False


class SavedViewPatch(ApiIn):
    """What is left out stays."""

    name: str | None = None
    query: str | None = None
    is_shared: bool | None = None
    position: int | None = None


class DefaultIn(ApiIn):
    """Null opens the list with everything."""

    view_id: ViewId | None


class SavedViewOut(ApiOut):
    """A view of the caller, or one that somebody shares."""

    id: ViewId
    list_key: str
    name: str
    query: str
    is_shared: bool
    is_own: bool
    is_default: bool
    position: int


@router.get("/saved-views", response=ListOut[SavedViewOut])
@operation("accounts.saved_view.create")
def list_saved_views(request: ApiRequest, list_key: str = "") -> HttpResponse:
    """Own and shared views, of one list or of all."""
    chosen = default_views(request.actor)
    rows = [_view(view, request.actor, chosen) for view in saved_views(request.actor, list_key)]
    return whole_list(rows)


@router.post("/saved-views", response={201: SavedViewOut})
@operation("accounts.saved_view.create")
def create_saved_view(request: ApiRequest, payload: SavedViewIn) -> HttpResponse:
    """Keep filters, order and columns under a name."""
    view = actions.create_saved_view(request.actor, **payload.dict())
    return respond_json(_view(view, request.actor, default_views(request.actor)), status=201)


@router.patch("/saved-views/{view_id}", response=SavedViewOut)
@operation("accounts.saved_view.edit")
def edit_saved_view(request: ApiRequest, view_id: ViewId, payload: SavedViewPatch) -> HttpResponse:
    """Rename, share, move, take over other filters."""
    actions.edit_saved_view(request.actor, view_id=view_id, **payload.dict(exclude_unset=True))
    return respond_json(_view(saved_view_for(request.actor, view_id), request.actor, default_views(request.actor)))


@router.put("/saved-views/defaults/{list_key}", response={204: None})
@operation("accounts.saved_view.choose")
def choose_default_view(request: ApiRequest, list_key: str, payload: DefaultIn) -> HttpResponse:
    """The view that the caller's list opens with."""
    actions.choose_default_view(request.actor, list_key=list_key, view_id=payload.view_id)
    return HttpResponse(status=204)


@router.delete("/saved-views/{view_id}", response={204: None})
@operation("accounts.saved_view.delete")
def delete_saved_view(request: ApiRequest, view_id: ViewId) -> HttpResponse:
    """Delete an own view."""
    actions.delete_saved_view(request.actor, view_id=view_id)
    return HttpResponse(status=204)


def _view(view: Any, actor: Actor, chosen: dict[str, str]) -> dict[str, Any]:
    return {
        "id": view.public_id, "list_key": view.list_key, "name": view.name, "query": view.query,
        "is_shared": view.is_shared, "is_own": view.membership_id == actor.membership_id,
        "is_default": chosen.get(view.list_key) == view.public_id, "position": view.position,
    }  # fmt: skip
