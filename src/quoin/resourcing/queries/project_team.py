"""The team of a project by weeks, with four kinds of hours kept apart.

Estimated: what the plan says its tasks take. Scheduled: those hours on the days where the plan puts them. Allocated:
time set aside by bookings. Actual: time recorded. None of them is made of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.kernel.quantity import clock
from quoin.people.models import Person
from quoin.people.queries.capacity import capacities
from quoin.projects.models import Project, Task
from quoin.projects.queries import members_of
from quoin.projects.queries.load import strips
from quoin.projects.queries.plan import VIEW_PLAN
from quoin.resourcing.models import Booking, Demand
from quoin.resourcing.queries import VIEW, visible_bookings
from quoin.resourcing.queries.demands import VIEW_DEMAND, visible_demands
from quoin.resourcing.queries.supply import missing_minutes
from quoin.resourcing.types import DemandStatus

_WEEK = timedelta(days=7)
_LIVE = (DemandStatus.DRAFT, DemandStatus.OPEN, DemandStatus.PROPOSED, DemandStatus.PART)
_ALLOCATED = """
SELECT person_id, date_trunc('week', day_on)::date, coalesce(sum(minutes) FILTER (WHERE is_firm), 0),
  coalesce(sum(minutes) FILTER (WHERE NOT is_firm), 0)
FROM resourcing_bookingday
WHERE tenant_id = %(tenant)s AND booking_id = ANY (%(bookings)s) AND day_on BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2
"""
Recorded = Callable[[Actor, Project, date, date], Mapping[tuple[UUID, date], int]]
"""Minutes recorded on a project by person and Monday, of those whose time the actor may read."""
_recorded: list[Recorded] = []


def provide_recorded(found: Recorded) -> None:
    """Say who knows what was recorded on a project: time is kept above this app."""
    if found not in _recorded:
        _recorded.append(found)


@dataclass(frozen=True, slots=True)
class Hours:
    """A week of somebody on the project, in minutes; `capacity` is all that they can work."""

    monday: date
    capacity: int
    firm: int
    tentative: int
    scheduled: int
    actual: int

    @property
    def until_on(self) -> date:
        return self.monday + _WEEK - timedelta(days=1)

    @property
    def allocated(self) -> int:
        return self.firm + self.tentative

    @property
    def texts(self) -> dict[str, str]:
        """The hours as text, to be read aloud."""
        return {name: clock(getattr(self, name)) for name in ("allocated", "scheduled", "actual")}

    @property
    def percent(self) -> int | None:
        """Of the person's capacity that the project has set aside."""
        return round(self.allocated * 100 / self.capacity) if self.capacity else None

    @property
    def step(self) -> str:
        """The heat of the cell, as the planner colours it."""
        percent = self.percent
        if percent is None:
            return "heat-x"
        edges = ((0, "heat-0"), (49, "heat-1"), (79, "heat-2"), (94, "heat-3"), (100, "heat-4"), (120, "heat-5"))
        return next((name for edge, name in edges if percent <= edge), "heat-6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teammate:
    """Somebody on the project: member, booked, planned or with time on it."""

    person: Person
    role: str
    estimated: int
    weeks: tuple[Hours, ...]

    def total(self, name: str) -> int:
        return sum(getattr(week, name) for week in self.weeks)

    @property
    def sums(self) -> dict[str, int]:
        """Of the weeks that are shown."""
        return {name: self.total(name) for name in ("firm", "tentative", "scheduled", "actual")}


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role that nobody fills yet, and what is missing in each week."""

    demand: Demand
    weeks: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class ProjectTeam:
    """The page."""

    mondays: tuple[date, ...]
    people: tuple[Teammate, ...]
    vacancies: tuple[Vacancy, ...]
    unassigned_estimate: int

    @property
    def totals(self) -> tuple[Hours, ...]:
        """Each week of everybody shown."""
        names = ("capacity", "firm", "tentative", "scheduled", "actual")
        return tuple(
            Hours(monday, *(sum(getattr(one.weeks[at], name) for one in self.people) for name in names))
            for at, monday in enumerate(self.mondays)
        )


def team_of(actor: Actor, project: Project, from_on: date, weeks: int) -> ProjectTeam:
    """The team of a project that the actor has found, for so many weeks from the week of a day."""
    first = from_on - timedelta(days=from_on.weekday())
    mondays = tuple(first + _WEEK * at for at in range(weeks))
    last = first + _WEEK * weeks - timedelta(days=1)
    bookings = list(visible_bookings(actor).filter(project=project)) if actor.may(VIEW) else []
    allocated = _allocated(actor, bookings, first, last)
    scheduled = _scheduled(actor, project)
    actual = _recorded[0](actor, project, first, last) if _recorded else {}
    estimated = _estimated(project)
    members = {one.person_id: one for one in members_of(project)}
    ids = {
        *members, *(one.person_id for one in bookings), *scheduled, *(person for person, _monday in actual),
        *(person for person in estimated if person is not None),
    }  # fmt: skip
    has = capacities(ids, first, last)
    roles = {one.person_id: one.job_role.name for one in bookings if one.job_role}
    roles |= {key: one.job_role.name for key, one in members.items() if one.job_role}

    def row(person: Person) -> Teammate:
        key = person.id
        own = person.job_role.name if person.job_role else ""
        return Teammate(
            person=person, role=roles.get(key, own), estimated=estimated.get(key, 0),
            weeks=tuple(
                Hours(
                    monday, sum(has[key][at * 7 : at * 7 + 7]), *allocated.get((key, monday), (0, 0)),
                    scheduled.get(key, {}).get(monday, 0), actual.get((key, monday), 0),
                )
                for at, monday in enumerate(mondays)
            ),
        )  # fmt: skip

    people = Person.objects.select_related("job_role", "team").filter(id__in=ids).order_by("name", "id")
    return ProjectTeam(
        mondays, tuple(row(person) for person in people), _vacancies(actor, project, mondays), estimated.get(None, 0)
    )


def _allocated(
    actor: Actor, bookings: Collection[Booking], first: date, last: date
) -> dict[tuple[UUID, date], tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _ALLOCATED,
            {"tenant": actor.tenant_id, "bookings": [one.id for one in bookings], "first": first, "last": last},
        )
        return {(person, monday): (int(firm), int(maybe)) for person, monday, firm, maybe in cursor.fetchall()}


def _scheduled(actor: Actor, project: Project) -> dict[UUID, dict[date, int]]:
    if not actor.may(VIEW_PLAN):
        return {}
    return {
        strip.person_id: {week.monday: week.planned for week in strip.weeks}
        for strip in strips(actor, project.id)
    }  # fmt: skip


def _estimated(project: Project) -> dict[UUID | None, int]:
    """By person; None: work of the plan that nobody has yet. Summaries hold what their tasks do, and do not count."""
    tasks = Task.objects.filter(project=project, is_milestone=False)
    parents = tasks.filter(parent__isnull=False).order_by().values("parent_id")
    rows = tasks.exclude(id__in=parents).order_by().values_list("assignee_id").annotate(total=Sum("estimate_minutes"))
    return {person: total or 0 for person, total in rows if total}


def _vacancies(actor: Actor, project: Project, mondays: tuple[date, ...]) -> tuple[Vacancy, ...]:
    if not actor.may(VIEW_DEMAND):
        return ()
    demands = list(visible_demands(actor).filter(project=project, status__in=_LIVE))
    found = []
    for demand, missing in missing_minutes(actor, demands):
        weeks: defaultdict[date, int] = defaultdict(int)
        for day, minutes in missing.items():
            weeks[day - timedelta(days=day.weekday())] += minutes
        found.append(Vacancy(demand, tuple((monday, weeks.get(monday, 0)) for monday in mondays)))
    return tuple(found)
