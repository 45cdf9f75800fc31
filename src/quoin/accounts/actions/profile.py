"""How screens look to a user."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import User
from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, invalid

PREFERENCES: dict[str, tuple[str, ...]] = {
    "theme": ("system", "light", "dark"),
    "density": ("default", "compact", "comfortable"),
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
