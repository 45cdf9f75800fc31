"""Lessons: what happened, why, and what to do the next time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.governance import services
from quoin.governance.models import Lesson
from quoin.governance.queries import lesson_for, visible_lessons
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.projects.services.own import own_project
from quoin.projects.services.templates import propose_change, template_of

_CREATE, _EDIT, _DROP, _RESTORE = (
    "governance.lesson.create", "governance.lesson.edit", "governance.lesson.drop", "governance.lesson.restore",
)  # fmt: skip
_EDITABLE = frozenset({"title", "what", "why", "advice", "went_well"})


@action(_CREATE, label=_("Write down a lesson"))
def create_lesson(actor: Actor, /, *, project_id: UUID | str, title: str, **fields: Any) -> Lesson:
    """A lesson of the project, for those who plan the next one."""
    project = own_project(actor, _CREATE, project_id, "client", "contract")
    made = Lesson(project=project, learned_on=actor.today, learned_by=actor.name)
    _fill(made, {**fields, "title": title})
    made.number = services.next_in_project(Lesson, project)
    made.save(force_insert=True)
    touch(made.public_id)
    undo_with(_DROP, lesson_id=made.id)
    return made


@action(_EDIT, label=_("Edit a lesson"))
def edit_lesson(actor: Actor, /, *, lesson_id: UUID | str, **fields: Any) -> Lesson:
    found = _own(actor, _EDIT, lesson_id)
    undo_with(_EDIT, lesson_id=found.id, **{name: getattr(found, name, None) for name in fields})
    _fill(found, fields)
    found.save(update_fields=list(fields))
    touch(found.public_id)
    return found


@action(_DROP, label=_("Drop a lesson"))
def drop_lesson(actor: Actor, *, lesson_id: UUID | str) -> None:
    """It is not shown any more."""
    found = _own(actor, _DROP, lesson_id)
    found.is_dropped = True
    found.save(update_fields=["is_dropped"])
    undo_with(_RESTORE, lesson_id=found.id)
    touch(found.public_id)


@action(_RESTORE, label=_("Bring a lesson back"))
def restore_lesson(actor: Actor, *, lesson_id: UUID | str) -> Lesson:
    found = Lesson.objects.filter(id=lesson_id, is_dropped=True).first()
    if found is None:
        raise NotFound("There is no such lesson, or you may not see it.")
    own_project(actor, _RESTORE, found.project_id, "client", "contract")
    found.is_dropped = False
    found.save(update_fields=["is_dropped"])
    touch(found.public_id)
    return found


@action("governance.lesson.propose", label=_("Propose a change of a template from a lesson"))
def propose_lesson(
    actor: Actor, *, lesson_id: UUID | str, text: str = "", template_id: UUID | str | None = None
) -> Lesson:
    """Ask the template's owner to change it: the one that the project began from, unless another is named."""
    found = _own(actor, "governance.lesson.propose", lesson_id)
    wanted = text.strip() or found.advice
    if not wanted:
        raise invalid("/text", "Say what to do the next time; that is what is proposed.", code="required")
    target = UUID(str(template_id)) if template_id else None
    if target is None:
        template = template_of(found.project_id)
        if template is None:
            raise invalid("/template_id", "The project did not begin from a template. Name one.", code="required")
        target = template.id
    proposal = propose_change(actor, template_id=target, text=f"{found.title}: {wanted}", source=found.public_id)
    found.template_change_id = proposal.id
    found.save(update_fields=["template_change_id"])
    touch(found.public_id)
    return found


def _own(actor: Actor, right: str, lesson_id: UUID | str) -> Lesson:
    seen = lesson_for(actor, UUID(str(lesson_id)))
    own_project(actor, right, seen.project_id, "client", "contract")
    return visible_lessons(actor).get(id=seen.id)


def _fill(lesson: Lesson, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        if name == "title":
            lesson.title = services.words(str(value or ""), name, "Say in a few words what was learned.")
        elif name == "went_well":
            lesson.went_well = bool(value)
        else:
            setattr(lesson, name, str(value or "").strip())
