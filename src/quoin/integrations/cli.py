"""Webhooks on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from quoin.base.console import Session
from quoin.integrations import actions
from quoin.integrations.queries import webhooks as queries


@click.group("webhook")
def webhook() -> None:
    """Telling other systems what happens."""


@webhook.command("list")
@click.pass_obj
def list_webhooks(session: Session) -> None:
    """All webhooks, without their secrets."""
    session.emit([_row(one) for one in queries.endpoints(session.actor)])


@webhook.command("create")
@click.argument("url")
@click.option("--event", "events", multiple=True, default=("*",), help="As billing.invoice.issued, billing.* or *.")
@click.option("--for", "description", default="", help="What it is for.")
@click.option("--owner", default="", help="E-mail of who is told when it fails.")
@click.pass_obj
def create_webhook(session: Session, url: str, events: tuple[str, ...], description: str, owner: str) -> None:
    """Add one; its secret is shown this once: quoin webhook create https://hooks.example.com/quoin"""
    made = actions.create_webhook(
        session.actor, url=url, event_names=events, description=description, owner_email=owner
    )
    session.emit({"id": made.endpoint.public_id, "url": made.endpoint.url, "secret": made.secret})


@webhook.command("rotate")
@click.argument("webhook_id")
@click.pass_obj
def rotate(session: Session, webhook_id: str) -> None:
    """A new secret; for a day both sign."""
    made = actions.rotate_webhook_secret(session.actor, webhook_id=webhook_id)
    session.emit({"id": made.endpoint.public_id, "secret": made.secret})


@webhook.command("test")
@click.argument("webhook_id")
@click.pass_obj
def test(session: Session, webhook_id: str) -> None:
    """Send a test event to it alone."""
    session.emit(_delivery(actions.test_webhook(session.actor, webhook_id=webhook_id)))


@webhook.command("pause")
@click.argument("webhook_id")
@click.pass_obj
def pause(session: Session, webhook_id: str) -> None:
    """Send nothing until it is resumed."""
    session.emit({"id": actions.pause_webhook(session.actor, webhook_id=webhook_id).public_id, "paused": True})


@webhook.command("resume")
@click.argument("webhook_id")
@click.pass_obj
def resume(session: Session, webhook_id: str) -> None:
    """Send again, first what was kept."""
    session.emit({"id": actions.resume_webhook(session.actor, webhook_id=webhook_id).public_id, "paused": False})


@webhook.command("delete")
@click.argument("webhook_id")
@click.pass_obj
def delete(session: Session, webhook_id: str) -> None:
    """Delete it with its log."""
    session.confirm("Delete the webhook with its log?")
    actions.delete_webhook(session.actor, webhook_id=webhook_id)
    session.emit({"id": webhook_id, "deleted": True})


@webhook.command("deliveries")
@click.option("--status", type=click.Choice(["waiting", "delivered", "failed", "held"]))
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.pass_obj
def deliveries(session: Session, status: str | None, limit: int) -> None:
    """The log, newest first."""
    rows = queries.deliveries(session.actor).order_by("-created_at")
    session.emit([_delivery(one) for one in (rows.filter(status=status) if status else rows)[:limit]])


@webhook.command("replay")
@click.argument("delivery_ids", nargs=-1)
@click.option("--from", "since", type=click.DateTime(), help="All that failed since then (UTC).")
@click.pass_obj
def replay(session: Session, delivery_ids: tuple[str, ...], since: datetime | None) -> None:
    """Send deliveries again: some, or with --from all that failed since."""
    if not delivery_ids and since is None:
        raise click.UsageError("Name deliveries, or say --from 2026-05-01.")
    moment = since.replace(tzinfo=UTC) if since else None
    again = actions.resend_deliveries(session.actor, delivery_ids=delivery_ids, since=moment)
    session.emit([_delivery(one) for one in again])


@webhook.command("reseal")
@click.pass_obj
def reseal(session: Session) -> None:
    """Seal the secrets with the first key of QUOIN_SEAL_KEYS."""
    session.emit({"sealed": actions.reseal_webhooks(session.actor)})


def _row(one: Any) -> dict[str, Any]:
    return {
        "id": one.public_id, "url": one.url, "events": one.event_names, "paused": one.paused_at is not None,
        "waiting": one.waiting, "failed": one.failed, "last_delivered_at": one.last_delivered_at,
    }  # fmt: skip


def _delivery(one: Any) -> dict[str, Any]:
    return {
        "id": one.public_id, "event": one.event_name, "status": one.status, "tries": one.tries,
        "answer": one.last_status, "error": one.last_error, "created_at": one.created_at,
    }  # fmt: skip


COMMANDS: list[click.Command] = [webhook]
