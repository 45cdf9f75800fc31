"""Rearranging drafts: lines grouped otherwise, put in order, moved to another draft, split off, brought together."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.billing.models import Invoice, InvoiceLine
from quoin.billing.services import rearranging
from quoin.billing.services.draft_rows import locked_draft, locked_drafts, locked_line, saved
from quoin.billing.services.drafts import delete_draft
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.sales.types import LineGrouping


@action("billing.invoice.regroup", label=_("Group the lines of a draft"))
def regroup_draft(
    actor: Actor, *, invoice_id: UUID | str, grouping: LineGrouping | str, version: int | None = None
) -> Invoice:
    """Lines by task, person, role, week, or one in all; by the contract's rule if empty.

    Lines that say something of their own, a typed text or price, stay as they are.
    """
    draft = locked_draft(invoice_id, version)
    if grouping and str(grouping) not in set(LineGrouping):
        raise invalid(
            "/grouping",
            say("Lines are grouped by %(groupings)s, or by the contract's rule.", groupings=", ".join(LineGrouping)),
        )
    undo_with("billing.invoice.regroup", invoice_id=draft.id, grouping=draft.grouping)
    rearranging.regroup(actor, draft, LineGrouping(grouping) if grouping else None)
    return saved(draft, ["grouping"])


@action("billing.line.place", label=_("Put a line in another place"))
def place_line(actor: Actor, *, line_id: UUID | str, position: int, version: int | None = None) -> Invoice:
    """Put the line at a place, counted from 1; the others close up."""
    line, draft = locked_line(line_id, version)
    before = rearranging.place(draft, line, position)
    undo_with("billing.line.place", line_id=line.id, position=before)
    return saved(draft)


@action("billing.line.move", label=_("Move lines to another draft"))
def move_lines(actor: Actor, *, line_ids: Sequence[UUID | str], invoice_id: UUID | str) -> Invoice:
    """Put lines with their work on another draft of the same client, company and currency; returns that draft."""
    source, target = _both(line_ids, UUID(str(invoice_id)))
    rearranging.move(target, line_ids, source)
    if InvoiceLine.objects.filter(invoice=source).exists():
        undo_with("billing.line.move", line_ids=list(line_ids), invoice_id=source.id)
        saved(source)
    else:
        delete_draft(source)
    return saved(target)


@action("billing.invoice.split", label=_("Split a draft"))
def split_draft(
    actor: Actor, *, invoice_id: UUID | str, line_ids: Sequence[UUID | str], version: int | None = None
) -> Invoice:
    """Put lines with their work on a new draft with the same header; returns it."""
    draft = locked_draft(invoice_id, version)
    ids = {UUID(str(key)) for key in line_ids}
    lines = set(InvoiceLine.objects.filter(invoice=draft).values_list("id", flat=True))
    if not ids or not ids <= lines:
        raise NotFound("Some of these lines are not on this draft.")
    if ids == lines:
        raise Conflict("All lines would move, and the draft would be empty. Leave one of them.")
    made = rearranging.copy_header(actor, draft)
    rearranging.move(made, line_ids, draft)
    saved(draft)
    found = saved(made)
    undo_with("billing.invoice.merge", invoice_id=made.id, into_id=draft.id)
    return found


@action("billing.invoice.merge", label=_("Bring two drafts together"))
def merge_drafts(actor: Actor, *, invoice_id: UUID | str, into_id: UUID | str) -> Invoice:
    """Put all lines of a draft on another one of the same client and discard the empty one; returns the other."""
    drafts = locked_drafts([UUID(str(invoice_id)), UUID(str(into_id))])
    source, target = drafts[UUID(str(invoice_id))], drafts[UUID(str(into_id))]
    rearranging.require_alike(source, target)
    lines = list(InvoiceLine.objects.filter(invoice=source).order_by("position").values_list("id", flat=True))
    rearranging.move(target, lines, source)
    delete_draft(source)
    touch(target.public_id)
    return saved(target)


def _both(line_ids: Sequence[UUID | str], target_id: UUID) -> tuple[Invoice, Invoice]:
    ids = {UUID(str(key)) for key in line_ids}
    sources = set(InvoiceLine.objects.filter(id__in=ids).values_list("invoice_id", flat=True))
    if not ids or InvoiceLine.objects.filter(id__in=ids).count() != len(ids):
        raise NotFound("There is no such line.")
    if len(sources) != 1:
        raise Conflict("Move the lines of one draft at a time.")
    (source_id,) = sources
    assert source_id is not None
    drafts = locked_drafts([source_id, target_id])
    source, target = drafts[source_id], drafts[target_id]
    rearranging.require_alike(source, target)
    return source, target
