"""What somebody worked on: hours by project and month, projects they were on, and what their hour is sold for.

Projects that the reader may not see are added up into one line without a name, so that the sums still hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, Q, Sum
from django.db.models.functions import TruncMonth

from quoin.base.actor import Actor
from quoin.catalog.models import Rate
from quoin.catalog.queries import VIEW as VIEW_RATES
from quoin.clients.queries import visible_clients
from quoin.kernel.period import add_months
from quoin.people.models import Person
from quoin.projects.models import Project, ProjectMember
from quoin.projects.queries import visible_projects
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries.access import VIEW_TIME, reachable_people

MONTHS = 6


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A project with somebody's hours on it; `project` is None for those that the reader may not see."""

    project: Project | None
    role: str = ""
    minutes: int = 0
    billable_minutes: int = 0
    first_on: date | None = None
    last_on: date | None = None
    count: int = 1
    """How many projects the line stands for."""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of somebody's work."""

    month_on: date
    minutes: int
    billable_minutes: int


@dataclass(frozen=True, slots=True)
class SoldAt:
    """A rate that names the person, and what it is for."""

    rate: Rate
    place: str


def sees_time(actor: Actor, person: Person) -> bool:
    """Whether the actor reads the person's time."""
    return actor.may(VIEW_TIME) and reachable_people(actor, VIEW_TIME).filter(id=person.id).exists()


def months_of(actor: Actor, person: Person) -> list[MonthLine]:
    """The last months, the newest first; months without work too."""
    first = add_months(actor.today.replace(day=1), 1 - MONTHS)
    found: dict[date, tuple[int, int]] = {}
    rows: Any = TimeEntry.objects.filter(person=person, work_on__gte=first).order_by()
    grouped = rows.annotate(month=TruncMonth("work_on")).values("month")
    for row in grouped.annotate(total=Sum("minutes"), sold=Sum("minutes", filter=Q(is_billable=True))):
        found[row["month"]] = (row["total"], row["sold"] or 0)
    months = [add_months(first, at) for at in reversed(range(MONTHS))]
    return [MonthLine(month, *found.get(month, (0, 0))) for month in months]


def work_of(actor: Actor, person: Person, *, since: date | None = None) -> list[WorkLine]:
    """Hours by project, the most first."""
    rows: Any = TimeEntry.objects.filter(person=person).order_by()
    if since is not None:
        rows = rows.filter(work_on__gte=since)
    lines = [
        (
            row["project_id"],
            WorkLine(None, "", row["total"], row["sold"] or 0, row["first"], row["last"]),
        )
        for row in rows.values("project_id").annotate(
            total=Sum("minutes"), sold=Sum("minutes", filter=Q(is_billable=True)), first=Min("work_on"),
            last=Max("work_on"),
        )
    ]  # fmt: skip
    return _shown(actor, lines)


def history_of(actor: Actor, person: Person) -> list[WorkLine]:
    """Projects that somebody was put on or worked on, the last one first; hours only for who reads their time."""
    hours: dict[UUID, WorkLine] = {}
    worked: Any = TimeEntry.objects.filter(person=person).order_by().values("project_id")
    for row in worked.annotate(total=Sum("minutes"), first=Min("work_on"), last=Max("work_on")):
        minutes = row["total"] if sees_time(actor, person) else 0
        hours[row["project_id"]] = WorkLine(None, "", minutes, 0, row["first"], row["last"])
    for member in ProjectMember.objects.select_related("job_role").filter(person=person):
        there = hours.get(member.project_id, WorkLine(None))
        hours[member.project_id] = replace(
            there, role=member.job_role.name if member.job_role else "", first_on=member.starts_on or there.first_on,
            last_on=member.ends_on or there.last_on,
        )  # fmt: skip
    found = _shown(actor, hours.items())
    return sorted(found, key=lambda one: (one.project is None, -(one.last_on or date.max).toordinal()))


def _shown(actor: Actor, lines: Iterable[tuple[UUID, WorkLine]]) -> list[WorkLine]:
    known = list(lines)
    seen = {row.id: row for row in visible_projects(actor).filter(id__in=[key for key, _line in known])}
    found = [replace(line, project=seen[key]) for key, line in known if key in seen]
    hidden = [line for key, line in known if key not in seen]
    found.sort(key=lambda one: -one.minutes)
    if hidden:
        minutes, sold = sum(one.minutes for one in hidden), sum(one.billable_minutes for one in hidden)
        found.append(WorkLine(None, "", minutes, sold, count=len(hidden)))
    return found


def sold_at(actor: Actor, person: Person) -> list[SoldAt]:
    """Rates of the cards that name the person, the latest first; those of places that the actor does not see not."""
    if not actor.may(VIEW_RATES):
        return []
    rows = Rate.objects.select_related("card").filter(person_id=person.id).order_by("-valid_from", "id")
    projects = {row.id: row for row in visible_projects(actor)}
    clients = {row.id: row for row in visible_clients(actor)}
    found = []
    for row in rows:
        if row.project_id is not None:
            project = projects.get(row.project_id)
            if project is not None:
                found.append(SoldAt(row, f"{project.number} · {project.name}"))
        elif row.client_id is not None:
            client = clients.get(row.client_id)
            if client is not None:
                found.append(SoldAt(row, client.name))
        elif row.contract_id is None:
            found.append(SoldAt(row, ""))
    return found
