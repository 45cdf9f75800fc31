"""The scheduling engine: 1,000 random networks against a slow reference, and worked examples."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from quoin.projects.rules.schedule import Frame, Link, Network, PlannedTask, Schedule, schedule
from quoin.projects.rules.schedule.passes import PlanLoopOf
from quoin.projects.types import Constraint, LagUnit, LinkKind, LinkRefused
from tests.rules.projects.reference import CALENDARS, ORIGIN, Reference

_DAY = 1440
_START = ORIGIN + 60 * _DAY + 480
"""Friday, 3 April 2026, 8:00; the Monday after is worked."""
_KINDS = (*[LinkKind.FS] * 4, LinkKind.SS, LinkKind.FF, LinkKind.SF)


def _at(rng: random.Random) -> int:
    return _START + rng.randrange(0, 12 * _DAY, 30)


def _task(rng: random.Random, key: int, parent: int | None, frames: int) -> PlannedTask:
    minutes = rng.choice([0, 60, 240, 480, 700, 960])
    task = PlannedTask(
        key, minutes, parent, rng.choice([None, None, None, 1, 2, 3, 4]), rng.randrange(frames),
        deadline_at=_at(rng) if rng.random() < 0.1 else None,
        not_before=_at(rng) if rng.random() < 0.05 else None,
    )  # fmt: skip
    draw = rng.random()
    if draw < 0.25:
        kind = rng.choice(list(Constraint))
        return replace(task, constraint=kind, constraint_at=_at(rng))
    if draw < 0.33:
        return replace(task, fixed_at=_at(rng))
    if draw < 0.4 and minutes:
        return replace(task, started_at=_at(rng), left_minutes=rng.choice([None, 0, 60, minutes]))
    if draw < 0.45 and minutes:
        begun = _at(rng)
        return replace(task, started_at=begun, finished_at=begun + rng.randrange(0, 3 * _DAY, 30))
    return task


def _phase(rng: random.Random, key: int, parent: int | None) -> PlannedTask:
    phase = PlannedTask(key, parent=parent, calendar=rng.choice([None, None, 1]))
    if rng.random() < 0.3:
        phase = replace(phase, constraint=rng.choice([Constraint.SNET, Constraint.FNLT]), constraint_at=_at(rng))
    return replace(phase, deadline_at=_at(rng)) if rng.random() < 0.2 else phase


def _tree(rng: random.Random, frames: int) -> tuple[list[PlannedTask], dict[int, tuple[int, int]]]:
    """Tasks in tree order, and the stretch of keys that each covers."""
    tasks: list[PlannedTask] = []
    covers: dict[int, tuple[int, int]] = {}

    def grow(parent: int | None, depth: int) -> None:
        key = len(tasks)
        if depth < 2 and rng.random() < 0.25:
            tasks.append(_phase(rng, key, parent))
            for _ in range(rng.randrange(1, 4)):
                grow(key, depth + 1)
        else:
            tasks.append(_task(rng, key, parent, frames))
        covers[key] = (key, len(tasks) - 1)

    for _ in range(rng.randrange(3, 9)):
        grow(None, 0)
    return tasks, covers


def _links(rng: random.Random, tasks: list[PlannedTask], covers: dict[int, tuple[int, int]]) -> list[Link]:
    phases = {task.parent for task in tasks}
    found: list[Link] = []
    for _ in range(rng.randrange(0, 2 * len(tasks))):
        one, other = rng.randrange(len(tasks)), rng.randrange(len(tasks))
        if covers[one][1] >= covers[other][0]:
            continue
        kind = rng.choice([LinkKind.FS, LinkKind.SS]) if other in phases else rng.choice(_KINDS)
        unit = rng.choice([LagUnit.WORK, LagUnit.WORK, LagUnit.ELAPSED, LagUnit.PERCENT])
        if unit is LagUnit.PERCENT and one in phases:
            unit = LagUnit.WORK
        lag = rng.choice([0, 50, -25]) if unit is LagUnit.PERCENT else rng.choice([0, 0, 0, 120, 480, -240])
        found.append(Link(one, other, kind, lag, unit))
    return found


def _network(seed: int) -> Network:
    rng = random.Random(seed)
    frames = rng.choice([1, 1, 2])
    tasks, covers = _tree(rng, frames)
    made = []
    for number in range(frames):
        draw = rng.random()
        end = _START + rng.randrange(8, 20) * _DAY + 540
        made.append(
            Frame(_START + number * _DAY, end if draw < 0.4 else None, draw < 0.25, calendar=rng.choice([0, 0, 1]))
        )
    return Network(
        tuple(tasks), tuple(_links(rng, tasks, covers)), CALENDARS, tuple(made),
        status_at=_at(rng) if rng.random() < 0.2 else None, honours_dates=rng.random() < 0.7,
        critical_minutes=rng.choice([0, 0, 480]),
    )  # fmt: skip


@pytest.mark.parametrize("block", range(20))
def test_random_networks_equal_the_reference(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        network = _network(seed)
        expected = Reference(network)

        found = schedule(network)

        for task in expected.leaves:
            row = found[task.key]
            told = (
                (row.early_start, row.early_finish),
                (row.late_start, row.late_finish),
                (row.start, row.finish),
                (row.total_float, row.free_float),
                row.behind,
                row.is_critical,
            )
            total, free = expected.floats(task)
            assert told == (
                expected.dates(task, expected.early[task.key]),
                expected.dates(task, expected.late[task.key]),
                expected.dates(task, expected.put[task.key]),
                (total, free),
                expected.behind.get(task.key, 0),
                task.finished_at is None and total <= network.critical_minutes,
            ), f"seed {seed}, task {task}"
        _check_phases(found, expected)


def test_keys_that_are_equal_but_not_the_same_give_the_same_dates() -> None:
    for seed in range(20):
        network = _network(seed)
        tasks = tuple(replace(one, key=f"t{one.key}", parent=_named(one.parent)) for one in network.tasks)
        links = tuple(replace(one, before=_named(one.before), after=_named(one.after)) for one in network.links)

        found = schedule(replace(network, tasks=tasks, links=links))

        assert found.rows == schedule(network).rows


def _named(key: object) -> str | None:
    return None if key is None else f"t{key}"


@pytest.mark.parametrize("block", range(4))
def test_what_is_put_late_keeps_its_links(block: int) -> None:
    """Where early dates meet a link, the dates that tasks are put at meet it too, whichever way a plan is dated."""
    checked = 0
    for seed in range(block * 250, block * 250 + 250):
        network = _network(seed)
        end = _START + 15 * _DAY + 540
        frames = (replace(frame, is_from_end=True, end_at=frame.end_at or end) for frame in network.frames)
        network = replace(network, frames=tuple(frames))
        expected = Reference(network)

        found = schedule(network)

        put = {task.key: expected.position(task, found[task.key].start) for task in expected.leaves}
        for link, before, after in expected.pairs():
            if not found[after.key].behind:
                checked += 1
                assert expected.met(link, before, put[before.key], after, put[after.key]), f"seed {seed}, {link}"
    assert checked > 500


def test_a_row_with_a_date_of_its_own_holds_what_is_before_it_in_a_plan_from_its_end() -> None:
    # The long task lets the project begin days before what stands beside it has to.
    tasks = (
        PlannedTask("long", 2400),
        PlannedTask("before", 240),
        PlannedTask("dated", 240, constraint=Constraint.SNET, constraint_at=_START + 4 * _DAY + 90),
    )
    end = _START + 10 * _DAY + 540
    network = Network(tasks, (Link("before", "dated"),), CALENDARS[:1], (Frame(_START, end, is_from_end=True),))

    found = schedule(network)

    assert found["dated"].start == _START + 4 * _DAY + 90
    assert found["before"].finish == found["dated"].start
    assert found["before"].late_finish > found["dated"].start


def _check_phases(found: Schedule, expected: Reference) -> None:
    for phase in expected.parents:
        rows = [found[task.key] for task in expected.under(phase)]
        row = found[phase]
        assert (row.start, row.finish) == (min(r.start for r in rows), max(r.finish for r in rows))
        assert row.is_critical == any(r.is_critical for r in rows)
        assert row.total_float == min(r.total_float for r in rows)


def _loops(links: list[tuple[int, int]], count: int) -> bool:
    """Whether the links run in a circle: peel off what nothing leads into."""
    left = set(range(count))
    while free := {node for node in left if not any(b == node and a in left for a, b in links)}:
        left -= free
    return bool(left)


def test_circles_are_found_and_named() -> None:
    seen = 0
    for seed in range(300):
        rng = random.Random(seed)
        pairs = {(rng.randrange(8), rng.randrange(8)) for _ in range(rng.randrange(4, 12))}
        links = sorted(pair for pair in pairs if pair[0] != pair[1])
        network = Network(
            tuple(PlannedTask(key, 480) for key in range(8)), tuple(Link(*pair) for pair in links), CALENDARS,
            (Frame(_START),),
        )  # fmt: skip
        if not _loops(links, 8):
            schedule(network)
            continue
        seen += 1
        with pytest.raises(PlanLoopOf) as refused:
            schedule(network)
        keys = refused.value.keys
        assert len(set(keys)) == len(keys)
        assert all(pair in pairs for pair in zip(keys, (*keys[1:], keys[0]), strict=True))
    assert seen > 50


def _plan(*tasks: PlannedTask, links: tuple[Link, ...] = (), **fields: object) -> Schedule:
    return schedule(Network(tasks, links, CALENDARS[:1], (Frame(_START),), **fields))


def test_successors_move_earlier_again() -> None:
    long, short = PlannedTask("a", 960), PlannedTask("a", 480)
    after, link = PlannedTask("b", 480), Link("a", "b")

    assert _plan(long, after, links=(link,))["b"].start == _START + 4 * _DAY
    assert _plan(short, after, links=(link,))["b"].start == _START + 3 * _DAY


def test_a_phase_that_waits_for_its_own_task_is_a_circle() -> None:
    phase, task = PlannedTask("phase"), PlannedTask("task", 480, "phase")

    for link in (Link("task", "phase"), Link("phase", "task")):
        with pytest.raises(PlanLoopOf, match="circle"):
            _plan(phase, task, links=(link,))


def test_nothing_holds_the_finish_of_a_phase() -> None:
    tasks = (PlannedTask("phase"), PlannedTask("task", 480, "phase"), PlannedTask("other", 480))

    with pytest.raises(LinkRefused, match="finish of a phase"):
        _plan(*tasks, links=(Link("other", "phase", LinkKind.FF),))
    with pytest.raises(LinkRefused, match="percent"):
        _plan(*tasks, links=(Link("phase", "other", LinkKind.FS, 50, LagUnit.PERCENT),))


def test_an_empty_plan_ends_where_it_begins() -> None:
    found = _plan()

    assert (found.rows, found.begins, found.ends) == ((), (_START,), (_START,))


def test_twenty_years_of_work_find_their_dates() -> None:
    found = _plan(PlannedTask("a", 20 * 250 * 480), PlannedTask("b", 480), links=(Link("a", "b"),))

    assert (found["b"].start - _START) // _DAY // 365 == 19
    assert found.critical() == ("a", "b")
