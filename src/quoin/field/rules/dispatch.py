"""Whether a crew can be sent: every reason against it, each said at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Trouble(StrEnum):
    """Why not. Hard ones stop a visit from being published; soft ones are shown."""

    NO_TIME = "no_time"
    NO_CREW = "no_crew"
    CREW_TOO_SMALL = "crew_too_small"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_LAPSED = "certificate_lapsed"
    AWAY = "away"
    ELSEWHERE = "elsewhere"
    EQUIPMENT_ELSEWHERE = "equipment_elsewhere"
    NOBODY_MAY_USE = "nobody_may_use"
    TRAVEL_TOO_SHORT = "travel_too_short"
    GOODS_NOT_THERE = "goods_not_there"
    OUTSIDE_WINDOW = "outside_window"


SOFT = frozenset({Trouble.CREW_TOO_SMALL, Trouble.TRAVEL_TOO_SHORT, Trouble.OUTSIDE_WINDOW, Trouble.GOODS_NOT_THERE})


@dataclass(frozen=True, slots=True)
class Found:
    """One reason against, about somebody or something."""

    trouble: Trouble
    subject: str = ""
    """The name of whom or what it is about."""
    detail: str = ""

    @property
    def is_hard(self) -> bool:
        return self.trouble not in SOFT


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate and the days on which it holds (the last one included)."""

    certificate_id: UUID
    issued_on: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch that is taken already."""

    begins_at: datetime
    ends_at: datetime
    title: str
    travel_minutes: int | None = None
    """From there to the new place, or from the new place to there; None if not known."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the crew."""

    name: str
    held: tuple[Held, ...] = ()
    busy: tuple[Busy, ...] = ()
    away_on: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Tool:
    """A shared thing, what its user must hold, and where else it is."""

    name: str
    certificate_id: UUID | None = None
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, slots=True)
class Goods:
    """What the visit is to install."""

    name: str
    is_there: bool
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit as it is to be: the work from `starts_at` to `ends_at`."""

    starts_at: datetime | None
    ends_at: datetime | None
    days: tuple[date, ...]
    crew: tuple[Worker, ...]
    crew_size: int = 1
    tools: tuple[Tool, ...] = ()
    goods: tuple[Goods, ...] = ()
    certificate_id: UUID | None = None
    certificate_name: str = ""
    earliest_on: date | None = None
    latest_on: date | None = None


def troubles(plan: Plan) -> tuple[Found, ...]:
    """Everything against the visit, hard reasons first."""
    found = [*_shape(plan), *_people(plan), *_tools(plan), *_goods(plan)]
    return tuple(sorted(found, key=lambda one: not one.is_hard))


def _shape(plan: Plan) -> Iterator[Found]:
    if plan.starts_at is None or plan.ends_at is None:
        yield Found(Trouble.NO_TIME)
    if not plan.crew:
        yield Found(Trouble.NO_CREW)
    elif len(plan.crew) < plan.crew_size:
        yield Found(Trouble.CREW_TOO_SMALL, detail=f"{len(plan.crew)}/{plan.crew_size}")
    for day in plan.days:
        if (plan.earliest_on and day < plan.earliest_on) or (plan.latest_on and day > plan.latest_on):
            yield Found(Trouble.OUTSIDE_WINDOW, detail=day.isoformat())
            return


def _people(plan: Plan) -> Iterator[Found]:
    for worker in plan.crew:
        if plan.certificate_id is not None:
            yield from _certified(worker, plan)
        away = sorted(worker.away_on.intersection(plan.days))
        if away:
            yield Found(Trouble.AWAY, worker.name, away[0].isoformat())
        yield from _elsewhere(worker.busy, plan, worker.name, Trouble.ELSEWHERE)


def _certified(worker: Worker, plan: Plan) -> Iterator[Found]:
    mine = [held for held in worker.held if held.certificate_id == plan.certificate_id]
    if not mine:
        yield Found(Trouble.CERTIFICATE_MISSING, worker.name, plan.certificate_name)
    elif not all(any(_holds(held, day) for held in mine) for day in plan.days):
        last = max((held.expires_on for held in mine if held.expires_on), default=None)
        detail = f"{plan.certificate_name} {last.isoformat() if last else ''}".strip()
        yield Found(Trouble.CERTIFICATE_LAPSED, worker.name, detail)


def _tools(plan: Plan) -> Iterator[Found]:
    for tool in plan.tools:
        yield from _elsewhere(tool.busy, plan, tool.name, Trouble.EQUIPMENT_ELSEWHERE)
        if tool.certificate_id is not None and not any(
            all(any(held.certificate_id == tool.certificate_id and _holds(held, day) for held in worker.held)
                for day in plan.days)
            for worker in plan.crew
        ):  # fmt: skip
            yield Found(Trouble.NOBODY_MAY_USE, tool.name)


def _goods(plan: Plan) -> Iterator[Found]:
    for goods in plan.goods:
        first = min(plan.days, default=None)
        late = goods.expected_on is None or (first is not None and goods.expected_on > first)
        if not goods.is_there and late:
            detail = goods.expected_on.isoformat() if goods.expected_on else ""
            yield Found(Trouble.GOODS_NOT_THERE, goods.name, detail)


def _elsewhere(busy: Iterable[Busy], plan: Plan, name: str, trouble: Trouble) -> Iterator[Found]:
    if plan.starts_at is None or plan.ends_at is None:
        return
    for other in busy:
        if other.begins_at < plan.ends_at and plan.starts_at < other.ends_at:
            yield Found(trouble, name, other.title)
        elif other.travel_minutes is not None and trouble is Trouble.ELSEWHERE:
            gap = max(plan.starts_at - other.ends_at, other.begins_at - plan.ends_at)
            if gap < timedelta(minutes=other.travel_minutes):
                yield Found(Trouble.TRAVEL_TOO_SHORT, name, other.title)


def _holds(held: Held, day: date) -> bool:
    return held.issued_on <= day and (held.expires_on is None or day <= held.expires_on)
