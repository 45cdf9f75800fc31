"""Both passes over a task list for networks whose amounts all share one word, which is nearly every one.

The same schedules as the general passes, several times as fast: whether 64 periods have room becomes 64 bits, in which
shifts find the first window that is long enough. A scan that stops wherever room ends costs more in branches that the
processor cannot foresee than in comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quoin.resourcing.rules.solver.compiled import compiled

if TYPE_CHECKING:
    from quoin.resourcing.rules.rcpsp.network import Ints, Network

NEVER = 1 << 40
PAD = 64  # periods without capacity on both sides, so that 64 can always be looked at
LONGEST = 32  # periods a task may last to be placed by bits
_MAGIC = np.uint64(0x03F79D71B4CB0A89)
_PLACES = np.zeros(64, np.int64)
for _bit in range(64):
    _PLACES[((0x03F79D71B4CB0A89 << _bit) % (1 << 64)) >> 58] = _bit


@compiled
def _lane(network: Network) -> Ints:
    """What is free in each period, between pads without capacity."""
    periods = network.capacity.shape[0]
    free = np.full(periods + 2 * PAD, network.guard[0])
    free[PAD : PAD + periods] = network.capacity[:, 0]
    return free


@compiled
def _runs(room: np.uint64, duration: int) -> np.uint64:
    """The bits at which a run of so many begins."""
    width = 1
    while 2 * width <= duration:
        room &= room >> np.uint64(width)
        width *= 2
    if width < duration:
        room &= room >> np.uint64(duration - width)
    return room


@compiled
def _lowest(bits: np.uint64) -> int:
    place: int = _PLACES[((bits & (~bits + np.uint64(1))) * _MAGIC) >> np.uint64(58)]
    return place


@compiled
def _first(free: Ints, amount: tuple[int, int], begin: int, duration: int) -> int:
    """The first window from `begin` on; places count the pad."""
    need, guard = amount
    last = free.size - PAD
    while begin < last:
        window = free[begin : begin + 64]
        room = np.uint64(0)
        for ahead in range(64):
            room |= np.uint64((window[ahead] - need) & guard == guard) << np.uint64(ahead)
        runs = _runs(room, duration)
        if runs:
            return begin + _lowest(runs)
        begin += 65 - duration
    return NEVER


@compiled
def _last(free: Ints, amount: tuple[int, int], end: int, duration: int) -> int:
    """Where the last window that ends by `end` begins; below the pad where there is none."""
    need, guard = amount
    while end > PAD:
        window = free[end - 64 : end]
        room = np.uint64(0)
        for ahead in range(64):
            room |= np.uint64((window[ahead] - need) & guard == guard) << np.uint64(63 - ahead)
        runs = _runs(room, duration)
        if runs:
            return end - _lowest(runs) - duration
        end -= 65 - duration
    return 0


@compiled
def _first_long(free: Ints, amount: tuple[int, int], begin: int, duration: int) -> int:
    need, guard = amount
    run = 0
    period = begin
    while run < duration:
        if period >= free.size - PAD:
            return NEVER
        run = run + 1 if (free[period] - need) & guard == guard else 0
        period += 1
    return period - duration


@compiled
def _last_long(free: Ints, amount: tuple[int, int], end: int, duration: int) -> int:
    need, guard = amount
    run = 0
    period = end - 1
    while run < duration:
        if period < PAD:
            return 0
        run = run + 1 if (free[period] - need) & guard == guard else 0
        period -= 1
    return period + 1


@compiled
def forward_in_word(network: Network, order: Ints, start: Ints) -> int:
    """Earliest starts in this order; returns the makespan."""
    free = _lane(network)
    periods = network.capacity.shape[0]
    guard = network.guard[0]
    demand = network.demand.ravel()
    length, earliest = network.duration, network.earliest
    first, neighbour, distance = network.before
    makespan = 0
    for task in order:
        begin = earliest[task]
        for edge in range(first[task], first[task + 1]):
            begin = max(begin, start[neighbour[edge]] + distance[edge])
        duration = length[task]
        if duration:
            amount = (demand[task], guard)
            if begin >= periods:
                return NEVER
            if duration <= LONGEST:
                begin = _first(free, amount, begin + PAD, duration) - PAD
            else:
                begin = _first_long(free, amount, begin + PAD, duration) - PAD
            if begin + duration > periods:
                return NEVER
            for period in range(begin + PAD, begin + PAD + duration):
                free[period] -= amount[0]
        start[task] = begin
        makespan = max(makespan, begin + duration)
    return makespan


@compiled
def backward_in_word(network: Network, order: Ints, finish: int, start: Ints) -> bool:
    """Latest starts in this order, all ended by `finish`; False if there is no room."""
    free = _lane(network)
    guard = network.guard[0]
    demand = network.demand.ravel()
    length = network.duration
    first, neighbour, distance = network.after
    for task in order:
        duration = length[task]
        begin = finish - duration
        for edge in range(first[task], first[task + 1]):
            begin = min(begin, start[neighbour[edge]] - distance[edge])
        if duration:
            amount = (demand[task], guard)
            if begin < 0:
                return False
            if duration <= LONGEST:
                begin = _last(free, amount, begin + duration + PAD, duration) - PAD
            else:
                begin = _last_long(free, amount, begin + duration + PAD, duration) - PAD
            if begin < 0:
                return False
            for period in range(begin + PAD, begin + PAD + duration):
                free[period] -= amount[0]
        start[task] = begin
    return True
