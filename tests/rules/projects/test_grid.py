"""A plan on a grid of periods: what a solver without calendars is given."""

from __future__ import annotations

from dataclasses import replace

from quoin.projects.rules.schedule import Frame, Link, Network, PlannedTask
from quoin.projects.rules.schedule.grid import Grid, Job, Tie, grid_of
from quoin.projects.types import LinkKind
from tests.rules.projects.reference import CALENDARS, ORIGIN

_FRIDAY = ORIGIN // 1440 + 60
_START = _FRIDAY * 1440 + 480
_DAYS = {_FRIDAY + at: 480 * (at % 7 not in {1, 2}) for at in range(30)}


def _grid(*tasks: PlannedTask, links: tuple[Link, ...] = (), **who: tuple[tuple[str, int], ...]) -> Grid:
    network = Network(tasks, links, CALENDARS[:1], (Frame(_START),))
    return grid_of(network, demands=who, free={"ana": _DAYS}, busy={"ana": {_FRIDAY + 3: 240}})


def test_days_become_periods_of_working_time() -> None:
    grid = _grid(
        PlannedTask("a", 480), PlannedTask("b", 960), PlannedTask("m", 0),
        links=(Link("a", "b"), Link("b", "m")), a=(("ana", 100),), b=(("ana", 50),),
    )  # fmt: skip

    assert grid.period_minutes == 30
    assert grid.jobs == (
        Job("a", 0, 16, ((0, 100),), is_pinned=False), Job("b", 16, 32, ((0, 50),), is_pinned=False),
        Job("m", 48, 0, (), is_pinned=False),
    )  # fmt: skip
    assert grid.ties == (Tie(0, 1, 16), Tie(1, 2, 32))
    # Half of Monday is booked elsewhere; the weekend is no time at all.
    assert grid.people == (((16, 50), (32, 100)),)


def test_ties_count_from_start_to_start_and_round_up() -> None:
    grid = _grid(
        PlannedTask("a", 500), PlannedTask("b", 480), PlannedTask("c", 480),
        links=(Link("a", "b", LinkKind.FS, 45), Link("a", "c", LinkKind.SS, 50)),
    )  # fmt: skip

    assert [job.lasts for job in grid.jobs] == [17, 16, 16]
    assert grid.ties == (Tie(0, 1, 17 + 2), Tie(0, 2, 2))


def test_what_is_fixed_or_begun_stays() -> None:
    tasks = (PlannedTask("a", 480, fixed_at=_START), PlannedTask("b", 480, started_at=_START), PlannedTask("c", 480))

    assert [job.is_pinned for job in _grid(*tasks).jobs] == [True, True, False]


def test_a_phase_stands_as_the_gate_that_its_tasks_wait_for() -> None:
    grid = _grid(
        PlannedTask("a", 480), PlannedTask("phase"), PlannedTask("b", 480, "phase"), links=(Link("a", "phase"),)
    )

    assert [job.key for job in grid.jobs] == ["a", "b", None]
    assert sorted((tie.before, tie.after, tie.periods) for tie in grid.ties) == [(0, 2, 16), (2, 1, 0)]


def test_long_plans_have_longer_periods() -> None:
    short, long = PlannedTask("a", 480), PlannedTask("a", 480 * 400)

    assert (_grid(short).period_minutes, _grid(long).period_minutes) == (30, 240)
    assert _grid(replace(long, minutes=480 * 40)).jobs[0].lasts == 640
