"""What a tag may know of the viewer: the locale, the zone, the way of writing time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.template import Context
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Viewer:
    """How to write for whom."""

    locale: str
    zone: ZoneInfo = UTC
    writes_decimal_hours: bool = False


def viewer_of(context: Context) -> Viewer:
    """The viewer of the request in the context; the active language where there is none."""
    return viewer(context.get("request"))


def viewer(request: HttpRequest | None) -> Viewer:
    """The actor's locale and zone."""
    actor: Any = getattr(request, "actor", None)
    locale = getattr(actor, "locale", "") or translation.get_language() or "en-GB"
    zone = getattr(actor, "zone", UTC) or UTC
    zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))
    return Viewer(str(locale), zone, bool(getattr(actor, "writes_decimal_hours", False)))
