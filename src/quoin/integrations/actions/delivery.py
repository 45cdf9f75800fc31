"""Trying deliveries, and sending them again. A try is work of the system and stands in the delivery's own log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin import __version__
from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.base.clock import utc_now
from quoin.base.mail.send import queue_mail
from quoin.base.sealing import SealBroken, unseal
from quoin.integrations.actions.endpoints import pause_webhook
from quoin.integrations.adapters.post import post
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.integrations.queries.webhooks import deliveries
from quoin.integrations.rules.pacing import wait_after
from quoin.integrations.rules.signing import signatures
from quoin.integrations.services.outbox import queue
from quoin.integrations.types import Answer
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id

_KEPT = timedelta(days=30)
_FAILED_KEPT = timedelta(days=90)
_MOST_RESENT = 1000
_chance = secrets.SystemRandom()


@action("integrations.delivery.resend", label=gettext_lazy("Send deliveries of webhooks again"))
def resend_deliveries(
    actor: Actor, *, delivery_ids: Sequence[UUID | str] = (), since: datetime | None = None
) -> list[WebhookDelivery]:
    """The given ones, or all that failed since a moment. The receiver sees the same `webhook-id`."""
    rows = deliveries(actor).select_related(None)
    if since is not None:
        rows = rows.filter(status="failed", created_at__gte=since)
    else:
        rows = rows.filter(id__in=[_uuid(one) for one in delivery_ids])
    again = list(
        WebhookDelivery.objects.select_for_update().filter(id__in=rows.values("id")).order_by("id")[:_MOST_RESENT]
    )
    if delivery_ids and len(again) != len(set(map(_uuid, delivery_ids))):
        raise NotFound(_("There is no such delivery."))
    paused = set(WebhookEndpoint.objects.filter(paused_at__isnull=False).values_list("id", flat=True))
    for delivery in again:
        delivery.status = "held" if delivery.endpoint_id in paused else "waiting"
        delivery.tries, delivery.next_at = 0, None
        delivery.save(update_fields=["status", "tries", "next_at"])
        if delivery.status == "waiting":
            queue(actor, delivery)
        touch(delivery.public_id)
    return again


def deliver(actor: Actor, *, delivery_id: str, tries: int) -> None:
    """One try, inside the job's transaction. `tries` tells a job of an earlier round, which does nothing."""
    delivery = (
        WebhookDelivery.objects.select_for_update(of=("self",)).select_related("endpoint")
        .filter(id=WebhookDelivery.uuid_of(delivery_id)).first()
    )  # fmt: skip
    if delivery is None or delivery.status != "waiting" or delivery.tries != tries:
        return
    answer = _post(delivery, utc_now())
    _note(delivery, answer)
    if answer.is_accepted:
        delivery.status, delivery.delivered_at = "delivered", utc_now()
    elif answer.is_gone:
        delivery.status = "failed"
    else:
        _again(actor, delivery, answer)
    delivery.save()
    if answer.is_gone:
        _give_up(actor, delivery, "The receiver answered 410: it wants no more.")
    elif delivery.status == "failed":
        _give_up(actor, delivery, f"{delivery.tries} tries failed, last: {delivery.last_error or delivery.last_status}")


def forget_old(actor: Actor) -> None:
    """Delivered ones go after 30 days, failed ones after 90."""
    WebhookDelivery.objects.filter(status="delivered", created_at__lt=actor.now - _KEPT).delete()
    WebhookDelivery.objects.filter(status="failed", created_at__lt=actor.now - _FAILED_KEPT).delete()


def _post(delivery: WebhookDelivery, now: datetime) -> Answer:
    endpoint, body = delivery.endpoint, delivery.body.encode()
    message_id, timestamp = public_id("evt", delivery.event_id), int(now.timestamp())
    try:
        signed = signatures(_secrets(endpoint, now), message_id=message_id, timestamp=timestamp, body=body)
    except SealBroken as fault:
        return Answer(0, error=str(fault))
    headers = {
        "Content-Type": "application/json", "User-Agent": f"Quoin/{__version__}", "webhook-id": message_id,
        "webhook-timestamp": str(timestamp), "webhook-signature": signed,
    }  # fmt: skip
    return post(endpoint.url, body, headers)


def _secrets(endpoint: WebhookEndpoint, now: datetime) -> Iterable[str]:
    yield unseal(endpoint.secret)
    if endpoint.previous_secret and endpoint.previous_until and now < endpoint.previous_until:
        yield unseal(endpoint.previous_secret)


def _note(delivery: WebhookDelivery, answer: Answer) -> None:
    delivery.tries += 1
    delivery.last_status, delivery.next_at = answer.status, None
    delivery.last_error = answer.error or ("" if answer.is_accepted else f"answered {answer.status}")
    line: dict[str, Any] = {
        "at": utc_now().isoformat(), "status": answer.status, "milliseconds": answer.milliseconds,
        "error": answer.error, "answer": answer.body,
    }  # fmt: skip
    delivery.log = [*delivery.log, line][-20:]


def _again(actor: Actor, delivery: WebhookDelivery, answer: Answer) -> None:
    wait = wait_after(delivery.tries, chance=_chance.random(), asked_seconds=answer.retry_after_seconds)
    if wait is None:
        delivery.status = "failed"
        return
    delivery.next_at = utc_now() + wait
    queue(actor, delivery, at=delivery.next_at)


def _give_up(actor: Actor, delivery: WebhookDelivery, reason: str) -> None:
    """Pause the endpoint that is dead, and tell who owns it."""
    endpoint = delivery.endpoint
    if endpoint.paused_at is not None:
        return
    pause_webhook(actor, webhook_id=endpoint.id, reason=reason)
    if endpoint.owner_email:
        text = _(
            "The webhook %(url)s was paused.\n\n%(reason)s\n\nWhat happens meanwhile is kept. When the receiver works"
            " again, resume the webhook under Admin, Integrations."
        ) % {"url": endpoint.url, "reason": reason}
        queue_mail(
            actor, to=endpoint.owner_email, subject=_("A webhook was paused"), text=text, about=endpoint.public_id
        )


def _uuid(given: UUID | str) -> UUID:
    try:
        return given if isinstance(given, UUID) else WebhookDelivery.uuid_of(given)
    except ValueError:
        raise NotFound(_("There is no such delivery.")) from None
