"""Reading and writing the lines of checklists."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from quoin.field.models import Checklist, ChecklistLine
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say

Line = tuple[str, bool]
"""Text, and whether it needs a photo."""
_MOST_LINES = 100


def checklist(checklist_id: UUID | str) -> Checklist:
    found = Checklist.objects.filter(id=checklist_id).first()
    if found is None:
        raise NotFound("There is no such checklist.")
    return found


def lines_of(found: Checklist) -> list[Line]:
    rows = ChecklistLine.objects.filter(checklist=found).order_by("position")
    return [(row.text, row.needs_photo) for row in rows]


def lines_to_copy(checklist_id: UUID | str | None, own: Iterable[Line]) -> list[Line]:
    """The lines of the checklist, if one is named, and after them those of the visit itself."""
    if not checklist_id:
        return list(own)
    found = checklist(checklist_id)
    if not found.is_active:
        raise invalid(
            "/checklist_id", say("%(found)s is not in use any more. Choose another checklist.", found=found.name)
        )
    return [*lines_of(found), *own]


def set_lines(found: Checklist, lines: Iterable[Line]) -> None:
    """The lines as given; empty ones are left out."""
    kept = [(" ".join(text.split()), bool(photo)) for text, photo in lines if text.strip()]
    if not kept:
        raise invalid("/lines", "A checklist has at least one line.", code="required")
    if len(kept) > _MOST_LINES:
        raise invalid("/lines", say("A checklist has up to %(most_lines)s lines.", most_lines=_MOST_LINES))
    ChecklistLine.objects.filter(checklist=found).delete()
    ChecklistLine.objects.bulk_create(
        [
            ChecklistLine(checklist=found, position=number, text=text, needs_photo=photo)
            for number, (text, photo) in enumerate(kept, start=1)
        ]
    )
