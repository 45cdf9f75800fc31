"""From the outbox of events to deliveries, in the transaction of the event: none is lost, none is told twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps

from quoin.base.actor import Actor
from quoin.base.db.tenancy import TenantModel
from quoin.base.events.models import Event
from quoin.base.jobs import defer_as_system
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.integrations.queries.catalogue import wants
from quoin.kernel.ids import public_id

JOB = "integrations.webhook.deliver"
_MOST_IDS = 200
_REFERENCE = re.compile(r"(?P<stem>[a-z_]+?)_ids?")
_CAMEL = re.compile(r"(?<!^)(?=[A-Z])")


def on_events(actor: Actor, events: Sequence[Event]) -> None:
    """Write a delivery of each event for each endpoint that asked for it."""
    endpoints = list(WebhookEndpoint.objects.only("event_names", "paused_at"))
    for event in events if endpoints else ():
        asked = [endpoint for endpoint in endpoints if wants(endpoint.event_names, event.name)]
        if asked:
            write_deliveries(actor, asked, event)


def write_deliveries(actor: Actor, endpoints: Iterable[WebhookEndpoint], event: Event) -> list[WebhookDelivery]:
    """One delivery per endpoint, queued unless the endpoint is paused."""
    body = body_of(event)
    made = [
        WebhookDelivery(
            endpoint=endpoint, event_id=event.id, event_name=event.name, body=body, created_at=actor.now,
            status="held" if endpoint.paused_at else "waiting",
        )
        for endpoint in endpoints
    ]  # fmt: skip
    WebhookDelivery.objects.bulk_create(made)
    for delivery in made:
        if delivery.status == "waiting":
            queue(actor, delivery)
    return made


def queue(actor: Actor, delivery: WebhookDelivery, *, at: datetime | None = None) -> None:
    """Queue the next try. One endpoint gets one at a time, so that a slow one delays nobody else."""
    defer_as_system(
        actor, JOB, lock=f"webhook:{delivery.endpoint_id}", at=at, delivery_id=delivery.public_id, tries=delivery.tries
    )


def body_of(event: Event) -> str:
    """`{"type", "timestamp", "data"}`, thin: ids as the API writes them; long lists are cut and counted."""
    data = {"event_id": event.public_id, **_public(event.payload)}
    return json.dumps(
        {"type": event.name, "timestamp": event.at.isoformat(), "data": data}, separators=(",", ":"), ensure_ascii=False
    )


def _public(payload: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in payload.items():
        prefix = _prefix(name)
        if isinstance(value, list):
            found[name] = [_written(part, prefix) for part in value[:_MOST_IDS]]
            if len(value) > _MOST_IDS:
                found[f"{name}_count"] = len(value)
        else:
            found[name] = _written(value, prefix)
    return found


def _written(value: Any, prefix: str) -> Any:
    try:
        return public_id(prefix, UUID(value)) if prefix and isinstance(value, str) else value
    except ValueError:
        return value


def _prefix(name: str) -> str:
    """`project_id` and `project_ids` hold ids that begin with the prefix of projects."""
    found = _REFERENCE.fullmatch(name)
    return _prefixes().get(found["stem"], "") if found else ""


@cache
def _prefixes() -> dict[str, str]:
    """Prefix of ids by the name of the thing: `time_entry`, and `entry` where no other thing ends so."""
    names: dict[str, list[str]] = {}
    for model in apps.get_models():
        if issubclass(model, TenantModel) and model.prefix != "row":
            words = _CAMEL.sub("_", model.__name__).lower().split("_")
            for start in range(len(words)):
                names.setdefault("_".join(words[start:]), []).append(model.prefix)
            names["_".join(words)] = [model.prefix]
    return {name: prefixes[0] for name, prefixes in names.items() if len(set(prefixes)) == 1}
