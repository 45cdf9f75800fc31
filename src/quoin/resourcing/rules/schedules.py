"""Solve a scheduling problem: the door for projects (levelling), resourcing (staffing) and the benches.

The compiled search and CP-SAT (together some 250 MB) are loaded on the first call, not on import: the web process
imports this module freely, workers pay. A worker that finds nothing compiled runs this module in the background, so
that nobody waits for the compiler.
"""

from __future__ import annotations

import os

from quoin.resourcing.rules.solver import kept
from quoin.resourcing.rules.solver.values import Effort, Need, Person, Problem, Resource, Solution, Task, Use


def solve(problem: Problem, effort: Effort | None = None) -> Solution:
    """The best schedule found within the effort, with a proven bound. Raises NoSchedule."""
    from quoin.resourcing.rules.multiskill.search import staffed  # heavy: see the module's docstring
    from quoin.resourcing.rules.rcpsp.search import shortest

    if any(task.needs for task in problem.tasks):
        return staffed(problem, effort or Effort())
    return shortest(problem, effort or Effort())


def warm() -> None:
    """Compile, or load what was compiled before, on a toy problem."""
    people = (Person(((0, 0),)),) * 3
    solve(Problem(tasks=(Task(2, uses=(Use(0, 1),)),) * 4, resources=(Resource(3),)), Effort(work=1))
    solve(Problem(tasks=(Task(2, needs=(Need(0),)),) * 4, people=people), Effort(work=1))
    solve(Problem(tasks=(Task(2, needs=(Need(0, count=2),)),) * 3, people=people), Effort(work=1))
    kept.mark_complete()


_LOWEST_PRIORITY = 19


if __name__ == "__main__":
    os.nice(_LOWEST_PRIORITY)
    warm()
