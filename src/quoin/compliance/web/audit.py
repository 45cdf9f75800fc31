"""Screen 59: every write, who did it, from where, and what changed."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, page
from quoin.base.listing.query import pairs_of
from quoin.base.ui import nav, respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.compliance.queries import trail as queries
from quoin.compliance.queries.trail_export import as_text, changed_values

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
        primary=Link(
            label=_("With values"), url=f"{reverse('compliance:audit_export')}?{request.GET.urlencode()}",
            icon="download",
        ),
    )  # fmt: skip
    return list_page(request, queries.TRAIL, queries.trail(request.actor), screen)


@page(queries.SEE_TRAIL)
def one(request: ActorRequest, pk: str) -> HttpResponseBase:
    """One action: before and after, column by column."""
    action = queries.action_for(request.actor, pk)
    context = {
        "title": queries.label_of(action), "area": AREA, "crumbs": ((_("Audit"), reverse("compliance:audit")),),
        "action": action, "changes": queries.changes_of(request.actor, action), "may_undo": action.undo is not None,
    }  # fmt: skip
    return respond.page(request, "compliance/action.html", context)


_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@page(queries.SEE_TRAIL)
def export(request: ActorRequest) -> HttpResponseBase:
    """The filtered trail with every value before and after, as a file."""
    form = request.GET.get("form", "")
    if form not in _TYPES:
        asked = request.GET.copy()
        links = []
        for name in _TYPES:
            asked["form"] = name
            links.append((name.upper(), f"{request.path}?{asked.urlencode()}"))
        context = {
            "title": _("Audit with values"), "area": AREA, "links": links,
            "crumbs": ((_("Audit"), reverse("compliance:audit")),),
        }  # fmt: skip
        return respond.page(request, "compliance/audit_export.html", context)
    pairs = [pair for pair in pairs_of(request.GET) if pair[0] != "form"]
    response = HttpResponse(as_text(changed_values(request.actor, pairs), form), content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return response
