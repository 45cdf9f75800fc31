"""All options of a case: who could take which share of which request from when on, and why nobody else could.

The minutes of an option are those of the bookings that would be made for it, day by day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from quoin.kernel.quantity import clock
from quoin.resourcing.rules.candidates import lacks
from quoin.resourcing.rules.filling import Part, parts_of
from quoin.resourcing.rules.spreading import spread
from quoin.resourcing.rules.staffing.goals import FILLED, LATER, SHARED, Seat, points
from quoin.resourcing.rules.staffing.values import WHOLE, Ask, Case, Menu, Option, Worker
from quoin.resourcing.types import Candidate, Effort, Need, Reason

_COARSE, _FINE, _WEEK, _WORKDAYS, _DAY = 25, 10, 7, 5, 480
Minutes = tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A share of a need from some weeks later on: the bookings for it, and its minutes in full working weeks."""

    shift: int
    share: int
    need: Need
    bookings: tuple[Part, ...]
    whole: int


def cut(need: Need, shift: int, share: int) -> Cut:
    """The share of the need, `shift` weeks later."""
    later = shifted(need, shift)
    bookings = parts(later, share)
    usual = {day: _DAY if day.weekday() < _WORKDAYS else 0 for day in later.days}
    return Cut(shift, share, later, tuple(bookings), sum(minutes for _day, minutes in spent(bookings, usual)))


def menu(case: Case) -> Menu:
    """Every option that no hard rule forbids by itself, in the order of requests, people, starts and shares."""
    options: list[Option] = []
    excluded: dict[tuple[int, int], tuple[Reason, ...]] = {}
    maker = _Maker(case)
    for at, ask in enumerate(case.asks):
        cuts = [cut(ask.need, shift, share) for shift in range(ask.slack_weeks + 1) for share in shares(ask)]
        for number, worker in enumerate(case.workers):
            against = barred(ask, worker)
            made = [] if against else [maker.option(at, number, one) for one in cuts]
            found = [one for one in made if isinstance(one, Option)]
            options += found
            if not found:
                excluded[at, number] = tuple(against) or tuple(one for one in made[-1:] if isinstance(one, Reason))
    return Menu(tuple(options), excluded)


class _Maker:
    """Makes options of a case: what all of them share is worked out once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.dearest = max((one.candidate.cost_per_hour or Decimal(0) for one in case.workers), default=Decimal(0))
        self.free = [free_minutes(worker, keeps_tentative=case.keeps_tentative) for worker in case.workers]

    def option(self, at: int, number: int, one: Cut) -> Option | Reason:
        worker = self.case.workers[number]
        minutes = fits(self.case, worker, self.free[number], one)
        if isinstance(minutes, Reason):
            return minutes
        ask = self.case.asks[at]
        reasons = self._reasons(ask, worker, one, minutes)
        worth = (FILLED[ask.priority] + sum(reason.points for reason in reasons)) * one.share
        return Option(at, number, one.shift, one.share, minutes, reasons, worth)

    def _reasons(self, ask: Ask, worker: Worker, one: Cut, minutes: Minutes) -> tuple[Reason, ...]:
        given = sum(amount for _day, amount in minutes)
        usual = own_whole(one, worker.candidate)
        cover = Decimal(1) if given >= usual else Decimal(given * WHOLE // usual) / WHOLE
        seat = Seat(ask, worker, one.need, dict(minutes), cover, self.dearest)
        found = points(self.case.goal, seat)
        if one.share < ask.open_share:
            found.append(Reason("shared", SHARED, f"takes {one.share} % of it"))
        if one.shift:
            found.append(
                Reason("start", LATER * one.shift, f"starts {one.shift} week{'s' if one.shift > 1 else ''} later")
            )
        return tuple(sorted(found, key=lambda reason: (-reason.points, reason.key, reason.text)))


def barred(ask: Ask, worker: Worker) -> list[Reason]:
    """Hard rules that do not look at the calendar's room; certificates count on the days of the first start."""
    person = worker.candidate.person_id
    found = []
    if person in ask.refused_by:
        found.append(Reason("answer", 0, "was asked and has said no"))
    if person in ask.booked:
        found.append(Reason("booked", 0, "is booked on it already"))
    held = lacks(ask.need, worker.candidate)
    if ask.slack_weeks:
        # A certificate may hold on the days of a later start; each start asks for itself in `fits`.
        held = [one for one in held if one.key != "certificate"]
    return found + held


def shares(ask: Ask) -> list[int]:
    """Per cent of the request that one person may take, the smallest first."""
    if ask.most_people == 1:
        return [ask.open_share]
    step = _COARSE if ask.least_share % _COARSE == 0 else _FINE
    return sorted({ask.open_share, *range(ask.least_share, ask.open_share, step)})


def shifted(need: Need, weeks: int) -> Need:
    """The need so many weeks later."""
    step = timedelta(days=_WEEK * weeks)
    return replace(need, days=tuple(day + step for day in need.days)) if weeks else need


def parts(need: Need, share: int) -> list[Part]:
    """The bookings for a share of the need."""
    minutes = None if need.minutes_per_week is None else need.minutes_per_week * share // WHOLE
    percent = None if need.percent is None else need.percent * share // WHOLE
    if not (minutes or percent):
        return []
    return parts_of(
        need.days[0], need.days[-1], curve=need.curve, starts_on=need.days[0], minutes_per_week=minutes, percent=percent
    )


def spent(bookings: Sequence[Part], capacity: Mapping[date, int]) -> Minutes:
    """Minutes by day of bookings of somebody with this capacity."""
    found: list[tuple[date, int]] = []
    for part in bookings:
        days = [part.first + timedelta(days=at) for at in range((part.last - part.first).days + 1)]
        minutes = spread(Effort(part.effort), part.amount, [capacity.get(day, 0) for day in days])
        found += [(day, one) for day, one in zip(days, minutes, strict=True) if one]
    return tuple(found)


def free_minutes(worker: Worker, *, keeps_tentative: bool) -> dict[date, int]:
    """What each day still takes."""
    one = worker.candidate
    return {
        day: max(minutes - one.firm.get(day, 0) - (one.tentative.get(day, 0) if keeps_tentative else 0), 0)
        for day, minutes in one.capacity.items()
    }


def fits(case: Case, worker: Worker, free: dict[date, int], one: Cut) -> Minutes | Reason:
    """The minutes by day, or the first fact that speaks against them."""
    who = worker.candidate
    for fault in _lapses(one.need, who):
        return fault
    minutes = spent(one.bookings, who.capacity)
    given = sum(amount for _day, amount in minutes)
    usual = own_whole(one, who)
    if not given or given * WHOLE < usual * case.least_cover:
        there = given * WHOLE // usual if usual else 0
        return Reason("away", 0, f"is there for {there} % of it, at least {case.least_cover} % is asked")
    for day, amount in minutes:
        if amount > free.get(day, 0):
            return Reason(
                "availability", 0,
                f"no room on {day}: {clock(free.get(day, 0))} of {clock(who.capacity.get(day, 0))} free,"
                f" {clock(amount)} needed",
            )  # fmt: skip
    return minutes


def _lapses(need: Need, candidate: Candidate) -> Iterator[Reason]:
    if need.certificates:
        yield from (one for one in lacks(replace(need, skills=(), languages=(), place="", client_id=None), candidate))


def own_whole(one: Cut, candidate: Candidate) -> int:
    """Per cent is of the person's own hours: whoever works half the week covers half of a full one in full."""
    if one.need.percent is None or not one.whole:
        return one.whole
    week = [0] * _WEEK
    for day, minutes in candidate.capacity.items():
        week[day.weekday()] = max(week[day.weekday()], minutes)
    return one.whole * min(sum(week), _WORKDAYS * _DAY) // (_WORKDAYS * _DAY)


def crowded(free: dict[date, int], options: Sequence[Option], extra: Option) -> date | None:
    """The first day on which the extra option does not fit beside the others of the person."""
    taken: dict[date, int] = {}
    for one in options:
        for day, minutes in one.minutes:
            taken[day] = taken.get(day, 0) + minutes
    return next((day for day, minutes in extra.minutes if taken.get(day, 0) + minutes > free.get(day, 0)), None)
