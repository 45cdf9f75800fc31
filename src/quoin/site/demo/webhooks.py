"""Webhooks of the demo firm: a bookkeeping that is told of invoices, and a receiver that stopped answering.

Both are paused, so that nothing leaves the machine that shows the demo; what was told before is in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.base.events.models import Event
from quoin.integrations.actions.endpoints import create_webhook, pause_webhook
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.integrations.services.outbox import body_of
from quoin.site.demo.people import Staff

_MOST_TOLD = 12
_LATER = timedelta(seconds=2)
_AGAIN = timedelta(minutes=5)
_OK, _BUSY, _BROKEN = 204, 503, 500
_TRIES_IN_VAIN = 10


@dataclass(frozen=True, slots=True)
class _Receiver:
    """An address, what it asked for, and whether it answers."""

    url: str
    event_names: tuple[str, ...]
    description: str
    paused_because: str
    answers: bool


_RECEIVERS = (
    _Receiver(
        "https://books.halden.example/hooks/quoin", ("billing.invoice.issued", "billing.payment.recorded"),
        "Bookkeeping", "The demo sends nothing; resume it to see it try.", True,
    ),
    _Receiver(
        "https://board.halden.example/quoin", ("projects.project.stepped",), "Board of the project office",
        f"{_TRIES_IN_VAIN} tries failed, last: answered {_BROKEN}", False,
    ),
)  # fmt: skip


def tell_demo(system: Actor, staff: Staff) -> None:
    """The endpoints with their log; the administrator's own doing."""
    owner = staff.with_job("administrator")[0]
    actor = staff.actor(owner).at(system.now)
    for one in _RECEIVERS:
        made = create_webhook(
            actor, url=one.url, event_names=one.event_names, description=one.description,
            owner_email=owner.email,
        ).endpoint  # fmt: skip
        pause_webhook(actor, webhook_id=made.id, reason=one.paused_because)
        note_deliveries(actor, endpoint=made, event_names=one.event_names, answers=one.answers)


@action("site.demo.deliveries", label=_("Note what the demo's webhooks were told"))
def note_deliveries(
    actor: Actor,  # noqa: ARG001  every action is somebody's
    *,
    endpoint: WebhookEndpoint,
    event_names: Sequence[str],
    answers: bool,
) -> int:
    """The newest of these events: delivered, one of them at the second try; or the first in vain and the rest held."""
    events = list(Event.objects.filter(name__in=event_names).order_by("-at", "-id")[:_MOST_TOLD])
    rows = [
        _delivered(endpoint, event, tries=2 if place == 1 else 1) if answers else _in_vain(endpoint, event, place)
        for place, event in enumerate(reversed(events))
    ]
    WebhookDelivery.objects.bulk_create(rows)
    touch(endpoint.public_id)
    return len(rows)


def _delivered(endpoint: WebhookEndpoint, event: Event, *, tries: int) -> WebhookDelivery:
    at = event.at + _LATER
    log = [_line(at, _BUSY)] * (tries - 1)
    at += _AGAIN * (tries - 1)
    return _delivery(
        endpoint, event, status="delivered", tries=tries, log=[*log, _line(at, _OK)], last_status=_OK, delivered_at=at
    )


def _in_vain(endpoint: WebhookEndpoint, event: Event, place: int) -> WebhookDelivery:
    if place:
        return _delivery(endpoint, event, status="held")
    log = [_line(event.at + _LATER + _AGAIN * number, _BROKEN) for number in range(_TRIES_IN_VAIN)]
    return _delivery(
        endpoint, event, status="failed", tries=_TRIES_IN_VAIN, log=log, last_status=_BROKEN,
        last_error=f"answered {_BROKEN}",
    )  # fmt: skip


def _delivery(endpoint: WebhookEndpoint, event: Event, **became: Any) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint=endpoint, event_id=event.id, event_name=event.name, body=body_of(event), created_at=event.at, **became
    )


def _line(at: Any, status: int) -> dict[str, Any]:
    return {"at": at.isoformat(), "status": status, "milliseconds": 84, "error": "", "answer": ""}
