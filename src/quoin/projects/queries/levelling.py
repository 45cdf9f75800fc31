"""Which tasks of a plan have to wait for people, as changes of the plan, each with its explanation.

The rule is this app's own. A solver and the bookings on other projects are known above it and handed in at start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, invalid
from quoin.kernel.words import say
from quoin.kernel.workcal import instant_of
from quoin.people.models import Person as Somebody
from quoin.people.queries.capacity import capacities
from quoin.projects.queries import project_for
from quoin.projects.queries.levelling_words import Case, left_text, wait_reason, wait_text
from quoin.projects.queries.plan import VIEW_PLAN, Preview, load_plan, seen_projects, try_out
from quoin.projects.rules.plan import Change, Plan, calculate, network_of
from quoin.projects.rules.schedule.grid import Grid, grid_of
from quoin.projects.rules.schedule.levelling import ByDay, Demand, Levelled, Limits, Person, Short, level
from quoin.projects.rules.schedule.values import Key, Network
from quoin.projects.types import LevelBy, ScheduleMode

Busy = Mapping[UUID, Mapping[date, int]]
Elsewhere = Callable[[Actor, Collection[UUID], tuple[date, date], Collection[UUID]], Busy]
"""Minutes that people are firmly booked on each day, from the first to the last, outside of some projects."""
Solver = Callable[[Grid], "Mapping[Key, int] | None"]
"""The order in which to place tasks; None where it finds none."""
_elsewhere: list[Elsewhere] = []
_solvers: list[Solver] = []
_TWICE = 2


def provide_leveller(*, elsewhere: Elsewhere, solver: Solver) -> None:
    """Say who knows what else people do, and who orders tasks better than the rule."""
    _elsewhere[:], _solvers[:] = [elsewhere], [solver]


@dataclass(frozen=True, slots=True)
class Told:
    """A task that waits, or stays overloaded, and why."""

    task_id: UUID
    number: int
    name: str
    person_id: UUID
    person: str
    on: date
    """The last day on which that person has too much to do."""
    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What levelling changes, with its reasons; when the project ends by the way that was asked for and by the rule."""

    changes: tuple[Change, ...]
    waits: tuple[Told, ...]
    left: tuple[Told, ...]
    by: LevelBy
    """Whose order it is: the rule's where the solver's is no better."""
    ends_at: datetime
    rule_ends_at: datetime
    preview: Preview | None = None


class _Case(NamedTuple):
    network: Network
    demands: Mapping[Key, Demand]
    free: ByDay
    busy: ByDay
    limits: Limits

    def leveled(self, order: Mapping[Key, int] | None = None) -> Levelled:
        limits = replace(self.limits, order=order)
        return level(self.network, demands=self.demands, free=self.free, busy=self.busy, limits=limits)


def level_by(text: str) -> LevelBy:
    """The way that is named; Invalid else."""
    try:
        return LevelBy(text)
    except ValueError:
        raise invalid(
            "/by", say("A plan is levelled by: %(ways)s.", ways=", ".join(LevelBy)), code="not_a_choice"
        ) from None


def level_preview(actor: Actor, project_id: UUID, *, by: LevelBy, within_float: bool = False) -> Proposal:
    """What levelling would do, with its effect; nothing is written."""
    actor.require(VIEW_PLAN)
    project_for(actor, project_id)
    plan = load_plan(project_id, today=actor.today)
    found = proposal(actor, plan, project_id, by=by, within_float=within_float)
    return replace(found, preview=try_out(actor, plan, found.changes)) if found.changes else found


def proposal(actor: Actor, plan: Plan, project_id: UUID, *, by: LevelBy, within_float: bool = False) -> Proposal:
    """Changes that let tasks wait for people, and end the waits of before that are not needed any more."""
    if plan.projects[project_id].schedule is not ScheduleMode.FROM_START:
        raise Conflict("Levelling needs a plan that is dated from its start.")
    tasks = {key: replace(task, not_before_at=None, wait_reason="") for key, task in plan.tasks.items()}
    relaxed = replace(plan, tasks=tasks)
    case = _case(actor, relaxed, project_id, within_float=within_float)
    by_rule = case.leveled()
    found, used = by_rule, LevelBy.RULE
    if by is LevelBy.SOLVER and _solvers and case.demands:
        grid = grid_of(
            case.network, demands=case.demands, free=case.free, busy=case.busy, frame=case.limits.frame
        )  # fmt: skip
        order = _solvers[0](grid)
        solved = case.leveled(order) if order is not None else by_rule
        if solved.rank < by_rule.rank:
            found, used = solved, LevelBy.SOLVER
    told = _Telling(actor, relaxed, found, project_id=project_id, by=used)
    return Proposal(
        tuple(_changes(plan, project_id, told)), told.waits, told.left, used,
        instant_of(found.ends_at), instant_of(by_rule.ends_at),
    )  # fmt: skip


def _case(actor: Actor, plan: Plan, project_id: UUID, *, within_float: bool) -> _Case:
    demands = demands_of(plan)
    people = {UUID(str(person)) for demand in demands.values() for person, _percent in demand}
    dates = calculate(plan)
    begin = min((instant_of(at).date() for at in dates.begins), default=date.min)
    end = max((instant_of(at).date() for at in dates.ends), default=begin)
    until = begin + (end - begin) * _TWICE + timedelta(days=60)
    first = begin.toordinal()
    free: dict[Person, Mapping[int, int]] = {
        person: {first + at: minutes for at, minutes in enumerate(by_day)}
        for person, by_day in capacities(people, begin, until).items()
    }
    booked = _elsewhere[0](actor, people, (begin, until), list(plan.projects)) if _elsewhere and people else {}
    busy: dict[Person, Mapping[int, int]] = {
        person: {day.toordinal(): minutes for day, minutes in days.items()} for person, days in booked.items()
    }
    limits = Limits(list(plan.projects).index(project_id), within_float=within_float)
    return _Case(network_of(plan), demands, free, busy, limits)


def demands_of(plan: Plan) -> dict[Key, Demand]:
    """Who is needed for each task, with how many percent; the one whom a task is given to, wholly."""
    found: defaultdict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for held in plan.assignments.values():
        found[held.task_id].append((held.person_id, held.units_percent))
    for key, task in plan.tasks.items():
        if task.assignee_id and key not in found:
            found[key].append((task.assignee_id, 100))
    return {key: tuple(people) for key, people in found.items()}


class _Telling:
    """Puts what levelling found into words, without naming tasks of projects that the actor may not see."""

    def __init__(self, actor: Actor, plan: Plan, found: Levelled, *, project_id: UUID, by: LevelBy) -> None:
        shorts = [*(one.short for one in found.waits), *(one.short for one in found.left)]
        people = {UUID(str(short.person)) for short in shorts}
        self.plan, self.by, self.project_id = plan, by, project_id
        self.locale = str(actor.locale or "en-GB")
        self.names: dict[Any, str] = dict(Somebody.objects.filter(id__in=people).values_list("id", "name"))
        self.seen, self.dates = seen_projects(actor, plan), calculate(plan)
        self.waits = tuple(self._told(one.key, one.short, one.until) for one in found.waits)
        self.left = tuple(self._told(one.key, one.short, None) for one in found.left)

    def _told(self, key: Any, short: Short, until: int | None) -> Told:
        task, person = self.plan.tasks[key], UUID(str(short.person))
        case = self._case(key, short)
        return Told(
            task.id, task.number, task.name, person, case.person, case.on,
            None if until is None else instant_of(until),
            left_text(case) if until is None else wait_text(case, instant_of(until)),
        )  # fmt: skip

    def _case(self, key: Any, short: Short) -> Case:
        own = [self.plan.tasks[other] for other in short.holders if self.plan.tasks[other].project_id in self.seen]  # type: ignore[index]  # keys of a plan are ids
        stays = [one for one in own if one.project_id != self.project_id or one.is_manual or one.actual_start_at]
        latest = min((self.dates[one.id].late_start for one in own), default=0)
        return Case(
            person=self.names.get(short.person, ""), on=date.fromordinal(short.day), has=short.has,
            elsewhere=short.elsewhere, holders=tuple(one.name for one in own),
            is_hidden=len(own) < len(short.holders), stays=tuple(one.name for one in stays),
            holder_by=instant_of(latest).date() if own else None,
            own_by=instant_of(self.dates[key].late_start).date(), is_solved=self.by is LevelBy.SOLVER,
            locale=self.locale,
        )  # fmt: skip


def _changes(plan: Plan, project_id: UUID, told: _Telling) -> list[Change]:
    waits = {one.task_id: one for one in told.waits}
    changes: list[Change] = []
    for key, task in plan.tasks.items():
        wait = waits.get(key)
        until = wait.until if wait else None
        reason = wait_reason(wait.person, until, told.locale) if wait and until else ""
        if (task.not_before_at, task.wait_reason) != (until, reason) and task.project_id == project_id:
            changes.append({"op": "task.set", "task": key, "not_before_at": until, "wait_reason": reason})
    return changes
