"""Credit notes: a mirror of an issued invoice, whole or in part (R3). Credited work is unbilled again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine, InvoiceTax, PackMove, PaymentApplication
from quoin.billing.queries.receivables import locked_open
from quoin.billing.rules.credit import CreditLine, CreditPlan, credit_all, credit_amounts, credit_charges
from quoin.billing.rules.einvoice import LUMP_SUM, PIECE
from quoin.billing.rules.einvoice_totals import time_price
from quoin.billing.services.credit_books import Released, post_credit
from quoin.billing.services.invoice_books import use_contracts
from quoin.billing.services.issuing import issue_documents
from quoin.billing.types import ChargeKind, IssuedLine, IssuedVat, MoveKind, VatKey
from quoin.kernel.errors import Conflict, Invalid, NotFound
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, Rounding, for_minutes, zero

_COPIED = (
    "entity_id", "client_id", "contract_id", "currency", "period_from", "period_until", "rounding", "is_vat_inclusive",
    "purchase_order", "buyer_reference", "payment_days", "shows_hours", "grouping",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to credit: nothing said is all that is left; charges, or amounts by line."""

    charge_ids: tuple[UUID, ...] | None = None
    amounts: Mapping[UUID, Decimal] | None = None
    is_refund: bool = False
    """The rest of a prepaid pack, by the pack itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """The credit note, and the work that it set free with its line."""

    credit_note: Invoice
    released: tuple[InvoiceItem, ...]


def credit(actor: Actor, *, invoice_id: UUID, wish: Wish, reason: str, issue_on: date) -> Credited:
    """Issue a credit note. The invoice stays as it is; its credited work becomes unbilled."""
    original = _original(invoice_id)
    (standing,) = locked_open([original.id])
    lines = list(InvoiceLine.objects.filter(invoice=original).order_by("position"))
    items = list(
        InvoiceItem.objects.filter(line__invoice=original, is_live=True).select_related("charge").order_by("charge_id")
    )
    _refuse_packs(items, wish)
    plan = _plan(original, lines, items, wish)
    note = _note(actor, original, plan, reason, rounding=_rounding(original, lines, plan))
    mirrored = _lines(note, lines, items, plan)
    InvoiceTax.objects.bulk_create(_taxes(note, plan))
    freed = {charge_id for charge_id, _ in plan.released}
    released = [item for item in items if item.charge_id in freed]
    _release(released)

    def book(numbered: Invoice) -> Decimal:
        journal = post_credit(actor, numbered, mirrored, [Released(item) for item in released], standing)
        _settle(actor, numbered, original, taken=journal.taken, base=journal.taken_base)
        return journal.base.amount

    found = issue_documents(actor, [note], issue_on=issue_on, book=book)
    if found.refused:
        raise Invalid(found.refused[0].detail, problems=found.refused[0].problems)
    use_contracts(actor, _nets(lines, plan, original.currency), sign=-1)
    return Credited(credit_note=found.invoices[0], released=tuple(released))


def copy_as_draft(actor: Actor, *, invoice: Invoice, credited: Credited) -> Invoice:
    """A draft that says what was credited, with the same work, to be corrected and issued again."""
    header = {name: getattr(invoice, name) for name in _COPIED}
    draft = Invoice.objects.create(created_at=actor.now, corrects=None, note=invoice.note, **header)
    kept: defaultdict[UUID, list[InvoiceItem]] = defaultdict(list)
    for item in credited.released:
        kept[item.line_id].append(item)
    credit_lines = InvoiceLine.objects.filter(invoice=credited.credit_note).select_related("corrects_line")
    items = []
    for position, line in enumerate(credit_lines.order_by("position"), 1):
        source = line.corrects_line
        assert source is not None
        own = kept.get(source.id, [])
        copied = InvoiceLine(
            id=uuid7(), invoice=draft, position=position, kind=source.kind, description=source.description,
            quantity=line.quantity, unit=line.unit, unit_price=line.unit_price, net_amount=line.net_amount,
            worked_minutes=sum(item.charge.minutes for item in own), billed_minutes=line.billed_minutes,
            tax_category=line.tax_category, tax_percent=line.tax_percent, tax_reason=source.tax_reason,
            key=source.key, contract_id=source.contract_id, project_id=source.project_id, task_id=source.task_id,
            is_manual=not own, is_edited=True, entered_amount=source.entered_amount,
        )  # fmt: skip
        worth = Money(sum((item.amount for item in own), Decimal(0)), invoice.currency).round()
        if own and worth.amount != copied.net_amount:
            # Money of the line was credited before: its work is billed again at what it is worth.
            copied.net_amount = worth.amount
            _reprice(copied, source, worth, own)
        copied.save()
        items += [
            InvoiceItem(line=copied, charge_id=item.charge_id, minutes=item.minutes, amount=item.amount) for item in own
        ]
    InvoiceItem.objects.bulk_create(items)
    Charge.objects.filter(id__in=[item.charge_id for item in items]).update(status="drafted")
    return draft


def _original(invoice_id: UUID) -> Invoice:
    found = (
        Invoice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entity", "client", "contract")
        .filter(id=invoice_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such invoice.")
    if found.status != "issued" or found.kind != "invoice":
        raise Conflict("Only an issued invoice is credited; a draft is changed or discarded.")
    return found


def _refuse_packs(items: Iterable[InvoiceItem], wish: Wish) -> None:
    """A pack is paid back as a whole while nothing of it has ended; the rest of it on its own page."""
    sold = {item.line_id: item.charge.source_id for item in items if item.charge.kind == ChargeKind.PREPAID}
    if not sold or wish.is_refund:
        return
    ended = PackMove.objects.filter(pack_id__in=sold.values(), kind__in=[MoveKind.EXPIRE, MoveKind.REFUND])
    if set(wish.amounts or ()) & set(sold) or (wish.amounts is None and ended.exists()):
        raise Conflict("The rest of a prepaid pack is paid back on the page of the pack, so that what is left agrees.")


def _plan(original: Invoice, lines: Sequence[InvoiceLine], items: Iterable[InvoiceItem], wish: Wish) -> CreditPlan:
    currency, mode = original.currency, Rounding(original.rounding)
    issued_lines = _issued_lines(original, lines, items)
    vat = _issued_vat(original)
    if wish.charge_ids is not None:
        return credit_charges(issued_lines, vat, charge_ids=frozenset(wish.charge_ids), mode=mode)
    if wish.amounts is not None:
        amounts = {key: Money(amount, currency).round() for key, amount in wish.amounts.items()}
        return credit_amounts(issued_lines, vat, amounts=amounts, mode=mode)
    return credit_all(issued_lines, vat, mode=mode)


def _issued_lines(
    original: Invoice, lines: Iterable[InvoiceLine], items: Iterable[InvoiceItem]
) -> tuple[IssuedLine, ...]:
    earlier = InvoiceLine.objects.filter(corrects_line__invoice=original, invoice__status="issued")
    credited = dict(
        earlier.values("corrects_line_id").annotate(s=Sum("net_amount")).values_list("corrects_line_id", "s")
    )
    charges: defaultdict[UUID, list[tuple[UUID, Money]]] = defaultdict(list)
    for item in items:
        charges[item.line_id].append((item.charge_id, Money(item.amount, original.currency).round()))
    return tuple(
        IssuedLine(
            id=line.id,
            vat=VatKey(line.tax_category, line.tax_percent),
            net=Money(line.net_amount, original.currency).round(),
            credited=Money(credited.get(line.id, Decimal(0)), original.currency).round(),
            charges=tuple(charges[line.id]),
        )
        for line in lines
    )


def _issued_vat(original: Invoice) -> tuple[IssuedVat, ...]:
    currency = original.currency
    earlier = InvoiceTax.objects.filter(invoice__corrects=original, invoice__status="issued")
    credited = {
        (row["category"], row["percent"]): row
        for row in earlier.values("category", "percent")
        .annotate(net=Sum("base_amount"), vat=Sum("tax_amount"))
        .order_by()
    }
    found = []
    for row in InvoiceTax.objects.filter(invoice=original).order_by("category", "percent"):
        before = credited.get((row.category, row.percent))
        found.append(
            IssuedVat(
                key=VatKey(row.category, row.percent),
                net=Money(row.base_amount, currency).round(),
                vat=Money(row.tax_amount, currency).round(),
                credited_net=Money(before["net"], currency).round() if before else zero(currency),
                credited_vat=Money(before["vat"], currency).round() if before else zero(currency),
            )
        )
    return tuple(found)


def _rounding(original: Invoice, lines: Sequence[InvoiceLine], plan: CreditPlan) -> Decimal:
    """What was rounded goes back once, with the last of what it stands for: prepaid packs, else all lines."""
    if not original.rounding_amount:
        return Decimal(0)
    before = InvoiceLine.objects.filter(corrects_line__invoice=original, invoice__status="issued")
    if before.exclude(invoice__rounding_amount=0).exists():
        return Decimal(0)
    left = {line.id: line.net_amount for line in lines}
    for line_id, net in before.values_list("corrects_line_id", "net_amount"):
        left[line_id] -= net
    for credited in plan.lines:
        left[credited.line_id] -= credited.net.amount
    own = [line for line in lines if line.kind == ChargeKind.PREPAID] or lines
    return Decimal(0) if any(left[line.id] for line in own) else original.rounding_amount


def _note(actor: Actor, original: Invoice, plan: CreditPlan, reason: str, *, rounding: Decimal) -> Invoice:
    header = {name: getattr(original, name) for name in _COPIED}
    note = Invoice.objects.create(
        kind="credit_note", corrects=original, parties=original.parties, fx_rate=original.fx_rate,
        net_amount=plan.net.amount, tax_amount=(plan.gross - plan.net).amount, gross_amount=plan.gross.amount,
        rounding_amount=rounding, note=reason, created_at=actor.now,
        **header,
    )  # fmt: skip
    note.entity, note.client, note.contract = original.entity, original.client, original.contract
    return note


def _lines(
    note: Invoice, lines: Iterable[InvoiceLine], items: Iterable[InvoiceItem], plan: CreditPlan
) -> list[InvoiceLine]:
    """The credit note's lines, each with the work that it takes back, for reading."""
    known = {line.id: line for line in lines}
    by_charge = {item.charge_id: item for item in items}
    made, rows = [], []
    for position, credited in enumerate(plan.lines, 1):
        source = known[credited.line_id]
        own = [by_charge[charge_id] for charge_id, _ in credited.released]
        line = _line(note, source, credited, own, position=position)
        made.append(line)
        rows += [
            InvoiceItem(line=line, charge_id=item.charge_id, minutes=item.minutes, amount=item.amount, is_live=False)
            for item in own
        ]
    InvoiceLine.objects.bulk_create(made)
    InvoiceItem.objects.bulk_create(rows)
    return made


def _line(
    note: Invoice, source: InvoiceLine, credited: CreditLine, own: Sequence[InvoiceItem], *, position: int
) -> InvoiceLine:
    line = InvoiceLine(
        id=uuid7(), invoice=note, position=position, kind=source.kind, description=source.description,
        quantity=source.quantity, unit=source.unit, unit_price=source.unit_price, net_amount=credited.net.amount,
        billed_minutes=source.billed_minutes, tax_category=source.tax_category, tax_percent=source.tax_percent,
        tax_reason=source.tax_reason, key=source.key, contract_id=source.contract_id, project_id=source.project_id,
        task_id=source.task_id, is_manual=True, corrects_line=source,
    )  # fmt: skip
    if credited.net.amount != source.net_amount:
        _reprice(line, source, credited.net, own)
    return line


def _reprice(line: InvoiceLine, source: InvoiceLine, net: Money, own: Sequence[InvoiceItem]) -> None:
    """Quantity and price of a part of a line: its time where that gives the amount exactly, else one unit."""
    minutes = sum(item.minutes for item in own)
    is_timed = source.unit in {"HUR", "MIN"} and minutes > 0
    if is_timed and for_minutes(minutes, source.unit_price, net.currency) == net:
        line.quantity, line.unit, price = time_price(minutes, source.unit_price)
        line.unit_price = price.net or source.unit_price
    else:
        line.quantity, line.unit = Decimal(1 if net.amount >= 0 else -1), LUMP_SUM if is_timed else PIECE
        line.unit_price = abs(net.amount)
    line.billed_minutes = minutes


def _taxes(note: Invoice, plan: CreditPlan) -> list[InvoiceTax]:
    return [
        InvoiceTax(
            invoice=note, category=tax.key.category, percent=tax.key.percent or Decimal(0),
            base_amount=tax.net.amount, tax_amount=tax.vat.amount,
        )
        for tax in plan.vat
    ]  # fmt: skip


def _release(items: Collection[InvoiceItem]) -> None:
    InvoiceItem.objects.filter(id__in=[item.id for item in items]).update(is_live=False)
    Charge.objects.filter(id__in=[item.charge_id for item in items], status="billed").update(status="unbilled")


def _settle(actor: Actor, note: Invoice, original: Invoice, *, taken: Money, base: Money) -> None:
    if taken:
        PaymentApplication.objects.create(
            credit_note=note, invoice=original, amount=taken.amount, base_amount=base.amount, applied_at=actor.now,
            applied_on=note.issue_on or actor.today,
        )  # fmt: skip


def _nets(lines: Iterable[InvoiceLine], plan: CreditPlan, currency: str) -> dict[UUID, Money]:
    known = {line.id: line for line in lines}
    nets: dict[UUID, Money] = {}
    for credited in plan.lines:
        contract_id = known[credited.line_id].contract_id
        if contract_id is not None:
            nets[contract_id] = nets.get(contract_id, zero(currency)) + credited.net
    return nets
