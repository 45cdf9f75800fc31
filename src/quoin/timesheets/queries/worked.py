"""What people have worked, for the planner and for ranking candidates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, Sum

from quoin.base.actor import Actor
from quoin.base.db.context import current_tenant
from quoin.projects.models import Project
from quoin.projects.queries.reach import reaches
from quoin.timesheets.models import TimeEntry, TimeMonth
from quoin.timesheets.queries.access import VIEW_TIME, reachable_people


def minutes_by_day(
    actor: Actor, people: Collection[UUID], from_on: date, until_on: date
) -> dict[tuple[UUID, date], int]:
    """Minutes by person and day (both ends included), of those whose time the actor may see."""
    if not actor.may(VIEW_TIME):
        return {}
    seen = reachable_people(actor, VIEW_TIME).filter(id__in=list(people)).order_by().values("id")
    rows = TimeEntry.objects.filter(person_id__in=seen, work_on__gte=from_on, work_on__lte=until_on)
    found = rows.order_by().values_list("person_id", "work_on").annotate(total=Sum("minutes"))
    return {(person, day): total for person, day, total in found}


def minutes_on_project(actor: Actor, project: Project, from_on: date, until_on: date) -> dict[tuple[UUID, date], int]:
    """Minutes on the project by person and Monday; whoever manages it reads everybody's, others those within reach."""
    if not actor.may(VIEW_TIME):
        return {}
    rows = TimeEntry.objects.filter(project=project, work_on__gte=from_on, work_on__lte=until_on)
    if not reaches(actor, VIEW_TIME, project):
        rows = rows.filter(person_id__in=reachable_people(actor, VIEW_TIME).order_by().values("id"))
    days = rows.order_by().values_list("person_id", "work_on").annotate(total=Sum("minutes"))
    found: defaultdict[tuple[UUID, date], int] = defaultdict(int)
    for person, day, minutes in days:
        found[person, day - timedelta(days=day.weekday())] += minutes
    return dict(found)


def minutes_for(people: Iterable[UUID], client_id: UUID | None, project_id: UUID | None) -> dict[UUID, tuple[int, int]]:
    """Minutes that each of the people has worked for the client, and on the project."""
    if client_id is None:
        return {}
    projects = Project.objects.filter(client_id=client_id).order_by().values("id")
    rows = TimeMonth.objects.filter(tenant_id=current_tenant(), person_id__in=list(people), project_id__in=projects)
    found = rows.order_by().values_list("person_id").annotate(
        client=Sum("minutes"), project=Sum("minutes", filter=Q(project_id=project_id))
    )  # fmt: skip
    return {person: (client, project or 0) for person, client, project in found}
