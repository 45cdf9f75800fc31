"""Checklists to begin with. A visit copies the one it is given; what changes here reaches later visits only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.field.models import Checklist
from quoin.field.services.checklists import checklist, lines_of, set_lines
from quoin.kernel.errors import invalid


@action("field.checklist.create", label=_("Make a checklist"))
def create_checklist(
    actor: Actor,
    *,
    name: str,
    kind: str = "",
    lines: Iterable[tuple[str, bool]] = (),
) -> Checklist:
    """A list of lines, each with whether it needs a photo, for a kind of equipment or for all."""
    made = Checklist.objects.create(name=_name(name), kind=" ".join(kind.split()))
    set_lines(made, lines)
    touch(made.public_id)
    undo_with("field.checklist.edit", checklist_id=made.id, is_active=False)
    return made


@action("field.checklist.edit", label=_("Change a checklist"))
def edit_checklist(
    actor: Actor,
    *,
    checklist_id: UUID | str,
    name: str | None = None,
    kind: str | None = None,
    lines: Iterable[tuple[str, bool]] | None = None,
    is_active: bool | None = None,
) -> Checklist:
    """What is not given stays. Visits that copied the list keep what they copied."""
    found = checklist(checklist_id)
    undo_with(
        "field.checklist.edit", checklist_id=found.id, name=found.name, kind=found.kind, lines=lines_of(found),
        is_active=found.is_active,
    )  # fmt: skip
    if name is not None:
        found.name = _name(name)
    if kind is not None:
        found.kind = " ".join(kind.split())
    if is_active is not None:
        found.is_active = is_active
    found.save()
    if lines is not None:
        set_lines(found, lines)
    touch(found.public_id)
    return found


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise invalid("/name", "A checklist needs a name.", code="required")
    return name
