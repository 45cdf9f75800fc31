"""How screens look to a user, and their saved views of lists."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import SavedView, User
from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, NotFound, invalid

PREFERENCES: dict[str, tuple[str, ...]] = {
    "theme": ("system", "light", "dark"),
    "density": ("compact", "default", "comfortable"),
    "hours": ("clock", "decimal"),
    "date_format": ("", "day_month", "month_day", "iso"),
    "week_start": ("monday", "sunday", "saturday"),
    "shortcuts": ("on", "off"),
    "locale": ("", *(code for code, _name in settings.LANGUAGES)),
}
"""The choices of each preference, the usual one first."""


@action("accounts.profile.edit", label=gettext_lazy("Change the own profile"))
def edit_profile(actor: Actor, *, field: str, value: str) -> None:
    """One field: `name`, `zone`, `landing` (the name of a page's address), or a preference of PREFERENCES."""
    if actor.user_id is None:
        raise Conflict(_("Only a user has a profile."))
    user = User.objects.get(id=actor.user_id)
    before = user.name if field == "name" else str(user.preferences.get(field, PREFERENCES.get(field, ("",))[0]))
    if field == "name":
        if not value.strip():
            raise invalid("/name", _("Enter your name."))
        user.name = value.strip()
    else:
        user.preferences = {**user.preferences, field: _checked(field, value)}
    user.save(update_fields=["name", "preferences"])
    touch(f"usr_{user.id.hex}")
    undo_with("accounts.profile.edit", field=field, value=before)


def _checked(field: str, value: str) -> str:
    if field == "zone":
        if value and value not in available_timezones():
            raise invalid("/zone", _("%(zone)s is not a time zone.") % {"zone": value})
        return value
    if field == "landing":
        if value and not _is_page(value):
            raise invalid("/landing", _("There is no such page."))
        return value
    if value not in PREFERENCES.get(field, ()):
        raise invalid(f"/{field}", _("This is not one of the choices."))
    return value


def _is_page(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


@action("accounts.saved_view.create", label=gettext_lazy("Save a view of a list"))
def create_saved_view(actor: Actor, *, list_key: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep filters, columns and order under a name."""
    if actor.membership_id is None:
        raise Conflict(_("Only a user has views."))
    if not name.strip():
        raise invalid("/name", _("Give the view a name."))
    position = SavedView.objects.filter(membership_id=actor.membership_id, list_key=list_key).count()
    view = SavedView.objects.create(
        membership_id=actor.membership_id, list_key=list_key, name=name.strip(), query=query.lstrip("?"),
        is_shared=is_shared, position=position,
    )  # fmt: skip
    touch(view.public_id)
    undo_with("accounts.saved_view.delete", view_id=view.id)
    return view


@action("accounts.saved_view.edit", label=gettext_lazy("Change a saved view"))
def edit_saved_view(
    actor: Actor, *, view_id: UUID | str, name: str, query: str, is_shared: bool, position: int
) -> None:
    view = _own(actor, view_id)
    undo_with(
        "accounts.saved_view.edit", view_id=view.id, name=view.name, query=view.query, is_shared=view.is_shared,
        position=view.position,
    )  # fmt: skip
    view.name, view.query, view.is_shared, view.position = (
        name.strip() or view.name,
        query.lstrip("?"),
        is_shared,
        position,
    )
    view.save()
    touch(view.public_id)


@action("accounts.saved_view.delete", label=gettext_lazy("Delete a saved view"))
def delete_saved_view(actor: Actor, *, view_id: UUID | str) -> None:
    view = _own(actor, view_id)
    undo_with(
        "accounts.saved_view.create", list_key=view.list_key, name=view.name, query=view.query, is_shared=view.is_shared
    )
    touch(view.public_id)
    view.delete()


def _own(actor: Actor, view_id: UUID | str) -> SavedView:
    wanted = view_id if isinstance(view_id, UUID) else SavedView.uuid_of(view_id)
    view = SavedView.objects.filter(id=wanted).first()
    if view is None or view.membership_id != actor.membership_id:
        raise NotFound(_("There is no such view of yours."))
    return view
