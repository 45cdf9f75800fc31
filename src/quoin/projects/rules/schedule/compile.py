"""From a network to arrays of integers that the passes run over.

Node n < len(tasks) is the task n. Phases that links or dates hold get further nodes on the plain clock: a gate that
all tasks under them wait for, an end that waits for all of them, and a start that takes the earliest of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from quoin.kernel.workcal import WorkTable
from quoin.projects.rules.schedule.clocks import Bridge, Clock, PlainClock
from quoin.projects.rules.schedule.values import Key, Link, Network, PlannedTask
from quoin.projects.types import Constraint, LagUnit, LinkKind, LinkRefused

FAR = 1 << 60
PLAIN = PlainClock()
_FROM_FINISH = frozenset({LinkKind.FS, LinkKind.FF})
_TO_FINISH = frozenset({LinkKind.FF, LinkKind.SF})
_NOT_BEFORE = frozenset({Constraint.SNET, Constraint.FNET, Constraint.MSO, Constraint.MFO})


@dataclass(slots=True)
class Net:
    """Nodes and links as arrays; positions are on the clock of the node."""

    network: Network
    tables: tuple[WorkTable, ...]
    index: dict[Key, int]
    children: dict[int, list[int]]
    table: list[WorkTable] = field(default_factory=list)
    """Working time of each task: its own, or its project's."""
    clock: list[Clock] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    """Of each task: its project and clock, by their place in `groups`."""
    groups: list[tuple[int, Clock]] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    """The task that a node belongs to."""
    span: list[int] = field(default_factory=list)
    lowest: list[int] = field(default_factory=list)
    highest: list[int] = field(default_factory=list)
    """Early starts are held below this, whatever links ask for."""
    latest: list[int] = field(default_factory=list)
    pinned_late: list[int] = field(default_factory=list)
    """Late starts are held above this."""
    pinned: set[int] = field(default_factory=set)
    started: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)
    quick: list[list[tuple[int, int]]] = field(default_factory=list)
    """Links on one clock, by predecessor: the successor, and by how much it starts later at least."""
    bridges: dict[int, list[Bridge]] = field(default_factory=dict)
    waits: list[int] = field(default_factory=list)
    """How many links lead into the node."""
    earliest_of: set[int] = field(default_factory=set)
    gates: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    begins: dict[int, int] = field(default_factory=dict)

    def leaves(self, task: int) -> Iterator[int]:
        """The tasks under a phase that are no phases."""
        waiting = list(reversed(self.children[task]))
        while waiting:
            child = waiting.pop()
            if child in self.children:
                waiting.extend(reversed(self.children[child]))
            else:
                yield child

    def add_node(self, owner: int, clock: Clock, *, lowest: int = -FAR) -> int:
        """A node without bounds; returns its number."""
        self.clock.append(clock)
        self.owner.append(owner)
        self.span.append(0)
        self.lowest.append(lowest)
        self.highest.append(FAR)
        self.latest.append(FAR)
        self.pinned_late.append(-FAR)
        self.quick.append([])
        self.waits.append(0)
        return len(self.clock) - 1

    def add_bridge(self, bridge: Bridge) -> None:
        self.bridges.setdefault(bridge.before, []).append(bridge)
        self.waits[bridge.after] += 1


def compile_network(network: Network, tables: tuple[WorkTable, ...]) -> Net:
    """The network over these tables (one per calendar, in order)."""
    index = {task.key: number for number, task in enumerate(network.tasks)}
    net = Net(network, tables, index, _children(network, index))
    _add_tasks(net)
    _bound_tasks(net)
    for number in net.children:
        _bound_phase(net, number, network.tasks[number])
    _add_links(net)
    return net


def _children(network: Network, index: dict[Key, int]) -> dict[int, list[int]]:
    """What stands right under each phase."""
    children: dict[int, list[int]] = {}
    above: Key | None = None
    under: list[int] = []
    for number, task in enumerate(network.tasks):
        parent = task.parent
        if parent is None:
            continue
        # Rows of one phase mostly stand together.
        if parent is not above:
            above, under = parent, children.setdefault(index[parent], [])
        under.append(number)
    return children


def _add_tasks(net: Net) -> None:
    """A node for each task, column by column: thousands of them are made at each calculation."""
    tasks, tables, frames = net.network.tasks, net.tables, net.network.frames
    count = len(tasks)
    usual = [tables[frame.calendar] for frame in frames]
    net.table = [usual[task.frame] if task.calendar is None else tables[task.calendar] for task in tasks]
    net.clock = [
        table if task.minutes or task.started_at is not None else PLAIN
        for task, table in zip(tasks, net.table, strict=True)
    ]
    net.span = [task.minutes for task in tasks]
    for number in net.children:
        net.clock[number], net.span[number] = PLAIN, 0
    clocks: tuple[Clock, ...] = (PLAIN, *tables)
    net.groups = [(number, clock) for number in range(len(frames)) for clock in clocks]
    place = {id(clock): number for number, clock in enumerate(clocks)}
    net.group = [task.frame * len(clocks) + place[id(clock)] for task, clock in zip(tasks, net.clock, strict=True)]
    net.owner = list(range(count))
    net.lowest, net.pinned_late = [-FAR] * count, [-FAR] * count
    net.highest, net.latest = [FAR] * count, [FAR] * count
    net.quick = [[] for _ in range(count)]
    net.waits = [0] * count


def _bound_tasks(net: Net) -> None:
    """No task begins before its project; few have anything else that holds them."""
    frames, tasks, children = net.network.frames, net.network.tasks, net.children
    floors = [clock.position(frames[frame].start_at) for frame, clock in net.groups]
    net.lowest = [floors[group] for group in net.group]
    for number, clock in enumerate(net.clock):
        if clock is PLAIN:
            net.lowest[number] = -FAR if number in children else _floor(net, number, tasks[number])
    is_moved = net.network.status_at is not None
    held = [
        number
        for number, task in enumerate(tasks)
        if is_moved
        or task.constraint_at is not None
        or task.deadline_at is not None
        or task.started_at is not None
        or task.fixed_at is not None
        or task.not_before is not None
    ]
    for number in held:
        if number not in children:
            _bound(net, number, tasks[number], net.lowest[number])


def _floor(net: Net, node: int, task: PlannedTask) -> int:
    """The start of the project, on the node's clock."""
    frame, clock = net.network.frames[task.frame], net.clock[node]
    if clock is PLAIN and not frame.is_from_end:
        return net.table[node].next_work(frame.start_at)
    return clock.position(frame.start_at)


def _bound(net: Net, node: int, task: PlannedTask, lowest: int) -> None:
    clock = net.clock[node]
    if task.started_at is not None:
        _begin(net, node, task, clock.position(task.started_at))
        return
    net.span[node] = task.minutes
    if task.fixed_at is not None:
        net.lowest[node] = net.highest[node] = clock.position(task.fixed_at)
        net.pinned.add(node)
    else:
        if task.constraint in _NOT_BEFORE and task.constraint_at is not None:
            # Its own date may lie before the project's start and then counts, as in Microsoft Project.
            lowest = -FAR
        if net.network.status_at is not None:
            lowest = max(lowest, clock.position(net.network.status_at))
        if task.not_before is not None:
            lowest = max(lowest, clock.position(task.not_before))
        net.lowest[node] = lowest
        if task.constraint_at is not None:
            _constrain(net, node, task.constraint, clock.position(task.constraint_at))
    if task.deadline_at is not None:
        net.latest[node] = min(net.latest[node], clock.position(task.deadline_at) - task.minutes)


def _begin(net: Net, node: int, task: PlannedTask, start: int) -> None:
    """A task that has begun stays where it began; what is left may move behind the status date."""
    clock, status = net.clock[node], net.network.status_at
    net.lowest[node] = net.highest[node] = start
    net.started.add(node)
    net.pinned.add(node)
    if task.finished_at is not None:
        net.span[node] = max(clock.position(task.finished_at) - start, 0)
        net.done.add(node)
        return
    left = task.minutes if task.left_minutes is None else task.left_minutes
    resumes = start + max(task.minutes - left, 0)
    if status is not None and left:
        resumes = max(resumes, clock.position(status))
    net.span[node] = resumes + left - start
    if task.deadline_at is not None:
        net.latest[node] = clock.position(task.deadline_at) - net.span[node]


def _constrain(net: Net, node: int, constraint: Constraint, position: int) -> None:
    start = position - (net.span[node] if constraint in {Constraint.FNET, Constraint.FNLT, Constraint.MFO} else 0)
    must = constraint in {Constraint.MSO, Constraint.MFO}
    if constraint in _NOT_BEFORE:
        net.lowest[node] = max(net.lowest[node], start)
    if must or constraint in {Constraint.SNLT, Constraint.FNLT}:
        net.latest[node] = min(net.latest[node], start)
        if net.network.honours_dates:
            net.highest[node] = start
    if must and net.network.honours_dates:
        net.lowest[node] = net.pinned_late[node] = start


def _bound_phase(net: Net, number: int, task: PlannedTask) -> None:
    if task.not_before is not None:
        gate = _gate(net, number)
        net.lowest[gate] = max(net.lowest[gate], task.not_before)
    if task.constraint is Constraint.SNET and task.constraint_at is not None:
        gate = _gate(net, number)
        net.lowest[gate] = max(net.lowest[gate], task.constraint_at)
    bounds = [task.deadline_at]
    if task.constraint is Constraint.FNLT:
        bounds.append(task.constraint_at)
    for bound in bounds:
        if bound is not None:
            end = _end(net, number)
            net.latest[end] = min(net.latest[end], bound)


def _gate(net: Net, number: int) -> int:
    """The node that all tasks under the phase wait for."""
    if number not in net.gates:
        gate = net.gates[number] = net.add_node(number, PLAIN)
        for leaf in net.leaves(number):
            if leaf not in net.started:
                net.add_bridge(_tie(net, gate, leaf))
    return net.gates[number]


def _end(net: Net, number: int) -> int:
    """The node that waits for the finish of all tasks under the phase."""
    if number not in net.ends:
        end = net.ends[number] = net.add_node(number, PLAIN)
        for leaf in net.leaves(number):
            net.add_bridge(_tie(net, leaf, end, from_finish=True))
    return net.ends[number]


def _start(net: Net, number: int) -> int:
    """The node that starts with the earliest task under the phase."""
    if number not in net.begins:
        begin = net.begins[number] = net.add_node(number, PLAIN, lowest=FAR)
        net.earliest_of.add(begin)
        for leaf in net.leaves(number):
            net.add_bridge(_tie(net, leaf, begin, is_earliest=True))
    return net.begins[number]


def _tie(net: Net, before: int, after: int, *, from_finish: bool = False, is_earliest: bool = False) -> Bridge:
    return Bridge(
        before=before, after=after, from_finish=from_finish, to_finish=False, lag=0, is_elapsed=False,
        lag_clock=PLAIN, before_clock=net.clock[before], after_clock=net.clock[after], before_span=net.span[before],
        after_span=net.span[after], is_earliest=is_earliest,
    )  # fmt: skip


def _add_links(net: Net) -> None:
    index, clock, table, span, quick, waits = net.index, net.clock, net.table, net.span, net.quick, net.waits
    started, work, usual = net.started, LagUnit.WORK, LinkKind.FS
    # Mostly a link holds the very keys that the tasks have, and those need not be hashed and compared.
    near = {id(key): number for key, number in index.items()}
    for link in net.network.links:
        try:
            before, after = near[id(link.before)], near[id(link.after)]
        except KeyError:
            before, after = index[link.before], index[link.after]
        if after in started:
            continue
        ticking = clock[after]
        # Nearly all links lie between tasks of one calendar, where they are sums.
        if ticking is clock[before] and link.unit is work and ticking is table[after]:
            kind, later = link.kind, link.lag
            if kind is usual or kind in _FROM_FINISH:
                later += span[before]
            if kind is not usual and kind in _TO_FINISH:
                later -= span[after]
            quick[before].append((after, later))
            waits[after] += 1
        else:
            _add_link(net, link, before, after)


def _add_link(net: Net, link: Link, before: int, after: int) -> None:
    from_finish, to_finish = link.kind in _FROM_FINISH, link.kind in _TO_FINISH
    lag, lag_clock, is_elapsed = link.lag, net.table[after], link.unit is LagUnit.ELAPSED
    if link.unit is LagUnit.PERCENT:
        if before in net.children:
            raise LinkRefused("A lag in percent needs a task in front, not a phase.")
        lag = (lag * net.network.tasks[before].minutes + 50) // 100
    if before in net.children:
        before = _end(net, before) if from_finish else _start(net, before)
    if after in net.children:
        if to_finish:
            raise LinkRefused("Nothing can hold the finish of a phase. Link the tasks under it.")
        after = _gate(net, after)
    same = net.clock[before] is net.clock[after]
    if same and (not lag or (not is_elapsed and lag_clock is net.clock[after])):
        later = (net.span[before] if from_finish else 0) + lag - (net.span[after] if to_finish else 0)
        net.quick[before].append((after, later))
        net.waits[after] += 1
        return
    net.add_bridge(
        Bridge(
            before=before, after=after, from_finish=from_finish, to_finish=to_finish, lag=lag, is_elapsed=is_elapsed,
            lag_clock=lag_clock, before_clock=net.clock[before], after_clock=net.clock[after],
            before_span=net.span[before], after_span=net.span[after],
        )
    )  # fmt: skip
