"""Writing templates: drafts, publication, and what people, lessons and other apps propose to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Max

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say
from quoin.kernel.workcal import standard_calendar
from quoin.people.models import Person
from quoin.projects.models import ProjectOrigin, ProjectTemplate, TemplateProposal, TemplateVersion
from quoin.projects.queries.templates import current_document
from quoin.projects.rules.templates.laying import Ground, lay_out
from quoin.projects.rules.templates.reading import read_template, written
from quoin.projects.rules.templates.values import Template
from quoin.projects.services.template_files import carry_files, write_files

explain("template_name", "There is a project template of that name.")
explain("template_one_draft", "Somebody else has begun a draft of this template. Open it again.")
_LONGEST = 4000


def propose_change(actor: Actor, *, template_id: UUID, text: str, source: str = "") -> TemplateProposal:
    """A proposal for the template's owner, who accepts it (a note in the draft of the next version) or declines it.

    `source` says where it comes from: the public id of a lesson, or words. The same words from there are kept once.
    """
    wanted = text.strip()
    if not wanted:
        raise invalid("/text", "Say what to change.", code="required")
    if len(wanted) > _LONGEST:
        raise invalid("/text", say("Say it in %(longest)s characters.", longest=_LONGEST), code="too_long")
    template = ProjectTemplate.objects.filter(id=template_id).first()
    if template is None:
        raise NotFound("There is no such template.")
    same = TemplateProposal.objects.filter(template=template, text=wanted, source=source, status="open").first()
    if same is not None:
        return same
    made = TemplateProposal.objects.create(
        template=template, text=wanted, source=source, proposed_at=actor.now, proposed_by_id=actor.person_id
    )
    emit(
        actor, "projects.template.proposed", running_action_id(), template_id=template.id, proposal_id=made.id,
        owner_id=template.owner_id,
    )  # fmt: skip
    return made


def template_of(project_id: UUID) -> ProjectTemplate | None:
    """The template that the project began from; None if it did not begin from one."""
    origin = ProjectOrigin.objects.select_related("version__template").filter(project=project_id).first()
    return origin.version.template if origin else None


def add_template(actor: Actor, found: Template, *, files: Any = None) -> ProjectTemplate:
    """A template with a draft and its files; whoever makes it owns it."""
    made = ProjectTemplate.objects.create(
        name=found.name, description=found.description, method=found.method, owner_id=actor.person_id
    )
    draft = TemplateVersion.objects.create(template=made, number=1, document=written(found))
    write_files(actor, draft, files)
    return made


def write_draft(template: ProjectTemplate, found: Template) -> TemplateVersion:
    """The draft of the next version; made if there is none."""
    draft = TemplateVersion.objects.filter(template=template, status="draft").first()
    if draft is None:
        last = TemplateVersion.objects.filter(template=template).aggregate(last=Max("number"))["last"] or 0
        made = TemplateVersion.objects.create(template=template, number=last + 1, document=written(found))
        carry_files(TemplateVersion.objects.filter(template=template, number=last).first(), made)
        return made
    draft.document = written(found)
    draft.save(update_fields=["document"])
    return draft


def publish(actor: Actor, template: ProjectTemplate, *, note: str) -> TemplateVersion:
    """The draft as the version that projects begin from; name and description follow it."""
    draft = TemplateVersion.objects.filter(template=template, status="draft").first()
    if draft is None:
        raise Conflict("There is no draft to publish. Change the template first.")
    found = read_template(draft.document)
    if not found.rows:
        raise invalid("/rows", "A template without rows has nothing to begin with. Add phases or tasks.")
    # A plan that cannot be dated is found now and not by the first project.
    lay_out(found, Ground(
        project_id=draft.id, name=found.name, new_id=uuid7, calendars={None: standard_calendar()}, starts_on=actor.today
    ))  # fmt: skip
    draft.status, draft.published_at, draft.note = "published", actor.now, note.strip()
    draft.published_by_id = actor.person_id
    draft.save(update_fields=["status", "published_at", "note", "published_by"])
    template.name, template.description, template.method = found.name, found.description, found.method
    template.save(update_fields=["name", "description", "method"])
    return draft


def accept(actor: Actor, proposal: TemplateProposal, *, answer: str) -> None:
    """A note in the draft, which is made from the last version if there is none."""
    found = current_document(proposal.template_id)
    note = f"{proposal.text} ({proposal.source})" if proposal.source else proposal.text
    write_draft(proposal.template, replace(found, notes=(*found.notes, note)))
    decide(actor, proposal, status="accepted", answer=answer)


def decide(actor: Actor, proposal: TemplateProposal, *, status: str, answer: str) -> None:
    proposal.status, proposal.answer = status, answer.strip()
    proposal.decided_at, proposal.decided_by_id = actor.now, actor.person_id
    proposal.save(update_fields=["status", "answer", "decided_at", "decided_by"])
    emit(
        actor, "projects.template.answered", running_action_id(), template_id=proposal.template_id,
        proposal_id=proposal.id, source=proposal.source, status=status,
    )  # fmt: skip


def person(person_id: UUID | str | None) -> Person | None:
    """The person; Invalid if there is none."""
    if person_id is None:
        return None
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise invalid("/person_id", "There is no such person.", code="unknown")
    return found
