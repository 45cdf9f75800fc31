"""Commands about templates: versions are written as drafts, published once, and never change again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, Forbidden, NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.projects.models import ProjectTemplate, TemplateFile, TemplateProposal, TemplateVersion
from quoin.projects.queries.template_files import FILES, told_files
from quoin.projects.queries.templates import VIEW_TEMPLATES, drawn, is_owner
from quoin.projects.rules.templates.methods import begun_with
from quoin.projects.rules.templates.reading import read_template
from quoin.projects.rules.templates.shipped import SHIPPED
from quoin.projects.services import templates as service
from quoin.projects.services.template_files import apart, draw_files, write_files
from quoin.projects.types import Method


@action("projects.template.create", label=_("Make a project template"))
def create_template(
    actor: Actor, *, document: Any = None, name: str = "", description: str = "", method: str = Method.OWN
) -> ProjectTemplate:
    """A template with its first draft: from a document (an import), or with the phases and gates of a method."""
    document, files = apart(document)
    if document is not None:
        found = read_template(document)
    else:
        found = begun_with(_method(method), name=" ".join(name.split()), description=description)
    if not found.name:
        raise invalid("/name", "A template needs a name.", code="required")
    made = service.add_template(actor, found, files=files)
    touch(made.public_id)
    undo_with("projects.template.retire", template_id=made.id)
    return made


@action("projects.template.take", label=_("Take a shipped template"))
def take_template(actor: Actor, *, shipped: str) -> ProjectTemplate:
    """A template of the gallery as the firm's own, published and ready to start from."""
    found = SHIPPED.get(shipped)
    if found is None:
        raise invalid("/shipped", say("The gallery has %(shipped)s.", shipped=", ".join(SHIPPED)), code="not_a_choice")
    made = service.add_template(actor, found)
    service.publish(actor, made, note="")
    touch(made.public_id)
    undo_with("projects.template.retire", template_id=made.id)
    return made


@action("projects.template.draw", label=_("Make a template from a project"))
def draw_template(
    actor: Actor, *, project_id: UUID | str, name: str = "", template_id: UUID | str | None = None
) -> ProjectTemplate:
    """A new template from a project's plan, or the draft of the next version of one that exists."""
    if template_id is None:
        made = service.add_template(actor, drawn(actor, UUID(str(project_id)), name=_named(name)))
    else:
        made = reached(actor, "projects.template.draw", template_id)
        found = drawn(actor, UUID(str(project_id)), name=made.name, description=made.description)
        service.write_draft(made, found)
    draft = TemplateVersion.objects.get(template=made, status="draft")
    write_files(actor, draft, [])
    draw_files(UUID(str(project_id)), draft)
    touch(made.public_id)
    return made


@action("projects.template.edit", label=_("Change a project template"))
def edit_template(actor: Actor, *, template_id: UUID | str, document: Any) -> TemplateVersion:
    """The draft of the next version says this from now on; what is published stays."""
    template = reached(actor, "projects.template.edit", template_id)
    document, files = apart(document)
    found = read_template(document)
    draft = TemplateVersion.objects.filter(template=template, status="draft").first()
    if draft is not None:
        undo_with("projects.template.edit", template_id=template.id, document=_told(draft))
    else:
        undo_with("projects.template.discard", template_id=template.id)
    touch(template.public_id)
    written = service.write_draft(template, found)
    write_files(actor, written, files)
    return written


@action("projects.template.publish", label=_("Publish a project template"))
def publish_template(actor: Actor, *, template_id: UUID | str, note: str = "") -> TemplateVersion:
    """New projects begin from the draft from now on; running ones keep the version they began from."""
    template = reached(actor, "projects.template.publish", template_id)
    touch(template.public_id, reason=note)
    return service.publish(actor, template, note=note)


@action("projects.template.discard", label=_("Drop the draft of a template"))
def discard_draft(actor: Actor, *, template_id: UUID | str) -> None:
    """Only where a published version stays."""
    template = reached(actor, "projects.template.discard", template_id)
    draft = TemplateVersion.objects.filter(template=template, status="draft").first()
    if draft is None:
        raise Conflict("There is no draft to drop.")
    if not TemplateVersion.objects.filter(template=template, status="published").exists():
        raise Conflict("This draft is all there is of the template. Retire the template instead.")
    undo_with("projects.template.edit", template_id=template.id, document=_told(draft))
    TemplateFile.objects.filter(version=draft).delete()
    draft.delete()
    touch(template.public_id)


@action("projects.template.retire", label=_("Retire a project template"))
def retire_template(actor: Actor, *, template_id: UUID | str) -> ProjectTemplate:
    """It is offered no more; projects that began from it keep it."""
    return _offered(actor, "projects.template.retire", template_id, is_active=False)


@action("projects.template.restore", label=_("Offer a retired template again"))
def restore_template(actor: Actor, *, template_id: UUID | str) -> ProjectTemplate:
    return _offered(actor, "projects.template.restore", template_id, is_active=True)


@action("projects.template.assign", label=_("Say who owns a template"))
def assign_template(actor: Actor, *, template_id: UUID | str, person_id: UUID | str | None) -> ProjectTemplate:
    """The owner changes it, and answers what others propose."""
    template = reached(actor, "projects.template.assign", template_id)
    undo_with("projects.template.assign", template_id=template.id, person_id=template.owner_id)
    template.owner = service.person(person_id)
    template.save(update_fields=["owner"])
    touch(template.public_id)
    return template


@action("projects.template.propose", label=_("Propose a change of a template"))
def propose_template_change(actor: Actor, *, template_id: UUID | str, text: str, source: str = "") -> TemplateProposal:
    actor.require(VIEW_TEMPLATES)
    made = service.propose_change(actor, template_id=UUID(str(template_id)), text=text, source=source)
    touch(made.public_id)
    return made


@action("projects.template.accept", label=_("Accept a proposal for a template"))
def accept_proposal(actor: Actor, *, template_proposal_id: UUID | str, answer: str = "") -> TemplateProposal:
    """The proposal becomes a note in the draft of the next version."""
    proposal = _proposal(actor, "projects.template.accept", template_proposal_id)
    service.accept(actor, proposal, answer=answer)
    touch(proposal.public_id, reason=answer)
    return proposal


@action("projects.template.decline", label=_("Decline a proposal for a template"))
def decline_proposal(actor: Actor, *, template_proposal_id: UUID | str, answer: str) -> TemplateProposal:
    proposal = _proposal(actor, "projects.template.decline", template_proposal_id)
    if not answer.strip():
        raise invalid("/answer", "Say why it is not taken up.", code="required")
    service.decide(actor, proposal, status="declined", answer=answer)
    touch(proposal.public_id, reason=answer)
    return proposal


def _offered(actor: Actor, permission: str, template_id: UUID | str, *, is_active: bool) -> ProjectTemplate:
    template = reached(actor, permission, template_id)
    if template.is_active is is_active:
        raise Conflict("It is offered already." if is_active else "It is retired already.")
    template.is_active = is_active
    template.save(update_fields=["is_active"])
    touch(template.public_id)
    undo_with(f"projects.template.{'retire' if is_active else 'restore'}", template_id=template.id)
    return template


def _told(draft: TemplateVersion) -> dict[str, Any]:
    """A draft as `edit_template` takes it, files by their hashes."""
    return {**draft.document, FILES: told_files(draft.id)}


def reached(actor: Actor, permission: str, template_id: UUID | str) -> ProjectTemplate:
    """The template, locked; for its owner, or who may change all."""
    actor.require(VIEW_TEMPLATES)
    template = ProjectTemplate.objects.select_for_update(of=("self",)).filter(id=template_id).first()
    if template is None:
        raise NotFound("There is no such template.")
    if not is_owner(actor, template, permission):
        raise Forbidden("Only the template's owner may do this. Propose a change instead.")
    return template


def _proposal(actor: Actor, permission: str, proposal_id: UUID | str) -> TemplateProposal:
    proposal = TemplateProposal.objects.select_for_update(of=("self",)).filter(id=proposal_id).first()
    if proposal is None:
        raise NotFound("There is no such proposal.")
    reached(actor, permission, proposal.template_id)
    if proposal.status != "open":
        raise Conflict(say("The proposal is %(status)s already.", status=Sentence(proposal.status)))
    return proposal


def _method(text: str) -> Method:
    try:
        return Method(text)
    except ValueError:
        raise invalid(
            "/method",
            say("%(text)s is not one of %(methods)s.", text=repr(text), methods=", ".join(Method)),
            code="not_a_choice",
        ) from None


def _named(name: str) -> str:
    if not name.strip():
        raise invalid("/name", "A template needs a name.", code="required")
    return " ".join(name.split())
