"""Screen 09: what a user sets for themselves, their sessions and tokens."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts import actions
from quoin.accounts.actions.profile import PREFERENCES
from quoin.accounts.queries import members as queries
from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.privacy import COLUMNS
from quoin.base.ui import nav, respond
from quoin.kernel.errors import DomainError, NotFound

nav.add(
    nav.Entry(
        key="profile", group=nav.USER_GROUP, label=gettext_lazy("Profile and preferences"),
        url_name="accounts:profile", icon="person", order=10,
    )
)  # fmt: skip
_LABELS = {
    "theme": gettext_lazy("Theme"), "density": gettext_lazy("Rows"), "hours": gettext_lazy("Hours as"),
    "date_format": gettext_lazy("Days as"), "week_start": gettext_lazy("The week begins on"),
    "shortcuts": gettext_lazy("Single-key shortcuts"), "locale": gettext_lazy("Language"),
}  # fmt: skip
_HELP = {
    "week_start": gettext_lazy("In calendars. A timesheet is an ISO week and always begins on Monday."),
    "shortcuts": gettext_lazy("Ctrl K and Alt 1 to 9 work in any case."),
    "locale": gettext_lazy("Also decides how numbers are written."),
}
NATIVE = {"en": "English", "en-us": "English (United States)", "de": "Deutsch"}
"""A language is found by its own name."""
_RELOADS = frozenset({"hours", "date_format", "week_start", "locale"})
"""Preferences that the server writes into the page: it is read again."""
_WORDS = {
    "system": gettext_lazy("as the system"), "light": gettext_lazy("light"), "dark": gettext_lazy("dark"),
    "compact": gettext_lazy("compact"), "default": gettext_lazy("default"), "comfortable": gettext_lazy("comfortable"),
    "clock": "7:30", "decimal": "7.50", "monday": gettext_lazy("Monday"), "sunday": gettext_lazy("Sunday"),
    "saturday": gettext_lazy("Saturday"), "on": gettext_lazy("on"), "off": gettext_lazy("off"),
    "": gettext_lazy("as the firm"), "day_month": "6 May 2026", "month_day": "May 6, 2026", "iso": "2026-05-06",
}  # fmt: skip
_PLACES = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


@cache
def zones() -> tuple[str, ...]:
    """Time zones by their place, and UTC; older names of the same zones are understood and not offered."""
    return ("UTC", *sorted(zone for zone in available_timezones() if zone.startswith(_PLACES)))


@page(None)
def profile(request: ActorRequest) -> HttpResponseBase:
    """All sections."""
    return _page(request)


@page(None, methods=("POST",))
def save_field(request: ActorRequest) -> HttpResponseBase:
    """One field, saved as soon as it is changed."""
    field = request.POST.get("field", "")
    actions.edit_profile(request.actor, field=field, value=request.POST.get("value", ""))
    if respond.is_htmx(request) and field not in _RELOADS:
        return respond.toast(HttpResponse(status=204), _("Saved"), undo=undo_token(request.actor))
    return respond.redirect_with_toast(request, reverse("accounts:profile"), _("Saved"), undo=undo_token(request.actor))


@page("accounts.token.create", methods=("POST",))
@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
def create_token(request: ActorRequest) -> HttpResponseBase:
    """A token; its secret is on this answer and nowhere else."""
    days = request.POST.get("days", "90")
    try:
        new = actions.create_token(
            request.actor, name=request.POST.get("name", ""), scopes=request.POST.get("scopes", "").split(),
            days=int(days) if days.isdigit() else 0,
        )  # fmt: skip
    except DomainError as fault:
        return _page(request, fault=fault)
    response = _page(request, secret=new.secret)
    response["Cache-Control"] = "no-store"
    return response


@page("accounts.token.revoke", methods=("POST",))
def revoke_token(request: ActorRequest, pk: str) -> HttpResponseBase:
    """End a token."""
    actions.revoke_token(request.actor, token_id=pk)
    return respond.redirect_with_toast(request, reverse("accounts:profile"), _("Token revoked"))


@page(None, methods=("POST",))
def end_session(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Sign out somewhere else."""
    session = UserSession.objects.filter(id=pk, user_id=request.user.pk).first()
    if session is None:
        raise NotFound(_("There is no such session of yours."))
    session.end()
    return respond.redirect_with_toast(request, reverse("accounts:profile"), _("Session ended"))


def _page(request: ActorRequest, *, secret: str = "", fault: DomainError | None = None) -> HttpResponse:
    user = queries.user_of(request.actor)
    preferences = user.preferences
    fields = [
        {
            "key": key, "label": _LABELS[key], "help": _HELP.get(key, ""), "usual": values[0],
            "value": preferences.get(key, values[0]), "choices": _choices(key, values),
        }
        for key, values in PREFERENCES.items()
    ]  # fmt: skip
    fields.append(_landing(request, preferences.get("landing", "")))
    context = {
        "title": _("Profile and preferences"), "fields": fields, "account": user, "zone": preferences.get("zone", ""),
        "sessions": [] if request.actor.viewed_by_id else _sessions(request),
        "has_second_factor": Authenticator.objects.filter(user_id=user.pk).exists(),
        "tokens": [one for one in queries.tokens(request.actor) if one.membership_id == request.actor.membership_id],
        "secret": secret, "fault": fault, "columns": COLUMNS, "now": request.actor.now,
        "current_session": request.session.session_key, "zones": zones(),
    }  # fmt: skip
    return respond.page(request, "accounts/profile.html", context, status=fault.status if fault else 200)


def _sessions(request: ActorRequest) -> list[UserSession]:
    return [session for session in UserSession.objects.filter(user_id=request.user.pk) if session.exists()]


def _landing(request: ActorRequest, chosen: str) -> dict[str, object]:
    """The pages that the user may open, as the first page after signing in."""
    pages = [(link.entry.url_name, link.entry.label) for group in nav.groups(request.actor, "") for link in group.links]
    return {
        "key": "landing", "label": _("First page"), "help": _("Shown after signing in."), "usual": "", "value": chosen,
        "choices": [("", _("as the role says")), *pages],
    }  # fmt: skip


def _choices(key: str, values: tuple[str, ...]) -> list[tuple[str, object]]:
    if key == "locale":
        return [("", _WORDS[""]), *((code, NATIVE.get(code, code)) for code in values if code)]
    if key == "date_format":
        return [(value, _WORDS[value] if value else _("as the language says")) for value in values]
    return [(value, _WORDS.get(value, value)) for value in values]
