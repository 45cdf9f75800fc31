"""A problem as arrays for compiled code.

Tasks are renumbered so that no link leads backwards. Every link becomes a distance from start to start. Amounts of up
to four resources share one 64-bit word, 15 bits each under a guard bit, so that one subtraction compares them all:
the guard stays set exactly where capacity suffices. Larger amounts take wider fields.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from quoin.resourcing.rules.solver.values import LinkKind, NoSchedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quoin.resourcing.rules.solver.values import Link, Problem

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
NARROW, WIDE = 15, 31


class Edges(NamedTuple):
    """Neighbours of task i are `task[first[i]:first[i + 1]]`, each with a distance from start to start."""

    first: Ints
    task: Ints
    distance: Ints


class Network(NamedTuple):
    duration: Ints
    earliest: Ints
    before: Edges
    after: Edges
    demand: Ints  # task x word
    capacity: Ints  # period x word, guard bits set
    guard: Ints
    weight: Floats  # how much capacity a task holds per period, all resources together
    is_mixed: bool  # some task may start before one that it waits for, because of a negative distance


def ordered(problem: Problem) -> tuple[int, ...]:
    """Task numbers in an order in which no link leads backwards."""
    waiting = [0] * len(problem.tasks)
    later: list[list[int]] = [[] for _ in problem.tasks]
    for link in problem.links:
        waiting[link.later] += 1
        later[link.earlier].append(link.later)
    ready = [task for task, count in enumerate(waiting) if not count]
    for task in ready:  # grows while it is read
        for following in later[task]:
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    if len(ready) < len(problem.tasks):
        raise NoSchedule("the links form a circle", is_proven=True)
    return tuple(ready)


def distance_of(problem: Problem, link: Link) -> int:
    """Periods from the start of the earlier task to the first possible start of the later one."""
    from_finish = link.kind in {LinkKind.FINISH_START, LinkKind.FINISH_FINISH}
    to_finish = link.kind in {LinkKind.FINISH_FINISH, LinkKind.START_FINISH}
    earlier = problem.tasks[link.earlier].duration if from_finish else 0
    return link.lag + earlier - (problem.tasks[link.later].duration if to_finish else 0)


def network_of(problem: Problem, order: Sequence[int]) -> Network:
    tasks = [problem.tasks[task] for task in order]
    position = {task: index for index, task in enumerate(order)}
    links = [(position[link.earlier], position[link.later], distance_of(problem, link)) for link in problem.links]
    duration = np.array([task.duration for task in tasks], np.int64)
    fields = _fields([resource.peak for resource in problem.resources])
    amounts = np.zeros((len(tasks), len(problem.resources)), np.int64)
    for index, task in enumerate(tasks):
        for use in task.uses:
            amounts[index, use.resource] += use.amount
    peaks = np.array([max(1, resource.peak) for resource in problem.resources], np.float64)
    return Network(
        duration=duration,
        earliest=np.array([max(0, task.earliest) for task in tasks], np.int64),
        before=_edges(len(tasks), [(later, earlier, distance) for earlier, later, distance in links]),
        after=_edges(len(tasks), links),
        demand=_packed(amounts, fields),
        capacity=_packed(_profile(problem, _horizon(problem)), fields) | _guard(fields),
        guard=_guard(fields),
        weight=(amounts / peaks).sum(axis=1) if len(peaks) else np.zeros(len(tasks)),
        is_mixed=any(distance < 0 for _, _, distance in links),
    )


def trimmed(network: Network, periods: int) -> Network:
    """Without the periods that no schedule worth keeping reaches."""
    return network._replace(capacity=np.ascontiguousarray(network.capacity[:periods]))


def _horizon(problem: Problem) -> int:
    """A period by which one task after the other is surely done."""
    changes = [first for resource in problem.resources for first, _ in resource.changes]
    lags = sum(max(0, distance_of(problem, link)) for link in problem.links)
    natural = max((0, *changes, *(task.earliest for task in problem.tasks))) + 1
    natural += sum(task.duration for task in problem.tasks) + lags
    return natural if problem.deadline is None else min(natural, problem.deadline)


def _profile(problem: Problem, horizon: int) -> Ints:
    profile = np.zeros((horizon, len(problem.resources)), np.int64)
    for index, resource in enumerate(problem.resources):
        profile[:, index] = resource.capacity
        for first, amount in resource.changes:
            profile[max(0, first) :, index] = amount
    return profile


def _edges(count: int, links: Sequence[tuple[int, int, int]]) -> Edges:
    rows: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for task, other, distance in links:
        rows[task].append((other, distance))
    flat = [pair for row in rows for pair in row]
    return Edges(
        first=np.array(tuple(accumulate((len(row) for row in rows), initial=0)), np.int64),
        task=np.array([other for other, _ in flat], np.int64),
        distance=np.array([distance for _, distance in flat], np.int64),
    )


class _Fields(NamedTuple):
    """How wide a field is, its guard bit included, and where each resource's field stands: word and shift."""

    width: int
    places: tuple[tuple[int, int], ...]


def _fields(peaks: Sequence[int]) -> _Fields:
    peak = max(peaks, default=0)
    if peak >= 1 << WIDE:
        raise NoSchedule("a capacity is above 2,147,483,647", is_proven=False)
    width = 1 + (NARROW if peak < 1 << NARROW else WIDE)
    each = 64 // width
    places = tuple((index // each, (index % each) * width) for index in range(max(1, len(peaks))))
    return _Fields(width, places)


def _packed(amounts: Ints, fields: _Fields) -> Ints:
    packed = np.zeros((len(amounts), fields.places[-1][0] + 1), np.uint64)
    for index in range(amounts.shape[1]):
        word, shift = fields.places[index]
        packed[:, word] |= amounts[:, index].astype(np.uint64) << np.uint64(shift)
    return packed.view(np.int64)


def _guard(fields: _Fields) -> Ints:
    guard = np.zeros(fields.places[-1][0] + 1, np.uint64)
    for word, shift in fields.places:
        guard[word] |= np.uint64(1) << np.uint64(shift + fields.width - 1)
    return guard.view(np.int64)
