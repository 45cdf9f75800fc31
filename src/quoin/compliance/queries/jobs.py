"""The queue as an administrator sees it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor

SEE_OPERATIONS = permission("compliance.operations.view", _("See the state of the instance"))


def job_counts() -> dict[str, int]:
    """Jobs by status, of the whole instance."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1")
        return dict(cursor.fetchall())


def failed_jobs(actor: Actor, limit: int = 100) -> list[dict[str, Any]]:
    """Failed jobs of the actor's tenant, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, attempts FROM procrastinate_jobs"
            " WHERE status = 'failed' AND args ->> 'tenant_id' = %s ORDER BY id DESC LIMIT %s",
            [str(actor.tenant_id), limit],
        )
        return [{"id": row[0], "name": row[1], "attempts": row[2]} for row in cursor.fetchall()]
