"""Saved views: filters, order and columns of a list under a name, private or shared, one of them the first to open."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import Membership, SavedView
from quoin.accounts.queries.views import saved_view_for
from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.listing import LISTINGS, parse
from quoin.kernel.errors import Conflict, Forbidden, invalid

explain("saved_view_name", "You have a view with this name on this list.")
_LONGEST_NAME = 60
_LONGEST_QUERY = 2000
_MOST = 40


@action("accounts.saved_view.create", label=gettext_lazy("Save a view of a list"))
def create_saved_view(
    actor: Actor, *, list_key: str, name: str, query: str, is_shared: bool = False, is_default: bool = False
) -> SavedView:
    """Keep what a query string says under a name. Raises Invalid if the list does not understand it."""
    member = _member(actor)
    own = SavedView.objects.filter(membership_id=member.id, list_key=list_key).count()
    if own >= _MOST:
        raise Conflict(_("A list has at most %(count)s views of yours. Delete one first.") % {"count": _MOST})
    view = SavedView.objects.create(
        membership_id=member.id, list_key=list_key, name=_name(name), query=_query(actor, list_key, query),
        is_shared=is_shared, position=own,
    )  # fmt: skip
    if is_default:
        _set_default(member, list_key, view)
    touch(view.public_id)
    undo_with("accounts.saved_view.delete", view_id=view.id)
    return view


@action("accounts.saved_view.edit", label=gettext_lazy("Change a saved view"))
def edit_saved_view(
    actor: Actor,
    *,
    view_id: UUID | str,
    name: str | None = None,
    query: str | None = None,
    is_shared: bool | None = None,
    position: int | None = None,
) -> SavedView:
    """Rename, share, take over other filters or move; what is left out stays."""
    view = _own(actor, view_id)
    undo_with(
        "accounts.saved_view.edit", view_id=view.id, name=view.name, query=view.query, is_shared=view.is_shared,
        position=view.position,
    )  # fmt: skip
    if name is not None:
        view.name = _name(name)
    if query is not None:
        view.query = _query(actor, view.list_key, query)
    if is_shared is not None:
        view.is_shared = is_shared
    view.save()
    if position is not None:
        _move(view, position)
    touch(view.public_id)
    return view


@action("accounts.saved_view.choose", label=gettext_lazy("Choose the view that a list opens with"))
def choose_default_view(actor: Actor, *, list_key: str, view_id: UUID | str | None) -> None:
    """Open the list with this view, own or shared, from now on; None opens it with everything."""
    member = _member(actor)
    undo_with("accounts.saved_view.choose", list_key=list_key, view_id=member.default_views.get(list_key))
    view = saved_view_for(actor, view_id) if view_id else None
    if view is not None and view.list_key != list_key:
        raise invalid("/view_id", _("This view belongs to another list."))
    _set_default(member, list_key, view)
    touch(view.public_id if view else f"list:{list_key}")


@action("accounts.saved_view.delete", label=gettext_lazy("Delete a saved view"))
def delete_saved_view(actor: Actor, *, view_id: UUID | str) -> None:
    """Delete an own view; where it was shared, it is gone for the others too."""
    view = _own(actor, view_id)
    undo_with(
        "accounts.saved_view.create", list_key=view.list_key, name=view.name, query=view.query, is_shared=view.is_shared
    )
    touch(view.public_id)
    view.delete()


def _member(actor: Actor) -> Membership:
    if actor.membership_id is None:
        raise Conflict(_("Only a user has views."))
    return Membership.objects.select_for_update().get(id=actor.membership_id)


def _own(actor: Actor, view_id: UUID | str) -> SavedView:
    view: SavedView = saved_view_for(actor, view_id)
    if view.membership_id != actor.membership_id:
        raise Forbidden(_("This view belongs to somebody else. Save a copy of it under your own name."))
    return view


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise invalid("/name", _("Give the view a name."))
    if len(name) > _LONGEST_NAME:
        raise invalid("/name", _("A name has at most %(count)s characters.") % {"count": _LONGEST_NAME})
    return name


def _query(actor: Actor, list_key: str, text: str) -> str:
    """The query in its shortest form: no page, no name of a view."""
    listing = LISTINGS.get(list_key)
    if listing is None:
        raise invalid("/list_key", _("There is no list %(key)s.") % {"key": list_key})
    if len(text) > _LONGEST_QUERY:
        raise invalid("/query", _("These are too many filters for a view."))
    pairs = [pair for pair in parse_qsl(text.lstrip("?"), keep_blank_values=True) if pair[0] not in {"view", "cursor"}]
    return parse(listing, pairs, on=actor.today).query_string()


def _set_default(member: Membership, list_key: str, view: SavedView | None) -> None:
    kept = {key: value for key, value in member.default_views.items() if key != list_key}
    member.default_views = {**kept, list_key: view.public_id} if view is not None else kept
    member.save(update_fields=["default_views"])


def _move(view: SavedView, position: int) -> None:
    others = list(
        SavedView.objects.filter(membership_id=view.membership_id, list_key=view.list_key)
        .exclude(id=view.id).order_by("position", "name")
    )  # fmt: skip
    others.insert(max(0, min(position, len(others))), view)
    for number, one in enumerate(others):
        if one.position != number:
            SavedView.objects.filter(id=one.id).update(position=number)
    view.position = others.index(view)
