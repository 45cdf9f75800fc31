"""How far an import in the background is, told while its transaction is still open, and whether it is to stop.

Nothing that the transaction writes can be seen before it ends. The name of the database session can: PostgreSQL
shows it in `pg_stat_activity` at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

from quoin.imports.models import ImportRun
from quoin.imports.queries.runs import session_name
from quoin.kernel.errors import Conflict

_EVERY_SECONDS = 0.5


class Stopped(Conflict):
    """Somebody asked to stop; nothing is written."""

    code = "import_stopped"


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
