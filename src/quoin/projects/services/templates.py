"""What other apps ask of templates: to take note of what their owner may want to change."""

from __future__ import annotations

from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import NotFound, invalid
from quoin.projects.models import ProjectOrigin, ProjectTemplate, TemplateProposal

_LONGEST = 4000


def propose_change(actor: Actor, *, template_id: UUID, text: str, source: str = "") -> TemplateProposal:
    """A proposal for the template's owner, who accepts it (a note in the draft of the next version) or declines it.

    `source` says where it comes from: the public id of a lesson, or words. The same words from there are kept once.
    """
    wanted = text.strip()
    if not wanted:
        raise invalid("/text", "Say what to change.", code="required")
    if len(wanted) > _LONGEST:
        raise invalid("/text", f"Say it in {_LONGEST} characters.", code="too_long")
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
