"""Compiled annealing for projects in which every task is done by one person.

A plan is a task list and a person for every task; a decoder starts each task as early as its predecessors and its
person's earlier tasks let it. It costs about a microsecond per hundred tasks, so that millions of plans are tried.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from quoin.resourcing.rules.solver.chance import between, fraction
from quoin.resourcing.rules.solver.compiled import compiled

if TYPE_CHECKING:
    from quoin.resourcing.rules.rcpsp.network import Edges, Floats, Ints
    from quoin.resourcing.rules.solver.chance import Chance

REACH = 25  # places by which a move shifts a task in the list
TO_OTHER, STAYS = 0.6, 0.4  # below the first a move changes the person, above the second the place in the list


class Shop(NamedTuple):
    """Tasks in an order in which no link leads backwards; absences as runs per person, ascending."""

    duration: Ints
    earliest: Ints
    before: Edges
    after: Edges
    able_first: Ints
    able: Ints
    rate: Ints
    away_first: Ints
    away: Ints  # run x (first, end)


class Plan(NamedTuple):
    order: Ints
    place: Ints
    person: Ints
    start: Ints
    free: Ints  # per person: end of the last task


class Aim(NamedTuple):
    """Value of a plan: weight of a period of makespan, of a unit of cost, of a period past the deadline, and of a
    period of the people's mean end, which tells plans of one makespan apart.
    """

    time: float
    cost: float
    late: float
    balance: float
    deadline: int


@compiled
def _present(shop: Shop, person: int, start: int, duration: int) -> int:
    """The first start from which the person is there throughout."""
    for run in range(shop.away_first[person], shop.away_first[person + 1]):
        if start < shop.away[run, 1] and start + duration > shop.away[run, 0]:
            start = shop.away[run, 1]
    return start


@compiled
def decoded(shop: Shop, plan: Plan) -> tuple[int, int]:
    """Fill starts; returns makespan and cost."""
    plan.free[:] = 0
    end = 0
    cost = 0
    before = shop.before
    for task in plan.order:
        start = shop.earliest[task]
        for edge in range(before.first[task], before.first[task + 1]):
            start = max(start, plan.start[before.task[edge]] + before.distance[edge])
        duration = shop.duration[task]
        person = plan.person[task]
        if person >= 0:
            start = _present(shop, person, max(start, plan.free[person]), duration)
            plan.free[person] = start + duration
            cost += duration * shop.rate[person]
        plan.start[task] = start
        end = max(end, start + duration)
    return end, cost


@compiled
def worth(shop: Shop, plan: Plan, aim: Aim) -> tuple[float, int, int]:
    end, cost = decoded(shop, plan)
    value = aim.time * end + aim.cost * cost + aim.late * max(0, end - aim.deadline)
    if aim.balance > 0:
        value += aim.balance * plan.free.sum() / max(1, plan.free.size)
    return value, end, cost


@compiled
def greedy(shop: Shop, plan: Plan, key: Floats) -> None:
    """Repeatedly the ready task of the least key, given to whoever can begin it first, the cheaper of equals."""
    plan.free[:] = 0
    waiting = shop.before.first[1:] - shop.before.first[:-1]
    done = np.zeros(key.size, np.bool_)
    for place in range(key.size):
        task = -1
        for other in range(key.size):
            if not done[other] and waiting[other] == 0 and (task < 0 or key[other] < key[task]):
                task = other
        done[task] = True
        for edge in range(shop.after.first[task], shop.after.first[task + 1]):
            waiting[shop.after.task[edge]] -= 1
        plan.order[place] = task
        plan.place[task] = place
        _give(shop, plan, task)


@compiled
def _give(shop: Shop, plan: Plan, task: int) -> None:
    start = shop.earliest[task]
    for edge in range(shop.before.first[task], shop.before.first[task + 1]):
        start = max(start, plan.start[shop.before.task[edge]] + shop.before.distance[edge])
    best = -1
    best_start = start
    for at in range(shop.able_first[task], shop.able_first[task + 1]):
        person = shop.able[at]
        could = _present(shop, person, max(start, plan.free[person]), shop.duration[task])
        if best < 0 or could < best_start or (could == best_start and plan.free[person] > plan.free[best]):
            best = person
            best_start = could
    plan.person[task] = best
    plan.start[task] = best_start
    if best >= 0:
        plan.free[best] = best_start + shop.duration[task]


@compiled
def _shift(plan: Plan, task: int, target: int) -> None:
    at = plan.place[task]
    step = 1 if target > at else -1
    while at != target:
        other = plan.order[at + step]
        plan.order[at] = other
        plan.place[other] = at
        at += step
    plan.order[target] = task
    plan.place[task] = target


@compiled
def _target(shop: Shop, plan: Plan, task: int, chance: Chance) -> int:
    """A place near by to which precedence lets the task go."""
    at = plan.place[task]
    low = max(0, at - REACH)
    high = min(plan.order.size - 1, at + REACH)
    for edge in range(shop.before.first[task], shop.before.first[task + 1]):
        low = max(low, plan.place[shop.before.task[edge]] + 1)
    for edge in range(shop.after.first[task], shop.after.first[task + 1]):
        high = min(high, plan.place[shop.after.task[edge]] - 1)
    return between(chance, low, high + 1)


@compiled
def _other_person(shop: Shop, plan: Plan, task: int, chance: Chance) -> int:
    low, high = shop.able_first[task], shop.able_first[task + 1]
    person: int = plan.person[task]
    if low < high:
        person = shop.able[between(chance, low, high)]
    return person


@compiled
def keep(source: Plan, target: Plan) -> None:
    target.order[:] = source.order
    target.place[:] = source.place
    target.person[:] = source.person
    target.start[:] = source.start
    target.free[:] = source.free


@compiled
def anneal(
    errand: tuple[Shop, Aim], plans: tuple[Plan, Plan], spell: tuple[float, float, int], chance: Chance
) -> tuple[float, int, int]:
    """A spell is its first heat, its last heat, and its moves. It starts from the first plan; the second keeps the best
    that is in time, whose worth is returned.
    """
    shop, aim = errand
    plan, best = plans
    hot, cold, moves = spell
    current, _, _ = worth(shop, plan, aim)
    best_value, best_end, best_cost = worth(shop, best, aim)
    if best_end > aim.deadline:
        best_value = math.inf
    for move in range(moves):
        warmth = hot + (cold - hot) * move / moves
        task = between(chance, 0, plan.order.size)
        old_person, old_place = plan.person[task], plan.place[task]
        kind = fraction(chance)
        if kind < TO_OTHER:
            plan.person[task] = _other_person(shop, plan, task, chance)
        if kind > STAYS:
            _shift(plan, task, _target(shop, plan, task, chance))
        if plan.person[task] == old_person and plan.place[task] == old_place:
            continue
        value, end, cost = worth(shop, plan, aim)
        if value <= current or fraction(chance) < math.exp((current - value) / max(warmth, 1e-9)):
            current = value
            if value < best_value and end <= aim.deadline:
                best_value, best_end, best_cost = value, end, cost
                keep(plan, best)
        else:
            plan.person[task] = old_person
            _shift(plan, task, old_place)
    return best_value, best_end, best_cost
