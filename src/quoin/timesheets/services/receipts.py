"""Receipts of expenses."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction, AuditChange
from quoin.base.clock import utc_now
from quoin.base.files.keep import keep_file
from quoin.base.files.models import StoredFile
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.words import say
from quoin.timesheets.models import Expense
from quoin.timesheets.queries.spending import visible_expenses
from quoin.timesheets.types import RECEIPT_MOST_BYTES

_UNDO_LIFE = timedelta(days=1)
_TABLE = "timesheets_expense"


def store_receipt(actor: Actor, *, name: str, content: bytes) -> StoredFile:
    """The stored receipt, a PDF or a picture; Invalid for anything else and for what is too large."""
    return keep_file(
        actor, name=name or "receipt", content=content, field="/receipt", what=say("A receipt"),
        most_bytes=RECEIPT_MOST_BYTES,
    )  # fmt: skip


def require_receipt(actor: Actor, expense: Expense, receipt_id: UUID | str | None) -> None:
    """Refuse a file that the actor neither handed in nor sees on an expense: its id alone gives nobody its bytes."""
    if not receipt_id or str(receipt_id) == str(expense.receipt_id):
        return
    wanted = UUID(str(receipt_id))
    uploads = AuditAction.objects.filter(target=public_id(StoredFile.prefix, wanted), actor_id=actor.user_id)
    if not (uploads.exists() or visible_expenses(actor).filter(receipt_id=wanted).exists() or _held(actor, wanted)):
        raise invalid(
            "/receipt_id", "There is no such receipt, or you may not see it. Upload it first.", code="unknown"
        )


def _held(actor: Actor, receipt_id: UUID) -> bool:
    """Whether the actor took it off an expense within the day: undo puts it back."""
    lately = AuditAction.objects.filter(at__gt=utc_now() - _UNDO_LIFE, actor_id=actor.user_id).values("id")
    changes = AuditChange.objects.filter(tenant_id=actor.tenant_id, action_id__in=lately)
    return changes.filter(table_name=_TABLE, before__receipt_id=str(receipt_id)).exists()
