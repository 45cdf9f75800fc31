"""Commands of compliance: seal the trail, take an action back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import REGISTRY, action, touch
from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction, AuditSeal
from quoin.base.audit.seal import seal
from quoin.base.clock import utc_now
from quoin.compliance.queries.trail import UNDO, UNDO_LIFE, action_for
from quoin.compliance.services.anchors import write_anchors
from quoin.compliance.types import NotUndoable
from quoin.kernel.errors import Forbidden


@action("compliance.audit.seal", label=gettext_lazy("Seal the audit trail"))
def seal_trail(actor: Actor) -> AuditSeal:
    """Add a link to the hash chain, and its head to the file outside the database."""
    link = seal()
    links = list(AuditSeal.objects.order_by("number"))
    transaction.on_commit(lambda: write_anchors(actor.tenant_id, links))
    touch(f"seal:{link.number}")
    return link


@action(UNDO, label=gettext_lazy("Undo"))
def undo(actor: Actor, *, action_id: UUID | str) -> AuditAction:
    """Take an own action of the last day back, with the actor's rights of now. Once."""
    done = action_for(actor, action_id)
    if done.actor_id != actor.user_id:
        raise Forbidden(_("Only who did it can undo it."))
    if done.undo is None:
        raise NotUndoable(_("This cannot be undone. Correct it with a new change."))
    if done.at < utc_now() - UNDO_LIFE:
        raise NotUndoable(_("This is older than a day. Correct it with a new change."))
    # Whoever asks at the same moment waits here, and is told that it is done.
    AuditAction.objects.select_for_update().get(id=done.id)
    if AuditAction.objects.filter(name=UNDO, target=done.public_id).exists():
        raise NotUndoable(_("This was undone already."))
    REGISTRY[done.undo["action"]].run(actor, **done.undo["arguments"])
    touch(done.public_id)
    return done
