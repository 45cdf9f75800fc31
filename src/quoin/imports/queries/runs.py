"""The run of an import in the background, as its page and the API tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor
from quoin.imports.models import ImportBatch, ImportRun
from quoin.imports.queries import VIEW
from quoin.imports.queries.told import from_text
from quoin.kernel.words import spoken


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run is: waiting, running, stopping, done, failed or stopped."""

    state: str
    done: int
    total: int
    message: str

    @property
    def is_over(self) -> bool:
        return self.state in {"done", "failed", "stopped"}


def last_run(actor: Actor, batch: ImportBatch) -> ImportRun | None:
    """The newest run of the import."""
    actor.require(VIEW)
    return ImportRun.objects.filter(batch=batch).order_by("-asked_at", "-id").first()


def standing_of(actor: Actor, batch: ImportBatch) -> Standing | None:
    """How the newest run of the import stands; None if it was never run in the background."""
    run = last_run(actor, batch)
    if run is None:
        return None
    if run.ended_at is not None:
        return Standing(
            run.outcome, run.total if run.outcome == "done" else 0, run.total, spoken(from_text(run.message))
        )
    done = rows_done(run.id)
    if run.stop_asked_at is not None:
        return Standing("stopping", done or 0, run.total, "")
    return Standing("waiting" if done is None else "running", done or 0, run.total, "")


def session_name(run_id: UUID) -> str:
    """The first part of the name of the session that writes; a name has at most 63 letters."""
    return f"import {run_id.hex} "


def rows_done(run_id: UUID) -> int | None:
    """How many rows the running session has written; None while none works on the run."""
    name = session_name(run_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE starts_with(application_name, %s) LIMIT 1", [name]
        )
        found = cursor.fetchone()
    return int(found[0].removeprefix(name)) if found else None


def run_out(standing: Standing | None) -> dict[str, Any] | None:
    """For the API and the command line."""
    if standing is None:
        return None
    return {
        "state": standing.state, "rows_done": standing.done, "rows": standing.total, "message": standing.message,
    }  # fmt: skip
