"""The search for the shortest schedule: breeding on one core, refuting "one period less" by CP-SAT on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quoin.resourcing.rules.rcpsp.breeding import Population, admit, breed, found
from quoin.resourcing.rules.rcpsp.case import bound_of, case_of
from quoin.resourcing.rules.rcpsp.model import model_of
from quoin.resourcing.rules.rcpsp.network import trimmed
from quoin.resourcing.rules.rcpsp.passes import NEVER, desk_for, forward, list_by_start
from quoin.resourcing.rules.solver.chance import chance_of
from quoin.resourcing.rules.solver.proving import Verdict, solved
from quoin.resourcing.rules.solver.run import Run, together
from quoin.resourcing.rules.solver.values import NoSchedule, Solution

if TYPE_CHECKING:
    from collections.abc import Callable

    from quoin.resourcing.rules.rcpsp.case import Case
    from quoin.resourcing.rules.rcpsp.network import Ints
    from quoin.resourcing.rules.solver.values import Effort, Problem

PASSES_PER_MEMBER = 750  # passes a population of one member more is worth
SMALLEST, LARGEST = 40, 600
SMALL = 70  # tasks up to which proofs usually come within seconds
BREEDING = ((40, 0.05), (SMALL, 0.5))  # shares of the time, by number of tasks, before breeding gives way to proof
STALE = 40  # generations without a better schedule after which breeding starts over


class Search:
    """One problem under way; its threads share the run and leave each other's arrays alone."""

    def __init__(self, case: Case, run: Run[Ints]) -> None:
        self.case = case
        self.run = run

    def first(self) -> None:
        """A handful of schedules, so that there is an answer, and periods beyond hope can be forgotten."""
        population = self._empty(24)
        found(self.case.network, population, 0, chance_of(self.run.effort.seed))
        self._offer(population)

    def breeding(self, island: int, until: Callable[[], bool]) -> None:
        """Breed until told otherwise; a stale population starts over around its best member."""
        run = self.run
        chance = chance_of(run.effort.seed * 1000 + island)
        network = trimmed(self.case.network, self._reach())
        population = self._empty(SMALLEST)
        began = run.seconds
        passes = found(network, population, 0, chance)
        population = self._grown(population, passes, run.seconds - began)
        passes += found(network, population, SMALLEST, chance)
        stale, best = 0, int(population.ends.min())
        while not until() and not self._is_spent(passes):
            if self._offer(population) is False and run.best is not None and run.value is not None:
                admit(population, run.best, run.value, chance)
            stale = 0 if population.ends.min() < best else stale + 1
            best = int(population.ends.min())
            if stale > STALE:
                population = self._renewed(population)
                passes += found(network, population, 1, chance)
                stale = 0
            passes += breed(network, population, population.ends.size, chance)
        self._offer(population)

    def proving(self, *, with_cliques: bool, until: Callable[[], bool]) -> None:
        """Refute one period less again and again, until it holds."""
        while not until():
            assert self.run.value is not None
            target = self.run.value - 1
            verdict = self.attempt(target, seconds=self.run.left, with_cliques=with_cliques)
            if verdict is Verdict.REFUTED:
                self.run.raise_bound(target + 1)
            elif verdict is Verdict.OPEN and self.run.value == target + 1:
                return

    def attempt(self, end: int, *, seconds: float, with_cliques: bool, work: float = 0.0) -> Verdict:
        """Look for a schedule that ends by `end`."""
        made = model_of(self.case, end, with_cliques=with_cliques)
        if made is None:
            return Verdict.REFUTED
        model, starts = made
        verdict, solver = solved(model, self.run, seconds=seconds, work=work)
        if verdict is Verdict.SOLVED:
            answer = np.array([solver.value(start) for start in starts], np.int64)
            self.run.offer(_end(self.case, answer), answer)
        return verdict

    def bounding(self, *, share: float) -> None:
        """Halve the gap between bound and answer by short attempts."""
        run = self.run
        while not run.is_over:
            assert run.value is not None
            middle = (run.bound + run.value - 1) // 2
            verdict = self.attempt(middle, seconds=share * run.effort.seconds, with_cliques=False)
            if verdict is Verdict.REFUTED:
                run.raise_bound(middle + 1)
            elif verdict is Verdict.OPEN and run.value > middle:
                return

    def _is_spent(self, passes: int) -> bool:
        work = self.run.effort.work
        return work is not None and passes >= work * 1000

    def _reach(self) -> int:
        whole = len(self.case.network.capacity)
        return whole if self.run.value is None else min(whole, self.run.value * 3 // 2 + 16)

    def _empty(self, members: int) -> Population:
        return Population(np.zeros((members, self.case.size), np.int64), np.full(members, NEVER, np.int64))

    def _grown(self, population: Population, passes: int, seconds: float) -> Population:
        """As large as the passes that can still be made are worth."""
        run = self.run
        hoped = run.effort.work * 1000 if run.effort.work is not None else passes / max(seconds, 1e-6) * run.left
        size = int(min(max(hoped / PASSES_PER_MEMBER, SMALLEST), LARGEST))
        larger = self._empty(size)
        larger.starts[:SMALLEST] = population.starts
        larger.ends[:SMALLEST] = population.ends
        return larger

    def _renewed(self, population: Population) -> Population:
        fresh = self._empty(population.ends.size)
        best = int(population.ends.argmin())
        fresh.starts[0], fresh.ends[0] = population.starts[best], population.ends[best]
        return fresh

    def _offer(self, population: Population) -> bool:
        best = int(population.ends.argmin())
        end = int(population.ends[best])
        return end < NEVER and self.run.offer(end, population.starts[best].copy())


def shortest(problem: Problem, effort: Effort) -> Solution:
    """The shortest schedule found, with the bound proven."""
    case = case_of(problem)
    run: Run[Ints] = Run(effort, bound=bound_of(case))
    search = Search(case, run)
    search.first()
    if run.best is None:
        _settle_without_start(search)
    if run.is_counted:
        _counted(search)
    elif not run.is_over:
        _shared(search)
    return _solution(case, run)


def _settle_without_start(search: Search) -> None:
    """Sampling met a wall (a deadline, or capacity that goes for good): only a proof or CP-SAT's own schedule helps."""
    end = len(search.case.network.capacity)
    seconds = search.run.effort.seconds
    verdict = search.attempt(end, seconds=seconds, with_cliques=False, work=float(search.run.effort.work or 0))
    if verdict is not Verdict.SOLVED:
        raise NoSchedule("no schedule keeps the limits", is_proven=verdict is Verdict.REFUTED)


def _counted(search: Search) -> None:
    """One core, no clock: breed for the work allowed, then try to refute one period less for as much again."""
    run = search.run
    work = float(run.effort.work or 0)
    search.breeding(0, lambda: run.is_closed or run.effort.cancelled())
    while not run.is_closed and not run.effort.cancelled():
        assert run.value is not None
        target = run.value - 1
        verdict = search.attempt(target, seconds=0, work=work, with_cliques=True)
        if verdict is Verdict.REFUTED:
            run.raise_bound(target + 1)
        elif verdict is Verdict.OPEN:
            return


def _shared(search: Search) -> None:
    run = search.run
    jobs = [_breeder(search), _prover(search)] if run.effort.workers > 1 else [_alone(search)]
    together(run, jobs)


def _breeder(search: Search) -> Callable[[], None]:
    def work() -> None:
        run = search.run
        share = next((share for size, share in BREEDING if search.case.size <= size), 1.0)
        search.breeding(0, lambda: run.is_over or run.seconds > share * run.effort.seconds)
        search.proving(with_cliques=True, until=lambda: run.is_over)

    return work


def _prover(search: Search) -> Callable[[], None]:
    def work() -> None:
        run = search.run
        search.bounding(share=0.01 if search.case.size <= SMALL else 0.04)
        share = 1.0 if search.case.size <= SMALL else 0.25
        while not run.is_over and run.seconds < share * run.effort.seconds:
            assert run.value is not None
            target = run.value - 1
            left = share * run.effort.seconds - run.seconds
            if search.attempt(target, seconds=left, with_cliques=False) is Verdict.REFUTED:
                run.raise_bound(target + 1)
        search.breeding(1, lambda: run.is_over)

    return work


def _alone(search: Search) -> Callable[[], None]:
    def work() -> None:
        run = search.run
        half = run.effort.seconds * (0.2 if search.case.size <= SMALL else 0.7)
        search.breeding(0, lambda: run.is_over or run.seconds > half)
        search.proving(with_cliques=False, until=lambda: run.is_over)

    return work


def _end(case: Case, starts: Ints) -> int:
    return max((int(start) + length for start, length in zip(starts, case.duration, strict=True)), default=0)


def _settled(case: Case, starts: Ints, end: int) -> Ints:
    """Every task as early as its turn lets it, which a proof's own schedule need not be."""
    desk = desk_for(case.network)
    early = np.empty_like(starts)
    list_by_start(case.network, starts, desk)
    return early if forward(case.network, desk, early) <= end else starts


def _solution(case: Case, run: Run[Ints]) -> Solution:
    assert run.best is not None
    assert run.value is not None
    best = _settled(case, run.best, run.value)
    starts = [0] * case.size
    for index, task in enumerate(case.order):
        starts[task] = int(best[index])
    return Solution(
        starts=tuple(starts),
        duties=((),) * case.size,
        makespan=run.value,
        cost=0,
        value=run.value,
        bound=min(run.bound, run.value),
        history=tuple(run.history),
    )
