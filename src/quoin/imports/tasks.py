"""Jobs of imports: writing in the background what a dry run showed."""

from __future__ import annotations

from django.db import OperationalError

from quoin.base.actor import Actor
from quoin.base.jobs import job
from quoin.imports import actions
from quoin.imports.models import ImportRun
from quoin.imports.services.running import Stopped, teller
from quoin.kernel.errors import DomainError


@job(actions.APPLY)
def apply_in_background(actor: Actor, *, run_id: str, **_: object) -> None:
    """Write the import of the run, all or nothing, and say how it ended.

    A worker that dies leaves nothing behind: the job is taken over and writes it then, once.
    """
    run = ImportRun.objects.filter(id=run_id, ended_at=None).select_related("batch").first()
    if run is None:
        return
    outcome, message = "done", ""
    try:
        actions.apply_batch(actor, batch_id=run.batch_id, plan_sha256=run.batch.plan_sha256, progress=teller(run))
    except Stopped:
        outcome = "stopped"
    except OperationalError:
        # The database was lost or overloaded: the queue tries again.
        raise
    except DomainError as fault:
        outcome, message = "failed", fault.detail
    actions.finish_run(actor, batch_id=run.batch_id, outcome=outcome, message=message)
