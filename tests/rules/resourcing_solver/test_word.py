"""The passes for one word give the schedules that the general passes give."""

from __future__ import annotations

import random

import numpy as np
import pytest

from quoin.resourcing.rules.rcpsp.case import case_of
from quoin.resourcing.rules.rcpsp.passes import NEVER, backward, desk_for, forward, list_by_finish, list_by_key
from quoin.resourcing.rules.solver.values import Link, Problem, Resource, Task, Use

LENGTHS = ((0, 1, 2, 5, 9), (1, 4, 31, 32, 33, 70))


def drawn(seed: int, *, deadline: int | None = None) -> Problem:
    """A project whose capacity changes; every other seed has tasks longer than a word has bits for."""
    draw = random.Random(seed)
    count = 30
    tasks = tuple(
        Task(
            draw.choice(LENGTHS[seed % 2]),
            earliest=draw.choice((0, 0, 0, 12)),
            uses=tuple(Use(resource, draw.randint(0, 4)) for resource in range(2)),
        )
        for _ in range(count)
    )
    links = tuple(
        Link(earlier, later, lag=draw.choice((0, 0, 3)))
        for later in range(1, count)
        for earlier in draw.sample(range(later), min(later, 2))
    )
    resources = (Resource(4, changes=((20, 6), (60, 4))), Resource(5))
    return Problem(tasks=tasks, links=links, resources=resources, deadline=deadline)


def wide(problem: Problem) -> Problem:
    """The same with resources that nobody uses, for which amounts take two words."""
    return Problem(
        tasks=problem.tasks,
        links=problem.links,
        resources=(*problem.resources, *(Resource(1),) * 4),
        deadline=problem.deadline,
    )


def passes(problem: Problem, key: np.ndarray) -> tuple[int, list[int], bool, list[int]]:
    network = case_of(problem).network
    desk = desk_for(network)
    start = np.zeros(key.size, np.int64)
    list_by_key(network, key, desk)
    end = forward(network, desk, start)
    if end == NEVER:
        return NEVER, [], False, []
    late = start.copy()
    list_by_finish(network, late, end, desk)
    fits = backward(network, desk, end, late)
    return end, start.tolist(), bool(fits), late.tolist() if fits else []


@pytest.mark.parametrize("seed", range(12))
def test_both_passes_agree_with_the_general_ones(seed: int) -> None:
    problem = drawn(seed)
    key = np.random.default_rng(seed).random(len(problem.tasks))

    assert case_of(problem).network.guard.size == 1
    assert case_of(wide(problem)).network.guard.size == 2
    assert passes(problem, key) == passes(wide(problem), key)


def test_no_room_before_the_deadline_is_told_alike() -> None:
    ends = set()
    for seed in range(8):
        problem = drawn(seed, deadline=60)
        key = np.random.default_rng(seed).random(len(problem.tasks))
        found = passes(problem, key)
        ends.add(found[0] == NEVER)

        assert found == passes(wide(problem), key)
    assert True in ends
