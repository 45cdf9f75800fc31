"""Changing drafts: texts, dates, lines, quantities, and their way to approval. An issued document refuses all of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import LegalEntity
from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine
from quoin.billing.rules.document_lines import entered_net
from quoin.billing.services import writing_down
from quoin.billing.services.drafts import release_lines
from quoin.billing.services.regroup import add_charges
from quoin.billing.services.totals import refresh_draft
from quoin.billing.services.writing_down import Change
from quoin.clients.models import Client
from quoin.kernel.currency import CODES
from quoin.kernel.errors import Conflict, NotFound, Stale, invalid
from quoin.kernel.money import Rounding

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
        raise invalid("/currency", f"{code!r} is not an ISO 4217 currency.")
    draft = Invoice.objects.create(
        entity=entity, client=client, contract_id=contract_id, currency=code, rounding=entity.rounding,
        buyer_reference=client.buyer_reference, payment_days=client.payment_days, created_at=actor.now,
        is_vat_inclusive=is_vat_inclusive,
    )  # fmt: skip
    touch(draft.public_id)
    return draft


@action("billing.invoice.edit", label=_("Edit a draft"))
def edit_draft(actor: Actor, /, *, invoice_id: UUID | str, version: int | None = None, **fields: Any) -> Invoice:
    """Note, order, reference, due day and terms of a draft."""
    draft = _draft(invoice_id, version)
    for name, value in fields.items():
        if name not in _HEADER:
            raise invalid(f"/{name}", f"There is no field {name} that can be set.", code="unknown_field")
        setattr(draft, name, value)
    return _saved(draft, [*fields])


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
        raise Conflict(f"Not all of them can become {to.replace('_', ' ')}.")
    touch(drafts[0].public_id if len(drafts) == 1 else f"{len(drafts)} drafts")
    return Invoice.objects.filter(id__in=ids).update(status=to)


@action("billing.line.add", label=_("Add a line"))
def add_line(
    actor: Actor,
    *,
    invoice_id: UUID | str,
    description: str,
    quantity: Decimal = Decimal(1),
    unit: str = "C62",
    unit_price: Decimal = Decimal(0),
    version: int | None = None,
) -> InvoiceLine:
    """A typed line. A negative quantity is a discount; where prices include VAT the price is with VAT."""
    draft = _draft(invoice_id, version)
    text = description.strip()
    if not text:
        raise invalid("/description", "A line needs a text.")
    if unit_price < 0 or not quantity:
        raise invalid("/unit_price", "A price is not negative; a discount has a negative quantity.")
    net = entered_net(
        quantity, unit=unit, unit_price=unit_price, currency=draft.currency, mode=Rounding(draft.rounding)
    )
    line = InvoiceLine.objects.create(
        invoice=draft, position=_next_position(draft), kind="manual", description=text, quantity=quantity, unit=unit,
        unit_price=unit_price, net_amount=net.amount, is_manual=True, is_edited=True, contract_id=draft.contract_id,
        entered_amount=net.amount if draft.is_vat_inclusive else None,
    )  # fmt: skip
    _saved(draft, [])
    return line


@action("billing.line.edit", label=_("Edit a line of a draft"))
def edit_line(
    actor: Actor,
    *,
    line_id: UUID | str,
    description: str | None = None,
    quantity: Decimal | None = None,
    unit_price: Decimal | None = None,
    version: int | None = None,
) -> InvoiceLine:
    """Text of any line; quantity and price of a typed one. Worked time is billed lower by `write_line_down`."""
    line, draft = _line(line_id, version)
    if (quantity is not None or unit_price is not None) and not line.is_manual:
        raise Conflict("This line is worked time: say how many hours are billed, with a reason.")
    if description is not None:
        line.description = description.strip() or line.description
    if line.is_manual and not draft.is_vat_inclusive:
        line.quantity = line.quantity if quantity is None else quantity
        line.unit_price = line.unit_price if unit_price is None else unit_price
    elif line.is_manual and unit_price is not None:
        line.entered_amount = unit_price * (Decimal(1) if quantity is None else quantity)
    line.is_edited = True
    line.save()
    _saved(draft, [])
    return line


@action("billing.line.remove", label=_("Remove a line of a draft"))
def remove_line(actor: Actor, *, line_id: UUID | str, version: int | None = None) -> None:
    """Take a line off; its work is unbilled again."""
    line, draft = _line(line_id, version)
    release_lines(actor, [line])
    _saved(draft, [])


@action("billing.line.write_down", label=_("Bill fewer hours than worked"))
def write_line_down(
    actor: Actor, *, line_id: UUID | str, billed_minutes: int, reason: str, version: int | None = None
) -> Invoice:
    """Bill so many minutes of a line of worked time; the difference is written down with the reason."""
    line, draft = _line(line_id, version)
    items = list(InvoiceItem.objects.filter(line=line, is_live=True).order_by("-charge__work_on", "-charge_id"))
    given_up = sum(item.minutes for item in items) - billed_minutes
    if line.is_manual or given_up <= 0 or billed_minutes < 0:
        raise invalid("/billed_minutes", "Say fewer minutes than the line has.")
    ids = [item.charge_id for item in items]
    changes = []
    for item in items:
        minutes = min(item.minutes, given_up)
        given_up -= minutes
        if minutes:
            changes.append(Change(item.charge_id, minutes))
    text, key = line.description, line.position
    release_lines(actor, [line])
    writing_down.write_down(actor, changes, reason=reason)
    left = list(Charge.objects.filter(id__in=ids, status="unbilled").values_list("id", flat=True))
    for made in add_charges(actor, draft, left):
        InvoiceLine.objects.filter(id=made.id).update(description=text, is_edited=True, position=key)
        key = _next_position(draft)
    touch(draft.public_id, reason=reason)
    return _saved(draft, [])


@action("billing.line.add_work", label=_("Add unbilled work to a draft"))
def add_work(
    actor: Actor, *, invoice_id: UUID | str, charge_ids: Sequence[UUID | str], version: int | None = None
) -> Invoice:
    """Put unbilled work of the client on the draft."""
    draft = _draft(invoice_id, version)
    ids = [UUID(str(key)) for key in charge_ids]
    fitting = Charge.objects.filter(
        id__in=ids, client_id=draft.client_id, entity_id=draft.entity_id, currency=draft.currency, status="unbilled"
    )
    if fitting.count() != len(set(ids)):
        raise NotFound("Some of this work is not unbilled work of this client in this currency.")
    made = add_charges(actor, draft, ids)
    InvoiceLine.objects.filter(id__in=[line.id for line in made]).update(is_edited=True)
    return _saved(draft, [])


def _draft(invoice_id: UUID | str, version: int | None) -> Invoice:
    found = (
        Invoice.objects.select_for_update(of=("self",)).select_related("entity", "client").filter(id=invoice_id).first()
    )
    if found is None:
        raise NotFound("There is no such draft.")
    if found.status == "issued":
        raise Conflict(f"{found.number} is issued and never changes. Correct it with a credit note.")
    if version is not None and version != found.version:
        raise Stale("Somebody changed this draft since you opened it. Load it again.")
    return found


def _line(line_id: UUID | str, version: int | None) -> tuple[InvoiceLine, Invoice]:
    line = InvoiceLine.objects.filter(id=line_id).first()
    if line is None:
        raise NotFound("There is no such line.")
    return line, _draft(line.invoice_id, version)


def _next_position(draft: Invoice) -> int:
    last = InvoiceLine.objects.filter(invoice=draft).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _saved(draft: Invoice, fields: list[str]) -> Invoice:
    draft.version += 1
    # Over the API and on undo days arrive as text.
    due_on: Any = draft.due_on
    if isinstance(due_on, str):
        draft.due_on = date.fromisoformat(due_on) if due_on else None
    draft.save(update_fields=[*fields, "version", "period_from", "period_until"])
    touch(draft.public_id)
    return refresh_draft(draft)
