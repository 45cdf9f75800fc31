"""Files of templates, and the documents that projects began with, over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja import File
from ninja.files import UploadedFile

from quoin.base.http.api import ApiRequest, PublicId, Router, operation, respond_json, whole_list
from quoin.projects.actions import template_files as actions
from quoin.projects.queries import project_for
from quoin.projects.queries import template_files as read
from quoin.projects.queries.gates import VIEW_GATES
from quoin.projects.queries.templates import VIEW_TEMPLATES, documents_of, template_for

router = Router(tags=["templates"])
TemplateId = Annotated[UUID, PublicId("tpl")]
TemplateFileId = Annotated[UUID, PublicId("tpf")]
ProjectId = Annotated[UUID, PublicId("prj")]
DocumentId = Annotated[UUID, PublicId("doc")]


@router.get("/project-templates/{template_id}/files", summary="Files of a project template")
@operation(VIEW_TEMPLATES)
def list_template_files(request: ApiRequest, template_id: TemplateId) -> HttpResponse:
    rows = read.current_files(template_for(request.actor, template_id).id)
    return whole_list([file_out(row) for row in rows])


@router.post("/project-templates/{template_id}/files", summary="Attach a file to the draft (multipart/form-data)")
@operation("projects.template.attach")
def attach_template_file(request: ApiRequest, template_id: TemplateId, file: File[UploadedFile]) -> HttpResponse:
    made = actions.attach_file(
        request.actor, template_id=template_id, file_name=file.name or "file", content=file.read()
    )
    return respond_json(file_out(made), status=201)


@router.get("/template-files/{template_file_id}", summary="A file of a project template")
@operation(VIEW_TEMPLATES)
def get_template_file(request: ApiRequest, template_file_id: TemplateFileId) -> HttpResponse:
    return _given(read.template_file_for(request.actor, template_file_id))


@router.delete("/template-files/{template_file_id}", summary="Take a file off the draft of a project template")
@operation("projects.template.detach")
def detach_template_file(request: ApiRequest, template_file_id: TemplateFileId) -> HttpResponse:
    actions.detach_file(request.actor, template_file_id=template_file_id)
    return HttpResponse(status=204)


@router.get("/projects/{project_id}/documents", summary="Texts and files that a project began with")
@operation(VIEW_GATES)
def list_project_documents(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    rows = documents_of(project_for(request.actor, project_id).id)
    told = [file_out(row) if row.file else {"id": row.public_id, "name": row.name, "text": row.text} for row in rows]
    return whole_list(told)


@router.get("/project-documents/{document_id}/file", summary="A file that a project began with")
@operation(VIEW_GATES)
def get_project_file(request: ApiRequest, document_id: DocumentId) -> HttpResponse:
    return _given(read.project_file_for(request.actor, document_id))


def file_out(row: Any) -> dict[str, Any]:
    """A file on the wire, without its bytes."""
    return {
        "id": row.public_id, "name": row.name, "content_type": row.file.content_type,
        "size_bytes": row.file.size_bytes, "sha256": row.file.sha256,
    }  # fmt: skip


def _given(row: Any) -> HttpResponse:
    response = HttpResponse(bytes(row.file.content), content_type=row.file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
