"""The whole calculation: compile, both passes, floats, phases."""

from __future__ import annotations

import gc
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from math import isqrt
from operator import add, getitem, itemgetter, sub
from typing import Any, TypeVar

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.kernel.workcal import NoWorkingTime, WorkCalendar, WorkTable, instant_of
from quoin.projects.rules.schedule.compile import PLAIN, Net, compile_network
from quoin.projects.rules.schedule.passes import Early, Late, backward, begin_from_ends, forward, last_finish
from quoin.projects.rules.schedule.values import Network, Row, Schedule

T = TypeVar("T")
_ROOM = 400 * MINUTES_PER_DAY
_MOST_ROOM = 400 * 366 * MINUTES_PER_DAY
_MINUTES_WORKED = 240
"""A cautious guess of the work in a day."""
_CHAIN = 5
# What `Row._make` does, without a step of Python for each of ten thousand rows.
_as_row: Callable[[tuple[Any, ...]], Row] = partial(tuple.__new__, Row)


def schedule(network: Network) -> Schedule:
    """Dates, floats and critical tasks; PlanLoop, LinkRefused or NoWorkingTime if there are none."""
    with collector_at_rest():
        return within_tables(network, lambda tables: _schedule(network, tables))


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Nothing made by a calculation is a circle; looking for circles among it takes a third of its time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def within_tables(network: Network, calculate: Callable[[tuple[WorkTable, ...]], T]) -> T:
    """What comes out over tables of working time, made longer until the plan has room in them."""
    room = _first_room(network)
    while True:
        try:
            return calculate(_tables(network, room))
        except NoWorkingTime:
            if room > _MOST_ROOM:
                raise
            room *= 4


def _first_room(network: Network) -> int:
    """Room for the longest task, and for chains, which get longer as plans grow: a guess that spares a second try."""
    work = [task.minutes for task in network.tasks]
    chain = _CHAIN * isqrt(sum(work) // _MINUTES_WORKED)
    return _ROOM + (max(work, default=0) // _MINUTES_WORKED + chain) * MINUTES_PER_DAY


def _tables(network: Network, room: int) -> tuple[WorkTable, ...]:
    given = [frame.start_at for frame in network.frames]
    given += [frame.end_at for frame in network.frames if frame.end_at is not None]
    for task in network.tasks:
        if task.constraint_at is not None:
            given.append(task.constraint_at)
        if task.deadline_at is not None:
            given.append(task.deadline_at)
        if task.fixed_at is not None:
            given.append(task.fixed_at)
        if task.started_at is not None:
            given += [at for at in (task.started_at, task.finished_at) if at is not None]
    # A plan from its start rarely reaches back before it, and the more a table covers the longer it takes to make.
    back = room if any(frame.is_from_end for frame in network.frames) else room // 2
    first, last = min(given, default=0) - back, max(given, default=0) + room
    return tuple(_table(calendar, first, last) for calendar in network.calendars)


def _table(calendar: WorkCalendar, first: int, last: int) -> WorkTable:
    floor, roof = 2 * MINUTES_PER_DAY, 3_652_000 * MINUTES_PER_DAY
    return calendar.table(instant_of(max(first, floor)), instant_of(min(last, roof)))


def _schedule(network: Network, tables: tuple[WorkTable, ...]) -> Schedule:
    net = compile_network(network, tables)
    if any(frame.is_from_end for frame in network.frames):
        network = replace(network, frames=begin_from_ends(net))
        net = compile_network(network, tables)
    early = forward(net)
    came_out = last_finish(net, early.start)
    ends = tuple(
        end if frame.end_at is None else frame.end_at for end, frame in zip(came_out, network.frames, strict=True)
    )
    late = backward(net, early, ends)
    rows = _rows(net, early, late)
    _roll_up(net, rows)
    done = tuple(filter(None, rows))
    put_ends = came_out if late.put[: len(rows)] == early.start[: len(rows)] else last_finish(net, late.put)
    return Schedule(tuple(net.index), done, _begins(network, done), put_ends, net.index)


class _Dial(dict[int, int]):
    """Instants by position, worked out once each: many tasks begin and end together."""

    def __init__(self, table: WorkTable, side: Callable[[array[int], int], int]) -> None:
        super().__init__()
        self.total, self.side, self.before = table.total, side, table.before
        self.ahead = array("q", map(sub, table.starts, table.before))
        """By how much the instants of each stretch lie before their positions."""

    def __missing__(self, position: int) -> int:
        # At either end of the table instants are no longer told apart.
        if not 0 < position < self.total:
            raise NoWorkingTime("The plan reaches further than its calendars. Check its dates and calendars.")
        found: int = position + self.ahead[self.side(self.before, position) - 1]
        self[position] = found
        return found


class _PlainDial(dict[int, int]):
    """Instants that are their own positions."""

    def __missing__(self, position: int) -> int:
        return position


def _rows(net: Net, early: Early, late: Late) -> list[Row | None]:
    """The rows of the tasks; phases are left open."""
    plain = _PlainDial()
    # A position between two stretches of work starts with the later one and ends with the earlier one.
    starts = {id(table): _Dial(table, bisect_right) for table in net.tables}
    ends = {id(table): _Dial(table, bisect_left) for table in net.tables}
    opening = [starts.get(id(clock), plain) for _, clock in net.groups]
    closing = [ends.get(id(clock), plain) for _, clock in net.groups]
    tasks, span, group = net.network.tasks, net.span, net.group
    begin = [opening[number] for number in group]
    finish = [closing[number] if lasts else opening[number] for number, lasts in zip(group, span, strict=False)]

    def dates(positions: list[int]) -> tuple[list[int], list[int]]:
        return (
            list(map(getitem, begin, positions)),
            list(map(getitem, finish, map(add, positions, span))),
        )

    first = dates(early.start)
    put = first if late.put[: len(tasks)] == early.start[: len(tasks)] else dates(late.put)
    total, free = list(map(sub, late.start, early.start)), list(map(sub, late.limit, late.put))
    _mend_floats(net, early, late, total=total, free=free)
    threshold = net.network.critical_minutes
    critical = [minutes <= threshold for minutes in total]
    for node in net.done:
        critical[node] = False
    lasts = [task.minutes for task in tasks]
    behind = [early.behind.get(node, 0) for node in range(len(tasks))] if early.behind else [0] * len(tasks)
    columns = zip(*put, *first, *dates(late.start), total, free, critical, lasts, behind, strict=False)
    rows: list[Row | None] = list(map(_as_row, columns))
    for node in net.children:
        rows[node] = None
    return rows


def _mend_floats(net: Net, early: Early, late: Late, *, total: list[int], free: list[int]) -> None:
    """Floats of milestones count working time too; what is done has none."""
    for node, (table, clock) in enumerate(zip(net.table, net.clock, strict=False)):
        if clock is PLAIN and node not in net.children:
            total[node] = table.position(late.start[node]) - table.position(early.start[node])
            free[node] = table.position(late.limit[node]) - table.position(late.put[node])
    for node in net.done:
        total[node] = free[node] = 0


def _roll_up(net: Net, rows: list[Row | None]) -> None:
    """Phases: from the first start to the last finish of what stands under them."""
    for node in _bottom_up(net):
        under: Any = zip(*[rows[child] for child in net.children[node]], strict=True)
        starts, finishes, early, ending, late, latest, total, free, critical, _, behind = under
        start, finish, table = min(starts), max(finishes), net.table[node]
        rows[node] = Row(
            start, finish, min(early), max(ending), min(late), max(latest), min(total), min(free), any(critical),
            table.position(finish) - table.position(start), max(behind),
        )  # fmt: skip


def _bottom_up(net: Net) -> list[int]:
    order: list[int] = []
    tops = [node for node in net.children if net.network.tasks[node].parent is None]
    while tops:
        node = tops.pop()
        order.append(node)
        tops.extend(child for child in net.children[node] if child in net.children)
    return order[::-1]


def _begins(network: Network, rows: tuple[Row, ...]) -> tuple[int, ...]:
    if len(network.frames) == 1 and rows:
        return (min(map(itemgetter(0), rows)),)
    first: dict[int, int] = {}
    for task, row in zip(network.tasks, rows, strict=True):
        first[task.frame] = min(first.get(task.frame, row.start), row.start)
    return tuple(first.get(number, frame.start_at) for number, frame in enumerate(network.frames))
