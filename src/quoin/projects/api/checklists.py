"""Checklists of tasks over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json, whole_list
from quoin.kernel.ids import public_id
from quoin.projects import queries
from quoin.projects.actions import gates as actions
from quoin.projects.queries.gates import VIEW_GATES, checklists_of

router = Router(tags=["templates"])
ProjectId = Annotated[UUID, PublicId("prj")]
TaskId = Annotated[UUID, PublicId("tsk")]
CheckId = Annotated[UUID, PublicId("tkc")]


class CheckIn(ApiIn):
    """What is to be checked."""

    text: str


@router.get("/projects/{project_id}/checklists", summary="The checklists of a project's tasks")
@operation(VIEW_GATES)
def list_checklists(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    project = queries.project_for(request.actor, project_id)
    rows = [
        {"task_id": task.public_id, "task": task.name, "lines": [check_out(line) for line in lines]}
        for task, lines in checklists_of(request.actor, project)
    ]
    return whole_list(rows)


@router.post("/tasks/{task_id}/checks", summary="Add a line to a task's checklist")
@operation("projects.check.add")
def add_check(request: ApiRequest, task_id: TaskId, body: CheckIn) -> HttpResponse:
    return respond_json(check_out(actions.add_check(request.actor, task_id=task_id, text=body.text)), status=201)


@router.post("/task-checks/{check_id}/tick", summary="Tick a line of a task's checklist")
@operation("projects.check.tick")
def tick_check(request: ApiRequest, check_id: CheckId) -> HttpResponse:
    return respond_json(check_out(actions.tick_check(request.actor, task_check_id=check_id)))


@router.post("/task-checks/{check_id}/untick", summary="Take a tick of a checklist back")
@operation("projects.check.untick")
def untick_check(request: ApiRequest, check_id: CheckId) -> HttpResponse:
    return respond_json(check_out(actions.untick_check(request.actor, task_check_id=check_id)))


@router.delete("/task-checks/{check_id}", summary="Take a line off a task's checklist")
@operation("projects.check.remove")
def remove_check(request: ApiRequest, check_id: CheckId) -> HttpResponse:
    actions.remove_check(request.actor, task_check_id=check_id)
    return HttpResponse(status=204)


def check_out(row: Any) -> dict[str, Any]:
    """A line of a checklist on the wire."""
    return {
        "id": row.public_id, "task_id": public_id("tsk", row.task_id), "text": row.text, "done_at": row.done_at,
        "done_by_id": public_id("per", row.done_by_id) if row.done_by_id else None,
    }  # fmt: skip
