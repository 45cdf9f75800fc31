"""The whole calculation: compile, both passes, floats, phases."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import isqrt
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
        dates = (task.constraint_at, task.deadline_at, task.fixed_at, task.started_at, task.finished_at)
        given += [at for at in dates if at is not None]
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
    done = tuple(row for row in rows if row is not None)
    keys = tuple(task.key for task in network.tasks)
    put_ends = came_out if late.put[: len(rows)] == early.start[: len(rows)] else last_finish(net, late.put)
    return Schedule(keys, done, _begins(network, done), put_ends, net.index)


class _Dial(dict[int, int]):
    """Instants by position, worked out once each: many tasks begin and end together."""

    def __init__(self, table: WorkTable, at: Callable[[int], int]) -> None:
        super().__init__()
        self.total, self.at = table.total, at

    def __missing__(self, position: int) -> int:
        # At either end of the table instants are no longer told apart.
        if not 0 < position < self.total:
            raise NoWorkingTime("The plan reaches further than its calendars. Check its dates and calendars.")
        found = self[position] = self.at(position)
        return found


class _PlainDial(dict[int, int]):
    """Instants that are their own positions."""

    def __missing__(self, position: int) -> int:
        return position


def _rows(net: Net, early: Early, late: Late) -> list[Row | None]:
    """The rows of the tasks; phases are left open."""
    starts = {id(table): _Dial(table, table.start_at) for table in net.tables}
    ends = {id(table): _Dial(table, table.end_at) for table in net.tables}
    plain = _PlainDial()
    tasks, span = net.network.tasks, net.span
    begin = [starts.get(id(clock), plain) for clock in net.clock[: len(tasks)]]
    finish = [
        ends.get(id(clock), plain) if lasts else at for clock, lasts, at in zip(net.clock, span, begin, strict=False)
    ]

    def dates(positions: list[int]) -> tuple[list[int], list[int]]:
        return (
            [dial[at] for dial, at in zip(begin, positions, strict=False)],
            [dial[at + lasts] for dial, at, lasts in zip(finish, positions, span, strict=False)],
        )

    first = dates(early.start)
    put = first if late.put[: len(tasks)] == early.start[: len(tasks)] else dates(late.put)
    total = [last - at for last, at in zip(late.start, early.start, strict=True)]
    free = [last - at for last, at in zip(late.limit, late.put, strict=True)]
    _mend_floats(net, early, late, total=total, free=free)
    threshold = net.network.critical_minutes
    critical = [minutes <= threshold for minutes in total]
    for node in net.done:
        critical[node] = False
    lasts = [task.minutes for task in tasks]
    behind = [early.behind.get(node, 0) for node in range(len(tasks))] if early.behind else [0] * len(tasks)
    columns = zip(*put, *first, *dates(late.start), total, free, critical, lasts, behind, strict=False)
    rows: list[Row | None] = list(map(Row._make, columns))
    for node in net.children:
        rows[node] = None
    return rows


def _mend_floats(net: Net, early: Early, late: Late, *, total: list[int], free: list[int]) -> None:
    """Floats of milestones count working time too; what is done has none."""
    for node, table in enumerate(net.table):
        if net.clock[node] is PLAIN and node not in net.children:
            total[node] = table.position(late.start[node]) - table.position(early.start[node])
            free[node] = table.position(late.limit[node]) - table.position(late.put[node])
    for node in net.done:
        total[node] = free[node] = 0


def _roll_up(net: Net, rows: list[Row | None]) -> None:
    """Phases: from the first start to the last finish of what stands under them."""
    for node in _bottom_up(net):
        under = [row for child in net.children[node] if (row := rows[child]) is not None]
        columns: Any = Row._make(zip(*under, strict=True))
        start, finish = min(columns.start), max(columns.finish)
        table = net.table[node]
        rows[node] = Row(
            start, finish, min(columns.early_start), max(columns.early_finish), min(columns.late_start),
            max(columns.late_finish), min(columns.total_float), min(columns.free_float), any(columns.is_critical),
            table.position(finish) - table.position(start), max(columns.behind),
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
    first: dict[int, int] = {}
    for task, row in zip(network.tasks, rows, strict=True):
        first[task.frame] = min(first.get(task.frame, row.start), row.start)
    return tuple(first.get(number, frame.start_at) for number, frame in enumerate(network.frames))
