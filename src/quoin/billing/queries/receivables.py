"""What clients owe: issued invoices with what was paid, discounted and credited of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.billing.models import BankLine as BankLineRow
from quoin.billing.models import Invoice, Payment, PaymentApplication, RetentionRelease
from quoin.billing.rules.ageing import Aged, age_receivables
from quoin.billing.rules.matching import Proposal, propose
from quoin.billing.types import BankLine, OpenInvoice
from quoin.kernel.money import Money
from quoin.ledger.queries.rates import known_currencies
from quoin.ledger.rules.fx import clear
from quoin.ledger.types import AccountRole, Dimensions, OpenItem, Valued

VIEW = permission("billing.payment.view", _("See payments and receivables"))
_RECENT_DAYS = 366
_AMOUNT: DecimalField[Any, Any] = DecimalField(max_digits=19, decimal_places=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAmounts:
    """An invoice and what is open of it: all of it, and the part kept back until acceptance."""

    invoice: Invoice
    open: Valued
    retained: Valued

    @property
    def items(self) -> tuple[OpenItem, ...]:
        """What is due, and what is kept back, each with its account."""
        about = Dimensions(client_id=self.invoice.client_id)
        due = Valued(self.open.amount - self.retained.amount, self.open.base - self.retained.base)
        return (
            OpenItem(self.invoice.id, AccountRole.RECEIVABLE, due, about),
            OpenItem(self.invoice.id, AccountRole.RETENTION_RECEIVABLE, self.retained, about),
        )


def with_open(rows: QuerySet[Invoice]) -> QuerySet[Any]:
    """Adds `settled`, `settled_base`, `payable` and `open_amount` (of issued invoices)."""
    applied = PaymentApplication.objects.filter(invoice_id=OuterRef("id")).values("invoice_id").order_by()
    settled = applied.annotate(total=Sum(F("amount") + F("discount_amount"))).values("total")
    base = applied.annotate(total=Sum("base_amount")).values("total")
    zero = Value(Decimal(0), output_field=_AMOUNT)
    return rows.annotate(
        settled=Coalesce(Subquery(settled, output_field=_AMOUNT), zero),
        settled_base=Coalesce(Subquery(base, output_field=_AMOUNT), zero),
        payable=F("gross_amount") + F("rounding_amount"),
        is_accepted=Exists(RetentionRelease.objects.filter(invoice_id=OuterRef("id"))),
    ).annotate(open_amount=F("payable") - F("settled"))


def open_amounts(row: Invoice) -> OpenAmounts:
    """What is open of an invoice that came through `with_open`."""
    base_currency = row.entity.currency
    payable = Valued(
        Money(row.payable, row.currency).round(),  # type: ignore[attr-defined]  # annotated by with_open
        Money(row.base_amount, base_currency).round(),
    )
    open_ = Money(row.open_amount, row.currency).round()  # type: ignore[attr-defined]  # likewise
    open_base = Money(row.base_amount - row.settled_base, base_currency).round()  # type: ignore[attr-defined]  # likewise
    kept = Decimal(0) if row.is_accepted else row.retention_amount  # type: ignore[attr-defined]  # likewise
    retained = Money(min(kept, max(open_.amount, Decimal(0))), row.currency).round()
    value = clear(payable, retained) if retained else Valued(retained, Money(Decimal(0), base_currency).round())
    return OpenAmounts(invoice=row, open=Valued(open_, open_base), retained=value)


def locked_open(invoice_ids: Iterable[UUID]) -> tuple[OpenAmounts, ...]:
    """These issued invoices with what is open, locked in id order. For services."""
    ids = set(invoice_ids)
    locked = Invoice.objects.select_for_update(no_key=True).filter(id__in=ids, status="issued", kind="invoice")
    list(locked.order_by("id").values_list("id", flat=True))
    rows = with_open(Invoice.objects.filter(id__in=ids, status="issued", kind="invoice")).select_related(
        "entity", "client"
    )
    return tuple(open_amounts(row) for row in rows.order_by("due_on", "sequence"))


def open_invoices(actor: Actor, *, client_id: UUID | None = None) -> QuerySet[Any]:
    """Issued invoices that wait for money, oldest first."""
    actor.require(VIEW)
    return unpaid(client_id=client_id)


def unpaid(*, client_id: UUID | None = None) -> QuerySet[Any]:
    """As `open_invoices`, for services."""
    rows = Invoice.objects.filter(status="issued", kind="invoice").select_related("client", "entity")
    if client_id is not None:
        rows = rows.filter(client_id=client_id)
    return with_open(rows).filter(open_amount__gt=0).order_by("due_on", "sequence")


def other_currencies(actor: Actor) -> list[str]:
    """Currencies of which a rate of the last year is known, by code."""
    actor.require(VIEW)
    return known_currencies(since=actor.today - timedelta(days=_RECENT_DAYS))


def ageing(actor: Actor) -> tuple[Aged, ...]:
    """Open money by days overdue, per currency."""
    return age_receivables([_open_value(row) for row in open_invoices(actor)], on=actor.today)


def ageing_by_client(actor: Actor) -> tuple[tuple[Any, tuple[Aged, ...]], ...]:
    """Open money by days overdue for each client, by name."""
    found: dict[UUID, tuple[Any, list[OpenInvoice]]] = {}
    for row in open_invoices(actor):
        found.setdefault(row.client_id, (row.client, []))[1].append(_open_value(row))
    ordered = sorted(found.values(), key=lambda pair: pair[0].name.casefold())
    return tuple((client, age_receivables(rows, on=actor.today)) for client, rows in ordered)


def _open_value(row: Invoice) -> OpenInvoice:
    amounts = open_amounts(row)
    return OpenInvoice(
        id=row.id,
        number=row.number or "",
        client_name=row.client.legal_name or row.client.name,
        open=amounts.open.amount,
        due_on=row.due_on or row.issue_on or date.min,
        retained=amounts.retained.amount or None,
    )


def payments(actor: Actor) -> QuerySet[Payment]:
    """Payments with `unapplied`, newest first."""
    actor.require(VIEW)
    return with_unapplied(Payment.objects.select_related("client", "entity")).order_by("-received_on", "-id")


def with_unapplied(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    """Adds `applied`, `unapplied` and `is_reversed`."""
    applied = PaymentApplication.objects.filter(payment_id=OuterRef("id")).values("payment_id").order_by()
    total = applied.annotate(total=Sum("amount")).values("total")
    zero = Value(Decimal(0), output_field=_AMOUNT)
    return rows.annotate(
        applied=Coalesce(Subquery(total, output_field=_AMOUNT), zero),
        is_reversed=Exists(Payment.objects.filter(reverses_id=OuterRef("id"))),
    ).annotate(unapplied=F("amount") - F("applied"))


def waiting_lines(actor: Actor) -> QuerySet[BankLineRow]:
    """Money on bank files that is matched with nothing yet."""
    actor.require(VIEW)
    rows = BankLineRow.objects.filter(payment=None, is_ignored=False).select_related("statement__entity")
    return rows.order_by("booked_on", "id")


def proposals(actor: Actor) -> dict[UUID, tuple[Proposal, ...]]:
    """What each waiting bank line may pay, best first, with score and reasons."""
    lines = [
        BankLine(id=row.id, on=row.booked_on, amount=Money(row.amount, row.currency).round(), payer_name=row.name,
                 text=row.text, paid=_instructed(row))
        for row in waiting_lines(actor)
    ]  # fmt: skip
    found: dict[UUID, list[Proposal]] = {line.id: [] for line in lines}
    for proposal in propose(lines, [_open_value(row) for row in open_invoices(actor)]):
        found[proposal.bank_line_id].append(proposal)
    return {line_id: tuple(own) for line_id, own in found.items()}


def _instructed(row: BankLineRow) -> Money | None:
    """What the payer instructed, where the bank changed it or kept charges."""
    if row.paid_amount is not None and row.paid_currency:
        return Money(row.paid_amount, row.paid_currency).round()
    return Money(row.amount + row.charge_amount, row.currency).round() if row.charge_amount else None


def overdue(actor: Actor) -> QuerySet[Any]:
    """Open invoices past their day, without what is kept back until acceptance."""
    rows = open_invoices(actor).filter(due_on__lt=actor.today)
    return rows.filter(Q(is_accepted=True) | Q(open_amount__gt=F("retention_amount")))
