"""Bank files: import once, match what came in with open invoices."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import LegalEntity
from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.billing.actions.payments import record_payment
from quoin.billing.adapters.bank_files import read_bank_file
from quoin.billing.models import BankLine, BankStatement, Invoice, Payment
from quoin.billing.queries.receivables import locked_open, proposals
from quoin.billing.types import Share
from quoin.kernel.errors import Conflict, NotFound
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, from_fraction, total, zero
from quoin.ledger.services import fx_rate

_MARGIN = Fraction(3, 100)
"""What banks and payers differ by from the rate of the day."""
explain("bank_statement_once", "This file was imported already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A statement, how many of its lines are new, and how many were known from other files."""

    statement: BankStatement
    new: int
    known: int


@action("billing.bank.import", label=_("Import a bank file"))
def import_statement(actor: Actor, *, entity_id: UUID | str, file_name: str, content: bytes) -> Imported:
    """Read a CAMT.053 or CSV file. The same file twice is refused; a line that another file had is kept once."""
    entity = LegalEntity.objects.filter(id=entity_id).first()
    if entity is None:
        raise NotFound("There is no such company.")
    digest = hashlib.sha256(content).hexdigest()
    if BankStatement.objects.filter(file_sha256=digest).exists():
        raise Conflict("This file was imported already.")
    lines = read_bank_file(file_name, content, currency=entity.currency)
    statement = BankStatement.objects.create(
        id=uuid7(), entity=entity, file_name=file_name, file_sha256=digest, imported_at=actor.now
    )
    wanted = {f"{entity.id}:{line.external_id}": line for line in lines}
    known = set(BankLine.objects.filter(external_id__in=list(wanted)).values_list("external_id", flat=True))
    rows = [
        BankLine(
            id=uuid7(), statement=statement, external_id=key, booked_on=line.booked_on, amount=line.amount,
            currency=line.currency, name=line.name, iban=line.iban, text=line.text, charge_amount=line.charges,
            paid_amount=line.paid[0] if line.paid else None, paid_currency=line.paid[1] if line.paid else None,
        )
        for key, line in wanted.items()
        if key not in known
    ]  # fmt: skip
    BankLine.objects.bulk_create(rows)
    touch(statement.public_id)
    return Imported(statement=statement, new=len(rows), known=len(known))


@action("billing.bank.match", label=_("Match money with invoices"))
def match_line(actor: Actor, *, bank_line_id: UUID | str, invoice_ids: Sequence[UUID | str]) -> Payment:
    """Record the money of a bank line as payment of these invoices, in their order."""
    line = _locked(bank_line_id)
    ids = [UUID(str(key)) for key in invoice_ids]
    first = Invoice.objects.filter(id__in=ids, status="issued").select_related("client", "entity").first()
    if first is None:
        raise NotFound("There is no such invoice.")
    return _record(actor, line, first, ids)


@action("billing.bank.match_exact", label=_("Match all exact proposals"))
def match_exact(actor: Actor) -> int:
    """Accept each proposal that names the invoice and its amount to the cent; returns how many."""
    taken: set[UUID] = set()
    count = 0
    for line_id, own in proposals(actor).items():
        exact = [one for one in own if one.is_exact and not taken & set(one.invoice_ids)]
        if len(exact) == 1:
            match_line(actor, bank_line_id=line_id, invoice_ids=exact[0].invoice_ids)
            taken |= set(exact[0].invoice_ids)
            count += 1
    touch(f"{count} bank lines")
    return count


@action("billing.bank.ignore", label=_("Ignore a bank line"))
def ignore_line(actor: Actor, *, bank_line_id: UUID | str) -> None:
    """Money that pays no invoice."""
    line = _locked(bank_line_id)
    line.is_ignored = True
    line.save(update_fields=["is_ignored"])
    touch(line.public_id)


def _locked(bank_line_id: UUID | str) -> BankLine:
    line = BankLine.objects.select_for_update(of=("self",)).select_related("statement").filter(id=bank_line_id).first()
    if line is None:
        raise NotFound("There is no such bank line.")
    if line.payment_id is not None or line.is_ignored:
        raise Conflict("This bank line is done already.")
    return line


def _charges(line: BankLine, came: Money) -> Money:
    """What banks kept: as the file says, or what the payer instructed beyond what came."""
    if not line.charge_amount and line.paid_currency == line.currency and line.paid_amount is not None:
        kept = Money(line.paid_amount, line.currency).round() - came
        return kept if kept.amount > 0 else zero(line.currency)
    return Money(line.charge_amount, line.currency).round()


def _settled(line: BankLine, gross: Money, invoice: Invoice, ids: Sequence[UUID]) -> Money:
    """What the money pays, in the currency of the invoice: as instructed, else by the rates of the day.

    What differs from the open amount by no more than a bank's margin pays it in full.
    """
    if invoice.currency == gross.currency:
        return gross
    if line.paid_currency == invoice.currency and line.paid_amount is not None:
        return Money(line.paid_amount, invoice.currency).round()
    base = invoice.entity.currency
    into = fx_rate(currency=gross.currency, base_currency=base, on=line.booked_on)
    out = fx_rate(currency=invoice.currency, base_currency=base, on=line.booked_on)
    exact = Fraction(gross.amount) * into.rate / out.rate
    open_ = total((one.open.amount for one in locked_open(ids)), invoice.currency)
    is_near = abs(exact - Fraction(open_.amount)) <= Fraction(open_.amount) * _MARGIN
    return open_ if is_near and open_.amount > 0 else from_fraction(exact, invoice.currency)


def _record(actor: Actor, line: BankLine, invoice: Invoice, ids: Sequence[UUID]) -> Payment:
    came = Money(line.amount, line.currency).round()
    charges = _charges(line, came)
    amount = _settled(line, came + charges, invoice, ids)
    payment = record_payment(
        actor,
        client_id=invoice.client_id,
        amount=amount,
        banked=came if amount.currency != came.currency or charges else None,
        charges=charges or None,
        received_on=line.booked_on,
        shares=[Share(invoice_id=key) for key in ids],
        entity_id=invoice.entity_id,
        reference=line.text[:140],
        external_id=f"bank:{line.external_id}",
    )
    line.payment = payment
    line.save(update_fields=["payment"])
    return payment
