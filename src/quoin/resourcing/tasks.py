"""Jobs of resourcing: the solver answers staffing runs in a worker, which alone loads it."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import job
from quoin.resourcing.actions import staffing


@job(staffing.SOLVE)
def solve_in_background(actor: Actor, *, run_id: str, **_: object) -> None:
    """Answer the run. A worker that dies leaves nothing behind: the job is taken over and answers it then, once."""
    staffing.work_off(actor, run_id=run_id)
