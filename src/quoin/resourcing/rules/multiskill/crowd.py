"""Breeding for projects whose tasks hold crews; see `crews` and `gathering` for what is compiled."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from quoin.resourcing.rules.multiskill.crews import Staff
from quoin.resourcing.rules.multiskill.gathering import Troupe, found_troupe, gather
from quoin.resourcing.rules.multiskill.staffing import Answer
from quoin.resourcing.rules.rcpsp.network import network_of, trimmed
from quoin.resourcing.rules.rcpsp.passes import NEVER
from quoin.resourcing.rules.solver.chance import chance_of
from quoin.resourcing.rules.solver.values import Duty, Objective

if TYPE_CHECKING:
    from quoin.resourcing.rules.multiskill.staffing import Ward
    from quoin.resourcing.rules.rcpsp.network import Flags, Floats, Network
    from quoin.resourcing.rules.solver.run import Run

FIRST = 16
SMALLEST, LARGEST = 30, 300
PASSES_PER_MEMBER = 400
STALE = 40


class CrewSearch:
    share = 0.2  # of the time on the second core, before the whole model is asked

    def __init__(self, ward: Ward, run: Run[Answer]) -> None:
        self.ward = ward
        self.run = run
        self.network = network_of(ward.problem, ward.case.order)
        self.is_cost = ward.problem.objective is Objective.COST
        self.horizon = len(self.network.capacity)

    def first(self) -> None:
        troupe = self._empty(FIRST)
        found_troupe((self.network, self._staff(self.horizon)), troupe, 0, chance_of(self.run.effort.seed))
        self._offer(troupe)

    def finding(self, island: int, *, share: float) -> None:
        """Breed until that share of the run's time has passed; a stale troupe starts over around its best member."""
        run = self.run
        chance = chance_of(run.effort.seed * 1000 + island)
        site = self._near()
        troupe = self._empty(SMALLEST)
        began = run.seconds
        passes = found_troupe(site, troupe, 0, chance)
        troupe = self._grown(troupe, passes / max(1e-6, run.seconds - began) * share * run.left)
        passes += found_troupe(site, troupe, SMALLEST, chance)
        stale, best = 0, int(troupe.ends.min())
        while not self._is_spent(passes, share):
            self._offer(troupe)
            passes += gather(site, troupe, 25, chance)
            stale = 0 if troupe.ends.min() < best else stale + 25
            best = int(troupe.ends.min())
            if stale > STALE * troupe.ends.size:
                troupe, stale = self._renewed(troupe), 0
                passes += found_troupe(site, troupe, 1, chance)
        self._offer(troupe)

    def _is_spent(self, passes: int, share: float) -> bool:
        run = self.run
        if run.is_closed or run.effort.cancelled() or (self.is_cost and run.best is not None):
            return True
        if run.effort.work is not None:
            return passes >= run.effort.work * 1000
        return run.seconds >= share * run.effort.seconds

    def _near(self) -> tuple[Network, Staff]:
        horizon = self.horizon
        if self.run.best is not None:
            horizon = min(horizon, self.ward.end_of(self.run.best) * 3 // 2 + 16)
        return trimmed(self.network, horizon), self._staff(horizon)

    def _empty(self, members: int) -> Troupe:
        tasks, people = self.ward.case.size, len(self.ward.problem.people)
        return Troupe(
            np.zeros((members, tasks), np.int64),
            np.full(members, NEVER, np.int64),
            np.zeros((members, people)),
            np.full((members, tasks, people), -1, np.int64),
        )

    def _grown(self, troupe: Troupe, hoped: float) -> Troupe:
        work = self.run.effort.work
        hoped = work * 1000 if work is not None else hoped
        larger = self._empty(int(min(max(hoped / PASSES_PER_MEMBER, SMALLEST), LARGEST)))
        for new, old in zip(larger, troupe, strict=True):
            new[:SMALLEST] = old
        return larger

    def _renewed(self, troupe: Troupe) -> Troupe:
        fresh = self._empty(troupe.ends.size)
        best = int(troupe.ends.argmin())
        for new, old in zip(fresh, troupe, strict=True):
            new[0] = old[best]
        return fresh

    def _offer(self, troupe: Troupe) -> None:
        best = int(troupe.ends.argmin())
        if troupe.ends[best] == NEVER or (not self.is_cost and not self._is_better(int(troupe.ends[best]))):
            return
        duties = tuple(
            tuple(Duty(int(person), int(row[person])) for person in np.flatnonzero(row >= 0))
            for row in troupe.places[best]
        )
        answer = Answer(tuple(int(start) for start in troupe.starts[best]), duties)
        self.run.offer(self.ward.cost_of(answer) if self.is_cost else int(troupe.ends[best]), answer)

    def _is_better(self, end: int) -> bool:
        return self.run.value is None or end < self.run.value

    def _staff(self, horizon: int) -> Staff:
        people = self.ward.problem.people
        needs = [need for row in self.ward.tasks for need in row]
        able = np.array([[person.fits(need) for person in people] for need in needs], np.bool_)
        away = np.zeros((horizon, len(people)), np.bool_)
        for index, person in enumerate(people):
            for first, end in person.absences:
                away[first:end, index] = True
        return Staff(
            need_first=np.array(tuple(accumulate((len(row) for row in self.ward.tasks), initial=0)), np.int64),
            wanted=np.array([need.count for need in needs], np.int64),
            able=able.reshape(len(needs), len(people)),
            away=away,
            precious=self._precious(able, [need.count for need in needs]),
        )

    def _precious(self, able: Flags, counts: list[int]) -> Floats:
        """What a person costs, or how much of what only few can do would be lost with the person."""
        people = self.ward.problem.people
        if self.is_cost:
            return np.array([1.0 + person.cost for person in people])
        lengths = [length for length, row in zip(self.ward.case.duration, self.ward.tasks, strict=True) for _ in row]
        wanted = np.array(counts, np.float64) * np.array(lengths) / np.maximum(1, able.sum(axis=1))
        return np.asarray(1e-3 + wanted @ able)
