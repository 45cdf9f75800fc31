"""Compiled schedule generation where a task holds several people at once.

A task starts at the first period from which capacity and enough able people are free for its whole duration. Of the
people free the least precious are taken: people are tried in ascending order of their price, each is kept if the
needs can still be matched, which gives the cheapest crew (the sets that can be matched form a matroid).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from quoin.resourcing.rules.rcpsp.passes import NEVER, Desk, desk_for, has_room, take
from quoin.resourcing.rules.solver.compiled import compiled

if TYPE_CHECKING:
    from quoin.resourcing.rules.rcpsp.network import Flags, Floats, Ints, Network


class Staff(NamedTuple):
    """Needs of task i are `need_first[i]` to `need_first[i + 1]`; `able` is need x person."""

    need_first: Ints
    wanted: Ints
    able: Flags
    away: Flags  # period x person
    precious: Floats  # how much of a person's skills is in demand


class Crew(NamedTuple):
    """Working space: who is busy when, and the matching of one task."""

    busy: Flags  # period x person
    is_free: Flags
    place: Ints  # person -> need, or -1
    filled: Ints  # per need of the task
    tried: Flags
    rank: Ints  # people in ascending order of price


class Hall(NamedTuple):
    """The problem with the working space of one thread."""

    network: Network
    staff: Staff
    desk: Desk
    crew: Crew


@compiled
def hall_for(network: Network, staff: Staff) -> Hall:
    return Hall(network, staff, desk_for(network), _crew_for(network, staff))


@compiled
def _crew_for(network: Network, staff: Staff) -> Crew:
    people = staff.precious.size
    needs = 1
    for task in range(network.duration.size):
        needs = max(needs, staff.need_first[task + 1] - staff.need_first[task])
    return Crew(
        np.zeros((network.capacity.shape[0], people), np.bool_),
        np.zeros(people, np.bool_),
        np.empty(people, np.int64),
        np.zeros(needs, np.int64),
        np.zeros(needs, np.bool_),
        np.arange(people),
    )


@compiled
def _free_throughout(crew: Crew, start: int, end: int) -> None:
    crew.is_free[:] = True
    for period in range(start, end):
        for person in range(crew.is_free.size):
            if crew.busy[period, person]:
                crew.is_free[person] = False


@compiled
def _could_do(staff: Staff, crew: Crew, task: int) -> bool:
    """Each need alone, and all together, find enough people: cheap, and nearly always right."""
    for need in range(staff.need_first[task], staff.need_first[task + 1]):
        found = 0
        for person in range(crew.is_free.size):
            if crew.is_free[person] and staff.able[need, person]:
                found += 1
        if found < staff.wanted[need]:
            return False
    return True


@compiled
def _seat(staff: Staff, crew: Crew, task: int, person: int) -> bool:
    """Give the person a need, moving others to other needs where that makes room."""
    first = staff.need_first[task]
    for index in range(staff.need_first[task + 1] - first):
        if not staff.able[first + index, person] or crew.tried[index]:
            continue
        crew.tried[index] = True
        if crew.filled[index] < staff.wanted[first + index]:
            crew.place[person] = index
            crew.filled[index] += 1
            return True
        for other in range(crew.place.size):
            if crew.place[other] == index and _seat(staff, crew, task, other):
                crew.place[person] = index
                return True
    return False


@compiled
def matched(staff: Staff, crew: Crew, task: int) -> bool:
    """Fill `place` with the cheapest crew of the people free."""
    first = staff.need_first[task]
    needs = staff.need_first[task + 1] - first
    crew.place[:] = -1
    crew.filled[:] = 0
    wanted = 0
    for index in range(needs):
        wanted += staff.wanted[first + index]
    for person in crew.rank:
        if wanted == 0:
            return True
        if crew.is_free[person]:
            crew.tried[:] = False
            if _seat(staff, crew, task, person):
                wanted -= 1
    return wanted == 0


@compiled
def _fits(hall: Hall, task: int, start: int) -> bool:
    """Capacity, and a crew left in `place`, for the whole duration from there."""
    network, crew = hall.network, hall.crew
    end = start + network.duration[task]
    for period in range(start, end):
        if not has_room(network, hall.desk.free, period, task):
            return False
    _free_throughout(crew, start, end)
    return _could_do(hall.staff, crew, task) and matched(hall.staff, crew, task)


@compiled
def _book(hall: Hall, task: int, start: int) -> None:
    take(hall.network, hall.desk.free, task, start)
    for person in range(hall.crew.place.size):
        if hall.crew.place[person] >= 0:
            hall.crew.busy[start : start + hall.network.duration[task], person] = True


@compiled
def _is_bare(hall: Hall, task: int) -> bool:
    needs: int = hall.staff.need_first[task + 1] - hall.staff.need_first[task]
    return needs == 0 and hall.network.duration[task] == 0


@compiled
def _cleared(hall: Hall) -> None:
    hall.desk.free[:] = hall.network.capacity
    hall.crew.busy[:] = hall.staff.away


@compiled
def crews_forward(hall: Hall, start: Ints, place: Ints) -> int:
    """Earliest starts in the order of the desk's list with `place` (task x person) filled; returns the makespan."""
    _cleared(hall)
    network, crew = hall.network, hall.crew
    before = network.before
    end = 0
    for task in hall.desk.order:
        at = network.earliest[task]
        for edge in range(before.first[task], before.first[task + 1]):
            at = max(at, start[before.task[edge]] + before.distance[edge])
        last = crew.busy.shape[0] - network.duration[task]
        crew.place[:] = -1
        while at <= last and not (_is_bare(hall, task) or _fits(hall, task, at)):
            at += 1
        if at > last:
            return NEVER
        start[task] = at
        place[task] = crew.place
        _book(hall, task, at)
        end = max(end, at + network.duration[task])
    return end


@compiled
def crews_backward(hall: Hall, start: Ints, end: int) -> bool:
    """Latest starts in the order of the desk's list, all ended by `end`."""
    _cleared(hall)
    network = hall.network
    after = network.after
    for task in hall.desk.order:
        at = end - network.duration[task]
        for edge in range(after.first[task], after.first[task + 1]):
            at = min(at, start[after.task[edge]] - after.distance[edge])
        hall.crew.place[:] = -1
        while at >= 0 and not (_is_bare(hall, task) or _fits(hall, task, at)):
            at -= 1
        if at < 0:
            return False
        start[task] = at
        _book(hall, task, at)
    return True
