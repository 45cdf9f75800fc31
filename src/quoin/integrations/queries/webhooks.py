"""Endpoints and the log of deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.kernel.errors import NotFound

SEE = permission("integrations.webhook.view", _("See webhooks and their deliveries"))
STATUSES: Mapping[str, Status] = {
    "waiting": Status("info", _("Waiting")),
    "delivered": Status("success", _("Delivered")),
    "failed": Status("danger", _("Failed")),
    "held": Status("neutral", _("Held")),
}
DELIVERIES = Listing(
    key="webhook_deliveries",
    columns=(
        Column(key="created_at", label=_("When"), kind=Kind.DAY),
        Column(key="event_name", label=_("Event")),
        Column(key="url", label=_("Endpoint"), source="endpoint__url"),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES),
        Column(key="tries", label=_("Tries"), kind=Kind.NUMBER),
        Column(key="last_status", label=_("Answer"), kind=Kind.NUMBER),
        Column(key="last_error", label=_("Error"), is_sortable=False),
        Column(key="next_at", label=_("Next try"), kind=Kind.DAY, is_default=False),
    ),
    search=("event_name__icontains", "endpoint__url__icontains", "last_error__icontains"),
    sort="-created_at",
    views=(
        View(key="failed", label=_("Failed"), query="status=failed"),
        View(key="waiting", label=_("Waiting"), query="status[in]=waiting,held"),
    ),
)


def endpoints(actor: Actor) -> QuerySet[Any, Any]:
    """All endpoints with how many deliveries wait, failed, and when the last one arrived."""
    actor.require(SEE)
    waiting = Q(status__in=["waiting", "held"])
    return WebhookEndpoint.objects.annotate(
        waiting=_of_log(Count("id"), waiting, 0),
        failed=_of_log(Count("id"), Q(status="failed"), 0),
        last_delivered_at=_of_log(Max("delivered_at"), Q(), None),
    ).order_by("created_at")


def _of_log(aggregate: Any, condition: Q, without: object) -> Any:
    """A sum over the endpoint's deliveries; a subquery, because the key of a table is not its id alone."""
    rows = WebhookDelivery.objects.filter(condition, endpoint=OuterRef("id")).order_by().values("endpoint")
    found = Subquery(rows.annotate(found=aggregate).values("found"))
    return found if without is None else Coalesce(found, Value(without))


def endpoint_for(actor: Actor, endpoint_id: UUID | str) -> Any:
    """The endpoint; NotFound if there is none or it may not be seen."""
    wanted = _uuid(WebhookEndpoint, endpoint_id)
    found = endpoints(actor).filter(id=wanted).first() if wanted and actor.may(SEE) else None
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def deliveries(actor: Actor) -> QuerySet[Any, Any]:
    """The log, newest first."""
    actor.require(SEE)
    return WebhookDelivery.objects.select_related("endpoint").annotate(url=F("endpoint__url"))


def delivery_for(actor: Actor, delivery_id: UUID | str) -> Any:
    """One delivery with its tries."""
    wanted = _uuid(WebhookDelivery, delivery_id)
    found = deliveries(actor).filter(id=wanted).first() if wanted and actor.may(SEE) else None
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def _uuid(model: Any, given: UUID | str) -> UUID | None:
    if isinstance(given, UUID):
        return given
    try:
        found: UUID = model.uuid_of(given)
    except ValueError:
        return None
    return found
