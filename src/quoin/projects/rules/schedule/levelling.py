"""Levelling: tasks wait until those who do them have time, in the order of a priority rule or of a solver.

Serial schedule generation (Kolisch 1996). By the latest-start rule, of the tasks whose predecessors are placed the one
that may wait least is placed next, at the first start where nobody has more to do on a day than the day takes. Tasks
are not split; on days when somebody is away, their task goes on waiting without needing them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.projects.rules.schedule.compile import FAR, PLAIN, Net, compile_network
from quoin.projects.rules.schedule.engine import within_tables
from quoin.projects.rules.schedule.passes import backward, forward, last_finish, successors
from quoin.projects.rules.schedule.values import Key, Network

Person = Hashable
Demand = tuple[tuple[Person, int], ...]
"""Who is needed, and with how many percent of the task's working minutes."""
ByDay = Mapping[Person, Mapping[int, int]]
"""Minutes of people by day (ordinal)."""


class Short(NamedTuple):
    """A day on which somebody has less time than the tasks there ask for."""

    person: Person
    day: int
    has: int
    """Minutes of the day."""
    elsewhere: int
    """What of them is taken outside of the plan."""
    holders: tuple[Key, ...]
    """Tasks that have taken the day."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that begins later because somebody is busy."""

    key: Key
    until: int
    """The instant at which the task can begin."""
    short: Short
    """The last day that it waits for."""

    @property
    def person(self) -> Person:
        return self.short.person


@dataclass(frozen=True, slots=True)
class Left:
    """A task that stays where it is although somebody has too much to do: no float, or a date that must be met."""

    key: Key
    short: Short


@dataclass(frozen=True, slots=True)
class Levelled:
    """Tasks that wait, in the order in which they are placed; those that stay overloaded; when the project ends."""

    waits: tuple[Wait, ...]
    left: tuple[Left, ...]
    ends_at: int
    delay: int
    """Working minutes by which tasks wait, in sum."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """The smaller the better: overloads that stay, the end, and how long tasks wait."""
        return len(self.left), self.ends_at, self.delay


@dataclass(frozen=True, slots=True)
class Limits:
    """How levelling goes about it: whose tasks may move, in which order, and how far."""

    frame: int = 0
    order: Mapping[Key, int] | None = None
    """Tasks with lower numbers are placed first; None: by the latest start."""
    within_float: bool = False
    """Tasks wait only as far as nothing else has to: the end and deadlines stay."""


@dataclass(slots=True)
class _Load:
    """Minutes that people have, what of them is taken, and by what, by day."""

    free: ByDay
    busy: ByDay
    taken: dict[tuple[Person, int], int] = field(default_factory=dict)
    holders: defaultdict[tuple[Person, int], list[int]] = field(default_factory=lambda: defaultdict(list))

    def used(self, person: Person, day: int) -> int:
        found = self.taken.get((person, day))
        return self.busy.get(person, {}).get(day, 0) if found is None else found

    def short_on(self, person: Person, day: int, minutes: int) -> bool:
        """Whether the day cannot take this much more. Days that are not known take everything."""
        has = self.free.get(person, {}).get(day)
        return has is not None and has > 0 and self.used(person, day) + min(minutes, has) > has

    def take(self, person: Person, day: int, minutes: int, node: int) -> None:
        has = self.free.get(person, {}).get(day)
        self.taken[person, day] = self.used(person, day) + (minutes if has is None else min(minutes, has))
        self.holders[person, day].append(node)


def level(
    network: Network,
    *,
    demands: Mapping[Key, Demand],
    free: ByDay,
    busy: ByDay | None = None,
    limits: Limits | None = None,
) -> Levelled:
    """What has to wait in one project. Tasks of other projects, fixed and started ones stay and take their time.

    `busy` is what people do outside of the plan.
    """
    asked = limits or Limits()
    return within_tables(
        network,
        lambda tables: _Levelling(compile_network(network, tables), demands, _Load(free, busy or {}), asked).run(),
    )


class _Levelling:
    """One pass over a compiled network."""

    def __init__(self, net: Net, demands: Mapping[Key, Demand], load: _Load, limits: Limits) -> None:
        self.net, self.load, self.limits = net, load, limits
        self.keys = [task.key for task in net.network.tasks]
        self.early = forward(net)
        self.late = backward(net, self.early, last_finish(net, self.early.start)).start
        tasks = net.network.tasks
        self.stays = {n for n, task in enumerate(tasks) if n in net.pinned or task.frame != limits.frame}
        self.demand = {
            node: demands[key]
            for node, key in enumerate(self.keys)
            if demands.get(key) and net.clock[node] is not PLAIN and node not in net.children
        }
        self.start = list(net.lowest)
        self.waits: list[Wait] = []
        self.left: list[Left] = []
        self.delay = 0

    def run(self) -> Levelled:
        net, load = self.net, self.load
        for node in sorted(self.stays & self.demand.keys()):
            _take(net, load, node, self.early.start[node], demand=self.demand[node])
        wait = list(net.waits)
        heap = [(self._turn(node), node) for node, count in enumerate(wait) if not count]
        heapify(heap)
        while heap:
            _, node = heappop(heap)
            self.start[node] = min(self.start[node], net.highest[node])
            if node in self.demand and node not in self.stays:
                self._place(node)
            _push(net, self.start, node)
            for after in successors(net, node):
                wait[after] -= 1
                if not wait[after]:
                    heappush(heap, (self._turn(after), after))
        ends = last_finish(net, self.start)[self.limits.frame]
        return Levelled(tuple(self.waits), tuple(self.left), ends, self.delay)

    def _turn(self, node: int) -> tuple[int, int]:
        order = self.limits.order
        if order is None or node >= len(self.keys):
            return 0, self.late[node]
        return order.get(self.keys[node], 0), self.late[node]

    def _place(self, node: int) -> None:
        net, at, demand = self.net, self.start[node], self.demand[node]
        most = net.highest[node]
        if self.limits.within_float:
            most = min(most, max(self.late[node], at))
        placed, short = _first_fit(net, self.load, node, at, demand=demand, most=most)
        if placed > most and short is not None:
            placed = at
            self.left.append(Left(self.keys[node], self._told(*short)))
        elif short is not None:
            self.waits.append(Wait(self.keys[node], net.clock[node].start_at(placed), self._told(*short)))
            self.delay += placed - at
        self.start[node] = placed
        _take(net, self.load, node, placed, demand=demand)

    def _told(self, day: int, person: Person) -> Short:
        load, count = self.load, len(self.keys)
        return Short(
            person, day, load.free.get(person, {}).get(day, 0), load.busy.get(person, {}).get(day, 0),
            tuple(self.keys[node] for node in load.holders.get((person, day), ()) if node < count),
        )  # fmt: skip


def _push(net: Net, start: list[int], node: int) -> None:
    at = start[node]
    for after, later in net.quick[node]:
        start[after] = max(start[after], at + later)
    for bridge in net.bridges.get(node, ()):
        pushed, after = bridge.push(at), bridge.after
        start[after] = min(start[after], pushed) if bridge.is_earliest else max(start[after], pushed)


def _first_fit(
    net: Net, load: _Load, node: int, at: int, *, demand: Demand, most: int = FAR
) -> tuple[int, tuple[int, Person] | None]:
    """The first start where nobody is short, and the last day on which somebody was; beyond `most` nothing fits."""
    short: tuple[int, Person] | None = None
    while at <= most:
        found = _first_short(net, load, node, at, demand=demand)
        if found is None:
            return at, short
        short = found
        # One step at least: a task may be short on the very day on which it begins.
        at = max(net.table[node].position((found[0] + 1) * MINUTES_PER_DAY), at + 1)
    return at, short


def _first_short(net: Net, load: _Load, node: int, at: int, *, demand: Demand) -> tuple[int, Person] | None:
    for day, minutes in reversed(_days(net, node, at)):
        for person, percent in demand:
            if load.short_on(person, day, minutes * percent // 100):
                return day, person
    return None


def _take(net: Net, load: _Load, node: int, at: int, *, demand: Demand) -> None:
    for day, minutes in _days(net, node, at):
        for person, percent in demand:
            load.take(person, day, minutes * percent // 100, node)


def _days(net: Net, node: int, at: int) -> list[tuple[int, int]]:
    """Days (ordinals) of a task that begins there, with its working minutes on each."""
    table, span = net.table[node], net.span[node]
    first = table.start_at(at) // MINUTES_PER_DAY
    last = (table.end_at(at + span) - 1) // MINUTES_PER_DAY
    found = []
    for day in range(first, last + 1):
        begin = max(table.position(day * MINUTES_PER_DAY), at)
        end = min(table.position((day + 1) * MINUTES_PER_DAY), at + span)
        if end > begin:
            found.append((day, end - begin))
    return found
