"""Jobs of imports: writing in the background what a dry run showed."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import job
from quoin.imports import actions


@job(actions.APPLY)
def apply_in_background(actor: Actor, *, run_id: str, **_: object) -> None:
    """Write the import of the run.

    A worker that dies leaves nothing behind: the job is taken over and writes it then, once.
    """
    actions.work_off(actor, run_id=run_id)
