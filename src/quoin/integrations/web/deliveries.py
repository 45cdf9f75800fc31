"""The log of deliveries: what was sent, what came back, and sending it again."""

from __future__ import annotations

import json

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Bulk, Empty, Screen, list_page
from quoin.integrations import actions
from quoin.integrations.queries import webhooks as queries

_MEANINGS = {"failed": "danger", "held": "warning"}


@page(queries.SEE)
def deliveries(request: ActorRequest) -> HttpResponseBase:
    """All deliveries."""
    may_resend = request.actor.may("integrations.delivery.resend")
    screen = Screen(
        title=_("Deliveries"),
        area=_("Integrations"),
        crumbs=((_("Integrations"), reverse("integrations:webhooks")),),
        empty=Empty(text=_("Nothing was sent yet. Deliveries appear here as soon as something happens.")),
        row_url=lambda delivery: reverse("integrations:delivery", args=[delivery.public_id]),
        row_id=lambda delivery: delivery.public_id,
        row_meaning=lambda delivery: _MEANINGS.get(delivery.status, ""),
        bulk=(Bulk(label=_("Send again"), url=reverse("integrations:deliveries_resend"), icon="refresh"),)
        if may_resend
        else (),
    )
    return list_page(request, queries.DELIVERIES, queries.deliveries(request.actor), screen)


@page(queries.SEE)
def delivery(request: ActorRequest, pk: str) -> HttpResponseBase:
    """One delivery: the body, and every try with what came back."""
    found = queries.delivery_for(request.actor, pk)
    context = {
        "title": found.event_name, "area": _("Integrations"), "delivery": found,
        "status": queries.STATUSES[found.status],
        "body": json.dumps(json.loads(found.body), indent=2, ensure_ascii=False),
        "crumbs": ((_("Deliveries"), reverse("integrations:deliveries")),),
        "may_resend": request.actor.may("integrations.delivery.resend"),
    }  # fmt: skip
    return respond.page(request, "integrations/delivery.html", context)


@page("integrations.delivery.resend", methods=("POST",))
def resend(request: ActorRequest) -> HttpResponseBase:
    """Send the chosen deliveries again."""
    again = actions.resend_deliveries(request.actor, delivery_ids=request.POST.getlist("ids"))
    text = ngettext("%(count)s delivery is sent again", "%(count)s deliveries are sent again", len(again))
    return respond.redirect_with_toast(request, reverse("integrations:deliveries"), text % {"count": len(again)})
