"""How far an import in the background is, told while its transaction is still open, and whether it is to stop.

Nothing that the transaction writes can be seen before it ends. The name of the database session can: PostgreSQL
shows it in `pg_stat_activity` at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from quoin.imports.models import ImportRun
from quoin.kernel.errors import Conflict

_EVERY_SECONDS = 0.5


class Stopped(Conflict):
    """Somebody asked to stop; nothing is written."""

    code = "import_stopped"


def session_name(run_id: UUID) -> str:
    """The first part of the name of the session that writes; a name has at most 63 letters."""
    return f"import {run_id.hex} "


def teller(run: ImportRun) -> Callable[[int], None]:
    """A progress that tells how many rows are written and raises Stopped when that was asked for."""
    told_at = 0.0

    def tell(done: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if done < run.total and now - told_at < _EVERY_SECONDS:
            return
        told_at = now
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, true)", [f"{session_name(run.id)}{done}"])
        if ImportRun.objects.filter(id=run.id, stop_asked_at__isnull=False).exists():
            raise Stopped("The import was stopped. Nothing of it is written.")

    return tell


def rows_done(run_id: UUID) -> int | None:
    """How many rows the running session has written; None while none works on the run."""
    name = session_name(run_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE starts_with(application_name, %s) LIMIT 1", [name]
        )
        found = cursor.fetchone()
    return int(found[0].removeprefix(name)) if found else None
