"""What other apps' actions may ask of projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from quoin.base.db.bulk import update_columns
from quoin.base.numbering import next_number
from quoin.clients.models import Client
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.projects.models import Project, ProjectMember, Task
from quoin.projects.types import TaskKind
from quoin.sales.models import Contract


def add_project(
    *, name: str, client_id: UUID, number: str = "", contract_id: UUID | None = None, **fields: Any
) -> Project:
    """A new project with the next number. The contract must be the client's."""
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "A project needs a name.", code="required")
    client = Client.objects.filter(id=client_id).first()
    if client is None:
        raise invalid("/client", "There is no such client. Add it first.", code="unknown")
    contract = check_contract(contract_id, client_id)
    number = number.strip() or str(1000 + next_number("project"))
    if Project.objects.filter(number=number).exists():
        raise invalid("/number", say("Project number %(number)s is taken.", number=number), code="taken")
    fields.setdefault("currency", contract.currency if contract else client.currency)
    check_dates(fields.get("starts_on"), fields.get("ends_on"))
    return Project.objects.create(name=name, client=client, contract=contract, number=number, **fields)


def check_contract(contract_id: UUID | None, client_id: UUID) -> Contract | None:
    """The contract, if it is the client's; Invalid else."""
    if contract_id is None:
        return None
    contract = Contract.objects.filter(id=contract_id).first()
    if contract is None or contract.client_id != client_id:
        raise invalid("/contract", "The contract is not the client's. Choose one of the same client.")
    return contract


def check_dates(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise invalid("/ends_on", "The end is before the start. Check both dates.")


def add_task(*, project_id: UUID, name: str, parent_id: UUID | None = None, **fields: Any) -> Task:
    """A new task at the end of the project, with the project's next task number."""
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "A task needs a name.", code="required")
    # The project's row serialises the numbering of its tasks.
    if not Project.objects.select_for_update().filter(id=project_id).exists():
        raise NotFound("There is no such project.")
    if parent_id and not Task.objects.filter(id=parent_id, project=project_id).exists():
        raise invalid("/parent", "The task above must be of the same project.")
    check_dates(fields.get("starts_on"), fields.get("due_on"))
    fields.setdefault("kind", TaskKind.MILESTONE if fields.get("is_milestone") else TaskKind.TASK)
    last = Task.objects.filter(project=project_id).aggregate(number=Max("number"), position=Max("position"))
    return Task.objects.create(
        project_id=project_id,
        parent_id=parent_id,
        name=name,
        number=(last["number"] or 0) + 1,
        position=fields.pop("position", (last["position"] or 0) + 1),
        **fields,
    )


def set_member(*, project_id: UUID, person_id: UUID, **fields: Any) -> ProjectMember:
    """Somebody on the project, added or changed."""
    check_dates(fields.get("starts_on"), fields.get("ends_on"))
    member, _ = ProjectMember.objects.update_or_create(project_id=project_id, person_id=person_id, defaults=fields)
    return member


def change_project(project_id: UUID, **fields: Any) -> Project:
    """New values for fields of a project, for imports and their undo."""
    project = Project.objects.select_for_update(of=("self",)).get(id=project_id)
    for name, value in fields.items():
        setattr(project, name, value)
    project.save(update_fields=list(fields))
    return project


def change_task(task_id: UUID, **fields: Any) -> Task:
    """New values for fields of a task, for imports and their undo."""
    task = Task.objects.select_for_update(of=("self",)).get(id=task_id)
    for name, value in fields.items():
        setattr(task, name, value)
    task.save(update_fields=list(fields))
    return task


def estimate_tasks(minutes: Mapping[UUID, int]) -> None:
    """New estimates of many tasks; their dates stay."""
    update_columns(Task, list(minutes), {"estimate_minutes": list(minutes.values())})


def remove_projects(project_ids: Iterable[UUID]) -> None:
    """Delete projects that nothing points at; whatever is in use is refused by the database."""
    Project.objects.filter(id__in=list(project_ids)).delete()


def remove_tasks(task_ids: Iterable[UUID]) -> None:
    """Delete tasks that nothing points at; whatever is in use is refused by the database."""
    Task.objects.filter(id__in=list(task_ids)).delete()


def remove_members(member_ids: Iterable[UUID]) -> None:
    """Take people off projects, by the ids of the memberships."""
    ProjectMember.objects.filter(id__in=list(member_ids)).delete()


def add_tasks(rows: Iterable[Task]) -> list[Task]:
    """Many new tasks (of `project_id` and `name`, and what else they hold), numbered on from each project's last."""
    tasks = list(rows)
    projects = {task.project_id for task in tasks}
    # The projects' rows serialise the numbering of their tasks.
    list(Project.objects.select_for_update(of=("self",)).filter(id__in=projects).order_by("id").values_list("id"))
    found = Task.objects.filter(project_id__in=projects).values("project_id")
    last = {
        row["project_id"]: (row["number"], row["position"])
        for row in found.annotate(number=Max("number"), position=Max("position"))
    }
    for task in tasks:
        number, position = last.get(task.project_id, (0, 0))
        task.number, task.position = number + 1, position + 1
        last[task.project_id] = (task.number, task.position)
    return Task.objects.bulk_create(tasks, batch_size=1000)


def add_memberships(rows: Iterable[ProjectMember]) -> list[ProjectMember]:
    """Many people on projects where they are not yet, each with the days and hours of the row."""
    members = list(rows)
    for member in members:
        check_dates(member.starts_on, member.ends_on)
    return ProjectMember.objects.bulk_create(members, batch_size=1000)


def add_members(pairs: Iterable[tuple[UUID, UUID]]) -> list[ProjectMember]:
    """Put people on projects, by (project, person); returns those that were not there yet."""
    wanted = set(pairs)
    there = ProjectMember.objects.filter(project_id__in={pair[0] for pair in wanted})
    missing = sorted(wanted - set(there.values_list("project_id", "person_id")), key=str)
    return ProjectMember.objects.bulk_create(
        [ProjectMember(project_id=project, person_id=person) for project, person in missing], batch_size=1000
    )
