"""Saved views on every list: the tabs, and the forms of their menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from quoin.accounts import actions
from quoin.accounts.queries.views import default_views, saved_view_for, saved_views
from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond, saved


def _found(actor: Actor, list_key: str) -> list[saved.SavedView]:
    rows = list(saved_views(actor, list_key))
    first = default_views(actor).get(list_key, "") if rows else ""
    return [
        saved.SavedView(
            id=row.public_id, name=row.name, query=row.query, is_own=row.membership_id == actor.membership_id,
            is_shared=row.is_shared, is_default=row.public_id == first, position=row.position, owner=row.owner_name,
        )
        for row in rows
    ]  # fmt: skip


saved.provide(_found, save="accounts:view_save", change="accounts:view_change", permission="accounts.saved_view.create")


@page("accounts.saved_view.create", methods=("POST",))
def save_view(request: ActorRequest, list_key: str) -> HttpResponseBase:
    """Keep what is shown under a name, and show it."""
    post = request.POST
    view = actions.create_saved_view(
        request.actor, list_key=list_key, name=post.get("name", ""), query=post.get("query", ""),
        is_shared="is_shared" in post, is_default="is_default" in post,
    )  # fmt: skip
    path = _back(request).partition("?")[0]
    url = f"{path}?view={view.public_id}" + (f"&{view.query}" if view.query else "")
    return respond.redirect_with_toast(request, url, _("View saved"), undo=undo_token(request.actor))


@page("accounts.saved_view.edit", methods=("POST",))
def change_view(request: ActorRequest) -> HttpResponseBase:
    """The menu's verbs on the open view: save, left, right, delete."""
    view = saved_view_for(request.actor, request.POST.get("view_id", ""))
    match request.POST.get("verb", "save"):
        case "delete":
            actions.delete_saved_view(request.actor, view_id=view.id)
            url, text = _back(request).partition("?")[0], _("View deleted")
        case "left" | "right" as way:
            step = -1 if way == "left" else 1
            actions.edit_saved_view(request.actor, view_id=view.id, position=max(0, view.position + step))
            url, text = _back(request), _("View moved")
        case _:
            _save(request, view)
            url, text = _back(request), _("View saved")
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


def _save(request: ActorRequest, view: Any) -> None:
    post, actor = request.POST, request.actor
    was_default = default_views(actor).get(view.list_key) == view.public_id
    if ("is_default" in post) != was_default:
        chosen = None if was_default else view.id
        actions.choose_default_view(actor, list_key=view.list_key, view_id=chosen)
    if view.membership_id == actor.membership_id:
        query = post.get("query", "") if "takes_query" in post else None
        actions.edit_saved_view(
            actor, view_id=view.id, name=post.get("name", ""), query=query, is_shared="is_shared" in post
        )


def _back(request: ActorRequest) -> str:
    back = request.POST.get("back", "/")
    return back if back.startswith("/") and not back.startswith("//") else "/"
