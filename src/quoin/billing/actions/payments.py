"""Payments: record, set against invoices, take back; and what was kept back until acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import LegalEntity
from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.events import emit
from quoin.billing.models import Payment, RetentionRelease
from quoin.billing.queries.receivables import locked_open, unpaid
from quoin.billing.services import paying
from quoin.billing.services.paying import Receipt
from quoin.billing.types import Share
from quoin.clients.models import Client
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.ledger.rules.settlements import accept_retention
from quoin.ledger.services import PostingCalendar, post
from quoin.ledger.types import SourceRef

explain("payment_once", "This payment was recorded already.")
explain("payment_reversed_once", "This payment is taken back already.")
explain("retention_released_once", "What was kept back is due already.")


@action("billing.payment.record", label=_("Record a payment"))
def record_payment(  # noqa: PLR0913  what is known of money that came in
    actor: Actor,
    *,
    client_id: UUID | str,
    amount: Money,
    received_on: date | str,
    shares: Sequence[Share] | None = None,
    entity_id: UUID | str | None = None,
    method: str = "transfer",
    reference: str = "",
    external_id: str | None = None,
    banked: Money | None = None,
    charges: Money | None = None,
) -> Payment:
    """Record money. Without `shares` it pays the client's open invoices, oldest first; the rest is their credit.

    `amount` is what is paid, in the currency of the invoices. Where the bank account got something else, another
    currency or less what banks kept, `banked` says what it got and `charges` what they kept.
    """
    client = Client.objects.filter(id=client_id).first()
    if client is None:
        raise NotFound("There is no such client.")
    is_told = entity_id is not None and shares is not None
    open_rows = [] if is_told else [row for row in unpaid(client_id=client.id) if row.currency == amount.currency]
    entity = _entity(entity_id, [row.entity for row in open_rows])
    if shares is None:
        shares = [Share(invoice_id=row.id) for row in open_rows if row.entity_id == entity.id]
    receipt = Receipt(
        entity=entity, client_id=client.id, received=amount, received_on=date.fromisoformat(str(received_on)),
        method=method, reference=reference.strip(), external_id=external_id, banked=banked, charges=charges,
    )  # fmt: skip
    payment = paying.record(actor, receipt, shares)
    touch(payment.public_id)
    undo_with("billing.payment.take_back", payment_id=payment.id, reason="Undone")
    emit(actor, "billing.payment.recorded", running_action_id(), payment_id=payment.id)
    return payment


@action("billing.payment.apply", label=_("Set a payment against invoices"))
def apply_payment(actor: Actor, *, payment_id: UUID | str, shares: Sequence[Share] | None = None) -> Payment:
    """Use what is left of a payment; without `shares` for the oldest open invoices."""
    payment = paying.locked_payment(UUID(str(payment_id)))
    if shares is None:
        rows = unpaid(client_id=payment.client_id)
        shares = [
            Share(invoice_id=row.id)
            for row in rows
            if (row.currency, row.entity_id) == (payment.currency, payment.entity_id)
        ]
    touch(payment.public_id)
    return paying.apply_rest(actor, payment_id=payment.id, shares=shares)


@action("billing.payment.take_back", label=_("Take a payment back"))
def take_back_payment(actor: Actor, *, payment_id: UUID | str, reason: str) -> Payment:
    """Record that a payment bounced or was a mistake: its invoices are open again."""
    if not reason.strip():
        raise invalid("/reason", "Say why the payment is taken back.")
    mirror = paying.take_back(actor, payment_id=UUID(str(payment_id)), reason=reason.strip())
    touch(mirror.public_id, reason=reason)
    emit(actor, "billing.payment.taken_back", running_action_id(), payment_id=UUID(str(payment_id)))
    return mirror


@action("billing.retention.release", label=_("Release what was kept back"))
def release_retention(actor: Actor, *, invoice_id: UUID | str, accepted_on: date | str) -> RetentionRelease:
    """The client accepted the work: the retained part of the invoice falls due."""
    found = locked_open([UUID(str(invoice_id))])
    if not found:
        raise NotFound("There is no such invoice.")
    standing, day = found[0], date.fromisoformat(str(accepted_on))
    kept = standing.items[1]
    if not kept.open.amount:
        raise Conflict("Nothing is kept back of this invoice.")
    invoice = standing.invoice
    row = RetentionRelease.objects.create(
        id=uuid7(), invoice=invoice, accepted_on=day, amount=kept.open.amount.amount, released_at=actor.now
    )
    on = PostingCalendar(actor, entity_id=invoice.entity_id).day(day)
    journal = accept_retention(kept, posting_on=on, text=f"Acceptance of {invoice.number}")
    post(actor, entity_id=invoice.entity_id, source=SourceRef("retention", row.id), journal=journal)
    touch(invoice.public_id)
    return row


def _entity(entity_id: UUID | str | None, open_of: Sequence[LegalEntity]) -> LegalEntity:
    if entity_id is not None:
        found = LegalEntity.objects.filter(id=entity_id).first()
        if found is None:
            raise NotFound("There is no such company.")
        return found
    if open_of:
        return open_of[0]
    only = list(LegalEntity.objects.order_by("id")[:2])
    if len(only) != 1:
        raise invalid("/entity_id", "Say which company received the money.")
    return only[0]
