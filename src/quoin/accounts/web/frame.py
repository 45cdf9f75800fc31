"""What the frame of a page needs to know: a demo's ribbon, the way out of another's view, where looks are saved."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from quoin.base.ui import nav


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of all templates."""
    actor = getattr(request, "actor", None)
    is_viewed = actor is not None and actor.viewed_by_id is not None
    return {
        "is_demo": settings.IS_DEMO,
        "leave_view_url": reverse("accounts:leave_view") if is_viewed else "",
        "preferences_url": nav.address("accounts:profile_field") if actor is not None else "",
    }
