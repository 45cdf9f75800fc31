"""Undo, and the list of one's own recent changes."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.compliance import actions
from quoin.compliance.queries import trail as queries


@page(None, methods=("POST",))
def undo(request: ActorRequest, pk: str) -> HttpResponseBase:
    """Take one's own action back; scripts get a short answer, browsers their page again."""
    done = actions.undo(request.actor, action_id=pk)
    text = _("Undone: %(what)s") % {"what": queries.label_of(done)}
    if respond.is_htmx(request) or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"undone": done.public_id, "text": text})
    return respond.redirect_with_toast(request, reverse("compliance:recent_changes"), text)


@page(None)
def recent(request: ActorRequest) -> HttpResponse:
    """What the viewer changed in the last day, with Undo where there is a way back."""
    found = queries.recent_changes(request.actor)
    undone = queries.undone_ids(found)
    rows = [
        {"action": action, "label": queries.label_of(action), "is_undone": action.public_id in undone}
        for action in found
    ]
    context = {"title": _("Recent changes"), "rows": rows}
    return respond.page(request, "compliance/recent.html", context)
