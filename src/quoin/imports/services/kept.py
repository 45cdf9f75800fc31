"""What taking an import back did and what it left, and the refusal of what is on invoices."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from quoin.billing.models import Charge, Invoice, InvoiceItem
from quoin.kernel.errors import Conflict, Problem
from quoin.kernel.words import listed, say

_LISTED = 200
CHANGED = say("It was changed since.")


class ImportBilled(Conflict):
    """Time or expenses of the import are on invoices; they are corrected first."""

    code = "import_billed"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that undo leaves as it is, and why."""

    kind: str
    object_id: UUID
    label: str
    reason: str


@dataclass(slots=True)
class Undone:
    """What undo did."""

    removed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    restored: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kept: list[Kept] = field(default_factory=list)


def refuse_billed(source_ids: list[UUID], kind: str) -> None:
    """ImportBilled names the invoices on which charges of these sources are; `kind` is time or expense."""
    charges = Charge.objects.filter(source_id__in=source_ids, kind=kind).exclude(status="void")
    live = InvoiceItem.objects.filter(is_live=True, charge_id__in=charges.values("id"))
    invoices = list(Invoice.objects.filter(id__in=live.values("line__invoice_id")).order_by("number", "id"))
    if not invoices:
        return
    problems = tuple(
        Problem(
            f"/invoices/{row.public_id}",
            "billed",
            say("Work of this import is on %(place)s.", place=row.number or say("a draft")),
            "Credit the invoice, or discard the draft, first.",
        )
        for row in invoices[:_LISTED]
    )
    names = listed(row.number or say("a draft") for row in invoices[:10])
    raise ImportBilled(
        say("Work of this import is billed: %(names)s. Credit or discard that first.", names=names), problems=problems
    )
