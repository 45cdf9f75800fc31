"""A plan on the desk of somebody who edits it: whom its cells may name, and tasks of other projects they may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say
from quoin.people import queries as people
from quoin.projects.models import Task
from quoin.projects.queries import visible_projects
from quoin.projects.queries.plan import VIEW_PLAN, load_plan
from quoin.projects.rules.desk import Desk
from quoin.projects.rules.edits import Edit
from quoin.projects.rules.plan import Change, Plan
from quoin.projects.types import TaskStatus

_MOST_FOUND = 20


def desk_of(actor: Actor, plan: Plan, project_id: UUID, outside: Mapping[str, UUID] | None = None) -> Desk:
    """The plan as the actor edits it; people go by their names."""
    names = {person.name: person.id for person in people.employed_on(actor.today)}
    return Desk(plan, project_id, actor.today, names, uuid7, outside or {})


def desk_for(actor: Actor, project_id: UUID, edits: Iterable[Edit]) -> Desk:
    """The plan from the tables, with the projects that the edits link it to."""
    outside = outside_tasks(actor, edits)
    return desk_of(actor, load_plan(project_id, today=actor.today, changes=ties_to(outside)), project_id, outside)


def outside_tasks(actor: Actor, edits: Iterable[Edit]) -> dict[str, UUID]:
    """Tasks of other projects that edits link to, by what they call them; NotFound if the actor may not see one."""
    links = [edit for edit in edits if edit.get("op") == "link"]
    named = {edit[name] for edit in links for name in ("before", "after") if isinstance(edit.get(name), str)}
    return {name: outside_task(actor, name).id for name in sorted(named)}


def ties_to(outside: Mapping[str, UUID]) -> list[Change]:
    """What makes the plans of these tasks part of the one that is loaded."""
    return [{"op": "link.add", "after": task} for task in outside.values()]


def outside_task(actor: Actor, name: str) -> Task:
    """A task by its public id or as PROJECT:NUMBER, of a project that the actor may see."""
    project, has_number, number = name.strip().rpartition(":")
    wanted = Q(project__number=project, number=int(number)) if has_number and number.isdecimal() else Q(id=None)
    with suppress(ValueError):
        wanted |= Q(id=Task.uuid_of(name.strip()))
    seen = visible_projects(actor).order_by().values("id")
    task = Task.objects.select_related("project").filter(wanted, project__in=seen).first()
    if task is None:
        raise NotFound(say("There is no task %(name)s, or you may not see it.", name=name))
    return task


def linkable_tasks(actor: Actor, text: str, *, but: UUID) -> QuerySet[Task]:
    """Open tasks of other projects that the actor may see, by words of the task or the project, or by number."""
    actor.require(VIEW_PLAN)
    tasks = Task.objects.select_related("project").exclude(project=but).exclude(status=TaskStatus.CLOSED)
    tasks = tasks.filter(project__in=visible_projects(actor).order_by().values("id"))
    for word in text.replace(":", " ").split():
        fits = Q(name__icontains=word) | Q(project__name__icontains=word) | Q(project__number=word)
        tasks = tasks.filter(fits | Q(number=int(word)) if word.isdecimal() and len(word) < 9 else fits)  # noqa: PLR2004
    return tasks.order_by("project__number", "position", "number")[:_MOST_FOUND]


def told_task(task: Task) -> dict[str, Any]:
    """A task as a list of suggestions shows it."""
    return {
        "id": task.public_id, "project": task.project.number, "number": task.number, "name": task.name,
        "project_name": task.project.name,
    }  # fmt: skip
