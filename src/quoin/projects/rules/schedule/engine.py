"""The whole calculation: compile, both passes, floats, phases."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.kernel.workcal import NoWorkingTime, WorkCalendar, WorkTable, instant_of
from quoin.projects.rules.schedule.compile import PLAIN, Net, compile_network
from quoin.projects.rules.schedule.passes import (
    Early,
    backward,
    begin_from_ends,
    forward,
    last_finish,
    settle,
)
from quoin.projects.rules.schedule.values import Network, Row, Schedule

_ROOM = 400 * MINUTES_PER_DAY
_MOST_ROOM = 400 * 366 * MINUTES_PER_DAY
_MINUTES_WORKED = 240
"""A cautious guess of the work in a day."""


def schedule(network: Network) -> Schedule:
    """Dates, floats and critical tasks; PlanLoop, LinkRefused or NoWorkingTime if there are none."""
    room = _first_room(network)
    while True:
        try:
            return _schedule(network, _tables(network, room))
        except NoWorkingTime:
            if room > _MOST_ROOM:
                raise
            room *= 4


def _first_room(network: Network) -> int:
    work = max((task.minutes for task in network.tasks), default=0)
    return _ROOM + work // _MINUTES_WORKED * MINUTES_PER_DAY


def _tables(network: Network, room: int) -> tuple[WorkTable, ...]:
    given = [frame.start_at for frame in network.frames]
    given += [frame.end_at for frame in network.frames if frame.end_at is not None]
    for task in network.tasks:
        dates = (task.constraint_at, task.deadline_at, task.fixed_at, task.started_at, task.finished_at)
        given += [at for at in dates if at is not None]
    first, last = min(given, default=0) - room, max(given, default=0) + room
    return tuple(_table(calendar, first, last) for calendar in network.calendars)


def _table(calendar: WorkCalendar, first: int, last: int) -> WorkTable:
    floor, roof = 2 * MINUTES_PER_DAY, 3_652_000 * MINUTES_PER_DAY
    return calendar.table(instant_of(max(first, floor)), instant_of(min(last, roof)))


@dataclass(slots=True)
class _Result:
    net: Net
    early: Early
    late: list[int]
    put: list[int]
    limit: list[int]


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
    put, limit = settle(net, early, late, ends)
    found = _Result(net, early, late, put, limit)
    _check_room(found)
    rows: list[Row | None] = [None] * len(network.tasks)
    for node in range(len(network.tasks)):
        if node not in net.children:
            rows[node] = _row(found, node)
    _roll_up(net, rows)
    done = tuple(row for row in rows if row is not None)
    keys = tuple(task.key for task in network.tasks)
    return Schedule(keys, done, _begins(network, done), last_finish(net, put), net.index)


def _check_room(found: _Result) -> None:
    """NoWorkingTime if a position left the tables, where instants are no longer told apart."""
    net = found.net
    for node in range(len(net.network.tasks)):
        clock = net.clock[node]
        if clock is PLAIN or node in net.children:
            continue
        total = net.calendar(node).total
        lowest = min(found.early.start[node], found.late[node], found.limit[node])
        highest = max(found.early.start[node], found.put[node], found.late[node]) + net.span[node]
        if lowest <= 0 or highest >= total:
            raise NoWorkingTime("The plan reaches further than its calendars. Check its dates and calendars.")


def _row(found: _Result, node: int) -> Row:
    net, clock = found.net, found.net.clock[node]
    early, late, put, span = found.early.start[node], found.late[node], found.put[node], found.net.span[node]
    starts, finishes = _instants(net, node, early, span)
    put_at = (starts, finishes) if put == early else _instants(net, node, put, span)
    late_at = (starts, finishes) if late == early else _instants(net, node, late, span)
    if clock is PLAIN:
        table = net.calendar(node)
        total = table.position(late) - table.position(early)
        free = table.position(found.limit[node]) - table.position(put)
    else:
        total, free = late - early, found.limit[node] - put
    is_done = node in net.done
    return Row(
        *put_at, starts, finishes, *late_at, 0 if is_done else total, 0 if is_done else free,
        not is_done and total <= net.network.critical_minutes, net.network.tasks[node].minutes,
        found.early.behind.get(node, 0),
    )  # fmt: skip


def _instants(net: Net, node: int, start: int, span: int) -> tuple[int, int]:
    clock = net.clock[node]
    if not span:
        at = clock.start_at(start)
        return at, at
    return clock.start_at(start), clock.end_at(start + span)


def _roll_up(net: Net, rows: list[Row | None]) -> None:
    """Phases: from the first start to the last finish of what stands under them."""
    for node in _bottom_up(net):
        under = [row for child in net.children[node] if (row := rows[child]) is not None]
        start, finish = min(row.start for row in under), max(row.finish for row in under)
        table = net.calendar(node)
        rows[node] = Row(
            start, finish, min(row.early_start for row in under), max(row.early_finish for row in under),
            min(row.late_start for row in under), max(row.late_finish for row in under),
            min(row.total_float for row in under), min(row.free_float for row in under),
            any(row.is_critical for row in under), table.position(finish) - table.position(start),
            max(row.behind for row in under),
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
