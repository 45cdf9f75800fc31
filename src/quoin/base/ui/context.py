"""What a tag may know of the viewer: the locale, the zone, the way of writing time, and how screens look to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.template import Context
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest

UTC = ZoneInfo("UTC")
# What stands on <html> so that styles and scripts follow the choice before the first paint.
_LOOKS: Mapping[str, frozenset[str]] = {
    "theme": frozenset({"light", "dark"}),
    "density": frozenset({"compact", "comfortable"}),
    "shortcuts": frozenset({"off"}),
    "week_start": frozenset({"sunday", "saturday"}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """How to write for whom. `week_start` is the first day of the week in calendars, Monday being 0."""

    locale: str
    zone: ZoneInfo = UTC
    writes_decimal_hours: bool = False
    day_format: str = ""
    week_start: int = 0


def viewer_of(context: Context) -> Viewer:
    """The viewer of the request in the context; the active language where there is none."""
    return viewer(context.get("request"))


def viewer(request: HttpRequest | None) -> Viewer:
    """The actor's locale and zone, and the preferences of who is signed in."""
    actor: Any = getattr(request, "actor", None)
    locale = getattr(actor, "locale", "") or translation.get_language() or "en-GB"
    zone = getattr(actor, "zone", UTC) or UTC
    zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))
    chosen = preferences_of(request)
    return Viewer(
        str(locale),
        zone,
        bool(getattr(actor, "writes_decimal_hours", False)),
        chosen.get("date_format", ""),
        {"saturday": 5, "sunday": 6}.get(chosen.get("week_start", ""), 0),
    )


def preferences_of(request: HttpRequest | None) -> Mapping[str, str]:
    """What the signed-in user chose; nothing for strangers. In a view as somebody else, still the viewer's own."""
    if request is None or getattr(request, "actor", None) is None:
        return {}
    return getattr(getattr(request, "user", None), "preferences", None) or {}


def looks_of(request: HttpRequest | None) -> dict[str, str]:
    """The data attributes of <html>: only choices that differ from the usual."""
    chosen = preferences_of(request)
    return {
        name.replace("_", "-"): chosen[name] for name, known in _LOOKS.items() if str(chosen.get(name, "")) in known
    }


def actor_of(context: Context) -> Any:
    """Who reads the page; None before signing in."""
    return getattr(context.get("request"), "actor", None)
