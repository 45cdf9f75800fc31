"""Levelling by a priority rule: tasks wait until those who do them have time.

Serial schedule generation (Kolisch 1996) with the latest-start rule: among the tasks whose predecessors are placed,
the one that may wait least is placed next, at the first start where nobody has more to do on a day than the day
takes. Tasks are not split; on days when somebody is away, their task goes on waiting without needing them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.projects.rules.schedule.compile import PLAIN, Net, compile_network
from quoin.projects.rules.schedule.engine import within_tables
from quoin.projects.rules.schedule.passes import backward, forward, last_finish, successors
from quoin.projects.rules.schedule.values import Key, Network

Person = Hashable
Demand = tuple[tuple[Person, int], ...]
"""Who is needed, and with how many percent of the task's working minutes."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that begins later because somebody is busy."""

    key: Key
    person: Person
    until: int
    """The instant at which the task can begin."""


@dataclass(slots=True)
class _Load:
    """Minutes that people have, and what of them is taken, by day."""

    free: Mapping[Person, Mapping[int, int]]
    taken: dict[tuple[Person, int], int] = field(default_factory=dict)

    def short_on(self, person: Person, day: int, minutes: int) -> bool:
        """Whether the day cannot take this much more. Days that are not known take everything."""
        has = self.free.get(person, {}).get(day)
        if has is None:
            return False
        return self.taken.get((person, day), 0) + min(minutes, has) > has

    def take(self, person: Person, day: int, minutes: int) -> None:
        has = self.free.get(person, {}).get(day)
        used = minutes if has is None else min(minutes, has)
        self.taken[person, day] = self.taken.get((person, day), 0) + used


def level(
    network: Network, *, demands: Mapping[Key, Demand], free: Mapping[Person, Mapping[int, int]], frame: int = 0
) -> tuple[Wait, ...]:
    """The tasks of one project that have to wait, in the order in which they are placed.

    `free` holds minutes by day (ordinal). Tasks of other projects, fixed and started ones stay and take their time.
    """
    return within_tables(network, lambda tables: _level(compile_network(network, tables), demands, free, frame))


def _level(
    net: Net, demands: Mapping[Key, Demand], free: Mapping[Person, Mapping[int, int]], frame: int
) -> tuple[Wait, ...]:
    early = forward(net)
    late = backward(net, early, last_finish(net, early.start)).start
    load = _Load(free)
    tasks = net.network.tasks
    stays = {n for n, task in enumerate(tasks) if n in net.pinned or task.frame != frame}
    for node in sorted(stays):
        _take(net, load, node, early.start[node], demand=demands.get(tasks[node].key, ()))
    start, wait = list(net.lowest), list(net.waits)
    heap = [(late[node], node) for node, count in enumerate(wait) if not count]
    heapify(heap)
    waits: list[Wait] = []
    while heap:
        _, node = heappop(heap)
        at = start[node] = min(start[node], net.highest[node])
        demand = demands.get(tasks[node].key, ()) if node < len(tasks) and node not in stays else ()
        if demand and net.clock[node] is not PLAIN:
            placed, person = _first_fit(net, load, node, at, demand=demand)
            if placed != at:
                waits.append(Wait(tasks[node].key, person, net.clock[node].start_at(placed)))
            start[node] = placed
            _take(net, load, node, placed, demand=demand)
        _push(net, start, node)
        for after in successors(net, node):
            wait[after] -= 1
            if not wait[after]:
                heappush(heap, (late[after], after))
    return tuple(waits)


def _push(net: Net, start: list[int], node: int) -> None:
    at = start[node]
    for after, later in net.quick[node]:
        start[after] = max(start[after], at + later)
    for bridge in net.bridges.get(node, ()):
        pushed, after = bridge.push(at), bridge.after
        start[after] = min(start[after], pushed) if bridge.is_earliest else max(start[after], pushed)


def _first_fit(net: Net, load: _Load, node: int, at: int, *, demand: Demand) -> tuple[int, Person]:
    """The first start where nobody is short, and who was the last to be."""
    short: Person = None
    while True:
        found = _first_short(net, load, node, at, demand=demand)
        if found is None or at >= net.highest[node]:
            return at, short
        day, short = found
        # One step at least: a task may be short on the very day on which it begins.
        at = max(net.table[node].position((day + 1) * MINUTES_PER_DAY), at + 1)


def _first_short(net: Net, load: _Load, node: int, at: int, *, demand: Demand) -> tuple[int, Person] | None:
    for day, minutes in reversed(_days(net, node, at)):
        for person, percent in demand:
            if load.short_on(person, day, minutes * percent // 100):
                return day, person
    return None


def _take(net: Net, load: _Load, node: int, at: int, *, demand: Demand) -> None:
    if demand and net.clock[node] is not PLAIN:
        for day, minutes in _days(net, node, at):
            for person, percent in demand:
                load.take(person, day, minutes * percent // 100)


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
