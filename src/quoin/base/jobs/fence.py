"""One effect per job, whatever happens to workers.

The transaction of the effect locks the job's row, checks that the attempt is still the worker's own and writes
JobDone. A worker that slept through a take-over finds another attempt in the row and commits nothing.
"""

from __future__ import annotations

import logging
import time
from enum import Enum, auto

from django.db import connection, transaction

_LOG = logging.getLogger(__name__)
_DEAD_AFTER_SECONDS = 30
_WAIT_SECONDS = 1.0

_STATE = """
SELECT j.status::text, j.attempts, d.job_id IS NOT NULL
FROM procrastinate_jobs j LEFT JOIN base_jobdone d ON d.job_id = j.id
WHERE j.id = %s FOR UPDATE OF j
"""
# Jobs of workers that stopped telling that they live, and of workers whose row is gone.
_ORPHANS = """
SELECT j.id FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
"""


class Turn(Enum):
    """Whether this worker may do the job."""

    MINE = auto()
    DONE = auto()
    TAKEN = auto()


def claim(job_id: int, attempt: int) -> Turn:
    """Lock the job's row for the running transaction and say whose turn it is."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [job_id])
        row = cursor.fetchone()
    if row is None or row[2]:
        return Turn.DONE
    return Turn.MINE if (row[0], row[1]) == ("doing", attempt) else Turn.TAKEN


def mark_done(job_id: int, attempt: int) -> None:
    """Part of the effect's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO base_jobdone (job_id, attempt, done_at) VALUES (%s, %s, clock_timestamp())", [job_id, attempt]
        )


def wait_until_left(job_id: int) -> None:
    """Return when nobody works on the job: the queue would take this worker's answer for the other attempt's."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status IN ('todo', 'doing') FROM procrastinate_jobs WHERE id = %s", [job_id])
            row = cursor.fetchone()
        if row is None or not row[0]:
            return
        time.sleep(_WAIT_SECONDS)


def take_over(dead_after_seconds: int = _DEAD_AFTER_SECONDS) -> int:
    """Put jobs of dead workers back into the queue; returns how many. Run by the supervisor, never as a job."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ORPHANS, [dead_after_seconds])
        found = [row[0] for row in cursor.fetchall()]
        for job_id in found:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])
    if found:
        _LOG.warning("took over %s jobs of dead workers: %s", len(found), found)
    return len(found)
