"""Endpoints: who is told what. Secrets are made here, shown once, and kept sealed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events.models import Event
from quoin.base.sealing import reseal, seal
from quoin.integrations.adapters.post import allowed_networks
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.integrations.queries.catalogue import TEST_EVENT, is_pattern
from quoin.integrations.queries.webhooks import endpoint_for
from quoin.integrations.rules.addresses import target_of
from quoin.integrations.rules.signing import secret_text
from quoin.integrations.services.outbox import queue, write_deliveries
from quoin.kernel.errors import Conflict, invalid

_KEY_BYTES = 32
_BOTH_SIGN = timedelta(hours=24)
_MOST = 50


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An endpoint and its secret, which is shown this once."""

    endpoint: WebhookEndpoint
    secret: str


@action("integrations.webhook.create", label=gettext_lazy("Add a webhook"))
def create_webhook(
    actor: Actor, *, url: str, event_names: Sequence[str], description: str = "", owner_email: str = ""
) -> NewWebhook:
    """Tell the address about these events from now on."""
    if WebhookEndpoint.objects.count() >= _MOST:
        raise Conflict(_("There are %(count)s webhooks already.") % {"count": _MOST})
    secret = secret_text(secrets.token_bytes(_KEY_BYTES))
    endpoint = WebhookEndpoint.objects.create(
        url=_url(url), event_names=_events(event_names), description=description.strip(), secret=seal(secret),
        owner_email=owner_email.strip(), created_at=actor.now,
    )  # fmt: skip
    touch(endpoint.public_id)
    undo_with("integrations.webhook.delete", webhook_id=endpoint.public_id)
    return NewWebhook(endpoint, secret)


@action("integrations.webhook.edit", label=gettext_lazy("Change a webhook"))
def edit_webhook(
    actor: Actor,
    *,
    webhook_id: UUID | str,
    url: str | None = None,
    event_names: Sequence[str] | None = None,
    description: str | None = None,
    owner_email: str | None = None,
) -> WebhookEndpoint:
    """What is left out stays. The secret does not change with the address."""
    endpoint = _locked(actor, webhook_id)
    undo_with(
        "integrations.webhook.edit", webhook_id=endpoint.public_id, url=endpoint.url, event_names=endpoint.event_names,
        description=endpoint.description, owner_email=endpoint.owner_email,
    )  # fmt: skip
    if url is not None:
        endpoint.url = _url(url)
    if event_names is not None:
        endpoint.event_names = _events(event_names)
    endpoint.description = endpoint.description if description is None else description.strip()
    endpoint.owner_email = endpoint.owner_email if owner_email is None else owner_email.strip()
    endpoint.save()
    touch(endpoint.public_id)
    return endpoint


@action("integrations.webhook.rotate", label=gettext_lazy("Give a webhook a new secret"))
def rotate_webhook_secret(actor: Actor, *, webhook_id: UUID | str) -> NewWebhook:
    """A new secret; for a day both sign, so that the receiver may change over without losing anything."""
    endpoint = _locked(actor, webhook_id)
    secret = secret_text(secrets.token_bytes(_KEY_BYTES))
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, actor.now + _BOTH_SIGN
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    touch(endpoint.public_id)
    return NewWebhook(endpoint, secret)


@action("integrations.webhook.pause", label=gettext_lazy("Pause a webhook"))
def pause_webhook(actor: Actor, *, webhook_id: UUID | str, reason: str = "") -> WebhookEndpoint:
    """Send nothing until it is resumed; what happens meanwhile is kept."""
    endpoint = _locked(actor, webhook_id)
    if endpoint.paused_at is not None:
        raise Conflict(_("This webhook is paused already."))
    endpoint.paused_at, endpoint.paused_reason = actor.now, reason.strip()
    endpoint.save(update_fields=["paused_at", "paused_reason"])
    WebhookDelivery.objects.filter(endpoint_id=endpoint.id, status="waiting").update(status="held", next_at=None)
    touch(endpoint.public_id, reason=reason)
    undo_with("integrations.webhook.resume", webhook_id=endpoint.public_id)
    return endpoint


@action("integrations.webhook.resume", label=gettext_lazy("Resume a webhook"))
def resume_webhook(actor: Actor, *, webhook_id: UUID | str) -> WebhookEndpoint:
    """Send again, first what was kept."""
    endpoint = _locked(actor, webhook_id)
    if endpoint.paused_at is None:
        raise Conflict(_("This webhook is not paused."))
    endpoint.paused_at, endpoint.paused_reason = None, ""
    endpoint.save(update_fields=["paused_at", "paused_reason"])
    kept = WebhookDelivery.objects.select_for_update().filter(endpoint_id=endpoint.id, status="held").order_by("id")
    for delivery in kept:
        delivery.status, delivery.tries = "waiting", 0
        delivery.save(update_fields=["status", "tries"])
        queue(actor, delivery)
    touch(endpoint.public_id)
    undo_with("integrations.webhook.pause", webhook_id=endpoint.public_id)
    return endpoint


@action("integrations.webhook.delete", label=gettext_lazy("Delete a webhook"))
def delete_webhook(actor: Actor, *, webhook_id: UUID | str) -> None:
    """Delete it with its log; what waits is not sent any more."""
    endpoint = _locked(actor, webhook_id)
    touch(endpoint.public_id, reason=endpoint.url)
    endpoint.delete()


@action("integrations.webhook.test", label=gettext_lazy("Send a test event"))
def test_webhook(actor: Actor, *, webhook_id: UUID | str) -> WebhookDelivery:
    """Tell the endpoint, and nobody else, that this is a test."""
    endpoint = _locked(actor, webhook_id)
    if endpoint.paused_at is not None:
        raise Conflict(_("This webhook is paused. Resume it first."))
    event = Event.objects.create(
        name=TEST_EVENT, at=actor.now, action_id=running_action_id(), payload={"asked_by": actor.name}
    )
    touch(endpoint.public_id)
    return write_deliveries(actor, [endpoint], event)[0]


@action("integrations.webhook.reseal", label=gettext_lazy("Seal the secrets of webhooks with the newest key"))
def reseal_webhooks(actor: Actor) -> int:
    """After a new key was put in front of QUOIN_SEAL_KEYS; returns how many endpoints were sealed again."""
    count = 0
    for endpoint in WebhookEndpoint.objects.select_for_update().order_by("id"):
        endpoint.secret = reseal(endpoint.secret)
        endpoint.previous_secret = reseal(endpoint.previous_secret) if endpoint.previous_secret else ""
        endpoint.save(update_fields=["secret", "previous_secret"])
        count += 1
    touch("webhooks")
    return count


# pytest would take the action for a test of its own where it is imported by its name.
test_webhook.__test__ = False  # type: ignore[attr-defined]


def _locked(actor: Actor, webhook_id: UUID | str) -> WebhookEndpoint:
    found = endpoint_for(actor, webhook_id)
    return WebhookEndpoint.objects.select_for_update().get(id=found.id)


def _url(text: str) -> str:
    url = text.strip()
    try:
        target_of(url, allowed=allowed_networks())
    except ValueError as fault:
        raise invalid("/url", str(fault)) from fault
    return url


def _events(names: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not chosen:
        raise invalid("/event_names", _("Choose at least one event."))
    for name in chosen:
        if not is_pattern(name):
            raise invalid("/event_names", _("There is no event %(name)s.") % {"name": name})
    return chosen
