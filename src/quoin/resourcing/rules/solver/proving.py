"""CP-SAT behind one door: a model is solved within the run's limits, stoppable, single-threaded, from a seed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from quoin.resourcing.rules.solver.run import Run

WORK_PER_TICK = 20.0  # thousands of schedules that cost about one unit of CP-SAT's deterministic time


class Verdict(Enum):
    SOLVED = "solved"
    REFUTED = "refuted"
    OPEN = "open"


def solved(
    model: cp_model.CpModel, run: Run[Any], *, seconds: float, work: float = 0.0, linear: int = 0, seed: int = 0
) -> tuple[Verdict, cp_model.CpSolver]:
    """Solve on one core; a better answer elsewhere, or a closed run, ends it as OPEN."""
    solver = cp_model.CpSolver()
    limits = solver.parameters
    limits.num_workers = 1
    limits.linearization_level = linear
    limits.random_seed = run.effort.seed * 31 + seed
    if run.is_counted:
        limits.max_deterministic_time = work / WORK_PER_TICK
    else:
        limits.max_time_in_seconds = max(0.01, min(seconds, run.left))
    forget = run.on_better(solver.stop_search)
    try:
        status = solver.solve(model)
    finally:
        forget()
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Verdict.SOLVED, solver
    return (Verdict.REFUTED if status == cp_model.INFEASIBLE else Verdict.OPEN), solver
