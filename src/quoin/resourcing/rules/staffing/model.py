"""The case as a CP-SAT model: an option is a yes or no, a day holds what fits, load above the common level costs."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from quoin.resourcing.rules.solver.values import Effort
from quoin.resourcing.rules.staffing.values import WHOLE, Option
from quoin.resourcing.rules.staffing.worth import Field

_POLL_SECONDS, _TINY = 0.1, 1e-6
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Found:
    """The best options of a search; `options` is None if none were found."""

    options: tuple[Option, ...] | None
    bound: int
    is_optimal: bool
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """How long one search may last: seconds, and work in CP-SAT's own measure for repeatable answers."""

    seconds: float
    work: float | None = None
    gap_ratio: float = 0.0


class Model:
    """Built once for a case; each search copies it and adds its own demands."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.base = cp_model.CpModel()
        self.picks = [self.base.new_bool_var(f"o{at}") for at in range(len(field.menu.options))]
        self.filled = [self.base.new_bool_var(f"a{at}") for at in range(len(field.case.asks))]
        self._fill()
        self._fit()
        self.terms = [one.worth * pick for one, pick in zip(field.menu.options, self.picks, strict=True)]
        self._even()

    def _fill(self) -> None:
        """A request is filled whole or not at all, by few enough people who start together."""
        case, options = self.field.case, self.field.menu.options
        for at, ask in enumerate(case.asks):
            mine = [(one, self.picks[number]) for number, one in enumerate(options) if one.ask == at]
            starts = sorted({one.shift for one, _pick in mine})
            begins = {shift: self.base.new_bool_var(f"a{at}s{shift}") for shift in starts}
            self.base.add(sum(begins.values()) == self.filled[at])
            for shift, begin in begins.items():
                whole = sum(one.share * pick for one, pick in mine if one.shift == shift)
                self.base.add(whole == ask.open_share * begin)
            if ask.most_people > 1:
                self.base.add(sum(pick for _one, pick in mine) <= ask.most_people)
            people = sorted({one.worker for one, _pick in mine})
            for person in people:
                own = [pick for one, pick in mine if one.worker == person]
                if len(own) > 1:
                    self.base.add_at_most_one(own)

    def _fit(self) -> None:
        """What is picked of a person fits into each day; days that say the same are said once."""
        rows: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
        days: list[dict[date, list[tuple[int, int]]]] = [{} for _worker in self.field.case.workers]
        for number, one in enumerate(self.field.menu.options):
            for day, minutes in one.minutes:
                days[one.worker].setdefault(day, []).append((number, minutes))
        for worker, by_day in enumerate(days):
            for day, uses in by_day.items():
                room = self.field.free[worker].get(day, 0)
                key = (worker, tuple(uses))
                rows[key] = min(rows.get(key, room), room)
        for (_worker, same), room in rows.items():
            if sum(minutes for _number, minutes in same) > room:
                if sum(sorted(minutes for _number, minutes in same)[:2]) > room:
                    self.base.add_at_most_one(self.picks[number] for number, _minutes in same)
                else:
                    self.base.add(sum(minutes * self.picks[number] for number, minutes in same) <= room)

    def _even(self) -> None:
        field, weight = self.field, self.field.case.goal.spread * _TENTH
        if not weight:
            return
        for worker, capacity in enumerate(field.capacities):
            mine = [
                (one.total, self.picks[number]) for number, one in enumerate(field.menu.options) if one.worker == worker
            ]
            if not mine or not capacity:
                continue
            assigned = sum(minutes * pick for minutes, pick in mine)
            most = sum(minutes for minutes, _pick in mine)
            for level in field.levels():
                top = max(0, -(-weight * (WHOLE * (field.loads[worker] + most) - level * capacity) // capacity))
                if top:
                    cost = self.base.new_int_var(0, top, f"u{worker}l{level}")
                    self.base.add(
                        capacity * cost >= weight * (WHOLE * (field.loads[worker] + assigned) - level * capacity)
                    )
                    self.terms.append(-cost)

    @property
    def idle(self) -> int:
        """What the load costs before anything is assigned; it is no loss of a plan."""
        return sum(self.field.uneven(worker, 0) for worker in {one.worker for one in self.field.menu.options})

    def best(
        self,
        effort: Effort,
        limit: Limit,
        *,
        hint: Iterable[Option] = (),
        unlike: Sequence[tuple[Sequence[Option], int]] = (),
        heard: Callable[[int, int], None] | None = None,
    ) -> Found:
        """The most worth; `unlike` are plans from which at least so many options differ."""
        model = self.base.clone()
        at = {(one.ask, one.worker, one.shift, one.share): number for number, one in enumerate(self.field.menu.options)}
        for plan, least in unlike:
            same = [self.picks[at[one.ask, one.worker, one.shift, one.share]] for one in plan]
            model.add(sum(same) <= len(same) - least)
        model.maximize(sum(self.terms))
        hinted = {at[one.ask, one.worker, one.shift, one.share] for one in hint}
        for number, pick in enumerate(self.picks):
            model.add_hint(pick, number in hinted)
        for ask, filled in enumerate(self.filled):
            model.add_hint(filled, any(self.field.menu.options[number].ask == ask for number in hinted))
        status, solver = _run(model, effort, limit, heard=heard, offset=self.idle)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            # A stop before the first bound leaves nothing but what the sum of all best options says.
            return Found(None, self.field.ceiling(), is_optimal=False, is_impossible=status == cp_model.INFEASIBLE)
        picked = tuple(one for one, pick in zip(self.field.menu.options, self.picks, strict=True) if solver.value(pick))
        bound = min(self.field.ceiling(), math.floor(solver.best_objective_bound + _TINY) + self.idle)
        return Found(picked, bound, status == cp_model.OPTIMAL and not limit.gap_ratio)

    def fewest_drops(
        self, ask: int, filled: Sequence[int], effort: Effort, limit: Limit
    ) -> tuple[tuple[int, ...], bool] | None:
        """Which of the filled requests would have to go for this one, as few as possible; None: it never fits."""
        model = self.base.clone()
        model.add(self.filled[ask] == 1)
        model.maximize(sum(self.filled[at] for at in filled))
        status, solver = _run(model, effort, limit)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        return tuple(at for at in filled if not solver.value(self.filled[at])), status == cp_model.OPTIMAL


def _run(
    model: cp_model.CpModel,
    effort: Effort,
    limit: Limit,
    *,
    heard: Callable[[int, int], None] | None = None,
    offset: int = 0,
) -> tuple[cp_model.CpSolverStatus, cp_model.CpSolver]:
    solver = cp_model.CpSolver()
    limits = solver.parameters
    limits.random_seed = effort.seed
    limits.relative_gap_limit = limit.gap_ratio
    limits.linearization_level = 2
    limits.max_time_in_seconds = max(0.05, limit.seconds)
    if effort.work is not None:
        # One thread and its own measure of work: the clock must not decide what is found.
        limits.num_workers = 1
        limits.max_deterministic_time = max(0.01, limit.work or effort.work)
    else:
        limits.num_workers = effort.workers
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL_SECONDS):
            if effort.cancelled():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        status = solver.solve(model, _Listener(heard, offset) if heard else None)
    finally:
        over.set()
        watcher.join()
    return status, solver


class _Listener(cp_model.CpSolverSolutionCallback):
    """Tells of each better plan and its bound."""

    def __init__(self, heard: Callable[[int, int], None], offset: int) -> None:
        super().__init__()
        self._heard, self._offset = heard, offset

    def on_solution_callback(self) -> None:
        self._heard(
            round(self.objective_value) + self._offset, math.floor(self.best_objective_bound + _TINY) + self._offset
        )
