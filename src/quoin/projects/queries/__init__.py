"""Reads of projects and tasks, limited to what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.db.reading import once
from quoin.base.files.models import StoredFile
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say
from quoin.projects.models import Project, ProjectMember, Task
from quoin.projects.types import ProjectStatus

VIEW = permission("projects.project.view", _("See projects"))
_Row = TypeVar("_Row", bound=Model)
TAKES_TIME = (ProjectStatus.PLANNED, ProjectStatus.ACTIVE)


def visible_projects(actor: Actor) -> QuerySet[Project]:
    """All projects, those the actor manages or whose members are of the team, or those they work on."""
    projects = Project.objects.select_related("client", "contract", "manager").order_by("number", "id")
    scope = actor.scope(VIEW)
    if scope is None:
        return projects.none()
    if scope is Scope.ALL:
        return projects
    mine = Q(person=actor.person_id)
    if scope is Scope.TEAM and actor.team_id:
        mine |= Q(person__team=actor.team_id)
    member = ProjectMember.objects.filter(mine, project=OuterRef("pk"), tenant_id=OuterRef("tenant_id"))
    return projects.filter(Q(manager=actor.person_id) | Exists(member))


def client_ids(actor: Actor) -> QuerySet[Project, UUID]:
    """Clients of the projects that the actor may see."""
    return visible_projects(actor).order_by().values_list("client_id", flat=True)


@once
def project_for(actor: Actor, project_id: UUID) -> Project:
    """The project; NotFound if there is none that the actor may see."""
    project = visible_projects(actor).filter(id=project_id).first()
    if project is None:
        raise NotFound("There is no such project, or you may not see it.")
    return project


def project_by_number(actor: Actor, number: str) -> Project:
    """The project of that number, or with that public id; NotFound else."""
    wanted = Q(number=number)
    with suppress(ValueError):
        wanted |= Q(id=Project.uuid_of(number))
    project = visible_projects(actor).filter(wanted).first()
    if project is None:
        raise NotFound(say("There is no project %(number)s, or you may not see it.", number=number))
    return project


def of_project(actor: Actor, rows: QuerySet[_Row], number: str) -> QuerySet[_Row]:
    """The rows of the project with that number; all of them where none is named."""
    return rows.filter(project=project_by_number(actor, number)) if number else rows


def of_number(actor: Actor, rows: QuerySet[_Row], project: str, number: int) -> _Row:
    """The row with that number among those of the project with its number; NotFound else."""
    found = rows.filter(project=project_by_number(actor, project), number=number).first()
    if found is None:
        raise NotFound(say("Project %(project)s has no number %(number)s of these.", project=project, number=number))
    return found


def tasks_of(project: Project) -> QuerySet[Task]:
    """Tasks of a project in the order of the plan."""
    return (
        Task.objects.select_related("assignee", "parent").filter(project=project).order_by("position", "number", "id")
    )


def task_numbered(project: Project, number: int) -> Task:
    """The task with that number in a project that the caller may see; NotFound else."""
    task = tasks_of(project).filter(number=number).first()
    if task is None:
        raise NotFound(say("Project %(project)s has no task %(number)s.", project=project.number, number=number))
    return task


def milestones_of(project_ids: Iterable[UUID]) -> QuerySet[Task]:
    """The milestones of projects that the caller has chosen by what may be seen."""
    return Task.objects.filter(project__in=list(project_ids), is_milestone=True).order_by("due_on", "number")


def task_for(actor: Actor, task_id: UUID) -> Task:
    """The task of a project that the actor may see."""
    task = Task.objects.select_related("project", "assignee").filter(id=task_id).first()
    if task is None or not visible_projects(actor).filter(id=task.project_id).exists():
        raise NotFound("There is no such task, or you may not see it.")
    return task


def paper_of(actor: Actor, task_id: UUID) -> StoredFile:
    """The paper with which the client accepted a deliverable; NotFound if there is none."""
    paper: StoredFile | None = task_for(actor, task_id).sign_file
    if paper is None:
        raise NotFound("No paper was kept with this acceptance.")
    return paper


def members_of(project: Project) -> QuerySet[ProjectMember]:
    return ProjectMember.objects.select_related("person", "job_role").filter(project=project).order_by("person__name")


def first_steps(project: Project, *, has_tasks: bool) -> list[tuple[str, bool]]:
    """What a new project still needs, in order: the step's key and whether it is done. Empty when all is done."""
    steps = [
        ("contract", project.contract_id is not None or project.client.is_internal),
        ("dates", bool(project.starts_on and project.ends_on)),
        ("budget", bool(project.budget_minutes or project.budget_amount)),
        ("team", members_of(project).exists()),
        ("tasks", has_tasks),
    ]
    return [] if all(done for _, done in steps) else steps
