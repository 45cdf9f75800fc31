"""Fourteen months of worked hours as values: who worked on what, day by day, and when it was written down."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from quoin.site.demo.chance import Chance
from quoin.site.demo.days import away, holidays, weeks
from quoin.site.demo.engagements import Engagement
from quoin.site.demo.firm import BY_UNIT
from quoin.site.demo.people import Somebody
from quoin.site.demo.templates import INTERNAL, TASKS, TEMPLATES, notes_for

_STEP = 15
_AT_ONCE = {"digital": 2, "installations": 2, "managed": 4}
"""Projects somebody works on at a time."""
_BLOCK_WEEKS = 4
_PIECES = {"digital": (1, 2), "installations": (1, 1, 2), "managed": (2, 3)}
_LATE_PERCENT = 4.4
_UNCHARGED_PERCENT = 2.5
_NOTED_PERCENT = 72
_WORK_TASKS = {
    **{t.key: tuple(name for name, hours, *_ in t.tasks if hours) for t in TEMPLATES},
    **TASKS,
}
_WHOLE, _BLUR = 1000, 40
"""The time of a project, and how far before or behind its tasks people work, in the same parts."""
_ENDS = {
    template.key: tuple(itertools.accumulate(part for _name, part in template.shared(_WHOLE)))[:-1]
    for template in TEMPLATES
}
_INTERNAL_PIECES = (30, 60, 60, 90, 120, 180)


class Worked(NamedTuple):
    """Minutes somebody worked. `work` is the key of an engagement, or the number of an internal project."""

    person: int
    work: str | int
    task: str
    day: date
    minutes: int
    note: str
    is_billable: bool | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class _Person:
    number: int
    somebody: Somebody
    country: str
    away: frozenset[date]

    def works_on(self, day: date) -> bool:
        one = self.somebody
        is_there = one.hired_on <= day and (one.left_on is None or day < one.left_on)
        is_free = day in self.away or day in holidays(self.country, day.year)
        return is_there and not is_free and bool(one.pattern[day.weekday()])


def worked(
    chance: Chance, everybody: Sequence[Somebody], engagements: Sequence[Engagement], *, begun_on: date, today: date
) -> list[Worked]:
    """All entries, in order of days within each week."""
    found: list[Worked] = []
    for unit, country in ((unit.key, unit.country) for unit in BY_UNIT.values()):
        own = chance.part(unit)
        crew = [
            _Person(number, one, country, away(own, begun_on, today))
            for number, one in enumerate(everybody)
            if one.unit == unit and one.job.load
        ]
        works = [engagement for engagement in engagements if engagement.unit == unit]
        found += _of_unit(own, crew, works, begun_on=begun_on, today=today, unit=unit)
    return found


def _of_unit(
    chance: Chance, crew: list[_Person], works: list[Engagement], *, begun_on: date, today: date, unit: str
) -> Iterator[Worked]:
    staffing: dict[int, list[Engagement]] = {person.number: [] for person in crew}
    for number, monday in enumerate(weeks(begun_on, today + timedelta(days=1))):
        active = [one for one in works if one.starts_on <= monday + timedelta(days=6) and monday <= one.ends_on]
        going = {one.key for one in active}
        if number % _BLOCK_WEEKS == 0:
            _staff(chance, crew, staffing, active, unit=unit)
        for person in crew:
            mine = [one for one in staffing[person.number] if one.key in going]
            for day in (monday + timedelta(days=offset) for offset in range(7)):
                if begun_on <= day <= today and person.works_on(day):
                    going_on = [one for one in mine or active[:1] if one.starts_on <= day <= one.ends_on]
                    yield from _day(chance, person, going_on, day)


def _staff(
    chance: Chance, crew: list[_Person], staffing: dict[int, list[Engagement]], active: list[Engagement], *, unit: str
) -> None:
    """Keep people on what goes on, and fill up where the most are missing."""
    if not active:
        return
    count: Counter[str] = Counter()
    going = {one.key for one in active}
    for person in crew:
        kept = [one for one in staffing[person.number] if one.key in going and chance.is_so(88)]
        staffing[person.number] = kept
        count.update(one.key for one in kept)
    for person in chance.shuffled(crew):
        mine = staffing[person.number]
        while len(mine) < min(_AT_ONCE[unit], len(active)):
            taken = {one.key for one in mine}
            open_works = [one for one in active if one.key not in taken]
            weights = [max(0.05, one.demand - count[one.key]) for one in open_works]
            chosen = chance.weighted(open_works, weights)
            mine.append(chosen)
            count[chosen.key] += 1
        # What ends first is worked on first.
        mine.sort(key=lambda one: one.ends_on)


def _day(chance: Chance, person: _Person, mine: list[Engagement], day: date) -> Iterator[Worked]:
    """One day: some internal time, the rest in pieces on the projects of the moment."""
    one = person.somebody
    target = one.pattern[day.weekday()] + _STEP * chance.weighted((-2, -1, 0, 1, 2, 4), (2, 3, 10, 5, 3, 1))
    idle_percent = 100 - one.job.load
    internal = 0
    if not mine or chance.is_so(idle_percent / 2):
        internal = target
    elif chance.is_so(idle_percent * 2.6):
        internal = min(target, chance.one_of(_INTERNAL_PIECES))
    is_late = chance.is_so(_LATE_PERCENT)
    if internal:
        work = chance.weighted(range(len(INTERNAL)), (5, 3, 2))
        note = chance.one_of(INTERNAL[work][1]) if chance.is_so(_NOTED_PERCENT) else ""
        yield Worked(person.number, work, "", day, internal, note, None, is_late)
    for minutes in _pieces(chance, target - internal, chance.one_of(_PIECES[one.unit])):
        engagement = chance.weighted(mine, range(len(mine) + 1, 1, -1))
        task = _task(chance, engagement, day)
        note = chance.one_of(notes_for(task)) if chance.is_so(_NOTED_PERCENT) else ""
        is_billable = False if chance.is_so(_UNCHARGED_PERCENT) else None
        yield Worked(person.number, engagement.key, task, day, minutes, note, is_billable, is_late)


def _pieces(chance: Chance, minutes: int, count: int) -> list[int]:
    """The minutes in so many parts of whole quarters of an hour."""
    steps = minutes // _STEP
    if steps < count:
        return [minutes] if minutes > 0 else []
    cuts = sorted({0, steps, *chance.some_of(range(1, steps), count - 1)})
    return [(last - first) * _STEP for first, last in itertools.pairwise(cuts)]


def _task(chance: Chance, engagement: Engagement, day: date) -> str:
    """What is done on the day: planned work goes through its tasks, each as long as its hours, around the day; other
    work has all of them all the time.
    """
    tasks = _WORK_TASKS[engagement.template]
    if engagement.template in TASKS:
        return chance.one_of(tasks)
    length = max(1, (engagement.ends_on - engagement.starts_on).days)
    place = (day - engagement.starts_on).days * _WHOLE // (length + 1) + chance.between(-1, 1) * _BLUR
    return tasks[bisect_right(_ENDS[engagement.template], place)]
