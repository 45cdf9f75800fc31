"""What staffing may aim at, and the points of somebody on a request under a goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from quoin.resourcing.rules.candidates import scored
from quoin.resourcing.rules.staffing.values import WHOLE, Ask, Goal, Worker
from quoin.resourcing.types import Candidate, Need, Reason

KINDS = ("availability", "skill", "nice", "confirmed", "role", "margin", "continuity", "wish", "place", "tentative")
MOST_WEIGHT, MOST_SPREAD = 1000, 20
GOALS: dict[str, Goal] = {
    "balanced": Goal("balanced", {"margin": 0}, 4),
    "margin": Goal("margin", {"margin": 300, "continuity": 50}, 0),
    "continuity": Goal("continuity", {"continuity": 300, "margin": 0}, 1),
    "grow": Goal("grow", {"wish": 500, "skill": 50, "margin": 0}, 1),
    "travel": Goal("travel", {"place": 500, "margin": 0}, 1),
}
"""Cost is looked at under the goal of margin only, unless the weights say otherwise."""
FILLED = {1: 800, 2: 400, 3: 200, 4: 100}
"""Points for filling a request, by its priority."""
SHARED, LATER, WILLING, ZONE_HOUR = -5, -3, 5, -1
_CHEAPEST, _HOUR = 15, 60


def goal_of(name: str, weights: dict[str, int] | None = None, spread: int | None = None) -> Goal:
    """The named goal with other weights; KeyError for a name that is none, ValueError for a weight out of range."""
    base = GOALS[name]
    given = weights or {}
    for kind, weight in given.items():
        if kind not in KINDS or not 0 <= weight <= MOST_WEIGHT:
            raise ValueError(f"{kind}: {weight}")
    spread = base.spread if spread is None else spread
    if not 0 <= spread <= MOST_SPREAD:
        raise ValueError(f"spread: {spread}")
    return Goal(name, {**base.weights, **given}, spread)


def candidate_for(ask: Ask, worker: Worker) -> Candidate:
    """The person with the work done for this request's client."""
    client, project = ask.worked.get(worker.candidate.person_id, (0, 0))
    if not client and not project:
        return worker.candidate
    return replace(worker.candidate, worked_minutes_for_client=client, worked_minutes_on_project=project)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person on a request as the points see it: the minutes by day, the share of it that they cover."""

    ask: Ask
    worker: Worker
    need: Need
    wanted: dict[date, int]
    cover: Decimal
    dearest: Decimal
    """Cost of the dearest person, for comparison where no rate is known."""


def points(goal: Goal, seat: Seat) -> list[Reason]:
    """Facts with their points under the goal, without those of share and start."""
    ask, worker, need, dearest = seat.ask, seat.worker, seat.need, seat.dearest
    candidate = candidate_for(ask, worker)
    found = [*scored(need, candidate, seat.wanted, seat.cover).reasons]
    if need.rate_per_hour is None and candidate.cost_per_hour is not None and dearest > 0:
        saved = dearest - candidate.cost_per_hour
        found.append(Reason("margin", int(_CHEAPEST * saved / dearest), f"costs {saved:.0f} an hour less than others"))
    if ask.zone_minutes is not None and worker.zone_minutes is not None:
        hours = abs(ask.zone_minutes - worker.zone_minutes) // _HOUR
        found.append(Reason("place", ZONE_HOUR * hours, f"{hours} h time difference"))
    if candidate.person_id in ask.wanted_by:
        found.append(Reason("wish", WILLING, "was asked and is willing"))
    return weighed(goal, found)


def weighed(goal: Goal, reasons: Iterable[Reason]) -> list[Reason]:
    """Points times the weight of their kind; what counts nothing is left out."""
    found = []
    for one in reasons:
        counted = one.points * goal.weight(one.key)
        rounded = (abs(counted) + WHOLE // 2) // WHOLE * (1 if counted > 0 else -1)
        if rounded:
            found.append(Reason(one.key, rounded, one.text))
    return found
