"""Screen 59: every write, who did it, from where, and what changed."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import nav, respond
from quoin.base.ui.lists import Empty, Screen, list_page
from quoin.compliance.queries import trail as queries

AREA = gettext_lazy("Admin")
nav.add(
    nav.Entry(
        key="audit", group="admin", label=gettext_lazy("Audit"), url_name="compliance:audit", icon="audit",
        permission=queries.SEE_TRAIL, order=40,
    )
)  # fmt: skip


@page(queries.SEE_TRAIL)
def audit(request: ActorRequest) -> HttpResponseBase:
    """The trail."""
    screen = Screen(
        title=_("Audit"),
        area=AREA,
        empty=Empty(text=_("Changes will appear here.")),
        row_url=lambda action: reverse("compliance:audit_action", args=[action.public_id]),
        row_id=lambda action: action.public_id,
    )
    return list_page(request, queries.TRAIL, queries.trail(request.actor), screen)


@page(queries.SEE_TRAIL)
def one(request: ActorRequest, pk: str) -> HttpResponseBase:
    """One action: before and after, column by column."""
    action = queries.action_for(request.actor, pk)
    context = {
        "title": queries.label_of(action), "area": AREA, "crumbs": ((_("Audit"), reverse("compliance:audit")),),
        "action": action, "changes": queries.changes_of(action), "may_undo": action.undo is not None,
    }  # fmt: skip
    return respond.page(request, "compliance/action.html", context)
