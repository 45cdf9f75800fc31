"""The order in which a solver places the tasks of a plan, for levelling to follow on the real calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quoin.projects.rules.schedule.grid import WHOLE
from quoin.resourcing.rules.levelling import level
from quoin.resourcing.rules.solver.values import Effort, Link, LinkKind, NoSchedule, Problem, Resource, Task, Use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quoin.projects.rules.schedule.grid import Grid, Job
    from quoin.projects.rules.schedule.values import Key

MOST_JOBS = 1500
_LEAST_WORK, _MOST_WORK, _PASSES = 1, 20, 6000


def order_of(grid: Grid, *, seed: int = 1) -> Mapping[Key, int] | None:
    """Tasks with the period in which the solver begins them; None where it finds nothing, or the plan is too large.

    Counted in work, not in seconds: the same plan gets the same answer whenever it is asked.
    """
    if not grid.jobs or len(grid.jobs) > MOST_JOBS:
        return None
    work = max(_LEAST_WORK, min(_MOST_WORK, _PASSES // len(grid.jobs)))
    planned = [job.planned for job in grid.jobs]
    pinned = {at for at, job in enumerate(grid.jobs) if job.is_pinned}
    try:
        found = level(_problem(grid), planned, pinned=pinned, effort=Effort(work=work, seed=seed, workers=1))
    except NoSchedule:
        return None
    return {job.key: start for job, start in zip(grid.jobs, found.starts, strict=True) if job.key is not None}


def _problem(grid: Grid) -> Problem:
    tasks = tuple(
        Task(job.lasts, uses=tuple(Use(person, percent) for person, percent in job.uses), earliest=job.planned)
        for job in grid.jobs
    )
    return Problem(
        tasks=tasks,
        links=tuple(_link(grid.jobs[tie.before], tie.before, tie.after, tie.periods) for tie in grid.ties),
        resources=tuple(Resource(WHOLE, changes) for changes in grid.people),
    )


def _link(job: Job, before: int, after: int, periods: int) -> Link:
    if periods >= job.lasts:
        return Link(before, after, LinkKind.FINISH_START, periods - job.lasts)
    return Link(before, after, LinkKind.START_START, periods)
