"""Putting a failed job back into the queue."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound


@action("compliance.job.retry", label=gettext_lazy("Run a failed job again"))
def retry_job(actor: Actor, *, job_id: int) -> None:
    """Queue a failed job of the actor's tenant again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_jobs WHERE id = %s AND status = 'failed' AND args ->> 'tenant_id' = %s"
            " FOR UPDATE",
            [job_id, str(actor.tenant_id)],
        )
        if cursor.fetchone() is None:
            raise NotFound(_("There is no such failed job."))
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])
    touch(f"job:{job_id}")
