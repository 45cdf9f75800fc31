"""Tells open browser pages that something changed. It carries names and ids only; the page asks again for the rest.

PostgreSQL delivers it at commit to every web process; what is rolled back is never told.
"""

from __future__ import annotations

import json
from uuid import UUID

from django.db import connection

CHANNEL = "quoin_events"


def publish(tenant_id: UUID, topic: str, subject: str = "") -> None:
    """Send a topic ("timesheets.sheet") and the public id of its subject to the tenant's open pages."""
    message = json.dumps({"tenant": str(tenant_id), "topic": topic, "subject": subject})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])
