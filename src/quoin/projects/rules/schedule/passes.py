"""Forward and backward pass over a compiled network, and the loop that stops them.

Sources: the critical path method (Kelley and Walker 1959) with the four relations of precedence diagrams; free
float after ISO 21511 terms: how far a task may move while every successor stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.kernel.words import say
from quoin.projects.rules.schedule.compile import FAR, Net
from quoin.projects.rules.schedule.values import Frame
from quoin.projects.types import Constraint, PlanLoop

_FAR_OFF = 60 * MINUTES_PER_DAY


@dataclass(slots=True)
class Early:
    """Early starts, the order in which they came out, and how far links overshot a held start."""

    start: list[int]
    order: list[int]
    behind: dict[int, int]
    driver: dict[int, int]
    """The task that gives a phase its start, by the node of that start."""


@dataclass(slots=True)
class Late:
    """Late starts, where each node is put, and the latest start that leaves every successor where it is put."""

    start: list[int]
    put: list[int]
    limit: list[int]


def forward(net: Net) -> Early:
    """Early starts of all nodes; PlanLoop names the tasks that wait for each other."""
    wait, highest, quick, bridges = list(net.waits), net.highest, net.quick, net.bridges
    start = list(net.lowest)
    early = Early(start, [node for node, count in enumerate(wait) if not count], {}, {})
    order = early.order
    for node in order:
        at = start[node]
        if at > highest[node]:
            early.behind[node] = at - highest[node]
            at = start[node] = highest[node]
        for after, later in quick[node]:
            if at + later > start[after]:  # noqa: PLR1730 -- the innermost loop
                start[after] = at + later
            wait[after] -= 1
            if not wait[after]:
                order.append(after)
        if node in bridges:
            _push_bridges(net, early, wait, node)
    if len(order) < len(start):
        raise loop_error(net, wait)
    return early


def _push_bridges(net: Net, early: Early, wait: list[int], node: int) -> None:
    start = early.start
    for bridge in net.bridges[node]:
        after = bridge.after
        pushed = bridge.push(start[node])
        if not bridge.is_earliest:
            start[after] = max(start[after], pushed)
        elif (pushed, node) < (start[after], early.driver.get(after, node + 1)):
            start[after], early.driver[after] = pushed, node
        wait[after] -= 1
        if not wait[after]:
            early.order.append(after)


def backward(net: Net, early: Early, ends: tuple[int, ...]) -> Late:  # noqa: C901 -- one loop over all, for speed
    """Late starts, places and limits; `ends` are the instants by which the projects have to be done."""
    bounds = bounded_late(net, ends)
    late, put, limit = bounds, list(early.start), list(bounds)
    count, moves, quick, pinned_late = len(net.network.tasks), _moving(net), net.quick, net.pinned_late
    bridges = net.bridges
    for node in reversed(early.order):
        at = free = late[node]
        for after, later in quick[node]:
            if late[after] - later < at:  # noqa: PLR1730 -- the innermost loop
                at = late[after] - later
            if put[after] - later < free:  # noqa: PLR1730 -- the innermost loop
                free = put[after] - later
        if node in bridges:
            at = _pulled(net, early, node, starts=late, at=at)
            free = _pulled(net, early, node, starts=put, at=free)
        at = late[node] = max(at, pinned_late[node])
        limit[node] = free
        if node >= count:
            put[node] = free
        elif node in moves:
            # A successor with a date of its own does not move along with its late start: it holds what is before it.
            put[node] = max(put[node], min(free, at))
    for node in net.done:
        late[node] = early.start[node]
    return Late(late, put, limit)


def _pulled(net: Net, early: Early, node: int, *, starts: list[int], at: int) -> int:
    """The latest start, at most `at`, that leaves the successors over bridges at these starts."""
    for bridge in net.bridges[node]:
        # A phase whose tasks have all begun waits for nothing any more.
        if starts[bridge.after] < FAR and (not bridge.is_earliest or early.driver.get(bridge.after) == node):
            at = min(at, bridge.pull(starts[bridge.after]))
    return at


def bounded_late(net: Net, ends: tuple[int, ...]) -> list[int]:
    """Late starts by the end of the project and the node's own dates alone."""
    latest = net.latest
    last = [clock.position(ends[frame]) for frame, clock in net.groups]
    # Further nodes than those of the tasks have dates of their own only.
    late = (
        [
            bound if bound < last[group] - span else last[group] - span  # noqa: FURB136 -- once for each task
            for bound, group, span in zip(latest, net.group, net.span, strict=False)
        ]
        + latest[len(net.group) :]
    )
    for node in net.children:
        late[node] = latest[node]
    return late


def _moving(net: Net) -> set[int]:
    """Tasks that are put as late as what waits for them allows, not at their early start."""
    asap, alap = Constraint.ASAP, Constraint.ALAP
    backwards = {number for number, frame in enumerate(net.network.frames) if frame.is_from_end}
    found = {
        node
        for node, task in enumerate(net.network.tasks)
        if task.constraint is alap or (backwards and task.constraint is asap and task.frame in backwards)
    }
    return found - net.pinned - net.children.keys()


def begin_from_ends(net: Net) -> tuple[Frame, ...]:
    """The projects with the start that comes out for those that are scheduled from their end."""
    frames = net.network.frames
    early = forward(net)
    # The other projects do not hold these back here: their ends are put far off.
    finishes = last_finish(net, early.start)
    far = max((*finishes, *(frame.end_at or 0 for frame in frames))) + _FAR_OFF
    ends = tuple(
        (frame.end_at or finish) if frame.is_from_end else far for frame, finish in zip(frames, finishes, strict=True)
    )
    late = backward(net, early, ends).start
    starts: dict[int, int] = {}
    for node, task in enumerate(net.network.tasks):
        if frames[task.frame].is_from_end and node not in net.children and node not in net.pinned:
            at = net.clock[node].start_at(late[node])
            starts[task.frame] = min(starts.get(task.frame, at), at)
    return tuple(
        replace(frame, start_at=starts[number]) if number in starts else frame for number, frame in enumerate(frames)
    )


def loop_error(net: Net, wait: list[int]) -> PlanLoop:
    """Names one loop among the nodes that still wait."""
    before: dict[int, int] = {}
    for node, count in enumerate(wait):
        if count:
            for after in successors(net, node):
                before.setdefault(after, node)
    node = next(node for node, count in enumerate(wait) if count)
    seen: list[int] = []
    while node not in seen:
        seen.append(node)
        node = before[node]
    around = [net.network.tasks[net.owner[step]].key for step in reversed(seen[seen.index(node) :])]
    named = [key for place, key in enumerate(around) if not place or key != around[place - 1]]
    if len(named) > 1 and named[0] == named[-1]:
        named.pop()
    return PlanLoopOf(tuple(named))


class PlanLoopOf(PlanLoop):
    """A loop with the keys of its tasks, each before the next and the last before the first."""

    def __init__(self, keys: tuple[object, ...]) -> None:
        super().__init__(
            say("These tasks wait for each other in a circle: %(tasks)s.", tasks=" → ".join(map(str, (*keys, keys[0]))))
        )
        self.keys = keys


def successors(net: Net, node: int) -> list[int]:
    """Nodes that wait for the node."""
    return [after for after, _ in net.quick[node]] + [bridge.after for bridge in net.bridges.get(node, ())]


def last_finish(net: Net, start: list[int]) -> tuple[int, ...]:
    """The instant at which each project's last task ends."""
    none = -2 * FAR
    highest = [none] * len(net.groups)
    phases = net.children
    for node, (group, at, span) in enumerate(zip(net.group, start, net.span, strict=False)):
        if at + span > highest[group] and node not in phases:
            highest[group] = at + span
    # A project whose work lies before its start ends with that work, as in Microsoft Project.
    ends: dict[int, int] = {}
    for (frame, clock), finish in zip(net.groups, highest, strict=True):
        if finish > none:
            ends[frame] = max(ends.get(frame, -FAR), clock.end_at(finish))
    return tuple(ends.get(number, frame.start_at) for number, frame in enumerate(net.network.frames))
