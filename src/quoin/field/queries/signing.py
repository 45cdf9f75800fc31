"""Pictures of a visit: photos of its checklist and the client's signature."""

from __future__ import annotations

from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.files.models import StoredFile
from quoin.field.models import VisitCheck
from quoin.field.queries import visit_for
from quoin.kernel.errors import NotFound

_NONE = "There is no such picture, or you may not see it."


def photo_of(actor: Actor, visit_id: UUID, check_id: UUID) -> StoredFile:
    """The photo of a line of a visit that the actor may see."""
    found = visit_for(actor, visit_id)
    line = VisitCheck.objects.filter(visit=found, id=check_id).first()
    return _stored(line.photo_id if line else None)


def signature_of(actor: Actor, visit_id: UUID) -> StoredFile:
    return _stored(visit_for(actor, visit_id).signature_id)


def _stored(file_id: UUID | None) -> StoredFile:
    found = StoredFile.objects.filter(id=file_id).first() if file_id else None
    if found is None:
        raise NotFound(_NONE)
    return found
