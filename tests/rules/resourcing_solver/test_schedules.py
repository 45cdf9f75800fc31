"""Schedules keep every limit, equal an exhaustive search on small problems, and repeat for a seed."""

import itertools
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.instances import judge, psplib
from quoin.resourcing.rules.levelling import level
from quoin.resourcing.rules.schedules import solve
from quoin.resourcing.rules.solver.values import (
    Effort,
    Link,
    LinkKind,
    NoSchedule,
    Problem,
    Resource,
    Solution,
    Task,
    Use,
)

COUNTED = Effort(work=2)
DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "scheduling"


def random_problem(seed, *, tasks=6, kinds=tuple(LinkKind), changes=True):
    chance = random.Random(seed)
    capacity = [chance.randint(3, 5) for _ in range(2)]
    return Problem(
        tasks=tuple(
            Task(
                chance.randint(0, 4),
                uses=tuple(Use(index, chance.randint(1, 3)) for index in range(2) if chance.random() < 0.8),
                earliest=chance.choice((0, 0, 0, 3)),
            )
            for _ in range(tasks)
        ),
        links=tuple(
            Link(one, other, chance.choice(kinds), chance.randint(-1, 2))
            for one, other in itertools.combinations(range(tasks), 2)
            if chance.random() < 0.25
        ),
        resources=(
            Resource(capacity[0]),
            Resource(capacity[1], ((2, 3), (5, capacity[1])) if changes else ()),
        ),
    )


def shortest_by_trying_everything(problem):
    """Branch over every start of every task in turn: slow, and sure."""
    sequence = _without_backward_links(problem)
    best = sum(task.duration for task in problem.tasks) + 3 + 2 * len(problem.links) + 8

    def place(number, starts, used, end):
        nonlocal best
        if end >= best:
            return
        if number == len(sequence):
            best = end
            return
        index = sequence[number]
        task = problem.tasks[index]
        low = max([task.earliest, *(_least(problem, link, starts) for link in problem.links if link.later == index)])
        for start in range(low, best - task.duration):
            taken = dict(used)
            if _fits(problem, task, start, taken):
                place(number + 1, {**starts, index: start}, taken, max(end, start + task.duration))

    place(0, {}, {}, 0)
    return best


def _without_backward_links(problem):
    left, sequence = set(range(len(problem.tasks))), []
    while left:
        ready = min(i for i in left if not any(link.later == i and link.earlier in left for link in problem.links))
        sequence.append(ready)
        left.remove(ready)
    return sequence


def _least(problem, link, starts):
    a, b = problem.tasks[link.earlier].duration, problem.tasks[link.later].duration
    begin = starts[link.earlier]
    return {"fs": begin + a, "ss": begin, "ff": begin + a - b, "sf": begin - b}[link.kind.value] + link.lag


def _fits(problem, task, start, taken):
    for use in task.uses:
        for period in range(start, start + task.duration):
            key = (use.resource, period)
            taken[key] = taken.get(key, 0) + use.amount
            capacity = problem.resources[use.resource].capacity
            for first, amount in problem.resources[use.resource].changes:
                capacity = amount if first <= period else capacity
            if taken[key] > capacity:
                return False
    return True


@pytest.mark.parametrize("seed", range(25))
def test_solve_small_random_problem_equals_exhaustive_search(seed):
    problem = random_problem(seed)

    solution = solve(problem, COUNTED)

    assert judge.faults(problem, solution) == []
    assert (solution.makespan, solution.bound, solution.is_proven) == (
        shortest_by_trying_everything(problem),
        solution.makespan,
        True,
    )


def test_solve_twice_with_the_same_seed_and_work_gives_the_same_answer():
    problem = random_problem(7, tasks=40, kinds=(LinkKind.FINISH_START,))

    assert solve(problem, COUNTED) == solve(problem, COUNTED)


def test_solve_by_the_clock_tells_progress_and_stops_in_time():
    heard = []

    solution = solve(random_problem(3, tasks=40), Effort(seconds=5, progress=heard.append))

    assert [step.value for step in heard] == sorted((step.value for step in heard), reverse=True)
    assert (heard[-1].value, heard[-1].bound) == (solution.value, solution.bound)
    assert tuple(heard) == solution.history


def test_solve_cancelled_gives_the_best_so_far():
    problem = random_problem(5, tasks=30)

    solution = solve(problem, Effort(seconds=60, cancelled=lambda: True))

    assert judge.faults(problem, solution) == []


def test_solve_task_larger_than_capacity_is_refused_with_proof():
    with pytest.raises(NoSchedule) as refusal:
        solve(Problem((Task(1, (Use(0, 4),)),), resources=(Resource(3),)), COUNTED)

    assert refusal.value.is_proven


def test_solve_circle_of_links_is_refused_with_proof():
    with pytest.raises(NoSchedule, match="circle"):
        solve(Problem((Task(1), Task(1)), (Link(0, 1), Link(1, 0))), COUNTED)


def test_solve_deadline_that_cannot_be_met_is_refused_with_proof():
    problem = Problem((Task(3, (Use(0, 1),)),) * 3, resources=(Resource(1),), deadline=8)

    with pytest.raises(NoSchedule) as refusal:
        solve(problem, COUNTED)

    assert refusal.value.is_proven
    assert solve(replace(problem, deadline=9), COUNTED).makespan == 9


def test_solve_capacity_in_wide_fields_is_kept():
    problem = Problem((Task(2, (Use(0, 40_000),)),) * 3, resources=(Resource(100_000),))

    solution = solve(problem, COUNTED)

    assert (solution.makespan, judge.faults(problem, solution)) == (4, [])


def test_level_keeps_pinned_tasks_and_tells_what_stays_broken():
    problem = Problem(
        (Task(2, (Use(0, 1),)), Task(2, (Use(0, 1),)), Task(2, (Use(0, 1),))),
        (Link(0, 1),),
        (Resource(1),),
    )

    levelled = level(problem, (0, 0, 1), pinned={1}, effort=COUNTED)

    assert (levelled.starts, levelled.shifts) == ((2, 0, 4), (2, 0, 3))
    assert (levelled.broken, levelled.overloads) == ((problem.links[0],), ())


def test_level_two_pinned_tasks_at_once_are_told_as_overload():
    problem = Problem((Task(1, (Use(0, 1),)),) * 3, resources=(Resource(1),))

    levelled = level(problem, (0, 0, 0), pinned={0, 1}, effort=COUNTED)

    assert (levelled.starts, levelled.overloads) == ((0, 0, 1), ((0, 0),))


@pytest.mark.parametrize(
    ("starts", "makespan", "fault"),
    [
        ((0, 1), 3, "distance"),
        ((0, 2), 5, "makespan"),
        ((-1, 2), 4, "before it may"),
    ],
)
def test_judge_finds_seeded_faults(starts, makespan, fault):
    problem = Problem((Task(2), Task(2)), (Link(0, 1),))
    solution = Solution(starts, ((), ()), makespan, 0, makespan, 0)

    assert any(fault in found for found in judge.faults(problem, solution))


def test_judge_finds_overuse():
    problem = Problem((Task(2, (Use(0, 2),)),) * 2, resources=(Resource(3),))

    assert judge.faults(problem, Solution((0, 1), ((), ()), 3, 0, 3, 0)) == ["resource 0 gives 4 of 3 in period 1"]


def test_solve_published_instances_reaches_the_proven_optimum():
    if not DATA.exists():
        pytest.skip("needs ../shared/data/scheduling")
    problem = psplib.read(DATA / "psplib" / "j30" / "j301_1.sm")

    solution = solve(problem, COUNTED)

    assert (solution.makespan, solution.is_proven, judge.faults(problem, solution)) == (43, True, [])


def test_importing_the_door_loads_no_solver():
    code = (
        "import sys, quoin.resourcing.rules.schedules, quoin.resourcing.rules.levelling;"
        "sys.exit(any(name in sys.modules for name in ('ortools', 'numba', 'numpy')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": "src"}).returncode == 0
