"""Bank files: import once, match what came in with open invoices."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import LegalEntity
from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.events import emit_many
from quoin.billing.actions.payments import record_payment
from quoin.billing.adapters.bank_files import read_bank_file
from quoin.billing.models import BankLine, BankStatement, Invoice, Payment
from quoin.billing.queries.receivables import locked_open, proposals
from quoin.billing.services.paying import Receipt, record_all
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
    actor.require("billing.payment.record")
    chosen = _exact(actor)
    rows = BankLine.objects.select_for_update(of=("self",)).select_related("statement")
    lines = {row.id: row for row in rows.filter(id__in=chosen, payment=None, is_ignored=False).order_by("id")}
    ids = {key for keys in chosen.values() for key in keys}
    invoices = Invoice.objects.select_related("client", "entity").in_bulk(ids)
    found = [(lines[key], [invoices[one] for one in keys]) for key, keys in chosen.items() if key in lines]
    found = [(line, own) for line, own in found if len({(one.client_id, one.entity_id) for one in own}) == 1]
    received = [(_receipt(line, own[0], [one.id for one in own]), _shares(own)) for line, own in found]
    payments = record_all(actor, received)
    done = [line for line, _own in found]
    for line, payment in zip(done, payments, strict=True):
        line.payment = payment
    BankLine.objects.bulk_update(done, ["payment"])
    told = [{"payment_id": payment.id} for payment in payments]
    emit_many(actor, "billing.payment.recorded", running_action_id(), told)
    touch(f"{len(payments)} bank lines")
    return len(payments)


def _exact(actor: Actor) -> dict[UUID, tuple[UUID, ...]]:
    """The invoices that lines pay to the cent, where there is one answer; no invoice twice."""
    taken: set[UUID] = set()
    chosen = {}
    for line_id, own in proposals(actor).items():
        exact = [one for one in own if one.is_exact and not taken & set(one.invoice_ids)]
        if len(exact) == 1:
            chosen[line_id] = exact[0].invoice_ids
            taken |= set(exact[0].invoice_ids)
    return chosen


def _shares(invoices: Iterable[Invoice]) -> list[Share]:
    return [Share(invoice_id=one.id) for one in invoices]


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


def _receipt(line: BankLine, invoice: Invoice, ids: Sequence[UUID]) -> Receipt:
    """What a bank line says about the money, for the company and the client of the invoice."""
    came = Money(line.amount, line.currency).round()
    charges = _charges(line, came)
    amount = _settled(line, came + charges, invoice, ids)
    return Receipt(
        entity=invoice.entity, client_id=invoice.client_id, received=amount, received_on=line.booked_on,
        reference=line.text[:140].strip(), external_id=f"bank:{line.external_id}",
        banked=came if amount.currency != came.currency or charges else None, charges=charges or None,
    )  # fmt: skip


def _record(actor: Actor, line: BankLine, invoice: Invoice, ids: Sequence[UUID]) -> Payment:
    receipt = _receipt(line, invoice, ids)
    payment = record_payment(
        actor, client_id=receipt.client_id, entity_id=receipt.entity.id, amount=receipt.received,
        banked=receipt.banked, charges=receipt.charges, received_on=receipt.received_on,
        shares=[Share(invoice_id=key) for key in ids], reference=receipt.reference, external_id=receipt.external_id,
    )  # fmt: skip
    line.payment = payment
    line.save(update_fields=["payment"])
    return payment
