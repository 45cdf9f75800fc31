"""A plan on a grid of equal periods, as a solver takes it that knows no calendars.

What a solver makes of it is only an order: `levelling` places the tasks in that order on the real calendars, so that
rounding to periods can make an answer worse, but never wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.kernel.workcal import WorkTable
from quoin.projects.rules.schedule.clocks import Clock
from quoin.projects.rules.schedule.compile import FAR, PLAIN, Net, compile_network
from quoin.projects.rules.schedule.engine import within_tables
from quoin.projects.rules.schedule.levelling import ByDay, Demand, Person
from quoin.projects.rules.schedule.passes import forward
from quoin.projects.rules.schedule.values import Key, Network

WHOLE = 100
"""What a person has in each period, in percent."""
_STEPS = (30, 60, 120, 240, 480)
_MOST_PERIODS = 1500


@dataclass(frozen=True, slots=True)
class Job:
    """A task, or a node that stands for the begin or end of a phase (without a key). Times count periods."""

    key: Key | None
    planned: int
    lasts: int
    uses: tuple[tuple[int, int], ...]
    """Persons by their place in the grid, and percent of them."""
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """The second job begins so many periods after the first begins, at least."""

    before: int
    after: int
    periods: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Jobs, what holds them, and where people have less than the whole of a period: (first period, percent)."""

    jobs: tuple[Job, ...]
    ties: tuple[Tie, ...]
    people: tuple[tuple[tuple[int, int], ...], ...]
    period_minutes: int


def grid_of(network: Network, *, demands: Mapping[Key, Demand], free: ByDay, busy: ByDay, frame: int = 0) -> Grid:
    """The network on periods of working time of the frame's calendar; short ones where the plan is short."""
    return within_tables(
        network, lambda tables: _Gridding(compile_network(network, tables), demands, frame).grid(free, busy)
    )


class _Gridding:
    def __init__(self, net: Net, demands: Mapping[Key, Demand], frame: int) -> None:
        self.net, self.demands, self.frame = net, demands, frame
        self.table: WorkTable = net.tables[net.network.frames[frame].calendar]
        self.start = forward(net).start
        count = len(net.network.tasks)
        self.nodes = [node for node in range(len(net.clock)) if node >= count or node not in net.children]
        self.begin = {node: self._at(net.clock[node], self.start[node]) for node in self.nodes}
        self.lasts = {node: self._end(node) - self.begin[node] for node in self.nodes}
        self.origin = min(self.begin.values(), default=0)
        end = max((self.begin[node] + self.lasts[node] for node in self.nodes), default=0)
        self.step = next((step for step in _STEPS if end - self.origin <= step * _MOST_PERIODS), _STEPS[-1])

    def grid(self, free: ByDay, busy: ByDay) -> Grid:
        people = sorted({person for demand in self.demands.values() for person, _ in demand}, key=str)
        place = {person: at for at, person in enumerate(people)}
        number = {node: at for at, node in enumerate(self.nodes)}
        usual = {person: _usual(free.get(person, {})) for person in people}
        jobs = tuple(self._job(node, place, usual) for node in self.nodes)
        ties = tuple(Tie(number[one], number[other], periods) for one, other, periods in self._ties())
        return Grid(jobs, ties, tuple(self._rest(free, busy, one) for one in people), self.step)

    def _at(self, clock: Clock, position: int) -> int:
        return self.table.position(clock.start_at(position) if clock is not PLAIN else position)

    def _end(self, node: int) -> int:
        clock, span = self.net.clock[node], self.net.span[node]
        return self.table.position(clock.end_at(self.start[node] + span)) if span else self.begin[node]

    def _job(self, node: int, place: Mapping[Person, int], usual: Mapping[Person, int]) -> Job:
        net = self.net
        task = net.network.tasks[node] if node < len(net.network.tasks) else None
        demand = self.demands.get(task.key, ()) if task and net.clock[node] is not PLAIN else ()
        # Somebody who works half days gives a whole day to what takes half of it.
        uses = tuple((place[person], min(percent * 480 // usual[person], WHOLE)) for person, percent in demand)
        stays = task is not None and (
            node in net.pinned or task.frame != self.frame or net.highest[node] < FAR
        )  # fmt: skip
        lasts = max(-(-self.lasts[node] // self.step), 1) if net.span[node] else 0
        planned = (self.begin[node] - self.origin) // self.step
        return Job(task.key if task else None, planned, lasts, tuple(use for use in uses if use[1] > 0), stays)

    def _ties(self) -> Iterator[tuple[int, int, int]]:
        net, start = self.net, self.start
        for node in self.nodes:
            for after, later in net.quick[node]:
                yield node, after, self._periods(node, after, start[node] + later)
            for bridge in net.bridges.get(node, ()):
                # The earliest of several is no tie: any of them may be the one that counts.
                if not bridge.is_earliest:
                    yield node, bridge.after, self._periods(node, bridge.after, bridge.push(start[node]))

    def _periods(self, before: int, after: int, pushed: int) -> int:
        """Whole periods from start to start; a tie from the end to the start spans the rounded task."""
        distance = self._at(self.net.clock[after], pushed) - self.begin[before]
        whole = -(-self.lasts[before] // self.step) if self.net.span[before] else 0
        if distance >= self.lasts[before]:
            return whole + -(-(distance - self.lasts[before]) // self.step)
        return -(-distance // self.step)

    def _rest(self, free: ByDay, busy: ByDay, person: Person) -> tuple[tuple[int, int], ...]:
        """Where what is left of somebody's days changes. Days off take nothing: their tasks go on waiting."""
        has, taken = free.get(person, {}), busy.get(person, {})
        left: dict[int, int] = {}
        for day, minutes in sorted(has.items()):
            period = (self.table.position(day * MINUTES_PER_DAY) - self.origin) // self.step
            if minutes and period >= 0:
                left[period] = WHOLE * max(minutes - taken.get(day, 0), 0) // minutes
        return tuple(
            (period, percent)
            for (period, percent), was in zip(left.items(), [WHOLE, *left.values()], strict=False)
            if percent != was
        )


def _usual(days: Mapping[int, int]) -> int:
    """Minutes of most working days; eight hours where none are known."""
    worked = sorted(minutes for minutes in days.values() if minutes)
    return worked[len(worked) // 2] if worked else 480
