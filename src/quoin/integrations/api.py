"""Webhooks over the API."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiOut,
    ApiRequest,
    ListOut,
    PublicId,
    Router,
    list_response,
    operation,
    respond_json,
    whole_list,
)
from quoin.integrations import actions
from quoin.integrations.queries import webhooks as queries
from quoin.integrations.queries.catalogue import EVENTS
from quoin.kernel.ids import public_id

router = Router(tags=["Webhooks"])
WebhookId = Annotated[UUID, PublicId("whk")]
DeliveryId = Annotated[UUID, PublicId("whd")]


class WebhookIn(ApiIn):
    """`event_names` are names of `/events`, `billing.*` for all of an area, `*` for everything."""

    url: str
    event_names: list[str]
    description: str = ""
    owner_email: str = ""


class WebhookPatch(ApiIn):
    """What is left out stays."""

    url: str | None = None
    event_names: list[str] | None = None
    description: str | None = None
    owner_email: str | None = None


class WebhookOut(ApiOut):
    id: WebhookId
    url: str
    event_names: list[str]
    description: str
    owner_email: str
    paused_at: datetime | None
    paused_reason: str
    created_at: datetime


class NewWebhookOut(WebhookOut):
    """With the secret, which is shown this once."""

    secret: str


class DeliveryOut(ApiOut):
    """One event for one endpoint. `event_id` is the `webhook-id` of all tries."""

    id: DeliveryId
    webhook_id: WebhookId
    event_id: str
    event_name: str
    status: str
    tries: int
    last_status: int
    last_error: str
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None


class ResendIn(ApiIn):
    """Some deliveries, or all that failed since a moment."""

    delivery_ids: list[DeliveryId] = []
    since: datetime | None = None


@router.get("/events")
@operation(queries.SEE)
def list_events(request: ApiRequest) -> HttpResponse:  # noqa: ARG001  the API names it so
    """The events that a webhook may be told about."""
    return respond_json({"data": [{"name": name, "label": str(label)} for name, label in EVENTS.items()]})


@router.get("/webhooks", response=ListOut[WebhookOut])
@operation(queries.SEE)
def list_webhooks(request: ApiRequest) -> HttpResponse:
    """All endpoints, without their secrets."""
    rows = [_webhook(one) for one in queries.endpoints(request.actor)]
    return whole_list(rows)


@router.post("/webhooks", response={201: NewWebhookOut})
@operation("integrations.webhook.create")
def create_webhook(request: ApiRequest, payload: WebhookIn) -> HttpResponse:
    """Tell an address about events from now on."""
    made = actions.create_webhook(request.actor, **payload.dict())
    return respond_json({**_webhook(made.endpoint), "secret": made.secret}, status=201)


@router.get("/webhooks/{webhook_id}", response=WebhookOut)
@operation(queries.SEE)
def get_webhook(request: ApiRequest, webhook_id: WebhookId) -> HttpResponse:
    """One endpoint."""
    return respond_json(_webhook(queries.endpoint_for(request.actor, webhook_id)))


@router.patch("/webhooks/{webhook_id}", response=WebhookOut)
@operation("integrations.webhook.edit")
def edit_webhook(request: ApiRequest, webhook_id: WebhookId, payload: WebhookPatch) -> HttpResponse:
    """Change what is sent."""
    changes = payload.dict(exclude_unset=True)
    return respond_json(_webhook(actions.edit_webhook(request.actor, webhook_id=webhook_id, **changes)))


@router.delete("/webhooks/{webhook_id}", response={204: None})
@operation("integrations.webhook.delete")
def delete_webhook(request: ApiRequest, webhook_id: WebhookId) -> HttpResponse:
    """Delete it with its log."""
    actions.delete_webhook(request.actor, webhook_id=webhook_id)
    return HttpResponse(status=204)


@router.post("/webhooks/{webhook_id}/rotate", response=NewWebhookOut)
@operation("integrations.webhook.rotate")
def rotate_webhook(request: ApiRequest, webhook_id: WebhookId) -> HttpResponse:
    """A new secret; for a day both sign."""
    made = actions.rotate_webhook_secret(request.actor, webhook_id=webhook_id)
    return respond_json({**_webhook(made.endpoint), "secret": made.secret})


@router.post("/webhooks/{webhook_id}/pause", response=WebhookOut)
@operation("integrations.webhook.pause")
def pause_webhook(request: ApiRequest, webhook_id: WebhookId) -> HttpResponse:
    """Send nothing until it is resumed."""
    return respond_json(_webhook(actions.pause_webhook(request.actor, webhook_id=webhook_id)))


@router.post("/webhooks/{webhook_id}/resume", response=WebhookOut)
@operation("integrations.webhook.resume")
def resume_webhook(request: ApiRequest, webhook_id: WebhookId) -> HttpResponse:
    """Send again, first what was kept."""
    return respond_json(_webhook(actions.resume_webhook(request.actor, webhook_id=webhook_id)))


@router.post("/webhooks/{webhook_id}/test", response={202: DeliveryOut})
@operation("integrations.webhook.test")
def test_webhook(request: ApiRequest, webhook_id: WebhookId) -> HttpResponse:
    """Send a test event to this endpoint alone."""
    return respond_json(_delivery(actions.test_webhook(request.actor, webhook_id=webhook_id)), status=202)


@router.get("/webhook-deliveries", response=ListOut[DeliveryOut])
@operation(queries.SEE)
def list_deliveries(request: ApiRequest) -> HttpResponse:
    """The log."""
    return list_response(request, queries.DELIVERIES, queries.deliveries(request.actor), _delivery)


@router.post("/webhook-deliveries/resend", response=ListOut[DeliveryOut])
@operation("integrations.delivery.resend")
def resend_deliveries(request: ApiRequest, payload: ResendIn) -> HttpResponse:
    """Send again: some, or all that failed since a moment."""
    again = actions.resend_deliveries(request.actor, delivery_ids=payload.delivery_ids, since=payload.since)
    rows = [_delivery(one) for one in again]
    return whole_list(rows)


@router.get("/webhook-deliveries/{delivery_id}")
@operation(queries.SEE)
def get_delivery(request: ApiRequest, delivery_id: DeliveryId) -> HttpResponse:
    """One delivery with its body and every try."""
    found = queries.delivery_for(request.actor, delivery_id)
    return respond_json({**_delivery(found), "body": json.loads(found.body), "log": found.log})


def _webhook(one: Any) -> dict[str, Any]:
    names = ("url", "event_names", "description", "owner_email", "paused_at", "paused_reason", "created_at")
    return {"id": one.public_id, **{name: getattr(one, name) for name in names}}


def _delivery(one: Any) -> dict[str, Any]:
    names = (
        "event_name", "status", "tries", "last_status", "last_error", "created_at", "next_at", "delivered_at",
    )  # fmt: skip
    return {
        "id": one.public_id,
        "webhook_id": public_id("whk", one.endpoint_id), "event_id": public_id("evt", one.event_id),
        **{name: getattr(one, name) for name in names},
    }  # fmt: skip
