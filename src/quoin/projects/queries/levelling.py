"""Which tasks of a plan have to wait for people, as changes of the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quoin.kernel.workcal import instant_of
from quoin.people.models import Person as Somebody
from quoin.people.queries.capacity import capacities
from quoin.projects.rules.plan import Change, Plan, calculate, network_of
from quoin.projects.rules.schedule.levelling import Demand, Person, level
from quoin.projects.rules.schedule.values import Key

Busy = Mapping[UUID, Mapping[date, int]]
"""Minutes of people that are taken elsewhere, by day."""
_TWICE = 2


def levelling(plan: Plan, project_id: UUID, *, busy: Busy | None = None) -> list[Change]:
    """Changes that let tasks wait for people, and end the waits of before that are not needed any more."""
    tasks = {key: replace(task, not_before_at=None, wait_reason="") for key, task in plan.tasks.items()}
    relaxed = replace(plan, tasks=tasks)
    demands = demands_of(plan)
    people = {UUID(str(person)) for demand in demands.values() for person, _percent in demand}
    dates = calculate(relaxed)
    begin = min((instant_of(at).date() for at in dates.begins), default=date.min)
    end = max((instant_of(at).date() for at in dates.ends), default=begin)
    free = _free(people, begin, begin + (end - begin) * _TWICE + timedelta(days=60), busy or {})
    frame = list(plan.projects).index(project_id)
    waits = {wait.key: wait for wait in level(network_of(relaxed), demands=demands, free=free, frame=frame)}
    names = dict(Somebody.objects.filter(id__in=people).values_list("id", "name"))
    changes: list[Change] = []
    for key, task in plan.tasks.items():
        wait = waits.get(key)
        until = instant_of(wait.until) if wait else None
        reason = ""
        if wait and until:
            reason = _("Waits for %(name)s until %(day)s") % {
                "name": names.get(UUID(str(wait.person)), ""), "day": date_format(until.date(), "DATE_FORMAT"),
            }  # fmt: skip
        if (task.not_before_at, task.wait_reason) != (until, reason) and task.project_id == project_id:
            changes.append({"op": "task.set", "task": key, "not_before_at": until, "wait_reason": reason})
    return changes


def demands_of(plan: Plan) -> dict[Key, Demand]:
    """Who is needed for each task, with how many percent; the one whom a task is given to, wholly."""
    found: defaultdict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for held in plan.assignments.values():
        found[held.task_id].append((held.person_id, held.units_percent))
    for key, task in plan.tasks.items():
        if task.assignee_id and key not in found:
            found[key].append((task.assignee_id, 100))
    return {key: tuple(people) for key, people in found.items()}


def _free(people: set[UUID], begin: date, end: date, busy: Busy) -> dict[Person, dict[int, int]]:
    first = begin.toordinal()
    free: dict[Person, dict[int, int]] = {}
    for person, minutes in capacities(people, begin, end).items():
        taken = {day.toordinal(): used for day, used in busy.get(person, {}).items()}
        free[person] = {first + at: max(has - taken.get(first + at, 0), 0) for at, has in enumerate(minutes)}
    return free
