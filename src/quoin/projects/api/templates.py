"""Templates and gates over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json, whole_list
from quoin.kernel.ids import public_id
from quoin.projects import queries
from quoin.projects.actions import gates as gate_actions
from quoin.projects.actions import templates as actions
from quoin.projects.queries import gates as gate_queries
from quoin.projects.queries import templates as read
from quoin.projects.queries.template_files import named_document
from quoin.projects.queries.templates import TEMPLATES, VIEW_TEMPLATES, Start

router = Router(tags=["templates"])
TemplateId = Annotated[UUID, PublicId("tpl")]
ProposalId = Annotated[UUID, PublicId("tpp")]
ProjectId = Annotated[UUID, PublicId("prj")]
ClientId = Annotated[UUID, PublicId("cli")]
PersonId = Annotated[UUID, PublicId("per")]
TaskId = Annotated[UUID, PublicId("tsk")]
JobRoleId = Annotated[UUID, PublicId("job")]
GateId = Annotated[UUID, PublicId("gat")]
ItemId = Annotated[UUID, PublicId("gai")]


class TemplateIn(ApiIn):
    """A template: a document, a shipped one by its key, or a name with a method."""

    document: dict[str, Any] | None = None
    shipped: str = ""
    name: str = ""
    method: str = "own"


class DocumentIn(ApiIn):
    """What the draft says from now on."""

    document: dict[str, Any]


class NoteIn(ApiIn):
    """A word on it."""

    note: str = ""


class DrawIn(ApiIn):
    """A name for the template that is drawn from a project."""

    name: str


class ProposalIn(ApiIn):
    """What should change, and where that comes from."""

    text: str
    source: str = ""


class AnswerIn(ApiIn):
    """What becomes of a proposal."""

    is_accepted: bool
    answer: str = ""


class OutlookIn(ApiIn):
    """How a project would begin."""

    name: str = ""
    client_id: ClientId | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    people: dict[str, PersonId] = {}
    answers: dict[str, str] = {}


class ItemIn(ApiIn):
    """What a gate asks for: `manual` with a text, or the name of a fact."""

    kind: str = "manual"
    text: str = ""
    job_role_id: JobRoleId | None = None


class GateIn(ApiIn):
    """A gate before a row of the plan."""

    task_id: TaskId
    name: str
    items: list[ItemIn] = []
    due_on: date | None = None
    waiver_role_id: JobRoleId | None = None


class GatePatch(ApiIn):
    """What changes: its name, the phase it holds, its day, who else may waive it, or what it asks for.

    Items that keep their words keep their ticks.
    """

    name: str = ""
    task_id: TaskId | None = None
    due_on: date | None = None
    waiver_role_id: JobRoleId | None = None
    items: list[ItemIn] | None = None


class ReasonIn(ApiIn):
    """Why."""

    reason: str


@router.get("/project-templates", summary="List project templates")
@operation(VIEW_TEMPLATES)
def list_templates(request: ApiRequest) -> HttpResponse:
    return list_response(request, TEMPLATES, read.templates(request.actor), template_out)


@router.post("/project-templates", summary="Make a project template")
@operation("projects.template.create")
def create_template(request: ApiRequest, body: TemplateIn) -> HttpResponse:
    if body.shipped:
        made = actions.take_template(request.actor, shipped=body.shipped)
    else:
        made = actions.create_template(request.actor, document=body.document, name=body.name, method=body.method)
    return respond_json(template_out(read.template_for(request.actor, made.id)), status=201)


@router.get("/project-templates/{template_id}", summary="A project template with its document")
@operation(VIEW_TEMPLATES)
def read_template(request: ApiRequest, template_id: TemplateId) -> HttpResponse:
    row = read.template_for(request.actor, template_id)
    versions = [
        {"number": one.number, "status": one.status, "note": one.note, "published_at": one.published_at}
        for one in read.versions_of(row)
    ]
    document = named_document(row.id)
    return respond_json({**template_out(row), "versions": versions, "document": document})


@router.put("/project-templates/{template_id}", summary="Change the draft of a project template")
@operation("projects.template.edit")
def edit_template(request: ApiRequest, template_id: TemplateId, body: DocumentIn) -> HttpResponse:
    draft = actions.edit_template(request.actor, template_id=template_id, document=body.document)
    return respond_json({"number": draft.number, "status": draft.status})


@router.post("/project-templates/{template_id}/publish", summary="Publish the draft of a project template")
@operation("projects.template.publish")
def publish_template(request: ApiRequest, template_id: TemplateId, body: NoteIn) -> HttpResponse:
    done = actions.publish_template(request.actor, template_id=template_id, note=body.note)
    return respond_json({"number": done.number, "status": done.status})


@router.post("/project-templates/{template_id}/retire", summary="Offer a project template no more")
@operation("projects.template.retire")
def retire_template(request: ApiRequest, template_id: TemplateId) -> HttpResponse:
    actions.retire_template(request.actor, template_id=template_id)
    return HttpResponse(status=204)


@router.post("/project-templates/{template_id}/restore", summary="Offer a retired project template again")
@operation("projects.template.restore")
def restore_template(request: ApiRequest, template_id: TemplateId) -> HttpResponse:
    actions.restore_template(request.actor, template_id=template_id)
    return HttpResponse(status=204)


@router.post("/project-templates/{template_id}/discard", summary="Drop the draft of a project template")
@operation("projects.template.discard")
def discard_template(request: ApiRequest, template_id: TemplateId) -> HttpResponse:
    actions.discard_draft(request.actor, template_id=template_id)
    return HttpResponse(status=204)


@router.post("/project-templates/{template_id}/outlook", summary="What a project from a template would be")
@operation(VIEW_TEMPLATES)
def outlook(request: ApiRequest, template_id: TemplateId, body: OutlookIn) -> HttpResponse:
    start = Start(**body.model_dump())
    return respond_json(outlook_out(read.outlook(request.actor, template_id, start)))


@router.get("/project-templates/{template_id}/proposals", summary="Proposed changes of a project template")
@operation(VIEW_TEMPLATES)
def list_proposals(request: ApiRequest, template_id: TemplateId) -> HttpResponse:
    rows = read.proposals_of(read.template_for(request.actor, template_id))
    return whole_list([proposal_out(row) for row in rows])


@router.post("/project-templates/{template_id}/proposals", summary="Propose a change of a project template")
@operation("projects.template.propose")
def propose(request: ApiRequest, template_id: TemplateId, body: ProposalIn) -> HttpResponse:
    made = actions.propose_template_change(request.actor, template_id=template_id, **body.model_dump())
    return respond_json(proposal_out(made), status=201)


@router.post("/template-proposals/{proposal_id}/answer", summary="Accept or decline a proposal")
@operation("projects.template.accept")
def answer(request: ApiRequest, proposal_id: ProposalId, body: AnswerIn) -> HttpResponse:
    run = actions.accept_proposal if body.is_accepted else actions.decline_proposal
    return respond_json(proposal_out(run(request.actor, template_proposal_id=proposal_id, answer=body.answer)))


@router.post("/projects/{project_id}/template", summary="Make a template from a project")
@operation("projects.template.draw")
def draw(request: ApiRequest, project_id: ProjectId, body: DrawIn) -> HttpResponse:
    made = actions.draw_template(request.actor, project_id=project_id, name=body.name)
    return respond_json(template_out(read.template_for(request.actor, made.id)), status=201)


@router.get("/gates", summary="Gates that wait")
@operation(gate_queries.VIEW_GATES)
def list_waiting(request: ApiRequest) -> HttpResponse:
    rows = [gate_out(state) for state in gate_queries.waiting_gates(request.actor)]
    return whole_list(rows)


@router.get("/projects/{project_id}/gates", summary="Gates of a project")
@operation(gate_queries.VIEW_GATES)
def list_gates(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    project = queries.project_for(request.actor, project_id)
    rows = [gate_out(state) for state in gate_queries.gates_of(request.actor, project)]
    return whole_list(rows)


@router.post("/projects/{project_id}/gates", summary="Put a gate before a phase")
@operation("projects.gate.add")
def add_gate(request: ApiRequest, project_id: ProjectId, body: GateIn) -> HttpResponse:
    gate = gate_actions.add_gate(request.actor, project_id=project_id, **body.model_dump())
    return _answer(request, gate.id, status=201)


@router.patch("/gates/{gate_id}", summary="Change what a gate asks for, while it waits")
@operation("projects.gate.edit")
def edit_gate(request: ApiRequest, gate_id: GateId, body: GatePatch) -> HttpResponse:
    gate_actions.edit_gate(request.actor, gate_id=gate_id, **body.model_dump(exclude_unset=True))
    return _answer(request, gate_id)


@router.delete("/gates/{gate_id}", summary="Remove a gate that waits")
@operation("projects.gate.remove")
def remove_gate(request: ApiRequest, gate_id: GateId) -> HttpResponse:
    gate_actions.remove_gate(request.actor, gate_id=gate_id)
    return HttpResponse(status=204)


@router.post("/gate-items/{item_id}/tick", summary="Tick an item of a gate")
@operation("projects.gate.tick")
def tick_item(request: ApiRequest, item_id: ItemId, body: NoteIn) -> HttpResponse:
    return _answer(request, gate_actions.tick_item(request.actor, item_id=item_id, note=body.note).gate_id)


@router.post("/gate-items/{item_id}/untick", summary="Take a tick back")
@operation("projects.gate.untick")
def untick_item(request: ApiRequest, item_id: ItemId) -> HttpResponse:
    return _answer(request, gate_actions.untick_item(request.actor, item_id=item_id).gate_id)


@router.post("/gates/{gate_id}/pass", summary="Pass a gate")
@operation("projects.gate.pass")
def pass_gate(request: ApiRequest, gate_id: GateId, body: NoteIn) -> HttpResponse:
    return _answer(request, gate_actions.pass_gate(request.actor, gate_id=gate_id, note=body.note).id)


@router.post("/gates/{gate_id}/waive", summary="Waive a gate with a reason")
@operation("projects.gate.waive")
def waive_gate(request: ApiRequest, gate_id: GateId, body: ReasonIn) -> HttpResponse:
    return _answer(request, gate_actions.waive_gate(request.actor, gate_id=gate_id, reason=body.reason).id)


@router.post("/gates/{gate_id}/reopen", summary="Let a gate hold again")
@operation("projects.gate.reopen")
def reopen_gate(request: ApiRequest, gate_id: GateId) -> HttpResponse:
    return _answer(request, gate_actions.reopen_gate(request.actor, gate_id=gate_id).id)


def _answer(request: ApiRequest, gate_id: UUID, *, status: int = 200) -> HttpResponse:
    return respond_json(gate_out(gate_queries.gate_for(request.actor, gate_id)), status=status)


def template_out(row: Any) -> dict[str, Any]:
    """A template on the wire."""
    return {
        "id": row.public_id, "name": row.name, "description": row.description, "method": row.method,
        "is_active": row.is_active, "published_number": row.published_number, "draft_number": row.draft_number,
        "owner_id": public_id("per", row.owner_id) if row.owner_id else None,
    }  # fmt: skip


def proposal_out(row: Any) -> dict[str, Any]:
    """A proposal on the wire."""
    return {
        "id": row.public_id, "template_id": public_id("tpl", row.template_id), "text": row.text, "source": row.source,
        "status": row.status, "answer": row.answer,
    }  # fmt: skip


def gate_out(state: Any) -> dict[str, Any]:
    """A gate with what it asks for, on the wire."""
    gate = state.gate
    return {
        "id": gate.public_id, "project_id": public_id("prj", gate.project_id),
        "task_id": public_id("tsk", gate.task_id), "name": gate.name, "status": gate.status, "reason": gate.reason,
        "decided_at": gate.decided_at, "is_ready": state.is_ready, "due_on": gate.due_on,
        "waiver_role_id": public_id("job", gate.waiver_role_id) if gate.waiver_role_id else None,
        "items": [
            {
                "id": one.item.public_id, "kind": one.item.kind, "text": one.label, "is_met": one.is_met,
                "why": one.why,
                "job_role_id": public_id("job", one.item.job_role_id) if one.item.job_role_id else None,
            }
            for one in state.items
        ],
    }  # fmt: skip


def outlook_out(found: Any) -> dict[str, Any]:
    """A preview on the wire."""
    laid = found.laid
    return {
        "version": found.version.number, "starts_on": laid.starts_on, "ends_on": laid.ends_on,
        "budget_minutes": found.budget_minutes,
        "price": {"amount": f"{found.price:.2f}", "currency": found.currency} if found.price is not None else None,
        "rows": [
            {
                "key": row.key, "name": laid.plan.tasks[laid.tasks[row.key]].name, "kind": row.kind.value,
                "starts_on": laid.days(row.key)[0], "ends_on": laid.days(row.key)[1],
                "effort_minutes": row.effort_minutes,
            }
            for row in found.template.rows
        ],
    }  # fmt: skip
