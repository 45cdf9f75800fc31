"""People with skills: schedules keep every limit and equal an exhaustive search on small problems."""

import itertools
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.instances import judge, multiskill
from quoin.resourcing.rules.schedules import solve
from quoin.resourcing.rules.solver.values import (
    Duty,
    Effort,
    Link,
    Need,
    NoSchedule,
    Objective,
    Person,
    Problem,
    Resource,
    Solution,
    Task,
    Use,
)

COUNTED = Effort(work=2)
DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "scheduling"


def random_problem(seed, *, tasks, most, uses=False):
    """`most` people at a time on a task; every need can be filled."""
    chance = random.Random(seed)
    people = (
        tuple(
            Person(
                tuple((skill, chance.randint(0, 2)) for skill in range(3) if chance.random() < 0.6),
                cost=chance.randint(1, 9),
                absences=((1, 3),) if chance.random() < 0.25 else (),
            )
            for _ in range(3)
        )
        + (Person(((0, 2), (1, 2), (2, 2)), cost=10),) * most
    )
    return Problem(
        tasks=tuple(
            Task(
                chance.randint(1, 3),
                needs=tuple(
                    Need(skill, chance.randint(0, 2)) for skill in chance.sample(range(3), chance.randint(1, most))
                ),
                uses=(Use(0, 1),) if uses and chance.random() < 0.5 else (),
            )
            for _ in range(tasks)
        ),
        links=tuple(Link(a, b) for a, b in itertools.combinations(range(tasks), 2) if chance.random() < 0.2),
        resources=(Resource(1),) if uses else (),
        people=people,
    )


def best_by_trying_everything(problem, *, worth, horizon):
    """Every start and every crew of every task in turn; the smallest worth(end, cost) of all schedules."""
    best: Any = None

    def place(index, ends, busy, cost):
        nonlocal best
        if best is not None and worth(max(ends, default=0), cost) >= best:
            return
        if index == len(problem.tasks):
            best = worth(max(ends), cost)
            return
        task = problem.tasks[index]
        low = max([0, *(ends[link.earlier] + link.lag for link in problem.links if link.later == index)])
        for start in range(low, horizon - task.duration + 1):
            periods = range(start, start + task.duration)
            uses = {("r", use.resource, period) for use in task.uses for period in periods}
            if uses & busy:
                continue
            for crew in _crews(problem, task):
                taken = {(person, period) for person in crew for period in periods}
                away = any(
                    first < start + task.duration and start < end
                    for person in crew
                    for first, end in problem.people[person].absences
                )
                if not away and not taken & busy:
                    price = sum(problem.people[person].cost for person in crew) * task.duration
                    place(index + 1, [*ends, start + task.duration], busy | taken | uses, cost + price)

    place(0, [], frozenset(), 0)
    return best


def _crews(problem, task):
    """Crews of different people; of people who are alike in everything only the first combination would do."""
    able = [[i for i, person in enumerate(problem.people) if person.fits(need)] for need in task.needs]
    return {tuple(sorted(crew)) for crew in itertools.product(*able) if len(set(crew)) == len(crew)}


@pytest.mark.parametrize("seed", range(8))
def test_solve_single_people_equals_exhaustive_search(seed):
    problem = random_problem(seed, tasks=4, most=1)

    solution = solve(problem, COUNTED)

    assert judge.faults(problem, solution) == []
    assert (solution.makespan, solution.is_proven) == (
        best_by_trying_everything(problem, worth=lambda end, _cost: end, horizon=12),
        True,
    )


@pytest.mark.parametrize("seed", range(8))
def test_solve_crews_equals_exhaustive_search(seed):
    problem = random_problem(seed, tasks=4, most=2, uses=True)

    solution = solve(problem, COUNTED)

    assert judge.faults(problem, solution) == []
    assert (solution.makespan, solution.is_proven) == (
        best_by_trying_everything(problem, worth=lambda end, _cost: end, horizon=12),
        True,
    )


@pytest.mark.parametrize(("seed", "most"), list(itertools.product(range(4), (1, 2))))
def test_solve_cheapest_within_the_deadline_equals_exhaustive_search(seed, most):
    quick = random_problem(seed, tasks=4, most=most)
    deadline = solve(quick, COUNTED).makespan + 1
    problem = replace(quick, objective=Objective.COST, deadline=deadline)

    solution = solve(problem, COUNTED)

    assert judge.faults(problem, solution) == []
    assert (solution.cost, solution.value, solution.is_proven) == (
        best_by_trying_everything(problem, worth=lambda _end, cost: cost, horizon=deadline),
        solution.cost,
        True,
    )


@pytest.mark.parametrize("most", [1, 3])
def test_solve_twice_with_the_same_seed_and_work_gives_the_same_answer(most):
    problem = random_problem(2, tasks=25, most=most)

    assert solve(problem, Effort(work=1)) == solve(problem, Effort(work=1))


def test_solve_skill_nobody_has_is_refused_with_proof():
    with pytest.raises(NoSchedule) as refusal:
        solve(Problem((Task(1, needs=(Need(7),)),), people=(Person(((0, 0),)),)), COUNTED)

    assert refusal.value.is_proven


def test_solve_deadline_too_short_for_the_people_is_refused_with_proof():
    problem = Problem((Task(2, needs=(Need(0),)),) * 3, people=(Person(((0, 0),), cost=1),), deadline=5)

    for objective in Objective:
        with pytest.raises(NoSchedule) as refusal:
            solve(replace(problem, objective=objective), COUNTED)
        assert refusal.value.is_proven


def test_judge_finds_seeded_faults_of_people():
    problem = Problem(
        (Task(2, needs=(Need(0, 1),)),) * 2, people=(Person(((0, 1),), cost=3), Person(((0, 0),), absences=((0, 1),)))
    )
    good = Solution((0, 2), ((Duty(0, 0),), (Duty(0, 0),)), 4, 12, 4, 4)

    assert judge.faults(problem, good) == []
    assert judge.faults(problem, replace(good, starts=(0, 1), makespan=3)) == ["person 0 is not free in period 1"]
    assert judge.faults(problem, replace(good, cost=11)) == ["the cost is 12, not 11"]
    assert judge.faults(problem, replace(good, duties=((), (Duty(0, 0),)), cost=6)) == [
        "task 0 has not the number of people it needs"
    ]
    assert judge.faults(problem, replace(good, duties=((Duty(1, 0),), (Duty(0, 0),)), cost=6)) == [
        "person 1 lacks the skill for task 0",
        "person 1 is not free in period 0",
    ]


@pytest.mark.parametrize(
    ("name", "makespan"),
    [("mspsp/set-1/set-1a/inst_set1a_sf0.5_nc1.5_n20_m10_00.dzn", 61), ("imopse/d36/200_40_130_9_D4.def", 513)],
)
def test_solve_published_instances_reaches_the_proven_optimum(name, makespan):
    if not DATA.exists():
        pytest.skip("needs ../shared/data/scheduling")
    problem = multiskill.read(DATA / name)

    solution = solve(problem, Effort(seconds=60))

    assert (solution.makespan, solution.is_proven, judge.faults(problem, solution)) == (makespan, True, [])
