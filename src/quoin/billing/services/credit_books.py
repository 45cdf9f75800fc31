"""What a credit note posts: work that it sets free is unbilled again, all else comes off revenue.

What the invoice posted decides where an amount goes back to, so that a full credit leaves each account as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine
from quoin.billing.queries.receivables import OpenAmounts
from quoin.billing.services.invoice_books import Part, PartKey, carried_of, rest_account, written_off
from quoin.billing.services.posting import REVENUE_ACCOUNTS
from quoin.billing.types import ChargeKind
from quoin.kernel.money import Money, zero
from quoin.ledger.models import JournalLine as LineRow
from quoin.ledger.rules.fx import clear, convert
from quoin.ledger.rules.journals import CreditPart, credit, journal_of, line_of
from quoin.ledger.services import PostingCalendar, post
from quoin.ledger.types import AccountRole, Dimensions, FxRate, Journal, OpenItem, SourceRef, Valued
from quoin.sales.models import Contract


@dataclass(frozen=True, slots=True)
class Released:
    """An item that the credit sets free."""

    item: InvoiceItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What the credit took off the invoice, and what it is worth in all, in the currency of the books."""

    taken: Money
    taken_base: Money
    base: Money


def post_credit(  # noqa: PLR0917  one posting and its five parts
    actor: Actor,
    note: Invoice,
    lines: Sequence[InvoiceLine],
    released: Sequence[Released],
    standing: OpenAmounts,
) -> Booked:
    """Post a numbered credit note at the rate of its invoice."""
    original = standing.invoice
    base = original.entity.currency
    rate = rate_of(original)
    parts = _parts(note, lines, released, rate)
    assert note.issue_on is not None
    posting_on = PostingCalendar(actor, entity_id=note.entity_id).day(note.issue_on)
    vat = Money(note.tax_amount + note.rounding_amount, note.currency).round()
    item = OpenItem(original.id, AccountRole.RECEIVABLE, standing.open, Dimensions(client_id=note.client_id))
    text = f"Credit note {note.number} on {original.number}"
    journal = credit(parts, vat=vat, item=item, rate=rate, posting_on=posting_on, text=text)
    journal = _with_retained(_with_rounding(journal, note, rate), standing)
    post(actor, entity_id=note.entity_id, source=SourceRef("credit_note", note.id), journal=journal)
    gross = Money(note.gross_amount + note.rounding_amount, note.currency).round()
    taken = min(gross, standing.open.amount, key=lambda money: money.amount)
    cleared = clear(standing.open, taken) if taken else Valued(zero(note.currency), zero(base))
    return Booked(taken=taken, taken_base=cleared.base, base=convert(gross, rate).base)


def rate_of(invoice: Invoice) -> FxRate:
    """The rate that the invoice was posted at."""
    on = invoice.tax_point_on or invoice.created_at.date()
    return FxRate(invoice.currency, invoice.entity.currency, Fraction(invoice.fx_rate), on, "invoice")


def _parts(note: Invoice, lines: Iterable[InvoiceLine], released: Sequence[Released], rate: FxRate) -> list[CreditPart]:
    sums: defaultdict[tuple[AccountRole, PartKey], Money] = defaultdict(lambda: zero(note.currency))
    freed: defaultdict[UUID, Money] = defaultdict(lambda: zero(note.currency))
    posted = [one.item for one in released if one.item.charge.base_amount]
    off = written_off([item.charge_id for item in posted])
    carried: defaultdict[PartKey, list[tuple[Charge, Money]]] = defaultdict(list)
    for item in posted:
        charge = item.charge
        key = PartKey.of(charge)
        amount = Money(item.amount, note.currency).round()
        value = carried_of(charge, off, currency=note.currency, base=rate.base_currency)
        assert item.line_id is not None
        freed[item.line_id] += amount
        sums[AccountRole.CONTRACT_ASSET, key] += value.amount
        carried[key].append((charge, value.amount))
        if amount != value.amount:
            sums[REVENUE_ACCOUNTS[key.kind], key] += amount - value.amount
    lines = list(lines)
    packs = _packs_of(lines)
    for line in lines:
        rest = Money(line.net_amount, note.currency).round() - freed[line.corrects_line_id or line.id]
        if rest:
            kind = ChargeKind(line.kind) if line.kind in set(ChargeKind) else ChargeKind.TIME
            key = PartKey(line.contract_id, line.project_id, kind, packs.get(line.corrects_line_id or line.id))
            for account, amount in _where(note, key, rest):
                sums[account, key] += amount
    _carry_at(carried, off, rate)
    return [
        CreditPart(net=amount, account=account, dimensions=key.about(note.client_id))
        for (account, key), amount in sums.items()
        if amount
    ]


def _packs_of(lines: Iterable[InvoiceLine]) -> dict[UUID, UUID]:
    """The prepaid pack that each credited line sold."""
    ids = [line.corrects_line_id or line.id for line in lines if line.kind == ChargeKind.PREPAID]
    rows = InvoiceItem.objects.filter(line_id__in=ids, charge__kind=ChargeKind.PREPAID)
    return dict(rows.values_list("line_id", "charge__source_id"))


def _where(note: Invoice, key: PartKey, amount: Money) -> list[tuple[AccountRole, Money]]:
    """The accounts that an amount without released work goes back to."""
    contracts = {row.id: row for row in Contract.objects.filter(id=key.contract_id)} if key.contract_id else {}
    nothing = Valued(zero(note.currency), zero(note.currency))
    account = rest_account(key, Part(net=amount, carried=nothing), contracts)
    if key.kind not in {ChargeKind.MILESTONE, ChargeKind.FEE, ChargeKind.PREPAID} or amount.amount < 0:
        return [(account, amount)]
    there = max(_billed_to(note, key, account), Decimal(0))
    first = Money(min(amount.amount, there), note.currency).round()
    pairs = [(account, first), (AccountRole.CONTRACT_ASSET, amount - first)]
    return [(role, money) for role, money in pairs if money]


def _billed_to(note: Invoice, key: PartKey, account: AccountRole) -> Decimal:
    """What the invoice and its credits so far left on the account for the contract, as a credit balance."""
    sources = [
        *([note.corrects_id] if note.corrects_id else []),
        *Invoice.objects.filter(corrects=note.corrects).values_list("id", flat=True),
    ]
    found = LineRow.objects.filter(
        journal__source_id__in=sources, journal__source_kind__in=["invoice", "credit_note"],
        account__role=account.value, contract_id=key.contract_id, obligation_id=key.pack_id,
    ).aggregate(total=Sum("amount"))  # fmt: skip
    return -(found["total"] or Decimal(0))


def _carry_at(
    carried: dict[PartKey, list[tuple[Charge, Money]]], off: dict[UUID, tuple[Decimal, Decimal]], rate: FxRate
) -> None:
    """Released work is carried at the rate of the invoice from now on, as the journal posts it."""
    if rate.currency == rate.base_currency:
        return
    for members in carried.values():
        amounts = [amount for _, amount in members]
        total = Money(sum((amount.amount for amount in amounts), Decimal(0)), rate.currency)
        shares = convert(total, rate).base.allocate([amount.amount for amount in amounts])
        for (charge, _), share in zip(members, shares, strict=True):
            charge.base_amount = share.amount + off.get(charge.id, (Decimal(0), Decimal(0)))[1]
        Charge.objects.bulk_update([charge for charge, _ in members], ["base_amount"])


def _with_rounding(journal: Journal, note: Invoice, rate: FxRate) -> Journal:
    """Rounding to an agreed total is no VAT: it goes back to its own account."""
    if not note.rounding_amount:
        return journal
    value = convert(Money(note.rounding_amount, note.currency).round(), rate)
    about = Dimensions(client_id=note.client_id)
    extra = [line_of(AccountRole.ROUNDING, value, about), line_of(AccountRole.OUTPUT_VAT, value, about, -1)]
    return journal_of(journal.kind, journal.posting_on, journal.text, [*journal.lines, *extra])


def _with_retained(journal: Journal, standing: OpenAmounts) -> Journal:
    """What was kept back until acceptance stands on an account of its own, and is taken off there last."""
    due, kept = standing.items
    (index, line) = next(
        ((i, line) for i, line in enumerate(journal.lines) if line.account is AccountRole.RECEIVABLE), (-1, None)
    )
    if line is None or not kept.open.amount or not due.open.amount < -line.amount:
        return journal
    over = clear(kept.open, -line.amount - due.open.amount)
    rest = Valued(-line.amount - over.amount, -line.base - over.base)
    split = [line_of(due.account, rest, due.dimensions, -1), line_of(kept.account, over, kept.dimensions, -1)]
    lines = [*journal.lines[:index], *split, *journal.lines[index + 1 :]]
    return journal_of(journal.kind, journal.posting_on, journal.text, lines)
