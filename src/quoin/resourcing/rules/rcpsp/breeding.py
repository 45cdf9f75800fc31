"""A compiled genetic search over schedules: windows of one parent are set into the order of the other.

The window crossover after Debels & Vanhoucke (2007), with steady replacement; every child is justified both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from quoin.resourcing.rules.rcpsp.passes import NEVER, desk_for, improved, list_by_key
from quoin.resourcing.rules.solver.chance import between, fraction
from quoin.resourcing.rules.solver.compiled import compiled

if TYPE_CHECKING:
    from quoin.resourcing.rules.rcpsp.network import Floats, Ints, Network
    from quoin.resourcing.rules.solver.chance import Chance

JITTER = 8  # periods by which a mutation moves a task in the order
MUTATION = 0.15
NOISE = 0.6  # how far founding schedules stray from the rule
ALIKE = 2  # periods of difference in sum up to which two schedules count as one
APART = 1 << 20


class Population(NamedTuple):
    starts: Ints  # schedule x task
    ends: Ints


@compiled
def tails(network: Network) -> Ints:
    """Least periods from the start of each task to the end of the project."""
    after = network.after
    tail = network.duration.copy()
    for task in range(tail.size - 1, -1, -1):
        for edge in range(after.first[task], after.first[task + 1]):
            tail[task] = max(tail[task], after.distance[edge] + tail[after.task[edge]])
    return tail


@compiled
def heads(network: Network) -> Ints:
    """Earliest starts by precedence alone."""
    before = network.before
    head = network.earliest.copy()
    for task in range(head.size):
        for edge in range(before.first[task], before.first[task + 1]):
            head[task] = max(head[task], head[before.task[edge]] + before.distance[edge])
    return head


@compiled
def found(network: Network, population: Population, first: int, chance: Chance) -> int:
    """Fill the population from number `first` on by sampling around the longest-tail rule; returns passes made."""
    desk = desk_for(network)
    tail = tails(network)
    key = np.empty(tail.size)
    passes = 0
    for one in range(first, population.ends.size):
        for task in range(tail.size):
            key[task] = -tail[task] * (1 + NOISE * (fraction(chance) - 0.5) * min(1, one))
        list_by_key(network, key, desk)
        population.ends[one], made = improved(network, desk, population.starts[one])
        passes += made
    return passes


@compiled
def _window(network: Network, start: Ints, end: int, chance: Chance) -> tuple[int, int]:
    """Of three random windows of time the one in which the schedule uses capacity best."""
    length = between(chance, end // 5 + 1, end * 7 // 10 + 2)
    best = -1.0
    chosen = 0
    for _ in range(3):
        first = between(chance, -(length // 2), end - length // 2 + 1)
        last = first + length
        used = 0.0
        for task in range(start.size):
            overlap = min(last, start[task] + network.duration[task]) - max(first, start[task])
            if overlap > 0:
                used += overlap * network.weight[task]
        used /= max(1, min(last, end) - max(first, 0))
        if used > best:
            best = used
            chosen = first
    return chosen, chosen + length


@compiled
def cross(network: Network, parents: tuple[Ints, int, Ints], key: Floats, chance: Chance) -> None:
    giver, giver_end, taker = parents
    first, last = _window(network, giver, giver_end, chance)
    for task in range(key.size):
        middle = giver[task] + 0.5 * network.duration[task]
        if first <= middle < last:
            key[task] = giver[task]
        elif taker[task] < first or giver[task] + network.duration[task] <= first:
            key[task] = taker[task] - APART
        else:
            key[task] = taker[task] + APART
        if fraction(chance) < MUTATION:
            key[task] += between(chance, -JITTER, JITTER + 1)
        key[task] += fraction(chance) * 0.9


@compiled
def pick(ends: Ints, chance: Chance) -> int:
    one = between(chance, 0, ends.size)
    other = between(chance, 0, ends.size)
    return one if ends[one] <= ends[other] else other


@compiled
def _is_known(population: Population, start: Ints, end: int) -> bool:
    for one in range(population.ends.size):
        if population.ends[one] == end and _are_alike(population.starts[one], start):
            return True
    return False


@compiled
def _are_alike(one: Ints, other: Ints) -> bool:
    difference = 0
    for task in range(one.size):
        difference += abs(one[task] - other[task])
        if difference > ALIKE:
            return False
    return True


@compiled
def admit(population: Population, start: Ints, end: int, chance: Chance) -> None:
    """Give the schedule the place of the worst of four, unless it is known or worse than that one."""
    if end == NEVER or _is_known(population, start, end):
        return
    ends = population.ends
    worst = between(chance, 0, ends.size)
    for _ in range(3):
        other = between(chance, 0, ends.size)
        if ends[other] > ends[worst]:
            worst = other
    if end <= ends[worst]:
        population.starts[worst] = start
        ends[worst] = end


@compiled
def breed(network: Network, population: Population, children: int, chance: Chance) -> int:
    """So many children; returns the passes made."""
    desk = desk_for(network)
    key = np.empty(network.duration.size)
    child = np.empty(network.duration.size, np.int64)
    passes = 0
    for _ in range(children):
        giver = pick(population.ends, chance)
        taker = pick(population.ends, chance)
        if population.ends[giver] == NEVER or population.ends[taker] == NEVER:
            continue
        parents = (population.starts[giver], population.ends[giver], population.starts[taker])
        cross(network, parents, key, chance)
        list_by_key(network, key, desk)
        end, made = improved(network, desk, child)
        passes += made
        admit(population, child, end, chance)
    return passes
