"""A plan on the desk of somebody who edits it, and how tasks begin and last there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.kernel.workcal import WorkCalendar
from quoin.projects.rules.plan import Change, Plan, PlanTask, duration_of
from quoin.projects.types import Constraint, ScheduleMode

_LONGEST_PAUSE = 370


@dataclass(frozen=True, slots=True)
class Desk:
    """The plan that is edited, whom its cells may name, and where new rows get their ids."""

    plan: Plan
    project_id: UUID
    today: date
    people: Mapping[str, UUID]
    new_id: Callable[[], UUID]
    outside: Mapping[str, UUID] = field(default_factory=dict)
    """Tasks of other projects, by what edits call them."""

    def task(self, number: Any) -> PlanTask:
        """The task of that number in the project."""
        for task in self.plan.tasks.values():
            if task.number == number and task.project_id == self.project_id:
                return task
        raise NotFound(say("There is no task %(number)s in the project.", number=number))

    def task_anywhere(self, named: Any) -> PlanTask:
        """The task of that number in the project, or one of another project by its id or as PROJECT:NUMBER."""
        if isinstance(named, str):
            found = self.outside.get(named)
            if found is None:
                raise NotFound(say("There is no task %(named)s, or you may not see it.", named=named))
            return self.plan.tasks[found]
        return self.task(named)

    def tasks(self, numbers: Any) -> list[PlanTask]:
        wanted = list(numbers or ())
        if not wanted:
            raise invalid("/tasks", "Say which tasks.", code="required")
        return [self.task(number) for number in wanted]

    def calendar(self, task: PlanTask) -> WorkCalendar:
        plan = self.plan
        return (
            plan.calendars.get(task.calendar_id or plan.projects[task.project_id].calendar_id) or plan.calendars[None]
        )

    @property
    def mode(self) -> ScheduleMode:
        return self.plan.projects[self.project_id].schedule

    def siblings(self, parent_id: UUID | None) -> list[PlanTask]:
        """Rows under the same one, in their order."""
        rows = [t for t in self.plan.tasks.values() if t.parent_id == parent_id and t.project_id == self.project_id]
        return sorted(rows, key=lambda task: (task.position, task.number))


def start_of(task: PlanTask) -> datetime | None:
    day = task.starts_on or task.due_on
    return task.start_at or (datetime.combine(day, time()) if day else None)


def begun(desk: Desk, task: PlanTask, start: datetime, days: int, *, counts_work: bool) -> dict[str, Any]:
    calendar = desk.calendar(task)
    on = _shifted(calendar, start.date(), days, counts_work=counts_work)
    at = datetime.combine(on, start.time())
    if task.is_manual or desk.mode is ScheduleMode.BY_HAND:
        lasts = (task.due_on - start.date()) if task.due_on else timedelta()
        return {"starts_on": on, "due_on": on + lasts, "start_at": at if task.start_at else None}
    if task.actual_start_at:
        return {"actual_start_at": at}
    if desk.mode is ScheduleMode.FROM_END:
        return {"constraint": Constraint.FNLT, "constraint_at": calendar.add_minutes(at, duration_of(task))}
    return {"constraint": Constraint.SNET, "constraint_at": at}


def _shifted(calendar: WorkCalendar, day: date, days: int, *, counts_work: bool) -> date:
    step = timedelta(days=1 if days > 0 else -1)
    if not counts_work:
        day += timedelta(days=days)
        return _next_worked(calendar, day, step)
    for _ in range(abs(days)):
        day = _next_worked(calendar, day + step, step)
    return day


def _next_worked(calendar: WorkCalendar, day: date, step: timedelta) -> date:
    for _ in range(_LONGEST_PAUSE):
        if calendar.minutes_on(day):
            return day
        day += step
    return day


def lasting_until(desk: Desk, task: PlanTask, day: date) -> Change:
    start = start_of(task)
    if start is None:
        return {"op": "task.set", "task": task.id, "starts_on": day, "due_on": day}
    lasts = desk.calendar(task).minutes_between(start, datetime.combine(day, time()) + timedelta(days=1))
    if lasts <= 0:
        raise ValueError(say("A task cannot end before it begins. Move its start first."))
    return lasting(desk, task, lasts)


def lasting(desk: Desk, task: PlanTask, lasts: int) -> Change:
    change: dict[str, Any] = {"op": "task.set", "task": task.id, "duration_minutes": lasts}
    start = start_of(task)
    if desk.mode is ScheduleMode.BY_HAND and start is not None:
        end = desk.calendar(task).add_minutes(start, lasts)
        change["due_on"] = (end - timedelta(minutes=1)).date()
    return change


def person_named(desk: Desk, name: str) -> UUID:
    return name_among(desk.people, name)


def name_among(people: Mapping[str, UUID], name: str) -> UUID:
    """Who is meant by a name or its beginning; ValueError if that is nobody or more than one."""
    word = name.casefold()
    exact = [person for known, person in people.items() if known.casefold() == word]
    fitting = exact or [person for known, person in people.items() if known.casefold().startswith(word)]
    if len(fitting) != 1:
        if fitting:
            raise ValueError(say("More than one person is called %(name)s. Write the whole name.", name=repr(name)))
        raise ValueError(say("Nobody is called %(name)s. Write the whole name.", name=repr(name)))
    return fitting[0]
