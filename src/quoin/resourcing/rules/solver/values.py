"""What a scheduling problem is and what an answer to it looks like, in whole periods.

Times count periods from 0, ends are exclusive. A caller maps periods to calendars and cost to money.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class LinkKind(Enum):
    """Which end of the first task holds which end of the second."""

    FINISH_START = "fs"
    START_START = "ss"
    FINISH_FINISH = "ff"
    START_FINISH = "sf"


class Objective(Enum):
    """What the answer is to be smallest in."""

    MAKESPAN = "makespan"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a resource a task holds while it runs."""

    resource: int
    amount: int


@dataclass(frozen=True, slots=True)
class Need:
    """People a task holds while it runs, each with the skill at the level or above."""

    skill: int
    level: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    duration: int
    uses: tuple[Use, ...] = ()
    needs: tuple[Need, ...] = ()
    earliest: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """`later` may not begin (or end) before `earlier` begins or ends, plus the lag."""

    earlier: int
    later: int
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Resource:
    """Capacity per period; `changes` are (first period, capacity from there on), ascending."""

    capacity: int
    changes: tuple[tuple[int, int], ...] = ()

    def at(self, period: int) -> int:
        return next((amount for first, amount in reversed(self.changes) if first <= period), self.capacity)

    @property
    def peak(self) -> int:
        return max((self.capacity, *(amount for _, amount in self.changes)))

    @property
    def settled(self) -> int:
        """What stays for good after the last change."""
        return self.changes[-1][1] if self.changes else self.capacity


@dataclass(frozen=True, slots=True)
class Person:
    """Skills as (skill, level), cost per period worked, and periods when the person is not there."""

    skills: tuple[tuple[int, int], ...]
    cost: int = 0
    absences: tuple[tuple[int, int], ...] = ()

    def fits(self, need: Need) -> bool:
        return any(skill == need.skill and level >= need.level for skill, level in self.skills)


@dataclass(frozen=True, slots=True)
class Problem:
    """With `deadline`, every task ends by it; an objective of cost asks for one."""

    tasks: tuple[Task, ...]
    links: tuple[Link, ...] = ()
    resources: tuple[Resource, ...] = ()
    people: tuple[Person, ...] = ()
    objective: Objective = Objective.MAKESPAN
    deadline: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One person on one need of one task."""

    person: int
    need: int


@dataclass(frozen=True, slots=True)
class Step:
    """The answer so far: seconds since the start, its value and the proven bound."""

    seconds: float
    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class Solution:
    """Starts and duties in the order of the tasks; `bound` is proven for the value of the objective."""

    starts: tuple[int, ...]
    duties: tuple[tuple[Duty, ...], ...]
    makespan: int
    cost: int
    value: int
    bound: int
    history: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def is_proven(self) -> bool:
        return self.value <= self.bound

    @property
    def gap_ratio(self) -> float:
        """How much the answer may at most be above the best possible, as a share of it."""
        return (self.value - self.bound) / self.bound if self.bound > 0 else float(self.value > self.bound)


def never() -> bool:
    return False


def unheard(step: Step) -> None:
    """Takes a step of an answer nobody waits for."""
    del step


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try. `seconds` is wall clock on `workers` cores.

    With `work` (thousands of schedules tried) the answer depends on the problem, the seed and the work alone: one
    core, no clock. `cancelled` is asked several times a second; `progress` hears each better answer or bound.
    """

    seconds: float = 10.0
    seed: int = 1
    workers: int = 2
    work: int | None = None
    progress: Callable[[Step], None] = unheard
    cancelled: Callable[[], bool] = never


class NoSchedule(ValueError):
    """The problem has no schedule at all, or none was found in the effort allowed; `is_proven` tells which."""

    def __init__(self, reason: str, *, is_proven: bool) -> None:
        super().__init__(reason)
        self.is_proven = is_proven
