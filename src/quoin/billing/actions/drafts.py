"""Drafts: written by hand, their texts, dates and typed lines, and their way to approval.

An issued document refuses all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import LegalEntity
from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.billing.models import Invoice, InvoiceLine
from quoin.billing.rules.document_lines import entered_net
from quoin.billing.services.draft_rows import locked_draft, locked_line, next_position, saved
from quoin.billing.services.drafts import release_lines
from quoin.billing.services.laying import work_of
from quoin.clients.models import Client
from quoin.kernel.currency import CODES
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.money import Rounding
from quoin.kernel.words import Sentence, say

MOST_UNDONE = 500
"""Above so many charges Undo is not offered: its arguments would not fit the trail."""
_HEADER = frozenset({"note", "purchase_order", "buyer_reference", "due_on", "payment_days", "shows_hours"})
_STEPS = {
    "in_review": frozenset({"draft", "approved"}),
    "approved": frozenset({"draft", "in_review"}),
    "draft": frozenset({"in_review", "approved"}),
}


@action("billing.invoice.create", label=_("Write an invoice by hand"))
def create_invoice(
    actor: Actor,
    *,
    client_id: UUID | str,
    entity_id: UUID | str | None = None,
    currency: str = "",
    contract_id: UUID | str | None = None,
    is_vat_inclusive: bool = False,
) -> Invoice:
    """An empty draft for typed lines and unbilled work."""
    client = Client.objects.filter(id=client_id).first()
    entities = LegalEntity.objects.filter(id=entity_id) if entity_id else LegalEntity.objects.order_by("id")
    entity = entities.first()
    if client is None or entity is None:
        raise NotFound("There is no such client or company.")
    code = currency or client.currency
    if code not in CODES:
        raise invalid("/currency", say("%(code)s is not an ISO 4217 currency.", code=repr(code)))
    draft = Invoice.objects.create(
        entity=entity, client=client, contract_id=contract_id, currency=code, rounding=entity.rounding,
        buyer_reference=client.buyer_reference, payment_days=client.payment_days, created_at=actor.now,
        is_vat_inclusive=is_vat_inclusive,
    )  # fmt: skip
    touch(draft.public_id)
    undo_with("billing.invoice.discard", invoice_id=draft.id)
    return draft


@action("billing.invoice.edit", label=_("Edit a draft"))
def edit_draft(actor: Actor, /, *, invoice_id: UUID | str, version: int | None = None, **fields: Any) -> Invoice:
    """Note, order, reference, due day and terms of a draft."""
    draft = locked_draft(invoice_id, version)
    old = {name: getattr(draft, name) for name in _HEADER & fields.keys()}
    for name, value in fields.items():
        if name not in _HEADER:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        setattr(draft, name, value)
    undo_with("billing.invoice.edit", invoice_id=draft.id, **old)
    return saved(draft, [*fields])


@action("billing.invoice.step", label=_("Review and approve drafts"))
def step_drafts(actor: Actor, *, invoice_ids: Sequence[UUID | str], to: str) -> int:
    """Send drafts to review, approve them, or take that back. Returns how many moved."""
    if to not in _STEPS:
        raise invalid("/to", "A draft becomes in_review, approved or draft again.")
    ids = [UUID(str(key)) for key in invoice_ids]
    drafts = list(Invoice.objects.select_for_update().filter(id__in=ids).order_by("id"))
    if len(drafts) != len(set(ids)):
        raise NotFound("There is no such draft.")
    if any(draft.status not in _STEPS[to] for draft in drafts):
        raise Conflict(say("Not all of them can become %(state)s.", state=Sentence(to.replace("_", " "))))
    touch(drafts[0].public_id if len(drafts) == 1 else f"{len(drafts)} drafts")
    before = {draft.status for draft in drafts}
    if len(before) == 1:
        undo_with("billing.invoice.step", invoice_ids=ids, to=before.pop())
    return Invoice.objects.filter(id__in=ids).update(status=to)


@action("billing.line.add", label=_("Add a line"))
def add_line(
    actor: Actor,
    *,
    invoice_id: UUID | str,
    description: str,
    quantity: Decimal | str = Decimal(1),
    unit: str = "C62",
    unit_price: Decimal | str = Decimal(0),
    version: int | None = None,
) -> InvoiceLine:
    """A typed line. A negative quantity is a discount; where prices include VAT the price is with VAT."""
    draft = locked_draft(invoice_id, version)
    text, quantity, unit_price = description.strip(), Decimal(str(quantity)), Decimal(str(unit_price))
    if not text:
        raise invalid("/description", "A line needs a text.")
    if unit_price < 0 or not quantity:
        raise invalid("/unit_price", "A price is not negative; a discount has a negative quantity.")
    net = entered_net(
        quantity, unit=unit, unit_price=unit_price, currency=draft.currency, mode=Rounding(draft.rounding)
    )
    line = InvoiceLine.objects.create(
        invoice=draft, position=next_position(draft), kind="manual", description=text, quantity=quantity, unit=unit,
        unit_price=unit_price, net_amount=net.amount, is_manual=True, is_edited=True, contract_id=draft.contract_id,
        entered_amount=net.amount if draft.is_vat_inclusive else None,
    )  # fmt: skip
    undo_with("billing.line.remove", line_id=line.id)
    saved(draft)
    return line


@action("billing.line.edit", label=_("Edit a line of a draft"))
def edit_line(
    actor: Actor,
    *,
    line_id: UUID | str,
    description: str | None = None,
    quantity: Decimal | str | None = None,
    unit_price: Decimal | str | None = None,
    version: int | None = None,
) -> InvoiceLine:
    """Text of any line; quantity and price of a typed one. Work is billed for less by `lines.write_line_down`."""
    line, draft = locked_line(line_id, version)
    before = _before(line, is_inclusive=draft.is_vat_inclusive)
    if (quantity is not None or unit_price is not None) and not line.is_manual:
        raise Conflict("Work stands behind this line: say how many hours, or at what price they are billed, and why.")
    if description is not None:
        line.description = description.strip() or line.description
    if line.is_manual:
        _retype(line, quantity, unit_price, is_inclusive=draft.is_vat_inclusive)
    line.is_edited = True
    line.save()
    undo_with(
        "billing.line.edit", line_id=line.id, **(before if line.is_manual else {"description": before["description"]})
    )
    saved(draft)
    return line


@action("billing.line.remove", label=_("Remove a line of a draft"))
def remove_line(actor: Actor, *, line_id: UUID | str, version: int | None = None) -> None:
    """Take a line off; its work is unbilled again."""
    line, draft = locked_line(line_id, version)
    before = _before(line, is_inclusive=draft.is_vat_inclusive)
    work = work_of(line)
    release_lines(actor, [line])
    if work and len(work) <= MOST_UNDONE:
        undo_with("billing.line.add_work", invoice_id=draft.id, charge_ids=work)
    elif not work:
        undo_with("billing.line.add", invoice_id=draft.id, unit=line.unit, **before)
    saved(draft)


def _before(line: InvoiceLine, *, is_inclusive: bool) -> dict[str, Any]:
    """Text, quantity and price as they would be typed."""
    if is_inclusive and line.entered_amount is not None:
        sign = -1 if line.entered_amount < 0 else 1
        return {"description": line.description, "quantity": sign, "unit_price": abs(line.entered_amount)}
    return {"description": line.description, "quantity": line.quantity, "unit_price": line.unit_price}


def _retype(
    line: InvoiceLine, quantity: Decimal | str | None, unit_price: Decimal | str | None, *, is_inclusive: bool
) -> None:
    known = _before(line, is_inclusive=is_inclusive)
    count = Decimal(str(known["quantity"] if quantity is None else quantity))
    price = Decimal(str(known["unit_price"] if unit_price is None else unit_price))
    if price < 0 or not count:
        raise invalid("/unit_price", "A price is not negative; a discount has a negative quantity.")
    if is_inclusive:
        line.entered_amount = price * count
    else:
        line.quantity, line.unit_price = count, price
