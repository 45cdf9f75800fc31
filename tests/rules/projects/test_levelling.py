"""Levelling: nobody has more to do on a day than it takes, and nobody waits without need."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace

from quoin.kernel.workcal import instant_of
from quoin.projects.rules.schedule import Frame, Link, Network, PlannedTask, schedule
from quoin.projects.rules.schedule.levelling import Demand, level
from tests.rules.projects.reference import CALENDARS, ORIGIN

_START = ORIGIN + 7 * 1440 + 480


def _network(rng: random.Random) -> tuple[Network, dict[int, Demand]]:
    count = rng.randrange(3, 12)
    tasks = tuple(PlannedTask(key, rng.choice([240, 480, 960, 1200])) for key in range(count))
    pairs = {(rng.randrange(count), rng.randrange(count)) for _ in range(count)}
    links = tuple(Link(one, other) for one, other in sorted(pairs) if one < other)
    demands = {
        key: tuple((person, rng.choice([50, 100])) for person in rng.sample(("ana", "jon", "mia"), rng.randrange(3)))
        for key in range(count)
    }
    return Network(tasks, links, CALENDARS[:1], (Frame(_START),)), demands


def _loads(network: Network, demands: dict[int, Demand]) -> dict[tuple[object, int], int]:
    """Minutes by person and day, counted minute by minute."""
    found: defaultdict[tuple[object, int], int] = defaultdict(int)
    dates = schedule(network)
    for key, demand in demands.items():
        row = dates[key]
        for day in range(row.start // 1440, row.finish // 1440 + 1):
            begin, end = max(row.start, day * 1440), min(row.finish, (day + 1) * 1440)
            minutes = CALENDARS[0].minutes_between(instant_of(begin), instant_of(end)) if end > begin else 0
            for person, percent in demand:
                found[person, day] += minutes * percent // 100
    return found


def test_levelled_plans_overload_nobody_and_keep_every_link() -> None:
    waited = 0
    for seed in range(150):
        network, demands = _network(random.Random(seed))
        days = range(_START // 1440, _START // 1440 + 200)
        free = {person: dict.fromkeys(days, 480) for person in ("ana", "jon", "mia")}

        waits = level(network, demands=demands, free=free)

        until = {wait.key: wait.until for wait in waits}
        tasks = tuple(replace(task, not_before=until.get(task.key)) for task in network.tasks)
        levelled = replace(network, tasks=tasks)
        waited += len(waits)
        assert max(_loads(levelled, demands).values(), default=0) <= 480, seed
        before, after = schedule(network), schedule(levelled)
        assert all(after[key].start >= before[key].start for key in before.keys)
        assert all(after[wait.key].start == wait.until for wait in waits)
        assert all(after[one.after].start >= after[one.before].finish for one in network.links)
    assert waited > 50


def test_who_is_away_is_not_waited_for() -> None:
    network = Network((PlannedTask("a", 960),), (), CALENDARS[:1], (Frame(_START),))

    assert level(network, demands={"a": (("ana", 100),)}, free={"ana": {_START // 1440: 0}}) == ()


def test_the_task_that_may_wait_least_goes_first() -> None:
    tasks = (PlannedTask("free", 480), PlannedTask("urgent", 480), PlannedTask("next", 2400))
    network = Network(tasks, (Link("urgent", "next"),), CALENDARS[:1], (Frame(_START),))
    free = {"ana": dict.fromkeys(range(_START // 1440, _START // 1440 + 30), 480)}

    waits = level(network, demands={"free": (("ana", 100),), "urgent": (("ana", 100),)}, free=free)

    assert [(wait.key, wait.person, wait.until) for wait in waits] == [("free", "ana", _START + 1440)]
