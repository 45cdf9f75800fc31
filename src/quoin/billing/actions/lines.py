"""The work on the lines of a draft: fewer hours, another price, work added and taken out.

Worked minutes stay. What a line bills less or more than its work is worth is a write-down or write-up with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.billing.actions.drafts import MOST_UNDONE
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine, WriteDown
from quoin.billing.rules.line_changes import given_up, new_worths
from quoin.billing.services import writing_down
from quoin.billing.services.draft_rows import locked_draft, locked_line, saved
from quoin.billing.services.laying import free_line, lay_line, work_of
from quoin.billing.services.regroup import add_charges
from quoin.billing.services.writing_down import Change
from quoin.billing.types import ChargeKind
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.money import Money, Rounding

_TIMED = frozenset({ChargeKind.TIME.value, ChargeKind.OVERAGE.value})


@action("billing.line.write_down", label=_("Bill fewer hours than worked"))
def write_line_down(
    actor: Actor, *, line_id: UUID | str, billed_minutes: int, reason: str, version: int | None = None
) -> Invoice:
    """Bill so many minutes of a line of worked time; the difference is written down with the reason."""
    line, draft = locked_line(line_id, version)
    items = InvoiceItem.objects.filter(line=line, is_live=True).order_by("charge__work_on", "charge_id")
    minutes = [(item.charge_id, item.minutes) for item in items]
    over = sum(length for _, length in minutes) - billed_minutes
    if over <= 0 or billed_minutes < 0:
        raise invalid("/billed_minutes", "Say fewer minutes than the line has.")
    ids = free_line(actor, line)
    changes = [Change(charge_id, length) for charge_id, length in given_up(minutes, over=over)]
    rows = writing_down.write_down(actor, changes, reason=reason)
    _undo_change(line, rows, stays=lay_line(actor, draft, line, ids))
    touch(draft.public_id, reason=reason)
    return saved(draft)


@action("billing.line.reprice", label=_("Bill a line at another price"))
def reprice_line(
    actor: Actor, *, line_id: UUID | str, unit_price: Decimal, reason: str, version: int | None = None
) -> Invoice:
    """Bill the work of a line at another price: per hour for time, else for all of it. The books get the difference."""
    line, draft = locked_line(line_id, version)
    if unit_price < 0:
        raise invalid("/unit_price", "A price is not negative.")
    ids = free_line(actor, line)
    is_timed = line.kind in _TIMED and line.billed_minutes > 0
    if not is_timed:
        unit_price = Money(unit_price, draft.currency).round(Rounding(draft.rounding)).amount
    old = writing_down.open_amounts(ids)
    new = new_worths(old, price=unit_price, currency=draft.currency, is_timed=is_timed, mode=Rounding(draft.rounding))
    if all(new[charge_id] == known.amount for charge_id, known in old.items()):
        raise invalid("/unit_price", "The line has this price.")
    lower = [
        Change(charge_id, amount=known.amount - new[charge_id])
        for charge_id, known in old.items()
        if new[charge_id] < known.amount
    ]
    rows = list(writing_down.write_down(actor, lower, reason=reason) if lower else ())
    rows += [
        writing_down.write_up(actor, charge_id=charge_id, amount=new[charge_id] - known.amount, reason=reason)
        for charge_id, known in old.items()
        if known.amount < new[charge_id]
    ]
    stays = lay_line(actor, draft, line, ids, rate=unit_price if is_timed else None)
    _undo_change(line, rows, stays=stays)
    touch(draft.public_id, reason=reason)
    return saved(draft)


@action("billing.line.restore", label=_("Take a changed quantity or price of a line back"))
def restore_line(
    actor: Actor, *, line_id: UUID | str, write_down_ids: Sequence[UUID | str], reason: str, version: int | None = None
) -> Invoice:
    """The work of the line is billed as it was before these write-downs or write-ups."""
    line, draft = locked_line(line_id, version)
    ids = [UUID(str(key)) for key in write_down_ids]
    known = WriteDown.objects.filter(id__in=ids).values_list("charge_id", flat=True)
    charges = set(known)
    if len(known) != len(set(ids)) or not ids:
        raise NotFound("There is no such write-down.")
    charges |= set(free_line(actor, line))
    for key in ids:
        writing_down.take_back(actor, write_down_id=key, reason=reason)
    lay_line(actor, draft, line, charges)
    touch(draft.public_id, reason=reason)
    return saved(draft)


@action("billing.line.take_out", label=_("Take work out of a draft"))
def take_work_out(
    actor: Actor, *, line_id: UUID | str, charge_ids: Sequence[UUID | str], version: int | None = None
) -> Invoice:
    """Take some of the work off a line: it is unbilled again, for another draft or to be held."""
    line, draft = locked_line(line_id, version)
    wanted = {UUID(str(key)) for key in charge_ids}
    standing = work_of(line)
    if not wanted or not wanted <= set(standing):
        raise NotFound("Some of this work is not on this line.")
    free_line(actor, line)
    stays = lay_line(actor, draft, line, [key for key in standing if key not in wanted])
    if len(wanted) <= MOST_UNDONE:
        place = {"line_id": line_id} if stays else {}
        undo_with("billing.line.add_work", invoice_id=draft.id, charge_ids=sorted(wanted), **place)
    return saved(draft)


@action("billing.line.add_work", label=_("Add unbilled work to a draft"))
def add_work(
    actor: Actor,
    *,
    invoice_id: UUID | str,
    charge_ids: Sequence[UUID | str],
    line_id: UUID | str | None = None,
    version: int | None = None,
) -> Invoice:
    """Put unbilled work of the client on the draft: on a line of it, or as lines by the rule of its contract."""
    draft = locked_draft(invoice_id, version)
    ids = {UUID(str(key)) for key in charge_ids}
    fitting = Charge.objects.select_for_update(of=("self",)).filter(
        id__in=ids, client_id=draft.client_id, entity_id=draft.entity_id, currency=draft.currency, status="unbilled",
        contract__isnull=False,
    )  # fmt: skip
    if not ids or len(list(fitting.order_by("id").values_list("id", flat=True))) != len(ids):
        raise NotFound("Some of this work is not unbilled work of this client in this currency.")
    if line_id is None:
        made = add_charges(actor, draft, ids)
        InvoiceLine.objects.filter(id__in=[line.id for line in made]).update(is_edited=True)
        if len(made) == 1 and len(ids) <= MOST_UNDONE:
            undo_with("billing.line.take_out", line_id=made[0].id, charge_ids=sorted(ids))
    else:
        line = InvoiceLine.objects.filter(id=line_id, invoice=draft).first()
        if line is None:
            raise NotFound("There is no such line on this draft.")
        lay_line(actor, draft, line, ids | set(free_line(actor, line)))
        if len(ids) <= MOST_UNDONE:
            undo_with("billing.line.take_out", line_id=line.id, charge_ids=sorted(ids))
    return saved(draft)


def _undo_change(line: InvoiceLine, rows: Sequence[WriteDown], *, stays: bool) -> None:
    """How a change of the line's work is taken back, whether or not the line is still there."""
    if len(rows) > MOST_UNDONE:
        return
    ids = [row.id for row in rows]
    if stays:
        undo_with("billing.line.restore", line_id=line.id, write_down_ids=ids, reason="Undone")
    else:
        undo_with("billing.write_down.take_back", write_down_ids=ids, reason="Undone")
