"""The search for the shortest, or the cheapest punctual, schedule of people on tasks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quoin.resourcing.rules.multiskill.crowd import CrewSearch
from quoin.resourcing.rules.multiskill.model import staff_model_of
from quoin.resourcing.rules.multiskill.singles import SoloSearch, is_solo
from quoin.resourcing.rules.multiskill.staffing import Answer, ward_of
from quoin.resourcing.rules.rcpsp.case import bound_of
from quoin.resourcing.rules.rcpsp.model import model_of
from quoin.resourcing.rules.solver.proving import Verdict, solved
from quoin.resourcing.rules.solver.run import Run, together
from quoin.resourcing.rules.solver.values import NoSchedule, Objective, Solution

if TYPE_CHECKING:
    from collections.abc import Callable

    from ortools.sat.python.cp_model import IntVar

    from quoin.resourcing.rules.multiskill.model import StaffModel
    from quoin.resourcing.rules.multiskill.staffing import Ward
    from quoin.resourcing.rules.solver.values import Effort, Problem

SMALL_WARD = 500  # tasks times teams up to which the whole model answers quickly


def staffed(problem: Problem, effort: Effort) -> Solution:
    """The best schedule found, with the bound proven."""
    ward = ward_of(problem)
    is_cost = problem.objective is Objective.COST
    run: Run[Answer] = Run(effort, bound=ward.least_cost if is_cost else bound_of(ward.wide))
    search = StaffSearch(ward, run)
    search.solve()
    if run.best is None:
        raise NoSchedule("no schedule keeps the limits", is_proven=search.is_refuted)
    return search.solution()


class StaffSearch:
    """One problem under way."""

    def __init__(self, ward: Ward, run: Run[Answer]) -> None:
        self.ward = ward
        self.run = run
        self.is_cost = ward.problem.objective is Objective.COST
        self.is_refuted = False
        self.finder = SoloSearch(ward, run) if is_solo(ward) else CrewSearch(ward, run)

    def solve(self) -> None:
        run = self.run
        self.finder.first()
        if run.is_counted:
            self.finder.finding(0, share=1.0)
            self.closing(lambda: run.is_closed or run.effort.cancelled())
        elif not run.is_over:
            together(run, [self._finder(), self._prover()] if run.effort.workers > 1 else [self._alone()])

    def closing(self, until: Callable[[], bool]) -> None:
        """Ask the whole model for something better, until there is nothing or no time."""
        while not until():
            before = self.run.value
            self.cheaper() if self.is_cost else self.shorter()
            if self.run.value == before:
                return

    def shorter(self) -> Verdict:
        """Is there anything shorter?"""
        target = self._target()
        made = staff_model_of(self.ward, target, with_cliques=False)
        if made is None:
            self._refute(target)
            return Verdict.REFUTED
        end = made.model.new_int_var(0, target, "")
        for start, length in zip(made.starts, self.ward.case.duration, strict=True):
            made.model.add(end >= start + length)
        made.model.minimize(end)
        return self._improve(made, target)

    def cheaper(self) -> Verdict:
        """Is there anything cheaper within the deadline?"""
        deadline = self.ward.problem.deadline
        made = staff_model_of(self.ward, self.finder.horizon if deadline is None else deadline, with_cliques=False)
        if made is None:
            self.is_refuted = True
            return Verdict.REFUTED
        cost = made.cost()
        made.model.minimize(cost)
        target = self.ward.most_cost if self.run.value is None else self.run.value - 1
        made.model.add(cost <= target)
        return self._improve(made, target)

    def _improve(self, made: StaffModel, target: int) -> Verdict:
        """Minimize from the best answer known; the model's bound is kept."""
        if self.run.best is not None:
            made.hint(self.run.best)

        def hear(value: Callable[[IntVar], int]) -> None:
            answer = made.answer(value)
            self.run.offer(self.ward.cost_of(answer) if self.is_cost else self.ward.end_of(answer), answer)

        verdict, solver = solved(made.model, self.run, seconds=self.run.left, work=self._work, linear=1, hear=hear)
        if verdict is Verdict.REFUTED:
            self._refute(target)
        elif math.isfinite(solver.best_objective_bound):
            self.run.raise_bound(min(math.ceil(solver.best_objective_bound - 1e-6), target + 1))
        return verdict

    def bounding(self, *, share: float) -> None:
        """Raise the bound on the makespan by refuting the relaxation to shared capacity."""
        run = self.run
        while not run.is_over and run.value is not None:
            middle = (run.bound + run.value - 1) // 2
            made = model_of(self.ward.case, middle, with_cliques=False)
            verdict = Verdict.REFUTED
            if made is not None:
                verdict, _ = solved(made[0], run, seconds=share * run.effort.seconds)
            if verdict is not Verdict.REFUTED:
                return
            run.raise_bound(middle + 1)

    def solution(self) -> Solution:
        run, ward = self.run, self.ward
        assert run.best is not None
        assert run.value is not None
        position = {task: index for index, task in enumerate(ward.case.order)}
        places = [position[task] for task in range(ward.case.size)]
        return Solution(
            starts=tuple(run.best.starts[place] for place in places),
            duties=tuple(run.best.duties[place] for place in places),
            makespan=ward.end_of(run.best),
            cost=ward.cost_of(run.best),
            value=run.value,
            bound=min(run.bound, run.value),
            history=tuple(run.history),
        )

    @property
    def _work(self) -> float:
        return float(self.run.effort.work or 0)

    def _target(self) -> int:
        if self.run.value is not None:
            return self.run.value - 1
        return self.ward.problem.deadline if self.ward.problem.deadline is not None else self.finder.horizon

    def _refute(self, target: int) -> None:
        if self.run.value is None:
            self.is_refuted = True
        self.run.raise_bound(target + 1)

    def _finder(self) -> Callable[[], None]:
        def work() -> None:
            run = self.run
            share = 0.15 if self._is_small else 1.0
            self.finder.finding(0, share=share)
            self.closing(lambda: run.is_over)

        return work

    def _prover(self) -> Callable[[], None]:
        def work() -> None:
            run = self.run
            if not self.is_cost:
                self.bounding(share=0.03)
            share = 0.05 if self._is_small else self.finder.share
            self.finder.finding(1, share=share)
            self.closing(lambda: run.is_over)

        return work

    def _alone(self) -> Callable[[], None]:
        def work() -> None:
            run = self.run
            share = 0.2 if self._is_small else 0.7
            self.finder.finding(0, share=share)
            self.closing(lambda: run.is_over)

        return work

    @property
    def _is_small(self) -> bool:
        return self.ward.case.size * len(self.ward.teams) <= SMALL_WARD
