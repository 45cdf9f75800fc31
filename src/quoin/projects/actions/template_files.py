"""Commands about the files of templates; they stand on the draft of the next version, as what it says does."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound
from quoin.projects.actions.templates import reached
from quoin.projects.models import ProjectTemplate, TemplateFile, TemplateVersion
from quoin.projects.queries.templates import current_document, draft_of
from quoin.projects.services.template_files import add_file
from quoin.projects.services.templates import write_draft


@action("projects.template.attach", label=_("Attach a file to a project template"))
def attach_file(
    actor: Actor, *, template_id: UUID | str, file_name: str, content: bytes = b"", sha256: str = ""
) -> TemplateFile:
    """Projects begin with the file once the draft is published. The bytes, or the hash of a file that is kept here."""
    template = reached(actor, "projects.template.attach", template_id)
    draft, is_new = _draft(template)
    made = add_file(actor, draft, name=file_name, content=content, sha256=sha256)
    _undone(template, is_new=is_new, otherwise=("projects.template.detach", {"template_file_id": made.id}))
    return made


@action("projects.template.detach", label=_("Take a file off a project template"))
def detach_file(actor: Actor, *, template_file_id: UUID | str) -> TemplateVersion:
    """Projects that began with it keep it."""
    found = TemplateFile.objects.select_related("file", "version").defer("file__content").filter(id=template_file_id)
    row = found.first()
    if row is None:
        raise NotFound("There is no such file, or you may not see it.")
    template = reached(actor, "projects.template.detach", row.version.template_id)
    draft, is_new = _draft(template)
    told = {"template_id": template.id, "file_name": row.name, "sha256": row.file.sha256}
    if not TemplateFile.objects.filter(version=draft, name=row.name).delete()[0]:
        raise NotFound("The draft of the template has no such file.")
    _undone(template, is_new=is_new, otherwise=("projects.template.attach", told))
    return draft


def _draft(template: ProjectTemplate) -> tuple[TemplateVersion, bool]:
    """The draft of the next version, and whether it was begun for this."""
    found = draft_of(template.id)
    return (found, False) if found else (write_draft(template, current_document(template.id)), True)


def _undone(template: ProjectTemplate, *, is_new: bool, otherwise: tuple[str, dict[str, object]]) -> None:
    """Taking it back drops the draft that was begun for it."""
    touch(template.public_id)
    name, arguments = ("projects.template.discard", {"template_id": template.id}) if is_new else otherwise
    undo_with(name, **arguments)
