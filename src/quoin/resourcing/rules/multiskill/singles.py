"""Annealing rounds for projects in which every task is done by one person; see `solo` for what is compiled."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from quoin.resourcing.rules.multiskill.solo import Aim, Plan, Shop, anneal, decoded, greedy, keep
from quoin.resourcing.rules.multiskill.staffing import Answer
from quoin.resourcing.rules.solver.chance import chance_of
from quoin.resourcing.rules.solver.values import Duty, Objective

if TYPE_CHECKING:
    from collections.abc import Callable

    from quoin.resourcing.rules.multiskill.staffing import Ward
    from quoin.resourcing.rules.solver.chance import Chance
    from quoin.resourcing.rules.solver.run import Run

ROUNDS = (0.05, 0.1, 0.15, 0.3, 0.4)  # shares of the time; each round begins hot, every other one from the best plan
BALANCES = (0.15, 0.4, 0.05)  # weights of the people's mean end beside the project's end, round by round
TASKS_PER_CALL = 500_000  # tasks decoded between two looks at the clock
TIME_HEAT = (3.0, 0.1)  # periods
COST_HEAT = (30.0, 0.3)  # periods of work at the mean rate
LATE = 10.0  # first price of a period past the deadline, in periods of work; it follows what is needed
LATE_STEP, LATE_MOST = 1.05, 1000.0
FAR = 1 << 40


def is_solo(ward: Ward) -> bool:
    return not any(task.uses for task in ward.problem.tasks) and all(
        sum(need.count for need in task.needs) <= 1 for task in ward.problem.tasks
    )


class SoloSearch:
    share = 0.6  # of the time on the second core, before the whole model is asked

    def __init__(self, ward: Ward, run: Run[Answer]) -> None:
        self.ward = ward
        self.run = run
        self.shop = _shop_of(ward)
        self.deadline = FAR if ward.problem.deadline is None else ward.problem.deadline
        self.is_cost = ward.problem.objective is Objective.COST
        self.rate = max(1.0, float(np.mean([person.cost for person in ward.problem.people] or [1])))
        self.horizon = len(ward.case.network.capacity)

    def first(self) -> None:
        """The greedy plan; with a deadline it misses, a shorter one."""
        plan = self._greedy()
        self._offer(plan)
        if self.run.best is None:
            best = self._empty()
            keep(plan, best)
            aim = Aim(1.0, 0.0, 0.0, BALANCES[0], FAR)
            chance = chance_of(self.run.effort.seed)
            for step in range(100):
                if self.run.is_over or decoded(self.shop, best)[0] <= self.deadline:
                    break
                heat = TIME_HEAT[0] * (TIME_HEAT[1] / TIME_HEAT[0]) ** (step / 100)
                anneal((self.shop, aim), (plan, best), (heat, heat, self._moves // 4), chance)
            self._offer(best)

    def finding(self, island: int, *, share: float) -> None:
        """Anneal until that share of the run's time has passed."""
        run = self.run
        chance = chance_of(run.effort.seed * 1000 + island)
        plan, best = self._greedy(), self._empty()
        keep(plan, best)
        began, whole = run.seconds, max(0.0, share * run.effort.seconds - run.seconds)
        ends = list(accumulate(ROUNDS))
        for number, end in enumerate(ends):
            first = 0.0 if number == 0 else ends[number - 1]
            keep(best if number % 2 else self._greedy(), plan)
            self._round((plan, best), number + island, chance, progress=self._progress(began, whole, first, end))

    def _progress(self, began: float, whole: float, first: float, end: float) -> Callable[[int], float]:
        """How much of a round is over, after so many moves of it: 0 to 1 and beyond."""
        run = self.run
        if run.effort.work is not None:
            allowed = run.effort.work * 1000 * (end - first)
            return lambda moves: moves / allowed
        return lambda _moves: (run.seconds - began - first * whole) / max(1e-3, (end - first) * whole)

    def _round(
        self, plans: tuple[Plan, Plan], number: int, chance: Chance, *, progress: Callable[[int], float]
    ) -> None:
        plan, best = plans
        late, moves = LATE, 0
        hot, cold = COST_HEAT if self.is_cost else TIME_HEAT
        stopped = self.run.effort.cancelled
        while (done := progress(moves)) < 1 and not self.run.is_closed and not stopped():
            then = min(1.0, done + 0.02)
            heat = (hot * (cold / hot) ** done, hot * (cold / hot) ** then, self._moves)
            anneal((self.shop, self._aim(late, BALANCES[number % len(BALANCES)])), plans, heat, chance)
            moves += self._moves
            self._offer(best)
            is_late = decoded(self.shop, plan)[0] > self.deadline
            late = min(LATE_MOST, late * LATE_STEP) if is_late else late / LATE_STEP

    def _aim(self, late: float, balance: float) -> Aim:
        if self.is_cost:
            return Aim(0.0, 1 / self.rate, late, 0.0, self.deadline)
        return Aim(1.0, 0.0, 0.0, balance, self.deadline)

    @property
    def _moves(self) -> int:
        return max(200, TASKS_PER_CALL // max(1, self.ward.case.size))

    def _greedy(self) -> Plan:
        plan = self._empty()
        greedy(self.shop, plan, -np.array(self.ward.case.tail, np.float64))
        return plan

    def _empty(self) -> Plan:
        tasks, people = self.ward.case.size, len(self.ward.problem.people)
        return Plan(
            np.arange(tasks),
            np.arange(tasks),
            np.full(tasks, -1),
            np.zeros(tasks, np.int64),
            np.zeros(people, np.int64),
        )

    def _offer(self, plan: Plan) -> None:
        end, cost = decoded(self.shop, plan)
        value = cost if self.is_cost else end
        if end <= self.deadline and (self.run.value is None or value < self.run.value):
            duties = tuple((Duty(int(person), 0),) if person >= 0 else () for person in plan.person)
            self.run.offer(value, Answer(tuple(int(start) for start in plan.start), duties))


def _shop_of(ward: Ward) -> Shop:
    able = [ward.able(needs[0]) if needs else () for needs in ward.tasks]
    away = [sorted(person.absences) for person in ward.problem.people]
    network = ward.case.network
    return Shop(
        duration=network.duration,
        earliest=network.earliest,
        before=network.before,
        after=network.after,
        able_first=np.array(tuple(accumulate((len(row) for row in able), initial=0)), np.int64),
        able=np.array([person for row in able for person in row], np.int64),
        rate=np.array([person.cost for person in ward.problem.people], np.int64),
        away_first=np.array(tuple(accumulate((len(row) for row in away), initial=0)), np.int64),
        away=np.array([span for row in away for span in row], np.int64).reshape(-1, 2),
    )
