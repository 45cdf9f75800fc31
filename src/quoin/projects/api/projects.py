"""Projects, tasks and members over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    MoneyIn,
    PublicId,
    Router,
    check_match,
    etag_of,
    list_response,
    operation,
    respond_json,
    whole_list,
)
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.words import say
from quoin.projects import actions, queries
from quoin.projects.queries.lists import PROJECTS, TASKS

router = Router(tags=["projects"])
ProjectId = Annotated[UUID, PublicId("prj")]
TaskId = Annotated[UUID, PublicId("tsk")]
ClientId = Annotated[UUID, PublicId("cli")]
ContractId = Annotated[UUID, PublicId("ctr")]
PersonId = Annotated[UUID, PublicId("per")]
JobRoleId = Annotated[UUID, PublicId("job")]
TemplateId = Annotated[UUID, PublicId("tpl")]


class ProjectPatch(ApiIn):
    """What to change of a project; absent fields stay."""

    name: str | None = None
    contract_id: ContractId | None = None
    manager_id: PersonId | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    budget_minutes: int = 0
    budget: MoneyIn | None = None
    note_rule: str = "wanted"
    health: str = "on_track"
    health_note: str = ""
    description: str = ""


class ProjectIn(ProjectPatch):
    """A project to be started."""

    name: str
    client_id: ClientId
    number: str = ""
    template_id: TemplateId | None = None


class StepIn(ApiIn):
    """The status that a project takes."""

    status: str


class TaskPatch(ApiIn):
    """What to change of a task; absent fields stay."""

    name: str | None = None
    status: str = "open"
    assignee_id: PersonId | None = None
    is_billable: bool = True
    is_milestone: bool = False
    estimate_minutes: int = 0
    left_minutes: int | None = None
    starts_on: date | None = None
    due_on: date | None = None
    priority: int = 2
    notes: str = ""
    parent_id: TaskId | None = None


class TaskIn(TaskPatch):
    """A task to be added."""

    name: str


class MemberIn(ApiIn):
    """Somebody's part in a project."""

    job_role_id: JobRoleId | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    minutes_per_day: int = 0


@router.get("/projects", summary="List projects")
@operation(queries.VIEW)
def list_projects(request: ApiRequest) -> HttpResponse:
    return list_response(request, PROJECTS, queries.visible_projects(request.actor), project_out)


@router.post("/projects", summary="Start a project")
@operation("projects.project.create")
def create_project(request: ApiRequest, body: ProjectIn) -> HttpResponse:
    project = actions.create_project(request.actor, **_fields(body))
    return respond_json(project_out(project), status=201)


@router.get("/projects/{project_id}", summary="A project")
@operation(queries.VIEW)
def get_project(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    return _answer(queries.project_for(request.actor, project_id))


@router.patch("/projects/{project_id}", summary="Edit a project")
@operation("projects.project.edit")
def edit_project(request: ApiRequest, project_id: ProjectId, body: ProjectPatch) -> HttpResponse:
    project = queries.project_for(request.actor, project_id)
    check_match(request, etag_of(*project_out(project).values()))
    fields = _fields(body)
    if body.budget is not None and body.budget.currency != fields.get("currency", project.currency):
        raise invalid(
            "/budget/currency",
            say("Give the budget in %(currency)s, the currency of the project.", currency=project.currency),
        )
    return _answer(actions.edit_project(request.actor, project_id=project_id, **fields))


@router.post("/projects/{project_id}/step", summary="Change the status of a project")
@operation("projects.project.step")
def step_project(request: ApiRequest, project_id: ProjectId, body: StepIn) -> HttpResponse:
    return _answer(actions.step_project(request.actor, project_id=project_id, status=body.status))


@router.get("/projects/{project_id}/tasks", summary="Tasks of a project")
@operation(queries.VIEW)
def list_tasks(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    project = queries.project_for(request.actor, project_id)
    return list_response(request, TASKS, queries.tasks_of(project), task_out)


@router.post("/projects/{project_id}/tasks", summary="Add a task")
@operation("projects.task.create")
def create_task(request: ApiRequest, project_id: ProjectId, body: TaskIn) -> HttpResponse:
    task = actions.create_task(request.actor, project_id=project_id, **body.model_dump(exclude_unset=True))
    return respond_json(task_out(task), status=201)


@router.patch("/tasks/{task_id}", summary="Edit a task")
@operation("projects.task.edit")
def edit_task(request: ApiRequest, task_id: TaskId, body: TaskPatch) -> HttpResponse:
    check_match(request, etag_of(*task_out(queries.task_for(request.actor, task_id)).values()))
    task = actions.edit_task(request.actor, task_id=task_id, **body.model_dump(exclude_unset=True))
    found = task_out(task)
    return respond_json(found, etag=etag_of(*found.values()))


@router.delete("/tasks/{task_id}", summary="Delete a task on which nothing was recorded")
@operation("projects.task.delete")
def delete_task(request: ApiRequest, task_id: TaskId) -> HttpResponse:
    queries.task_for(request.actor, task_id)
    actions.delete_task(request.actor, task_id=task_id)
    return HttpResponse(status=204)


@router.get("/projects/{project_id}/members", summary="People on a project")
@operation(queries.VIEW)
def list_members(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    rows = queries.members_of(queries.project_for(request.actor, project_id))
    return whole_list([_member_out(row) for row in rows])


@router.put("/projects/{project_id}/members/{person_id}", summary="Put somebody on a project")
@operation("projects.member.set")
def set_member(request: ApiRequest, project_id: ProjectId, person_id: PersonId, body: MemberIn) -> HttpResponse:
    member = actions.set_member(
        request.actor, project_id=project_id, person_id=person_id, **body.model_dump(exclude_unset=True)
    )
    return respond_json(_member_out(member))


@router.delete("/projects/{project_id}/members/{person_id}", summary="Take somebody off a project")
@operation("projects.member.remove")
def remove_member(request: ApiRequest, project_id: ProjectId, person_id: PersonId) -> HttpResponse:
    actions.remove_member(request.actor, project_id=project_id, person_id=person_id)
    return HttpResponse(status=204)


def _fields(body: ProjectPatch) -> dict[str, Any]:
    fields = body.model_dump(exclude_unset=True, exclude={"budget"})
    if body.budget is not None:
        fields["budget_amount"] = Decimal(body.budget.amount)
    return fields


def _answer(project: Any) -> HttpResponse:
    found = project_out(project)
    return respond_json(found, etag=etag_of(*found.values()))


def project_out(project: Any) -> dict[str, Any]:
    """A project as the API writes it."""
    budget = project.budget_amount
    return {
        "id": project.public_id,
        "number": project.number,
        "name": project.name,
        "client_id": public_id("cli", project.client_id),
        "contract_id": public_id("ctr", project.contract_id) if project.contract_id else None,
        "manager_id": public_id("per", project.manager_id) if project.manager_id else None,
        "status": project.status,
        "health": project.health,
        "health_note": project.health_note,
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "budget_minutes": project.budget_minutes,
        "budget": {"amount": f"{Decimal(budget):f}", "currency": project.currency} if budget is not None else None,
        "note_rule": project.note_rule,
        "description": project.description,
    }


def task_out(task: Any) -> dict[str, Any]:
    """A task as the API writes it."""
    plain = (
        "number", "name", "status", "is_billable", "is_milestone", "estimate_minutes", "left_minutes", "starts_on",
        "due_on", "priority", "notes",
    )  # fmt: skip
    return {
        "id": task.public_id,
        "project_id": public_id("prj", task.project_id),
        "parent_id": public_id("tsk", task.parent_id) if task.parent_id else None,
        "assignee_id": public_id("per", task.assignee_id) if task.assignee_id else None,
        **{name: getattr(task, name) for name in plain},
    }


def _member_out(member: Any) -> dict[str, Any]:
    return {
        "person_id": public_id("per", member.person_id),
        "job_role_id": public_id("job", member.job_role_id) if member.job_role_id else None,
        "starts_on": member.starts_on,
        "ends_on": member.ends_on,
        "minutes_per_day": member.minutes_per_day,
    }
