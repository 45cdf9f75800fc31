"""A compiled genetic search over projects whose tasks hold crews: the list is bred as in `rcpsp.breeding`, and with
it what each person is worth keeping free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from quoin.resourcing.rules.multiskill.crews import Hall, Staff, crews_backward, crews_forward, hall_for
from quoin.resourcing.rules.rcpsp.breeding import cross, pick, tails
from quoin.resourcing.rules.rcpsp.passes import NEVER, list_by_finish, list_by_key, list_by_start
from quoin.resourcing.rules.solver.chance import between, fraction
from quoin.resourcing.rules.solver.compiled import compiled

if TYPE_CHECKING:
    from quoin.resourcing.rules.rcpsp.network import Floats, Ints, Network
    from quoin.resourcing.rules.solver.chance import Chance

NOISE = 0.8
REPRICED = 0.1  # share of people whose price a child finds anew
SPREAD = 0.6


class Troupe(NamedTuple):
    """Schedules, their prices of people, and who does what in them (need within the task, or -1)."""

    starts: Ints
    ends: Ints
    prices: Floats  # schedule x person
    places: Ints  # schedule x task x person


class Child(NamedTuple):
    start: Ints
    moved: Ints
    price: Floats
    place: Ints
    spare: Ints


@compiled
def child_for(network: Network, staff: Staff) -> Child:
    tasks, people = network.duration.size, staff.precious.size
    return Child(
        np.zeros(tasks, np.int64),
        np.zeros(tasks, np.int64),
        np.zeros(people),
        np.full((tasks, people), -1, np.int64),
        np.full((tasks, people), -1, np.int64),
    )


@compiled
def _priced(chance: Chance) -> float:
    return 1 + SPREAD * (fraction(chance) - 0.5)


@compiled
def gathered(hall: Hall, child: Child) -> tuple[int, int]:
    """Decode the desk's list with the child's prices, then swing while it gets shorter: makespan, passes made."""
    network, desk = hall.network, hall.desk
    hall.crew.rank[:] = np.argsort(child.price)
    end = crews_forward(hall, child.start, child.place)
    passes = 1
    while end < NEVER:
        child.moved[:] = child.start
        list_by_finish(network, child.moved, end, desk)
        pad = min(end + end // 4, hall.crew.busy.shape[0])
        if not crews_backward(hall, child.moved, pad):
            break
        list_by_start(network, child.moved, desk)
        shorter = crews_forward(hall, child.moved, child.spare)
        passes += 2
        if shorter <= end:
            child.start[:] = child.moved
            child.place[:] = child.spare
        if shorter >= end:
            break
        end = shorter
    return end, passes


@compiled
def _settle(troupe: Troupe, child: Child, end: int, at: int) -> None:
    troupe.starts[at] = child.start
    troupe.ends[at] = end
    troupe.prices[at] = child.price
    troupe.places[at] = child.place


@compiled
def found_troupe(site: tuple[Network, Staff], troupe: Troupe, first: int, chance: Chance) -> int:
    """Fill from number `first` on by sampling around the longest-tail rule; returns passes made."""
    network, staff = site
    hall, child = hall_for(network, staff), child_for(network, staff)
    tail = tails(network)
    key = np.empty(tail.size)
    passes = 0
    for one in range(first, troupe.ends.size):
        for task in range(tail.size):
            key[task] = -tail[task] * (1 + NOISE * (fraction(chance) - 0.5) * min(1, one))
        for person in range(child.price.size):
            child.price[person] = staff.precious[person] * _priced(chance)
        list_by_key(network, key, hall.desk)
        end, made = gathered(hall, child)
        _settle(troupe, child, end, one)
        passes += made
    return passes


@compiled
def _inherit(staff: Staff, parents: tuple[Floats, Floats], price: Floats, chance: Chance) -> None:
    for person in range(price.size):
        price[person] = parents[between(chance, 0, 2)][person]
        if fraction(chance) < REPRICED:
            price[person] = staff.precious[person] * _priced(chance)


@compiled
def _is_known(troupe: Troupe, start: Ints, end: int) -> bool:
    for one in range(troupe.ends.size):
        if troupe.ends[one] == end and np.abs(troupe.starts[one] - start).sum() == 0:
            return True
    return False


@compiled
def gather(site: tuple[Network, Staff], troupe: Troupe, children: int, chance: Chance) -> int:
    """So many children; returns the passes made."""
    network, staff = site
    hall, child = hall_for(network, staff), child_for(network, staff)
    key = np.empty(network.duration.size)
    ends = troupe.ends
    passes = 0
    for _ in range(children):
        giver, taker = pick(ends, chance), pick(ends, chance)
        if ends[giver] == NEVER or ends[taker] == NEVER:
            continue
        cross(network, (troupe.starts[giver], ends[giver], troupe.starts[taker]), key, chance)
        _inherit(staff, (troupe.prices[giver], troupe.prices[taker]), child.price, chance)
        list_by_key(network, key, hall.desk)
        end, made = gathered(hall, child)
        passes += made
        if end == NEVER or _is_known(troupe, child.start, end):
            continue
        worst = between(chance, 0, ends.size)
        for _ in range(3):
            other = between(chance, 0, ends.size)
            if ends[other] > ends[worst]:
                worst = other
        if end <= ends[worst]:
            _settle(troupe, child, end, worst)
    return passes
