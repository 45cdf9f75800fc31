"""The solver's order for levelling: tasks are placed by it on the real calendars, and plans end earlier than by the rule."""

from __future__ import annotations

import random

from quoin.projects.rules.schedule import Frame, Link, Network, PlannedTask, schedule
from quoin.projects.rules.schedule.grid import Grid, grid_of
from quoin.projects.rules.schedule.levelling import Demand, Limits, level
from quoin.resourcing.rules.plan_order import MOST_JOBS, order_of
from tests.rules.projects.reference import CALENDARS, ORIGIN

_START = ORIGIN + 7 * 1440 + 480
_PEOPLE = ("ana", "jon", "mia")
_FREE = {person: dict.fromkeys(range(_START // 1440, _START // 1440 + 300), 480) for person in _PEOPLE}


def _plan(seed: int) -> tuple[Network, dict[int, Demand]]:
    rng = random.Random(seed)
    count = rng.randrange(16, 26)
    tasks = tuple(PlannedTask(key, rng.choice([480, 960, 1440, 2400])) for key in range(count))
    pairs = {(rng.randrange(count), rng.randrange(count)) for _ in range(count * 4 // 3)}
    links = tuple(Link(one, other) for one, other in sorted(pairs) if one < other)
    demands: dict[int, Demand] = {key: ((rng.choice(_PEOPLE), 100),) for key in range(count)}
    return Network(tasks, links, CALENDARS[:1], (Frame(_START),)), demands


def test_following_the_solver_ends_earlier_than_the_rule_on_some_plans_and_breaks_no_link() -> None:
    better = 0
    for seed in range(30):
        network, demands = _plan(seed)
        rule = level(network, demands=demands, free=_FREE)

        order = order_of(grid_of(network, demands=demands, free=_FREE, busy={}))
        assert order is not None
        solved = level(network, demands=demands, free=_FREE, limits=Limits(order=order))

        assert order.keys() == {task.key for task in network.tasks}
        until = {wait.key: wait.until for wait in solved.waits}
        tasks = tuple(PlannedTask(task.key, task.minutes, not_before=until.get(task.key)) for task in network.tasks)
        dates = schedule(Network(tasks, network.links, network.calendars, network.frames))
        assert dates.ends == (solved.ends_at,)
        assert all(dates[one.after].start >= dates[one.before].finish for one in network.links)
        better += solved.ends_at < rule.ends_at
    assert better > 3


def test_the_same_plan_gets_the_same_order() -> None:
    network, demands = _plan(5)
    grid = grid_of(network, demands=demands, free=_FREE, busy={})

    assert order_of(grid) == order_of(grid)


def test_plans_that_are_too_large_or_empty_are_left_to_the_rule() -> None:
    network, demands = _plan(1)
    grid = grid_of(network, demands=demands, free=_FREE, busy={})
    many = Grid(grid.jobs * (MOST_JOBS // len(grid.jobs) + 1), grid.ties, grid.people, grid.period_minutes)

    assert order_of(many) is None
    assert order_of(Grid((), (), (), 30)) is None
