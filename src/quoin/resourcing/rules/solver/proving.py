"""CP-SAT behind one door: a model is solved within the run's limits, stoppable, single-threaded, from a seed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from quoin.resourcing.rules.solver.run import Run

    Value: TypeAlias = Callable[[cp_model.IntVar], int]

WORK_PER_TICK = 20.0  # thousands of schedules that cost about one unit of CP-SAT's deterministic time


class Verdict(Enum):
    SOLVED = "solved"
    REFUTED = "refuted"
    OPEN = "open"


class _Ear(cp_model.CpSolverSolutionCallback):
    """Passes each schedule on as it is found."""

    def __init__(self, hear: Callable[[Value], None]) -> None:
        super().__init__()
        self._hear = hear

    def on_solution_callback(self) -> None:
        self._hear(self.value)


def solved(
    model: cp_model.CpModel,
    run: Run[Any],
    *,
    seconds: float,
    work: float = 0.0,
    linear: int = 0,
    hear: Callable[[Value], None] | None = None,
) -> tuple[Verdict, cp_model.CpSolver]:
    """Solve on one core. Without an ear a better answer elsewhere ends it as OPEN; with one it goes on."""
    solver = cp_model.CpSolver()
    limits = solver.parameters
    limits.num_workers = 1
    limits.linearization_level = linear
    limits.random_seed = run.effort.seed
    if run.is_counted:
        limits.max_deterministic_time = work / WORK_PER_TICK
    else:
        limits.max_time_in_seconds = max(0.01, min(seconds, run.left))
    forget = run.on_news(solver.stop_search, is_patient=hear is not None)
    try:
        status = solver.solve(model) if hear is None else solver.solve(model, _Ear(hear))
    finally:
        forget()
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Verdict.SOLVED, solver
    return (Verdict.REFUTED if status == cp_model.INFEASIBLE else Verdict.OPEN), solver
