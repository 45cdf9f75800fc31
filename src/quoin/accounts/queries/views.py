"""Saved views of lists: own ones and those that others share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from quoin.accounts.models import Membership, SavedView
from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound


def saved_views(actor: Actor, list_key: str = "") -> QuerySet[Any, Any]:
    """Own views, then shared ones, in order; `owner_name` tells whose."""
    if actor.membership_id is None:
        return SavedView.objects.none()
    visible = Q(membership_id=actor.membership_id) | Q(is_shared=True, membership__is_active=True)
    rows = SavedView.objects.filter(visible).annotate(
        is_others=~Q(membership_id=actor.membership_id), owner_name=F("membership__user__name")
    )
    rows = rows.filter(list_key=list_key) if list_key else rows
    return rows.order_by("list_key", "is_others", "position", "name")


def default_views(actor: Actor) -> dict[str, str]:
    """Public id of the view that each list opens with, by the list's key."""
    if actor.membership_id is None:
        return {}
    found: dict[str, str] | None = (
        Membership.objects.filter(id=actor.membership_id).values_list("default_views", flat=True).first()
    )
    return found or {}


def saved_view_for(actor: Actor, view_id: UUID | str) -> Any:
    """The view, own or shared; NotFound for any other."""
    try:
        wanted = view_id if isinstance(view_id, UUID) else SavedView.uuid_of(view_id)
    except ValueError:
        raise NotFound("There is no such view.") from None
    found = saved_views(actor).filter(id=wanted).first()
    if found is None:
        raise NotFound("There is no such view.")
    return found
