"""Solve a scheduling problem: the door for projects (levelling), resourcing (staffing) and the benches.

The compiled search and CP-SAT (together some 250 MB) are loaded on the first call, not on import: the web process
imports this module freely, workers pay. A worker calls `warm` when it starts, in the background.
"""

from __future__ import annotations

from quoin.resourcing.rules.solver.values import Effort, Problem, Resource, Solution, Task, Use


def solve(problem: Problem, effort: Effort | None = None) -> Solution:
    """The best schedule found within the effort, with a proven bound. Raises NoSchedule."""
    from quoin.resourcing.rules.rcpsp.search import shortest  # heavy: see the module's docstring

    return shortest(problem, effort or Effort())


def warm() -> None:
    """Compile, or load what was compiled before, on a toy problem."""
    toy = Problem(tasks=(Task(2, uses=(Use(0, 1),)),) * 4, resources=(Resource(3),))
    solve(toy, Effort(work=1))
