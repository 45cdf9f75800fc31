"""Jobs of integrations: trying deliveries, forgetting old ones."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import every, job
from quoin.integrations import actions


@job("integrations.webhook.deliver")
def deliver_webhook(actor: Actor, *, delivery_id: str, tries: int, **_: object) -> None:
    """One try of one delivery."""
    actions.deliver(actor, delivery_id=delivery_id, tries=tries)


@every("40 3 * * *", "integrations.webhook.forget")
def forget_deliveries(actor: Actor) -> None:
    """Throw away what is old."""
    actions.forget_old(actor)
