"""How much of their weeks a plan takes from people, and who has more to do than a week holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.period import Period
from quoin.kernel.workcal import instant_of
from quoin.people.models import Person
from quoin.people.queries.capacity import capacities
from quoin.projects.queries.plan import VIEW_PLAN, Preview, load_plan, seen_projects
from quoin.projects.rules.plan import Plan, calculate, duration_of

Dates = Mapping[UUID, tuple[datetime, datetime]]
Booked = Callable[[Actor, Collection[UUID], date, date], Mapping[UUID, Mapping[date, int]]]
"""Minutes that people are firmly booked on each day: (actor, people, first day, last day)."""
_booked: list[Booked] = []
_FULL = 100
_WEEK = 7


def provide_booked(found: Booked) -> None:
    """Say who knows what people are booked for: bookings are kept above this app."""
    if found not in _booked:
        _booked.append(found)


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week of somebody: minutes of this plan, minutes booked on all projects, minutes there are."""

    monday: date
    planned: int
    booked: int
    capacity: int

    @property
    def percent(self) -> int:
        """Of the plan's minutes; more than nothing where there is no time at all is twice too much."""
        if not self.capacity:
            return 2 * _FULL if self.planned else 0
        return round(self.planned * _FULL / self.capacity)


@dataclass(frozen=True, slots=True)
class Strip:
    """A person of the plan, week by week."""

    person_id: UUID
    name: str
    weeks: tuple[WeekLoad, ...]


def strips(actor: Actor, project_id: UUID) -> list[Strip]:
    """The people of a plan by weeks, from its first to its last."""
    actor.require(VIEW_PLAN)
    plan = load_plan(project_id, today=actor.today)
    schedule = calculate(plan)
    dates = {key: (instant_of(schedule[key].start), instant_of(schedule[key].finish)) for key in plan.tasks}
    return _strips(actor, plan, dates, people_of(plan, seen_projects(actor, plan)))


def overbooked(actor: Actor, found: Preview) -> list[tuple[str, date, int]]:
    """Name, Monday and percent of the weeks that a change makes overfull, or fuller than they were."""
    moved = {one.task_id: one for one in found.effect.moved}
    touched = {held.person_id for held in found.plan.assignments.values() if held.task_id in moved}
    touched |= {found.plan.tasks[key].assignee_id for key in moved} - {None}  # type: ignore[arg-type]  # None goes out
    if not touched:
        return []
    after = {
        key: (instant_of(found.schedule[key].start), instant_of(found.schedule[key].finish)) for key in found.plan.tasks
    }
    before = after | {key: (instant_of(one.before.start), instant_of(one.before.finish)) for key, one in moved.items()}
    was = {
        (strip.person_id, week.monday): week.percent
        for strip in _strips(actor, found.plan, before, touched)
        for week in strip.weeks
    }
    return [
        (strip.name, week.monday, week.percent)
        for strip in _strips(actor, found.plan, after, touched)
        for week in strip.weeks
        if week.percent > max(_FULL, was.get((strip.person_id, week.monday), 0))
    ]


def people_of(plan: Plan, projects: Collection[UUID]) -> set[UUID]:
    """Everybody on a task of these projects of the plan; a tied project out of sight does not name its people."""
    tasks = {task.id: task for task in plan.tasks.values() if task.project_id in projects}
    found = {held.person_id for held in plan.assignments.values() if held.task_id in tasks}
    return found | {task.assignee_id for task in tasks.values() if task.assignee_id}


def _strips(actor: Actor, plan: Plan, dates: Dates, people: Collection[UUID]) -> list[Strip]:
    minutes = _planned(plan, dates, people)
    days = [day for of_person in minutes.values() for day in of_person]
    if not days:
        return []
    first = min(days) - timedelta(days=min(days).weekday())
    last = max(days) + timedelta(days=_WEEK - 1 - max(days).weekday())
    has = capacities(people, first, last)
    booked = _booked[0](actor, people, first, last) if _booked else {}
    names = dict(Person.objects.filter(id__in=people).order_by("name").values_list("id", "name"))
    return [
        Strip(person, name, tuple(_weeks(first, minutes.get(person, {}), booked.get(person, {}), has.get(person, []))))
        for person, name in names.items()
    ]


def _weeks(first: date, planned: Mapping[date, int], booked: Mapping[date, int], has: list[int]) -> Iterable[WeekLoad]:
    for at in range(0, len(has), _WEEK):
        days = [first + timedelta(days=at + day) for day in range(_WEEK)]
        yield WeekLoad(
            days[0], sum(planned.get(day, 0) for day in days), sum(booked.get(day, 0) for day in days),
            sum(has[at : at + _WEEK]),
        )  # fmt: skip


def _planned(plan: Plan, dates: Dates, people: Collection[UUID]) -> dict[UUID, dict[date, int]]:
    """Minutes by person and day: the work of each task spread over its working time."""
    parents = {task.parent_id for task in plan.tasks.values()}
    assigned = {held.task_id for held in plan.assignments.values()}
    work = [
        (held.person_id, held.task_id, held.effort_minutes, held.units_percent) for held in plan.assignments.values()
    ]
    work += [
        (task.assignee_id, task.id, task.estimate_minutes or None, _FULL)
        for task in plan.tasks.values()
        if task.assignee_id and task.id not in assigned
    ]
    found: defaultdict[UUID, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
    for person, task_id, effort, percent in work:
        task = plan.tasks[task_id]
        if person not in people or task_id in parents or task.status in {"done", "closed"}:
            continue
        whole = duration_of(task) * percent // _FULL if effort is None else effort
        calendar = plan.calendars.get(task.calendar_id or plan.projects[task.project_id].calendar_id)
        start, finish = dates[task_id]
        period = Period(start.date(), (finish - timedelta(minutes=1)).date() + timedelta(days=1))
        by_day = (calendar or plan.calendars[None]).minutes_by_day(period)
        total = sum(by_day)
        for at, minutes in enumerate(by_day):
            if minutes:
                found[person][start.date() + timedelta(days=at)] += whole * minutes // total
    return {person: dict(days) for person, days in found.items()}
