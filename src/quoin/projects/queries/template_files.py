"""Files of templates and of the projects that began with them, and a template's document with its files."""

from __future__ import annotations

import base64
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction, AuditChange
from quoin.base.files.models import StoredFile
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id
from quoin.projects.models import ProjectDocument, ProjectTemplate, TemplateFile
from quoin.projects.queries import project_for, visible_projects
from quoin.projects.queries.gates import VIEW_GATES
from quoin.projects.queries.templates import VIEW_TEMPLATES, current_document, draft_of, published_of
from quoin.projects.rules.templates.reading import written

FILES: Final = "files"
"""Under which word a document names its files."""
_TABLE: Final = "projects_templatefile"
CARRIED_BYTES: Final = 500_000
"""Up to this size a document carries the bytes of a file; of larger ones it says name and hash."""


def files_of(version_id: UUID) -> QuerySet[TemplateFile]:
    """The files of a version, without their bytes."""
    rows = TemplateFile.objects.select_related("file").defer("file__content").filter(version=version_id)
    return rows.order_by("position", "id")


def current_files(template_id: UUID) -> QuerySet[TemplateFile]:
    """The files of what is edited: the draft if there is one, else the last published version."""
    return files_of((draft_of(template_id) or published_of(template_id)).id)


def template_file_for(actor: Actor, template_file_id: UUID) -> TemplateFile:
    """One file with its bytes; NotFound else."""
    actor.require(VIEW_TEMPLATES)
    rows = TemplateFile.objects.select_related("file", "version__template")
    found = rows.filter(id=template_file_id).first()
    if found is None:
        raise NotFound("There is no such file, or you may not see it.")
    return found


def project_file_for(actor: Actor, document_id: UUID) -> ProjectDocument:
    """A document of a project that the actor sees, with the bytes of its file; NotFound where it is a text."""
    actor.require(VIEW_GATES)
    found = ProjectDocument.objects.select_related("file").filter(id=document_id, file__isnull=False).first()
    if found is None:
        raise NotFound("There is no such file, or you may not see it.")
    project_for(actor, found.project_id)
    return found


def file_at_hand(actor: Actor, template_id: UUID, sha256: str) -> StoredFile | None:
    """The stored file of that hash, if the actor may see it anyway: to know a hash is not to know the bytes."""
    known = StoredFile.objects.filter(sha256=sha256).defer("content")
    return next((one for one in known if _is_in_sight(actor, template_id, one)), None)


def _is_in_sight(actor: Actor, template_id: UUID, file: StoredFile) -> bool:
    """On a template or a project that they see, handed in by themselves, or taken off this very template before."""
    if actor.may(VIEW_TEMPLATES) and TemplateFile.objects.filter(file=file).exists():
        return True
    seen = visible_projects(actor).order_by().values("id")
    if actor.may(VIEW_GATES) and ProjectDocument.objects.filter(file=file, project__in=seen).exists():
        return True
    uploads = AuditAction.objects.filter(target=file.public_id, actor_id=actor.user_id)
    return (actor.user_id is not None and uploads.exists()) or _stood_on(template_id, file)


def _stood_on(template_id: UUID, file: StoredFile) -> bool:
    """Whether the trail says so: undo puts back by its hash what was taken off."""
    about = AuditAction.objects.filter(target=public_id(ProjectTemplate.prefix, template_id)).values("id")
    gone = AuditChange.objects.filter(tenant_id=file.tenant_id, action_id__in=about, operation="D")
    return gone.filter(table_name=_TABLE, before__file_id=str(file.id)).exists()


def told_files(version_id: UUID) -> list[dict[str, Any]]:
    """Names and hashes, as a document that is read in may name files that are known here."""
    return [_told(one) for one in files_of(version_id)]


def named_document(template_id: UUID) -> dict[str, Any]:
    """What is edited, with the names and hashes of its files."""
    return _joined(template_id, [_told(one) for one in current_files(template_id)])


def whole_document(template_id: UUID) -> dict[str, Any]:
    """What is edited, to share with others: files up to CARRIED_BYTES are inside."""
    rows = current_files(template_id).defer(None).select_related("file")
    files = []
    for one in rows:
        told = _told(one)
        if one.file.size_bytes <= CARRIED_BYTES:
            told["content"] = base64.b64encode(bytes(one.file.content)).decode()
        files.append(told)
    return _joined(template_id, files)


def _joined(template_id: UUID, files: list[dict[str, Any]]) -> dict[str, Any]:
    return written(current_document(template_id)) | ({FILES: files} if files else {})


def _told(one: TemplateFile) -> dict[str, Any]:
    return {
        "name": one.name, "sha256": one.file.sha256, "size_bytes": one.file.size_bytes,
        "content_type": one.file.content_type,
    }  # fmt: skip
