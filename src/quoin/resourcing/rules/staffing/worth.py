"""What a plan is worth, exactly, in whole hundredths of points; and which room it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quoin.resourcing.rules.staffing.options import free_minutes
from quoin.resourcing.rules.staffing.values import WHOLE, Case, Menu, Option, Plan

SECOND_TIER = 15
"""Points of utilisation above the common level from which on more load costs twice."""
_TENTH = 10
Minutes = tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """What all judgements of one case share: room by day, load and capacity of the span, and the common level."""

    case: Case
    menu: Menu
    free: tuple[dict[date, int], ...]
    loads: tuple[int, ...]
    capacities: tuple[int, ...]
    level: int
    """Per cent of capacity if the load of all, with all open requests, were even."""

    @classmethod
    def of(cls, case: Case, menu: Menu) -> Field:
        days = span(case)
        loads, capacities = [], []
        for worker in case.workers:
            one = worker.candidate
            capacities.append(sum(one.capacity.get(day, 0) for day in days))
            loads.append(sum(one.firm.get(day, 0) + one.tentative.get(day, 0) for day in days))
        able = {option.worker for option in menu.options}
        wanted: dict[int, int] = {}
        for option in menu.options:
            whole = option.total * case.asks[option.ask].open_share // option.share
            wanted[option.ask] = min(wanted.get(option.ask, whole), whole)
        room = sum(capacities[at] for at in able)
        load = sum(loads[at] for at in able) + sum(wanted.values())
        return cls(
            case, menu, tuple(free_minutes(one, keeps_tentative=case.keeps_tentative) for one in case.workers),
            tuple(loads), tuple(capacities), -(-WHOLE * load // room) if room else WHOLE,
        )  # fmt: skip

    def levels(self) -> tuple[int, int]:
        """Where load starts to cost, and where it costs twice."""
        return self.level, self.level + SECOND_TIER

    def uneven(self, worker: int, assigned: int) -> int:
        """What the load of a person with so many assigned minutes costs."""
        capacity, weight = self.capacities[worker], self.case.goal.spread * _TENTH
        if not capacity or not weight:
            return 0
        load = self.loads[worker] + assigned
        return sum(max(0, -(-weight * (WHOLE * load - level * capacity) // capacity)) for level in self.levels())

    def worth(self, options: Iterable[Option]) -> int:
        """The worth of the options less what each person's load costs, beyond what it costs already."""
        chosen = list(options)
        assigned: dict[int, int] = {}
        for one in chosen:
            assigned[one.worker] = assigned.get(one.worker, 0) + one.total
        uneven = sum(self.uneven(at, minutes) - self.uneven(at, 0) for at, minutes in assigned.items())
        return sum(one.worth for one in chosen) - uneven

    def ceiling(self) -> int:
        """No plan is worth more: each request by its best option, as if it were alone."""
        best: dict[int, int] = {}
        for one in self.menu.options:
            whole = -(-one.worth * self.case.asks[one.ask].open_share // one.share)
            best[one.ask] = max(best.get(one.ask, 0), whole)
        return sum(best.values())

    def plan(self, options: Iterable[Option], *, best: int | None = None) -> Plan:
        """The options in order, with their worth."""
        chosen = tuple(sorted(options, key=lambda one: (one.ask, one.worker)))
        worth = self.worth(chosen)
        return Plan(chosen, worth, 0 if best is None else best - worth)


def span(case: Case) -> list[date]:
    """Every day that an open request could take."""
    days = {day for ask in case.asks for day in ask.need.days}
    for ask in case.asks:
        if ask.slack_weeks:
            last = max(ask.need.days)
            days |= {date.fromordinal(last.toordinal() + at) for at in range(1, 7 * ask.slack_weeks + 1)}
    return sorted(days)


class Books:
    """Room that is left while a plan grows: minutes by person and day."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.left = [dict(one) for one in field.free]
        self.assigned = [0] * len(field.free)

    def takes(self, option: Option) -> bool:
        left = self.left[option.worker]
        return all(left.get(day, 0) >= minutes for day, minutes in option.minutes)

    def add(self, option: Option) -> None:
        self._move(option, -1)

    def remove(self, option: Option) -> None:
        self._move(option, 1)

    def gain(self, option: Option) -> int:
        """What the plan is worth more with it."""
        there = self.assigned[option.worker]
        cost = self.field.uneven(option.worker, there + option.total) - self.field.uneven(option.worker, there)
        return option.worth - cost

    def _move(self, option: Option, sign: int) -> None:
        left = self.left[option.worker]
        for day, minutes in option.minutes:
            left[day] += sign * minutes
        self.assigned[option.worker] -= sign * option.total


def by_ask(case: Case, options: Sequence[Option]) -> list[list[Option]]:
    """The options of each request."""
    found: list[list[Option]] = [[] for _ask in case.asks]
    for one in options:
        found[one.ask].append(one)
    return found
