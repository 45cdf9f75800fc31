"""Plans in files over the API: taken in with a dry run first, given out as Microsoft Project XML or CSV."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import File, Form
from ninja.files import UploadedFile

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json
from quoin.kernel.errors import invalid
from quoin.kernel.ids import from_public_id, public_id
from quoin.kernel.words import say
from quoin.projects.actions.exchange import IMPORT, import_plan
from quoin.projects.adapters.exchange import read_plan, write_plan
from quoin.projects.queries import project_for
from quoin.projects.queries.exchange import try_file
from quoin.projects.queries.exchange_out import exported
from quoin.projects.queries.exchange_told import told
from quoin.projects.queries.plan import VIEW_PLAN

router = Router(tags=["plans"])
ProjectId = Annotated[UUID, PublicId("prj")]


class PlanIn(ApiIn):
    """What stands beside the file. `people` is JSON: the number of a resource to a person, null for a placeholder."""

    project_id: str = ""
    client_id: str = ""
    name: str = ""
    people: str = ""
    removes_gone: bool = False


@router.post("/projects/import-plan", summary="Import a plan that is sent as multipart/form-data")
@operation(IMPORT)
def import_plan_file(request: ApiRequest, file: File[UploadedFile], beside: Form[PlanIn]) -> HttpResponse:
    """Into a project, or into a new one of the client. With dry_run=true nothing is written."""
    name = file.name or "plan"
    plan = read_plan(name, file.read())
    people = _people(beside.people)
    project_id = _id("prj", "project_id", beside.project_id)
    if _is_dry_run(request):
        project = project_for(request.actor, project_id) if project_id else None
        trial = try_file(request.actor, plan, project, chosen=people, removes_gone=beside.removes_gone)
        return respond_json(told(trial) | {"project_id": beside.project_id or None})
    done = import_plan(
        request.actor, plan, file_name=name, project_id=project_id,
        client_id=_id("cli", "client_id", beside.client_id), name=beside.name, people=people,
        removes_gone=beside.removes_gone,
    )  # fmt: skip
    undo = undo_token(request.actor)
    found = told(done.trial) | {"project_id": done.project.public_id, "number": done.project.number}
    return respond_json(found | {"undo": str(undo) if undo else None}, status=200 if project_id else 201)


@router.get("/projects/{project_id}/plan.xml", summary="The plan as Microsoft Project XML")
@operation(VIEW_PLAN)
def get_plan_xml(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    return _file_of(request.actor, project_for(request.actor, project_id), "mspdi")


@router.get("/projects/{project_id}/plan.csv", summary="The plan as CSV")
@operation(VIEW_PLAN)
def get_plan_csv(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    return _file_of(request.actor, project_for(request.actor, project_id), "csv")


def _file_of(actor: Actor, project: Any, form: str) -> HttpResponse:
    written = write_plan(exported(actor, project.id), form)
    response = HttpResponse(written.content, content_type=written.content_type)
    response["Content-Disposition"] = f'attachment; filename="plan-{project.number}.{written.suffix}"'
    return response


def _is_dry_run(request: HttpRequest) -> bool:
    return request.GET.get("dry_run") == "true"


def _id(prefix: str, name: str, text: str) -> UUID | None:
    if not text:
        return None
    try:
        return from_public_id(prefix, text)
    except ValueError:
        raise invalid(
            f"/{name}",
            say("%(text)s is no id such as %(example)s.", text=repr(text), example=public_id(prefix, UUID(int=0))),
        ) from None


def _people(text: str) -> dict[int, UUID | None]:
    if not text:
        return {}
    try:
        given = msgspec.json.decode(text, type=dict[str, str | None])
        return {int(uid): _id("per", f"people/{uid}", key or "") for uid, key in given.items()}
    except (msgspec.DecodeError, ValueError):
        raise invalid("/people", 'Write people as JSON, as {"3": "per_…", "4": null}.') from None
