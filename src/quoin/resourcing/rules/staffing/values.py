"""What staffing is asked and what it answers. Worth counts hundredths of points, so that shares stay whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID

from quoin.resourcing.rules.solver.values import Step
from quoin.resourcing.types import Candidate, Need, Reason

WHOLE = 100
VERSION = "1"
"""Of the rules: answers of another version may differ for the same input."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What counts how much: per cent of the usual points of each kind of fact, and points for an even load.

    `spread` is what every ten points of utilisation above the common level cost, per person.
    """

    name: str = "balanced"
    weights: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    spread: int = 3

    def weight(self, kind: str) -> int:
        return self.weights.get(kind, WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request that is open for `open_share` per cent of its effort."""

    id: UUID
    number: int
    title: str
    need: Need
    priority: int = 2
    open_share: int = WHOLE
    most_people: int = 1
    least_share: int = 50
    slack_weeks: int = 0
    """Weeks by which it may start later."""
    zone_minutes: int | None = None
    """Of the place of work, east of Greenwich."""
    refused_by: frozenset[UUID] = frozenset()
    wanted_by: frozenset[UUID] = frozenset()
    """Who was asked and is willing."""
    booked: frozenset[UUID] = frozenset()
    worked: Mapping[UUID, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    """Minutes of people for the client and on the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who may be assigned. Nothing else about a person is read: no age, no gender, no past absence."""

    candidate: Candidate
    zone_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All open requests and all people, in a fixed order."""

    asks: tuple[Ask, ...]
    workers: tuple[Worker, ...]
    goal: Goal = field(default_factory=Goal)
    keeps_tentative: bool = True
    """Whether tentative bookings take room."""
    least_cover: int = 80
    """Per cent of a request that somebody who is away for some of it must still be there for."""


@dataclass(frozen=True, slots=True)
class Option:
    """A person for a share of a request, from so many weeks later on."""

    ask: int
    worker: int
    shift: int
    share: int
    minutes: tuple[tuple[date, int], ...]
    reasons: tuple[Reason, ...]
    """The points add up to the score."""
    worth: int

    @property
    def score(self) -> int:
        return sum(reason.points for reason in self.reasons)

    @property
    def total(self) -> int:
        return sum(minutes for _day, minutes in self.minutes)


@dataclass(frozen=True, slots=True)
class Menu:
    """Every option, and for each request who is ruled out by what."""

    options: tuple[Option, ...]
    excluded: Mapping[tuple[int, int], tuple[Reason, ...]]
    """By request and worker."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to staff. `worth` = worth of the options less what an uneven load costs."""

    options: tuple[Option, ...]
    worth: int
    loss: int = 0
    """Against the best plan."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why somebody is not on a request: `kind` is hard, busy, less or equal."""

    ask: int
    worker: int
    kind: str
    reasons: tuple[Reason, ...]
    beside: tuple[int, ...] = ()
    """Requests that the person is better used on."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who would fit if one demand of the request were waived."""

    reason: Reason
    worker: int


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A request that stays open, and what would fill it."""

    ask: int
    share: int
    """Per cent that is not filled."""
    drops: tuple[int, ...] = ()
    """The smallest set of other requests that would have to go."""
    is_smallest: bool = True
    """Whether it is proven that no smaller set does."""
    earliest: tuple[int, int] | None = None
    """Weeks later, and who could then."""
    less: tuple[int, int] | None = None
    """Per cent of the effort for which there is somebody, and who."""
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the joint answer differs from filling the requests one by one in their order."""

    ask: int
    alone: tuple[int, ...]
    joint: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Load of a person in per cent of the capacity of the whole span, before and after."""

    worker: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The best plan, how good it is, up to three others, and every reason."""

    best: Plan
    others: tuple[Plan, ...]
    bound: int
    """Proven: no plan is worth more."""
    first_seconds: float
    seconds: float
    is_repeatable: bool
    """False if the clock or somebody stopped the search: another run may find another answer."""
    history: tuple[Step, ...]
    why_not: tuple[WhyNot, ...]
    unfilled: tuple[Unfilled, ...]
    differences: tuple[Difference, ...]
    spread: tuple[Spread, ...]
    one_by_one: int = 0
    """What filling one by one is worth."""

    @property
    def is_proven(self) -> bool:
        return self.bound <= self.best.worth

    @property
    def gap_ratio(self) -> float:
        """How much a better plan could at most be worth more, as a share of it."""
        return max(0, self.bound - self.best.worth) / self.bound if self.bound > 0 else 0.0
