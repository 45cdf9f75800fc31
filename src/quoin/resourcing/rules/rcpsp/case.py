"""A problem ready for search: its order, arrays, plain tuples for models, and the bounds that need no search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quoin.resourcing.rules.rcpsp.breeding import heads, tails
from quoin.resourcing.rules.rcpsp.network import distance_of, network_of, ordered
from quoin.resourcing.rules.solver.values import NoSchedule

if TYPE_CHECKING:
    from quoin.resourcing.rules.rcpsp.network import Network
    from quoin.resourcing.rules.solver.values import Problem


@dataclass(frozen=True, slots=True)
class Case:
    """Tasks are numbered as in `order` (position -> the caller's task)."""

    problem: Problem
    order: tuple[int, ...]
    network: Network
    links: tuple[tuple[int, int, int], ...]
    duration: tuple[int, ...]
    amounts: tuple[tuple[int, ...], ...]  # task x resource
    head: tuple[int, ...]
    tail: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.duration)


def case_of(problem: Problem) -> Case:
    order = ordered(problem)
    position = {task: index for index, task in enumerate(order)}
    amounts = [[0] * len(problem.resources) for _ in order]
    for index, task in enumerate(order):
        for use in problem.tasks[task].uses:
            amounts[index][use.resource] += use.amount
            if amounts[index][use.resource] > problem.resources[use.resource].peak and problem.tasks[task].duration:
                raise NoSchedule(f"task {task} asks for more than resource {use.resource} has", is_proven=True)
    network = network_of(problem, order)
    return Case(
        problem=problem,
        order=order,
        network=network,
        links=tuple((position[k.earlier], position[k.later], distance_of(problem, k)) for k in problem.links),
        duration=tuple(problem.tasks[task].duration for task in order),
        amounts=tuple(tuple(row) for row in amounts),
        head=tuple(int(value) for value in heads(network)),
        tail=tuple(int(value) for value in tails(network)),
    )


def bound_of(case: Case) -> int:
    """The longest path, or the work of tasks between common heads and tails over the capacity."""
    path = max((head + tail for head, tail in zip(case.head, case.tail, strict=True)), default=0)
    return max([path, *(_energy_bound(case, index) for index in range(len(case.problem.resources)))])


def _energy_bound(case: Case, resource: int) -> int:
    capacity = case.problem.resources[resource].peak
    amounts = np.array([row[resource] for row in case.amounts], np.int64)
    used = amounts > 0
    if capacity <= 0 or not used.any():
        return 0
    head = np.array(case.head)[used]
    duration = np.array(case.duration)[used]
    left = np.array(case.tail)[used] - duration
    energy = amounts[used] * duration
    best = 0
    for first in np.unique(head)[:200]:
        inside = head >= first
        work = np.zeros(int(left.max()) + 1, np.int64)
        np.add.at(work, left[inside], energy[inside])
        at_least = work[::-1].cumsum()[::-1]
        spans = -(-at_least // capacity) + np.arange(work.size) + first
        best = max(best, int(spans[at_least > 0].max(initial=0)))
    return best
