"""How a project stands, from facts: progress, delay, and a traffic light with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

GREEN, AMBER, RED = "on_track", "at_risk", "off_track"
LATE_DAYS, AHEAD_OF_WORK = 10, Decimal("0.10")
"""A delay of more than ten days is red; a tenth more of the budget than of the work is amber."""
WEEKS_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TaskFact:
    """A task of the plan without others under it."""

    number: int
    name: str
    minutes: int
    percent: int
    is_done: bool
    is_milestone: bool
    starts_on: date | None
    due_on: date | None
    was_due_on: date | None = None
    """In the baseline."""

    @property
    def delay_days(self) -> int:
        """Calendar days after the baseline; negative is earlier."""
        return (self.due_on - self.was_due_on).days if self.due_on and self.was_due_on else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What the traffic light looks at."""

    progress: Decimal
    used: Decimal | None
    """Of the budget; None without one."""
    delay_days: int
    overdue: int
    grave_risks: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """The colour, and which facts speak for it (worst first), by key and number."""

    health: str
    reasons: tuple[tuple[str, int], ...]


def progress(tasks: Iterable[TaskFact]) -> Decimal:
    """The part of the work that is done, each task weighed by its estimate; without estimates each counts alike."""
    work = [one for one in tasks if not one.is_milestone]
    if not work:
        return Decimal(0)
    is_weighed = any(one.minutes for one in work)
    weights = [(one.minutes if is_weighed else 1, 100 if one.is_done else one.percent) for one in work]
    return Decimal(sum(weight * percent for weight, percent in weights)) / (sum(one for one, _ in weights) * 100)


def slipped(tasks: Iterable[TaskFact]) -> tuple[TaskFact, ...]:
    """Tasks that are later than in the baseline, the latest first."""
    return tuple(sorted((one for one in tasks if one.delay_days > 0), key=lambda one: (-one.delay_days, one.number)))


def delay(tasks: Sequence[TaskFact]) -> int:
    """By how many days the end of the plan is later than in the baseline; negative is earlier."""
    now = [one.due_on for one in tasks if one.due_on]
    was = [one.was_due_on for one in tasks if one.was_due_on]
    return (max(now) - max(was)).days if now and was else 0


def overdue(tasks: Iterable[TaskFact], on: date) -> tuple[TaskFact, ...]:
    """Open tasks that should be done by the day."""
    return tuple(one for one in tasks if not one.is_done and one.due_on is not None and one.due_on < on)


def upcoming(tasks: Iterable[TaskFact], on: date) -> tuple[TaskFact, ...]:
    """Open tasks that are worked on or due within two weeks after the day, in the order of their dates."""
    last = on + WEEKS_AHEAD
    found = [
        one
        for one in tasks
        if not one.is_done
        and one.starts_on is not None
        and one.starts_on <= last
        and (one.due_on or one.starts_on) >= on
    ]
    return tuple(sorted(found, key=lambda one: (one.starts_on or on, one.number)))


def propose(standing: Standing) -> Proposal:
    """Red for what has gone wrong, amber for what may, green else."""
    red: list[tuple[str, int]] = []
    amber: list[tuple[str, int]] = []
    if standing.delay_days > 0:
        (red if standing.delay_days > LATE_DAYS else amber).append(("late", standing.delay_days))
    if standing.used is not None:
        percent = int(standing.used * 100)
        if standing.used > 1:
            red.append(("over_budget", percent))
        elif standing.used > standing.progress + AHEAD_OF_WORK:
            amber.append(("fast_burn", percent))
    if standing.overdue:
        amber.append(("overdue", standing.overdue))
    if standing.grave_risks:
        amber.append(("risks", standing.grave_risks))
    return Proposal(RED if red else AMBER if amber else GREEN, (*red, *amber))
