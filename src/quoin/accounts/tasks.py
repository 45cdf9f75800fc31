"""Jobs of the platform that walk the tenants: sending mail, throwing away what is no longer needed."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from quoin.base.actor import Actor
from quoin.base.http.models import IdempotencyKey
from quoin.base.jobs import every
from quoin.base.mail.send import due_mail, send

_KEPT = timedelta(days=30)


@every("* * * * *", "mail.send_due")
def send_due_mail(actor: Actor) -> None:
    """Send what waits in the outbox; what the mail server refuses is tried again later."""
    for message in due_mail():
        send(message, actor)


@every("10 3 * * *", "platform.clean")
def clean(actor: Actor) -> None:
    """Forget idempotency keys after thirty days, and what the queue and the rate limits have kept long enough."""
    IdempotencyKey.objects.filter(used_at__lt=actor.now - _KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_ratebucket WHERE filled_at < clock_timestamp() - interval '1 day'")
        cursor.execute("DELETE FROM base_cache WHERE expires < clock_timestamp()")
        cursor.execute("DELETE FROM base_jobdone WHERE done_at < clock_timestamp() - interval '30 days'")
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers"
            " WHERE to_timestamp(defer_timestamp) < clock_timestamp() - interval '7 days'"
        )
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS ("
            "   SELECT FROM procrastinate_events e"
            "   WHERE e.job_id = j.id AND e.at > clock_timestamp() - interval '7 days')"
            " AND NOT EXISTS (SELECT FROM procrastinate_periodic_defers p WHERE p.job_id = j.id)"
        )
