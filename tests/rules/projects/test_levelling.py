"""Levelling: nobody has more to do on a day than it takes, and nobody waits without need."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace

from quoin.kernel.workcal import instant_of
from quoin.projects.rules.schedule import Frame, Link, Network, PlannedTask, schedule
from quoin.projects.rules.schedule.levelling import Demand, Limits, Short, Wait, level
from quoin.projects.types import Constraint
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

        waits = level(network, demands=demands, free=free).waits

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

    found = level(network, demands={"a": (("ana", 100),)}, free={"ana": {_START // 1440: 0}})

    assert (found.waits, found.left, found.delay) == ((), (), 0)


_DAYS = dict.fromkeys(range(_START // 1440, _START // 1440 + 60), 480)
_ANA = (("ana", 100),)


def _urgent_and_free() -> Network:
    tasks = (PlannedTask("free", 480), PlannedTask("urgent", 480), PlannedTask("next", 2400))
    return Network(tasks, (Link("urgent", "next"),), CALENDARS[:1], (Frame(_START),))


def test_the_task_that_may_wait_least_goes_first_and_the_other_is_told_why() -> None:
    found = level(_urgent_and_free(), demands={"free": _ANA, "urgent": _ANA}, free={"ana": _DAYS})

    day = _START // 1440
    assert found.waits == (Wait("free", _START + 1440, Short("ana", day, 480, 0, ("urgent",))),)
    assert (found.left, found.delay) == ((), 480)


def test_an_order_that_is_given_goes_before_the_rule() -> None:
    found = level(
        _urgent_and_free(), demands={"free": _ANA, "urgent": _ANA}, free={"ana": _DAYS},
        limits=Limits(order={"free": 0, "urgent": 1, "next": 2}),
    )  # fmt: skip

    assert [wait.key for wait in found.waits] == ["urgent"]


def test_what_is_booked_elsewhere_takes_its_day() -> None:
    network = Network((PlannedTask("a", 480),), (), CALENDARS[:1], (Frame(_START),))

    found = level(network, demands={"a": _ANA}, free={"ana": _DAYS}, busy={"ana": {_START // 1440: 480}})

    assert found.waits == (Wait("a", _START + 1440, Short("ana", _START // 1440, 480, 480, ())),)


def test_within_the_float_the_end_stays_and_what_finds_no_room_is_told() -> None:
    tasks = (PlannedTask("one", 480), PlannedTask("two", 480), PlannedTask("three", 480), PlannedTask("long", 960))
    network = Network(tasks, (), CALENDARS[:1], (Frame(_START),))
    demands = dict.fromkeys(("one", "two", "three"), _ANA)

    freely = level(network, demands=demands, free={"ana": _DAYS})
    within = level(network, demands=demands, free={"ana": _DAYS}, limits=Limits(within_float=True))

    assert [wait.key for wait in freely.waits] == ["two", "three"]
    assert freely.ends_at > schedule(network).ends[0]
    assert [wait.key for wait in within.waits] == ["two"]
    assert [left.key for left in within.left] == ["three"]
    assert within.ends_at == schedule(network).ends[0]


def test_within_the_float_no_random_plan_ends_later() -> None:
    moved = left = 0
    for seed in range(150):
        network, demands = _network(random.Random(seed))
        free = {
            person: dict.fromkeys(range(_START // 1440, _START // 1440 + 200), 480) for person in ("ana", "jon", "mia")
        }

        found = level(network, demands=demands, free=free, limits=Limits(within_float=True))

        until = {wait.key: wait.until for wait in found.waits}
        levelled = replace(network, tasks=tuple(replace(t, not_before=until.get(t.key)) for t in network.tasks))
        assert schedule(levelled).ends == schedule(network).ends, seed
        assert found.left or max(_loads(levelled, demands).values(), default=0) <= 480, seed
        moved, left = moved + len(found.waits), left + len(found.left)
    assert moved > 20
    assert left > 20


def test_a_date_that_must_be_met_is_not_levelled_away() -> None:
    must = PlannedTask("must", 480, constraint=Constraint.MSO, constraint_at=_START)
    network = Network((PlannedTask("first", 480), must), (), CALENDARS[:1], (Frame(_START),))

    found = level(
        network,
        demands={"first": _ANA, "must": _ANA},
        free={"ana": _DAYS},
        limits=Limits(order={"first": 0, "must": 1}),
    )

    assert [left.key for left in found.left] == ["must"]
    assert found.waits == ()
