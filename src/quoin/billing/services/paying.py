"""Money that comes in: recorded, set against invoices, taken back. No more than is open, not more than came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.billing.models import Payment, PaymentApplication
from quoin.billing.queries.receivables import OpenAmounts, locked_open, with_unapplied
from quoin.billing.types import Share
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, Rounding, zero
from quoin.kernel.words import say
from quoin.ledger.models import Journal as JournalRow
from quoin.ledger.queries.rates import RateTable
from quoin.ledger.rules.fx import clear, convert
from quoin.ledger.rules.receipts import Banked, receive_banked
from quoin.ledger.rules.settlements import CashDiscount, Settlement, apply_credit, cash_discount, receive
from quoin.ledger.services import Posting, PostingCalendar, PostingCalendars, next_version, post, post_many, reverse
from quoin.ledger.types import AccountRole, Dimensions, FxRate, OpenItem, SourceRef, Valued

_LEAST, _MOST = Decimal("0.5"), Decimal(2)
"""What came in may be worth half or twice of what is paid with it; beyond that somebody mistyped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money as it came in."""

    entity: LegalEntity
    client_id: UUID
    received: Money
    received_on: date
    method: str = "transfer"
    reference: str = ""
    external_id: str | None = None
    banked: Money | None = None
    """What the bank account got, where that is not `received`: another currency, or less what banks kept."""
    charges: Money | None = None


@dataclass(frozen=True, slots=True)
class _Paid:
    """An invoice with what it gets."""

    standing: OpenAmounts
    paid: Money
    discount: CashDiscount | None

    @property
    def off(self) -> Money:
        """The discount with its VAT."""
        return self.discount.net + self.discount.vat if self.discount else zero(self.paid.currency)


Received = tuple[Receipt, Sequence[Share]]
"""Money, and the invoices that it pays."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is written for one receipt."""

    payment: Payment
    posting: Posting
    applications: list[PaymentApplication]


def record(actor: Actor, receipt: Receipt, shares: Sequence[Share]) -> Payment:
    """Record money and set it against invoices in the given order; the rest is the client's credit."""
    (payment,) = record_all(actor, [(receipt, shares)])
    return payment


def record_all(actor: Actor, received: Iterable[Received]) -> tuple[Payment, ...]:
    """As `record`, of all that came in, in the given order: what it needs is read once and written once."""
    return tuple(payment for apart in _apart(received) for payment in _record(actor, apart))


def _apart(received: Iterable[Received]) -> Iterator[list[Received]]:
    """The same in order, cut before each receipt that pays an invoice which one before it pays as well."""
    run: list[Received] = []
    seen: set[UUID] = set()
    for receipt, shares in received:
        ids = {share.invoice_id for share in shares}
        if seen & ids:
            yield run
            run, seen = [], set()
        run.append((receipt, shares))
        seen |= ids
    if run:
        yield run


def _record(actor: Actor, received: Sequence[Received]) -> list[Payment]:
    for receipt, _ in received:
        if receipt.received.amount <= 0 or receipt.received != receipt.received.round():
            raise invalid("/amount", "A payment is a positive amount in whole cents.")
        if receipt.received_on > actor.today:
            raise invalid("/received_on", "The day lies in the future.")
    standings = _standings(share.invoice_id for _, shares in received for share in shares)
    rates, calendars = _rates(receipt for receipt, _ in received), PostingCalendars(actor)
    entries = []
    for receipt, shares in received:
        paid = _paid(receipt.received, shares, standings, client_id=receipt.client_id, entity_id=receipt.entity.id)
        entries.append(_entry(actor, receipt, paid, rates=rates, calendars=calendars))
    Payment.objects.bulk_create([entry.payment for entry in entries])
    post_many(actor, [entry.posting for entry in entries])
    PaymentApplication.objects.bulk_create([row for entry in entries for row in entry.applications])
    return [entry.payment for entry in entries]


def _rates(receipts: Iterable[Receipt]) -> RateTable:
    found = list(receipts)
    days = [receipt.received_on for receipt in found]
    currencies = {receipt.entity.currency for receipt in found}
    currencies |= {
        money.currency for one in found for money in (one.received, one.banked, one.charges) if money is not None
    }
    return RateTable(currencies, first=min(days), last=max(days))


def _entry(
    actor: Actor, receipt: Receipt, paid: Sequence[_Paid], *, rates: RateTable, calendars: PostingCalendars
) -> _Entry:
    base = receipt.entity.currency
    banked = _banked(receipt, rates)
    rate = (
        banked.rate_of(receipt.received)
        if banked
        else rates.rate(currency=receipt.received.currency, base_currency=base, on=receipt.received_on)
    )
    payment = Payment(
        id=uuid7(), entity=receipt.entity, client_id=receipt.client_id, received_on=receipt.received_on,
        amount=receipt.received.amount, currency=receipt.received.currency, fx_rate=_decimal(rate),
        method=receipt.method, reference=receipt.reference, external_id=receipt.external_id, recorded_at=actor.now,
        base_amount=convert(receipt.received, rate).base.amount,
        bank_amount=banked.amount.amount if banked else None, bank_currency=banked.amount.currency if banked else None,
        charge_amount=banked.charges.amount if banked else Decimal(0),
    )  # fmt: skip
    settlements = [settlement for one in paid for settlement in _settlements(one)]
    came = banked.amount if banked else receipt.received
    said: dict[str, Any] = {
        "bank": AccountRole.BANK if came.currency == base else AccountRole.BANK_FOREIGN,
        "posting_on": calendars.day(receipt.entity.id, receipt.received_on),
        "text": f"Payment {receipt.reference}".strip(),
        "dimensions": Dimensions(client_id=receipt.client_id),
    }
    found = (
        receive_banked(settlements, settled=receipt.received, banked=banked, **said)
        if banked
        else receive(settlements, received=receipt.received, rate=rate, **said)
    )
    source = SourceRef("payment", payment.id)
    posting = Posting(entity_id=receipt.entity.id, source=source, journal=found.journal)
    return _Entry(payment, posting, _applications(actor, paid, payment=payment, on=receipt.received_on))


def _banked(receipt: Receipt, rates: RateTable) -> Banked | None:
    """What the bank account got, where that is not what is paid with it."""
    settled = receipt.received
    if receipt.banked is None and not receipt.charges:
        return None
    charges = receipt.charges or zero(receipt.banked.currency if receipt.banked else settled.currency)
    if receipt.banked is None and charges.currency != settled.currency:
        raise invalid("/charges", "Say what the bank account got, in the currency of the charges.")
    came = receipt.banked or settled - charges
    _check_banked(came, charges, settled)
    if came == settled:
        return None
    base = receipt.entity.currency
    rate = rates.rate(currency=came.currency, base_currency=base, on=receipt.received_on)
    banked = Banked(amount=came, charges=charges, rate=rate)
    usual = convert(settled, rates.rate(currency=settled.currency, base_currency=base, on=receipt.received_on)).base
    if not usual.amount * _LEAST <= banked.worth.amount <= usual.amount * _MOST:
        raise invalid(
            "/banked",
            say(
                "%(came)s were worth %(worth)s that day, and %(settled)s were worth %(usual)s. Check both amounts.",
                came=came,
                worth=banked.worth,
                settled=settled,
                usual=usual,
            ),
        )
    return banked


def _check_banked(came: Money, charges: Money, settled: Money) -> None:
    if charges.currency != came.currency or charges.amount < 0 or charges != charges.round():
        raise invalid("/charges", say("Charges are an amount in %(currency)s, in whole cents.", currency=came.currency))
    if came.amount <= 0 or came != came.round():
        raise invalid("/banked", "What the bank account got is a positive amount in whole cents.")
    if came.currency == settled.currency and came + charges != settled:
        raise invalid(
            "/banked",
            say(
                "%(came)s and charges of %(charges)s are not the %(settled)s that are paid with it.",
                came=came,
                charges=charges,
                settled=settled,
            ),
        )


def apply_rest(actor: Actor, *, payment_id: UUID, shares: Sequence[Share]) -> Payment:
    """Set what is left of a payment against more invoices."""
    payment = locked_payment(payment_id)
    left = Money(payment.unapplied, payment.currency).round()  # type: ignore[attr-defined]  # annotated
    standings = _standings(share.invoice_id for share in shares)
    paid = _paid(left, shares, standings, client_id=payment.client_id, entity_id=payment.entity_id)
    if not paid:
        raise Conflict("Nothing is left of the payment, or none of these invoices is open.")
    base = payment.entity.currency
    whole = Valued(Money(payment.amount, payment.currency).round(), Money(payment.base_amount, base).round())
    credit = OpenItem(
        payment.id, AccountRole.CLIENT_CREDIT, clear(whole, left), Dimensions(client_id=payment.client_id)
    )
    posting_on = PostingCalendar(actor, entity_id=payment.entity_id).day(actor.today)
    version = next_version(kind="payment_applied", source_id=payment.id)
    for one in paid:
        for settlement in _settlements(one):
            if settlement.discount is not None:
                raise invalid("/discount_percent", "A discount is granted when the money is recorded.")
            used = clear(credit.open, settlement.paid)
            journal = apply_credit(credit, settlement, posting_on=posting_on, text="Payment applied")
            post(
                actor,
                entity_id=payment.entity_id,
                source=SourceRef("payment_applied", payment.id, version),
                journal=journal,
            )
            version += 1
            left_over = Valued(credit.open.amount - used.amount, credit.open.base - used.base)
            credit = OpenItem(credit.id, credit.account, left_over, credit.dimensions)
    PaymentApplication.objects.bulk_create(_applications(actor, paid, payment=payment, on=actor.today))
    return payment


def take_back(actor: Actor, *, payment_id: UUID, reason: str) -> Payment:
    """The mirror of a payment: it bounced, or was recorded by mistake."""
    payment = locked_payment(payment_id)
    if payment.reverses_id is not None or payment.is_reversed:  # type: ignore[attr-defined]  # annotated
        raise Conflict("This payment is taken back already.")
    rows = list(PaymentApplication.objects.filter(payment=payment).order_by("id"))
    list(locked_open({row.invoice_id for row in rows}))
    mirror = Payment.objects.create(
        id=uuid7(), entity_id=payment.entity_id, client_id=payment.client_id, received_on=actor.today,
        amount=-payment.amount, currency=payment.currency, fx_rate=payment.fx_rate, method=payment.method,
        reference=reason, recorded_at=actor.now, base_amount=-payment.base_amount, reverses=payment,
        bank_amount=None if payment.bank_amount is None else -payment.bank_amount, bank_currency=payment.bank_currency,
        charge_amount=-payment.charge_amount,
    )  # fmt: skip
    _reverse_journals(actor, payment, mirror, reason)
    for row in rows:
        PaymentApplication.objects.create(
            payment=mirror, invoice_id=row.invoice_id, amount=-row.amount, discount_amount=-row.discount_amount,
            base_amount=-row.base_amount, applied_at=actor.now, applied_on=actor.today,
        )  # fmt: skip
    return mirror


def locked_payment(payment_id: UUID) -> Payment:
    """The payment with what is unapplied of it, locked."""
    locked = Payment.objects.select_for_update(no_key=True).filter(id=payment_id).values_list("id", flat=True).first()
    if locked is None:
        raise NotFound("There is no such payment.")
    return with_unapplied(Payment.objects.select_related("entity")).get(id=payment_id)


def _reverse_journals(actor: Actor, payment: Payment, mirror: Payment, reason: str) -> None:
    own = JournalRow.objects.get(source_kind="payment", source_id=payment.id)
    reverse(actor, journal_id=own.id, source=SourceRef("payment_reversal", mirror.id), text=reason)
    later = JournalRow.objects.filter(source_kind="payment_applied", source_id=payment.id)
    for version, row in enumerate(later.order_by("id"), 2):
        reverse(actor, journal_id=row.id, source=SourceRef("payment_reversal", mirror.id, version), text=reason)


def _standings(invoice_ids: Iterable[UUID]) -> dict[UUID, OpenAmounts]:
    return {one.invoice.id: one for one in locked_open(invoice_ids)}


def _paid(
    received: Money, shares: Sequence[Share], standings: Mapping[UUID, OpenAmounts], *, client_id: UUID, entity_id: UUID
) -> list[_Paid]:
    left, found = received, []
    for share in shares:
        standing = standings.get(share.invoice_id)
        if standing is None or standing.invoice.client_id != client_id or standing.invoice.entity_id != entity_id:
            raise NotFound("There is no such open invoice of the client.")
        if standing.open.amount.currency != received.currency:
            raise Conflict(
                say(
                    "%(number)s is in %(currency)s.",
                    number=standing.invoice.number,
                    currency=standing.open.amount.currency,
                )
            )
        one = _one(standing, share, left)
        if one.paid or one.off:
            found.append(one)
            left -= one.paid
    return found


def _one(standing: OpenAmounts, share: Share, left: Money) -> _Paid:
    open_ = standing.open.amount
    discount = _discount(standing, share.discount_percent)
    off = discount.net + discount.vat if discount else zero(open_.currency)
    most = open_ - off
    if share.amount is None:
        return _Paid(standing, max(min(left, most, key=_amount), zero(open_.currency), key=_amount), discount)
    wanted = Money(share.amount, open_.currency)
    if wanted.amount <= 0 or left < wanted or most < wanted:
        raise Conflict(
            say(
                "%(wanted)s cannot be set against %(number)s: %(most)s is open and %(left)s is left of the money.",
                wanted=wanted,
                number=standing.invoice.number,
                most=most,
                left=left,
            )
        )
    return _Paid(standing, wanted, discount)


def _amount(money: Money) -> Decimal:
    return money.amount


def _discount(standing: OpenAmounts, percent: Decimal) -> CashDiscount | None:
    if not percent:
        return None
    row = standing.invoice
    net, vat = Money(row.net_amount, row.currency).round(), Money(row.tax_amount, row.currency).round()
    return cash_discount(net=net, vat=vat, percent=percent, mode=Rounding(row.rounding))


def _settlements(one: _Paid) -> list[Settlement]:
    """What is due first, then what is kept back until acceptance."""
    due, kept = one.standing.items
    most = due.open.amount - one.off
    first = min(one.paid, most, key=_amount)
    found = [Settlement(due, first, one.discount)] if first or one.discount else []
    rest = one.paid - first
    return [*found, Settlement(kept, rest)] if rest else found


def _applications(actor: Actor, paid: Sequence[_Paid], *, payment: Payment, on: date) -> list[PaymentApplication]:
    rows = []
    for one in paid:
        base = sum(
            (
                clear(s.item.open, s.paid + (one.off if s.discount else zero(s.paid.currency))).base.amount
                for s in _settlements(one)
            ),
            Decimal(0),
        )
        rows.append(
            PaymentApplication(
                payment=payment, invoice=one.standing.invoice, amount=one.paid.amount, discount_amount=one.off.amount,
                base_amount=base, applied_at=actor.now, applied_on=on,
            )
        )  # fmt: skip
    return rows


def _decimal(rate: FxRate) -> Decimal:
    return (Decimal(rate.rate.numerator) / Decimal(rate.rate.denominator)).quantize(Decimal("1e-10"))
