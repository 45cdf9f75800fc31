"""A slow scheduler to hold the engine to: instants instead of positions, fixpoints instead of passes.

Each calendar is counted minute by minute over a few weeks. A link is only ever asked one question: is it met if the
predecessor begins here and the successor there? Early and late dates are the first and last that meet all links.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import partial
from itertools import product

from quoin.kernel.workcal import OFFICE_DAY, WorkCalendar, minute_of, standard_calendar, weekly
from quoin.projects.rules.schedule.values import Key, Link, Network, PlannedTask
from quoin.projects.types import Constraint, LagUnit, LinkKind

FIRST = date(2026, 2, 2)
DAYS = 140
ORIGIN = minute_of(datetime(2026, 2, 2))
CALENDARS = (
    standard_calendar(exceptions={FIRST + timedelta(days=61): (), FIRST + timedelta(days=66): ((600, 660),)}),
    standard_calendar(((360, 840),), days_per_week=6),
    WorkCalendar(weekly([((0, 300), (1200, 1440))] * 4 + [((0, 300),)])),
    WorkCalendar(weekly([((0, 1440),)] * 7)),
    WorkCalendar(weekly([OFFICE_DAY, (), ((480, 600),), (), OFFICE_DAY])),
)


class Counted:
    """A calendar as a list: working minutes before each minute, and back."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.before, self.first_at, self.last_at = [0], [0], [0]
        for offset in range(DAYS):
            spans = calendar.spans_on(FIRST + timedelta(days=offset))
            for minute in range(1440):
                worked = any(start <= minute < end for start, end in spans)
                self.before.append(self.before[-1] + worked)
                now = len(self.before) - 1
                if worked:
                    self.first_at.append(now)
                    self.last_at.append(now)
                else:
                    self.last_at[-1] = now

    def position(self, minute: int) -> int:
        return self.before[max(minute - ORIGIN, 0)]


class Plain:
    """The clock of milestones."""

    first_at = last_at = range(ORIGIN, ORIGIN + DAYS * 1440)


COUNTED = tuple(Counted(calendar) for calendar in CALENDARS)


class Reference:
    """Dates of a network; positions are indices into the task's own list of minutes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tasks = {task.key: task for task in network.tasks}
        self.parents = {task.parent for task in network.tasks} - {None}
        self.leaves = [task for task in network.tasks if task.key not in self.parents]
        self.links = [link for link in network.links if link.after in self.parents or not self._begun(link.after)]
        self.span = {task.key: self._span(task) for task in self.leaves}
        self.begins = {number: frame.start_at for number, frame in enumerate(network.frames)}
        if any(frame.is_from_end for frame in network.frames):
            self._begin_from_ends()
        self.early, self.behind = self._early()
        self.ends = {
            number: frame.end_at if frame.end_at is not None else self._last(number, self.early)
            for number, frame in enumerate(network.frames)
        }
        self.late = self._late(self.early, self.ends)
        self.put = self._put()

    def _begin_from_ends(self) -> None:
        frames = self.network.frames
        horizon = ORIGIN + (DAYS - 30) * 1440
        ends = {n: frame.end_at if frame.is_from_end else horizon for n, frame in enumerate(frames)}
        late = self._late(self._early()[0], ends)
        for number, frame in enumerate(frames):
            free = [t for t in self.leaves if t.frame == number and not self._pinned(t)]
            if frame.is_from_end:
                self.begins[number] = min((self.start_at(t, late[t.key]) for t in free), default=frame.start_at)

    def counted(self, task: PlannedTask) -> Counted:
        return COUNTED[self.network.frames[task.frame].calendar if task.calendar is None else task.calendar]

    def is_plain(self, task: PlannedTask) -> bool:
        return not task.minutes and task.started_at is None

    def position(self, task: PlannedTask, minute: int) -> int:
        return minute - ORIGIN if self.is_plain(task) else self.counted(task).position(minute)

    def start_at(self, task: PlannedTask, position: int) -> int:
        return ORIGIN + position if self.is_plain(task) else ORIGIN + self.counted(task).last_at[position]

    def end_at(self, task: PlannedTask, position: int) -> int:
        return ORIGIN + position if self.is_plain(task) else ORIGIN + self.counted(task).first_at[position]

    def _begun(self, key: Key) -> bool:
        return self.tasks[key].started_at is not None

    def _pinned(self, task: PlannedTask) -> bool:
        return task.fixed_at is not None or task.started_at is not None

    def _span(self, task: PlannedTask) -> int:
        if task.started_at is None:
            return task.minutes
        start = self.position(task, task.started_at)
        if task.finished_at is not None:
            return max(self.position(task, task.finished_at) - start, 0)
        left = task.minutes if task.left_minutes is None else task.left_minutes
        end = start + max(task.minutes - left, 0) + left
        if self.network.status_at is not None and left:
            end = max(end, self.position(task, self.network.status_at) + left)
        return end - start

    def under(self, key: Key) -> list[PlannedTask]:
        """The tasks that a link to the key means."""
        if key not in self.parents:
            return [self.tasks[key]]
        return [leaf for task in self.network.tasks if task.parent == key for leaf in self.under(task.key)]

    def met(self, link: Link, before: PlannedTask, earlier: int, after: PlannedTask, later: int) -> bool:
        """Whether the link lets one begin at `earlier` and the other at `later`."""
        from_finish = link.kind in {LinkKind.FS, LinkKind.FF}
        end = earlier + self.span[before.key]
        at = self.end_at(before, end) if from_finish else self.start_at(before, earlier)
        return self.after_instant(link, at, after, later)

    def after_instant(self, link: Link, at: int, after: PlannedTask, later: int) -> bool:
        lag = link.lag
        if link.unit is LagUnit.PERCENT:
            lag = (lag * self.tasks[link.before].minutes + 50) // 100
        held = later + (self.span[after.key] if link.kind in {LinkKind.FF, LinkKind.SF} else 0)
        if link.unit is LagUnit.ELAPSED:
            at, lag = at + lag, 0
        if lag:
            # On the calendar of what the link names, which for a phase is the phase's own.
            counted = self.counted(self.tasks[link.after])
            wanted = counted.position(at) + lag
            if not self.is_plain(after) and counted is self.counted(after) and link.after == after.key:
                return held >= wanted
            if wanted <= 0:
                return True
            at = ORIGIN + counted.first_at[wanted]
        return held >= self.position(after, at)

    def pairs(self) -> list[tuple[Link, PlannedTask, PlannedTask]]:
        """Links between tasks, those of phases written out, but for those from the start of a phase."""
        return [
            (link, before, after)
            for link in self.links
            if not self.from_phase_start(link)
            for before, after in product(self.under(link.before), self.under(link.after))
            if after.started_at is None
        ]

    def from_phase_start(self, link: Link) -> bool:
        return link.before in self.parents and link.kind in {LinkKind.SS, LinkKind.SF}

    def driver(self, link: Link, starts: dict[Key, int]) -> PlannedTask:
        order = {task.key: number for number, task in enumerate(self.network.tasks)}
        return min(self.under(link.before), key=lambda task: (self.start_at(task, starts[task.key]), order[task.key]))

    def lowest(self, task: PlannedTask) -> int:
        if task.started_at is not None:
            return self.position(task, task.started_at)
        if task.fixed_at is not None:
            return self.position(task, task.fixed_at)
        begins = self.begins[task.frame]
        if self.is_plain(task) and not self.network.frames[task.frame].is_from_end:
            counted = self.counted(task)
            begins = ORIGIN + counted.last_at[counted.position(begins)]
        # A date of its own takes the place of the project's start, before it or behind it.
        is_dated = task.constraint in {Constraint.SNET, Constraint.FNET, Constraint.MSO, Constraint.MFO}
        floors = [None if is_dated else begins, self.network.status_at, task.not_before]
        floors += [self._phase_floor(above) for above in self._above(task)]
        found = [self.position(task, at) for at in floors if at is not None]
        if task.constraint in {Constraint.SNET, Constraint.FNET, Constraint.MSO, Constraint.MFO}:
            found.append(self.dated(task))
        if self.network.honours_dates and task.constraint in {Constraint.MSO, Constraint.MFO}:
            return self.dated(task)
        return max(found)

    def _asked(self, task: PlannedTask) -> int:
        """The start that dates ask for, before links: a task with a date of its own may fall short of its phase's."""
        floors = [self._phase_floor(above) for above in self._above(task)]
        asked = [self.position(task, at) for at in floors if at is not None and task.started_at is None]
        return max([self.lowest(task), *asked])

    def _above(self, task: PlannedTask) -> list[PlannedTask]:
        return [] if task.parent is None else [self.tasks[task.parent], *self._above(self.tasks[task.parent])]

    def _phase_floor(self, phase: PlannedTask) -> int | None:
        floors = [phase.not_before, phase.constraint_at if phase.constraint is Constraint.SNET else None]
        return max((at for at in floors if at is not None), default=None)

    def dated(self, task: PlannedTask) -> int:
        """The start that the constraint's date means."""
        at_end = task.constraint in {Constraint.FNET, Constraint.FNLT, Constraint.MFO}
        return self.position(task, task.constraint_at) - (self.span[task.key] if at_end else 0)

    def highest(self, task: PlannedTask) -> int | None:
        if self._pinned(task):
            return self.lowest(task)
        hard = {Constraint.MSO, Constraint.MFO, Constraint.SNLT, Constraint.FNLT}
        return self.dated(task) if self.network.honours_dates and task.constraint in hard else None

    def _early(self) -> tuple[dict[Key, int], dict[Key, int]]:
        wanted = {task.key: self._asked(task) for task in self.leaves}
        starts: dict[Key, int] = {}
        while True:
            held = {}
            for task in self.leaves:
                highest = self.highest(task)
                held[task.key] = wanted[task.key] if highest is None else min(wanted[task.key], highest)
            if held == starts:
                return starts, {key: wanted[key] - starts[key] for key in wanted if wanted[key] > starts[key]}
            starts = held
            wanted = {task.key: self._asked(task) for task in self.leaves}
            for link, before, after in self.pairs():
                wanted[after.key] = self._first(
                    partial(self.met, link, before, starts[before.key], after),
                    wanted[after.key],
                )
            for link in filter(self.from_phase_start, self.links):
                driver = self.driver(link, starts)
                at = self.start_at(driver, starts[driver.key])
                for after in self.under(link.after):
                    if after.started_at is None:
                        wanted[after.key] = self._first(
                            lambda p, link=link, at=at, after=after: self.after_instant(link, at, after, p),
                            wanted[after.key],
                        )

    @staticmethod
    def _first(question: object, low: int) -> int:
        return low + bisect_left(range(DAYS * 1440), True, key=lambda step: question(low + step))

    def _latest(self, question: object, high: int) -> int:
        return high - bisect_left(range(DAYS * 1440), True, key=lambda step: high - step < 1 or question(high - step))

    def _last(self, number: int, starts: dict[Key, int]) -> int:
        own = [task for task in self.leaves if task.frame == number]
        finishes = [self.end_at(task, starts[task.key] + self.span[task.key]) for task in own]
        return max([self.begins[number], *finishes])

    def bound(self, task: PlannedTask, ends: dict[int, int]) -> int:
        """The latest start by the end of the project and by dates."""
        limits = [ends[task.frame], task.deadline_at if task.finished_at is None else None]
        for above in self._above(task):
            limits += [above.deadline_at, above.constraint_at if above.constraint is Constraint.FNLT else None]
        found = [self.position(task, at) - self.span[task.key] for at in limits if at is not None]
        hard = {Constraint.MSO, Constraint.MFO, Constraint.SNLT, Constraint.FNLT}
        if task.constraint in hard and not self._pinned(task):
            found.append(self.dated(task))
        return min(found)

    def limited(self, task: PlannedTask, starts: dict[Key, int], early: dict[Key, int], high: int) -> int:
        """The last start, at most `high`, that leaves every successor at its start."""
        for link, before, after in self.pairs():
            if before is task:
                high = self._latest(
                    lambda p, link=link, after=after: self.met(link, task, p, after, starts[after.key]), high
                )
        for link in filter(self.from_phase_start, self.links):
            if self.driver(link, early) is task:
                for after in self.under(link.after):
                    if after.started_at is None:
                        high = self._latest(
                            lambda p, link=link, after=after: self.after_instant(
                                link, self.start_at(task, p), after, starts[after.key]
                            ),
                            high,
                        )
        return high

    def _late(self, early: dict[Key, int], ends: dict[int, int]) -> dict[Key, int]:
        late = {task.key: self.bound(task, ends) for task in self.leaves}
        while True:
            found = {}
            for task in self.leaves:
                found[task.key] = self.limited(task, late, early, self.bound(task, ends))
                hard = task.constraint in {Constraint.MSO, Constraint.MFO} and self.network.honours_dates
                if hard and not self._pinned(task):
                    found[task.key] = max(found[task.key], self.dated(task))
                if task.finished_at is not None:
                    found[task.key] = early[task.key]
            if found == late:
                return late
            late = found

    def _put(self) -> dict[Key, int]:
        put = dict(self.early)
        while True:
            found = dict(put)
            for task in self.leaves:
                undated = task.constraint in {Constraint.ASAP, Constraint.ALAP} and not self._pinned(task)
                if undated and (task.constraint is Constraint.ALAP or self.network.frames[task.frame].is_from_end):
                    free = self.limited(task, put, self.early, self.bound(task, self.ends))
                    found[task.key] = max(self.early[task.key], min(free, self.late[task.key]))
            if found == put:
                return put
            put = found

    def dates(self, task: PlannedTask, position: int) -> tuple[int, int]:
        if not self.span[task.key]:
            return (self.start_at(task, position),) * 2
        return self.start_at(task, position), self.end_at(task, position + self.span[task.key])

    def floats(self, task: PlannedTask) -> tuple[int, int]:
        """Total and free float in working minutes."""
        if task.finished_at is not None:
            return 0, 0
        early, late, put = self.early[task.key], self.late[task.key], self.put[task.key]
        limit = self.limited(task, self.put, self.early, self.bound(task, self.ends))
        if not self.is_plain(task):
            return late - early, limit - put
        counted = self.counted(task)
        early, late, put, limit = (counted.before[at] for at in (early, late, put, limit))
        return late - early, limit - put
