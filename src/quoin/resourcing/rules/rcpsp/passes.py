"""Compiled passes over a task list: place every task as early, or as late, as precedence and capacity let it.

Serial schedule generation and forward-backward improvement (Kolisch & Hartmann 1999, Valls et al. 2005). A pass that
finds no room within the network's periods returns `NEVER`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from quoin.resourcing.rules.rcpsp.word import NEVER, backward_in_word, forward_in_word
from quoin.resourcing.rules.solver.compiled import compiled

if TYPE_CHECKING:
    from quoin.resourcing.rules.rcpsp.network import Edges, Flags, Floats, Ints, Network

__all__ = [
    "NEVER", "Desk", "backward", "desk_for", "forward", "has_room", "improved", "list_by_finish", "list_by_key",
    "list_by_start", "take",
]  # fmt: skip


class Desk(NamedTuple):
    """Working space of one thread, so that no pass allocates."""

    free: Ints
    order: Ints
    tally: Ints
    done: Flags
    moved: Ints


@compiled
def desk_for(network: Network) -> Desk:
    tasks = network.duration.size
    return Desk(
        np.empty_like(network.capacity),
        np.empty(tasks, np.int64),
        np.empty(network.capacity.shape[0] + 2, np.int64),
        np.zeros(tasks, np.bool_),
        np.empty(tasks, np.int64),
    )


@compiled
def has_room(network: Network, free: Ints, period: int, task: int) -> bool:
    for word in range(network.guard.size):
        left = free[period, word] - network.demand[task, word]
        if left & network.guard[word] != network.guard[word]:
            return False
    return True


@compiled
def take(network: Network, free: Ints, task: int, start: int) -> None:
    for period in range(start, start + network.duration[task]):
        for word in range(network.guard.size):
            free[period, word] -= network.demand[task, word]


@compiled
def _first_room(network: Network, free: Ints, task: int, start: int) -> int:
    duration: int = network.duration[task]
    run = 0
    period = start
    while run < duration:
        if period >= free.shape[0]:
            return NEVER
        run = run + 1 if has_room(network, free, period, task) else 0
        period += 1
    return period - duration


@compiled
def _last_room(network: Network, free: Ints, task: int, end: int) -> int:
    duration = network.duration[task]
    run = 0
    period = end - 1
    while run < duration:
        if period < 0:
            return NEVER
        run = run + 1 if has_room(network, free, period, task) else 0
        period -= 1
    return period + 1


@compiled
def forward(network: Network, desk: Desk, start: Ints) -> int:
    """Earliest starts in the order of the desk's list; returns the makespan."""
    if network.guard.size == 1:
        return forward_in_word(network, desk.order, start)
    desk.free[:] = network.capacity
    end = 0
    before = network.before
    for task in desk.order:
        first = network.earliest[task]
        for edge in range(before.first[task], before.first[task + 1]):
            first = max(first, start[before.task[edge]] + before.distance[edge])
        found = _first_room(network, desk.free, task, first)
        if found == NEVER:
            return NEVER
        start[task] = found
        take(network, desk.free, task, found)
        end = max(end, found + network.duration[task])
    return end


@compiled
def backward(network: Network, desk: Desk, end: int, start: Ints) -> bool:
    """Latest starts in the order of the desk's list, all ended by `end`."""
    if network.guard.size == 1:
        return backward_in_word(network, desk.order, end, start)
    desk.free[:] = network.capacity
    after = network.after
    for task in desk.order:
        last = end
        for edge in range(after.first[task], after.first[task + 1]):
            last = min(last, start[after.task[edge]] - after.distance[edge] + network.duration[task])
        found = _last_room(network, desk.free, task, last)
        if found == NEVER:
            return False
        start[task] = found
        take(network, desk.free, task, found)
    return True


@compiled
def _emit(edges: Edges, task: int, desk: Desk, filled: int) -> int:
    for edge in range(edges.first[task], edges.first[task + 1]):
        other = edges.task[edge]
        if not desk.done[other]:
            filled = _emit(edges, other, desk, filled)
    desk.done[task] = True
    desk.order[filled] = task
    return filled + 1


@compiled
def _mend(edges: Edges, desk: Desk) -> None:
    """Let no task of the list stand before one that its edges name."""
    wanted = desk.order.copy()
    desk.done[:] = False
    filled = 0
    for task in wanted:
        if not desk.done[task]:
            filled = _emit(edges, task, desk, filled)


@compiled
def list_by_key(network: Network, key: Floats, desk: Desk) -> None:
    """Ascending by key, as far as precedence lets it."""
    desk.order[:] = np.argsort(key)
    _mend(network.before, desk)


@compiled
def list_by_start(network: Network, start: Ints, desk: Desk) -> None:
    tally = desk.tally
    tally[:] = 0
    for task in range(start.size):
        tally[start[task] + 1] += 1
    for period in range(1, tally.size):
        tally[period] += tally[period - 1]
    for task in range(start.size):
        desk.order[tally[start[task]]] = task
        tally[start[task]] += 1
    if network.is_mixed:
        _mend(network.before, desk)


@compiled
def list_by_finish(network: Network, start: Ints, end: int, desk: Desk) -> None:
    """The last to end first."""
    tally = desk.tally
    tally[:] = 0
    for task in range(start.size):
        tally[end - start[task] - network.duration[task] + 1] += 1
    for period in range(1, tally.size):
        tally[period] += tally[period - 1]
    for task in range(start.size - 1, -1, -1):
        left = end - start[task] - network.duration[task]
        desk.order[tally[left]] = task
        tally[left] += 1
    if network.is_mixed:
        _mend(network.after, desk)


@compiled
def improved(network: Network, desk: Desk, start: Ints) -> tuple[int, int]:
    """Decode the desk's list into `start`, then swing right and left while it gets shorter: makespan, passes made."""
    end = forward(network, desk, start)
    if end == NEVER:
        return NEVER, 1
    passes = 1
    moved = desk.moved
    while True:
        moved[:] = start
        list_by_finish(network, moved, end, desk)
        if not backward(network, desk, end, moved):
            return end, passes
        list_by_start(network, moved, desk)
        shorter = forward(network, desk, moved)
        passes += 2
        if shorter <= end:
            start[:] = moved
        if shorter >= end:
            return end, passes
        end = shorter
