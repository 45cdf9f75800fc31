"""What issuing and crediting post, and how far contracts are used.

Work leaves the books at the value it is carried at. What a line was rounded to beyond its charges becomes revenue
with the invoice, so that nothing of billed work stays behind on unbilled work (I-03).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.base.db.bulk import execute_arrays
from quoin.base.db.faults import explain
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine, WriteDown
from quoin.billing.services.posting import REVENUE_ACCOUNTS, Positions
from quoin.billing.types import ChargeKind
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, zero
from quoin.ledger.rules.fx import clear, minus
from quoin.ledger.rules.journals import IssuePart, issue, journal_of, line_of
from quoin.ledger.services import Posting, PostingCalendars, post_many
from quoin.ledger.types import AccountRole, Dimensions, FxRate, Journal, JournalLine, Position, SourceRef, Valued
from quoin.sales.models import Contract

explain("contract_cap_holds", "This would go over the cap of the contract. Raise the cap, or hold work back.")
explain("purchase_order_holds", "This would go over the amount of the purchase order. Ask the client for a new one.")

WrittenOff = Mapping[UUID, tuple[Decimal, Decimal]]
"""Amount and base value written off per charge."""
EARNED_LATER = frozenset({"cost_to_cost", "straight_line"})
"""Recognition that earns apart from billing: what is billed ahead is owed to the client."""
_USE = (
    "INSERT INTO billing_contractuse AS u (tenant_id, id, contract_id, billed_amount, cap_amount, order_number,"
    " ordered_amount, order_limit_amount) SELECT %b, x.* FROM unnest(%b::uuid[], %b::uuid[], %b::numeric[],"
    " %b::numeric[], %b::text[], %b::numeric[], %b::numeric[]) AS x"
    " ON CONFLICT (tenant_id, contract_id) DO UPDATE SET billed_amount = u.billed_amount + excluded.billed_amount,"
    " cap_amount = excluded.cap_amount, order_number = excluded.order_number,"
    " ordered_amount = excluded.ordered_amount + CASE WHEN u.order_number = excluded.order_number"
    " THEN u.ordered_amount ELSE 0 END, order_limit_amount = excluded.order_limit_amount"
)


@dataclass(frozen=True, slots=True)
class PartKey:
    """What one part of a document is about."""

    contract_id: UUID | None
    project_id: UUID | None
    kind: ChargeKind
    pack_id: UUID | None = None
    """The prepaid pack that is sold: what is owed for it stands apart from the contract."""

    @classmethod
    def of(cls, charge: Charge) -> PartKey:
        """The part that a charge belongs to."""
        kind = ChargeKind(charge.kind)
        pack_id = charge.source_id if kind is ChargeKind.PREPAID else None
        return cls(charge.contract_id, charge.project_id, kind, pack_id)

    def about(self, client_id: UUID) -> Dimensions:
        """What the part's journal lines are about."""
        return Dimensions(
            client_id=client_id, contract_id=self.contract_id, project_id=self.project_id, obligation_id=self.pack_id
        )

    @property
    def stands_for(self) -> UUID | None:
        """Whose unbilled work it bills first."""
        return self.pack_id or self.contract_id


@dataclass(slots=True)
class Part:
    """Net of a part, and what of its work stands in the books as unbilled."""

    net: Money
    carried: Valued
    is_posted: bool = False
    charge_ids: list[UUID] = field(default_factory=list)


def parts_of(
    invoice: Invoice, *, items: Iterable[InvoiceItem], lines: Iterable[InvoiceLine], off: WrittenOff
) -> dict[PartKey, Part]:
    """The document by contract, project and kind of work; lines that were typed count as services."""
    base = invoice.entity.currency
    found: dict[PartKey, Part] = {}
    seen: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for item in items:
        charge = item.charge
        key = PartKey.of(charge)
        part = found.setdefault(key, _empty(invoice.currency, base))
        seen[item.line_id] += item.amount
        part.net += Money(item.amount, invoice.currency).round()
        part.charge_ids.append(charge.id)
        if charge.base_amount:
            part.is_posted = True
            part.carried = _plus(part.carried, carried_of(charge, off, currency=invoice.currency, base=base))
    for line in lines:
        rest = line.net_amount - seen[line.id]
        if rest:
            key = PartKey(line.contract_id, line.project_id, _manual_kind(line))
            found.setdefault(key, _empty(invoice.currency, base)).net += Money(rest, invoice.currency).round()
    return found


def carried_of(charge: Charge, off: WrittenOff, *, currency: str, base: str) -> Valued:
    """What of a posted charge is unbilled work in the books."""
    down, down_base = off.get(charge.id, (Decimal(0), Decimal(0)))
    return Valued(
        Money(charge.amount - down, currency).round(), Money(charge.base_amount - down_base, base).round()
    )  # fmt: skip


def written_off(charge_ids: Iterable[UUID]) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Amount and base value written off per charge."""
    rows = WriteDown.objects.filter(charge_id__in=list(charge_ids)).values("charge_id")
    found = rows.annotate(off=Sum("amount"), base=Sum("base_amount")).order_by()
    return {row["charge_id"]: (row["off"], row["base"]) for row in found}


def _manual_kind(line: InvoiceLine) -> ChargeKind:
    return ChargeKind(line.kind) if line.kind in set(ChargeKind) else ChargeKind.TIME


@dataclass(frozen=True, slots=True)
class Issue:
    """A numbered invoice by its parts, at the rate of its day."""

    invoice: Invoice
    parts: dict[PartKey, Part]
    rate: FxRate

    @property
    def contract_ids(self) -> set[UUID]:
        return {key.contract_id for key in self.parts if key.contract_id}

    @property
    def pack_ids(self) -> set[UUID]:
        return {key.pack_id for key in self.parts if key.pack_id}


def post_issues(actor: Actor, issues: Sequence[Issue]) -> list[Money]:
    """Post issued invoices in order; returns what the client owes of each in the currency of the books."""
    ids = {key for one in issues for key in one.contract_ids}
    contracts = {row.id: row for row in Contract.objects.filter(id__in=ids)}
    calendars = PostingCalendars(actor)
    standing = Positions(ids, (key for one in issues for key in one.pack_ids))
    postings: list[Posting] = []
    for one in issues:
        invoice = one.invoice
        assert invoice.issue_on is not None
        journal = _journal(one, contracts, standing, posting_on=calendars.day(invoice.entity_id, invoice.issue_on))
        for key in one.contract_ids | one.pack_ids:
            own = [line for line in journal.lines if line.dimensions.stands_for == key]
            standing.move(invoice.entity_id, key, own)
        source = SourceRef("invoice", invoice.id)
        postings.append(Posting(entity_id=invoice.entity_id, source=source, journal=journal))
    post_many(actor, postings)
    return [_owed(posting.journal, one.rate) for posting, one in zip(postings, issues, strict=True)]


def _journal(one: Issue, contracts: Mapping[UUID, Contract], standing: Positions, *, posting_on: date) -> Journal:
    invoice = one.invoice
    issue_parts, leftovers = _issue_parts(one, contracts, standing)
    retained = _money(invoice.retention_amount, invoice)
    journal = issue(
        issue_parts, vat=_money(invoice.tax_amount, invoice), rate=one.rate, posting_on=posting_on,
        text=f"Invoice {invoice.number}", retained=retained or None,
        rounding=_money(invoice.rounding_amount, invoice) if invoice.rounding_amount else None,
    )  # fmt: skip
    return _with_client(journal, invoice, leftovers)


def _owed(journal: Journal, rate: FxRate) -> Money:
    owed = (AccountRole.RECEIVABLE, AccountRole.RETENTION_RECEIVABLE)
    total = sum((line.base.amount for line in journal.lines if line.account in owed), Decimal(0))
    return Money(total, rate.base_currency)


def _issue_parts(
    one: Issue, contracts: Mapping[UUID, Contract], standing: Positions
) -> tuple[list[IssuePart], list[tuple[Valued, AccountRole, Dimensions]]]:
    invoice, parts, rate = one.invoice, one.parts, one.rate
    nothing = Valued(zero(rate.currency), zero(rate.base_currency))
    books = {"currency": rate.currency, "base_currency": rate.base_currency}
    assets = {key: standing.of(invoice.entity_id, key, **books).asset for key in one.contract_ids | one.pack_ids}
    found, leftovers = [], []
    for key, part in sorted(parts.items(), key=lambda pair: (not pair[1].is_posted, str(pair[0]))):
        stands = assets[key.stands_for] if key.stands_for else nothing
        asset = part.carried if part.is_posted else stands
        if asset.amount.amount > 0 and stands.amount < asset.amount:
            # Part of the work was earned against what was billed ahead: no more than what stands is cleared.
            asset = stands if stands.amount.amount > 0 else nothing
        account = rest_account(key, part, contracts)
        about = key.about(invoice.client_id)
        taken = asset if asset.amount.amount > 0 else nothing
        found.append(IssuePart(net=part.net, position=Position(taken, nothing), rest_account=account, dimensions=about))
        used = _cleared(asset, part.net)
        if key.stands_for:
            assets[key.stands_for] = minus(stands, asset if part.is_posted else used)
        if part.is_posted and asset.amount != used.amount:
            leftovers.append((minus(asset, used), account, about))
    return found, leftovers


def _cleared(asset: Valued, net: Money) -> Valued:
    """What `issue` takes of the asset: the same share of it that its rule clears."""
    if net.amount <= 0 or asset.amount.amount <= 0:
        return Valued(zero(net.currency), zero(asset.base.currency))
    return clear(asset, min(net, asset.amount, key=lambda money: money.amount))


def rest_account(key: PartKey, part: Part, contracts: Mapping[UUID, Contract]) -> AccountRole:
    """Where the part of an invoice goes that no unbilled work stands for."""
    contract = contracts.get(key.contract_id) if key.contract_id else None
    is_ahead = contract is not None and contract.recognition in EARNED_LATER
    if key.kind is ChargeKind.PREPAID or (
        is_ahead and key.kind in {ChargeKind.MILESTONE, ChargeKind.FEE} and not part.is_posted
    ):
        return AccountRole.CONTRACT_LIABILITY
    return REVENUE_ACCOUNTS[key.kind]


def _with_client(
    journal: Journal, invoice: Invoice, leftovers: list[tuple[Valued, AccountRole, Dimensions]]
) -> Journal:
    """The journal with what rounding left on unbilled work cleared, and no contract on what the client owes."""
    client = Dimensions(client_id=invoice.client_id)
    owed = {AccountRole.RECEIVABLE, AccountRole.RETENTION_RECEIVABLE, AccountRole.OUTPUT_VAT, AccountRole.ROUNDING}
    lines = [
        JournalLine(line.account, line.amount, line.base, client) if line.account in owed else line
        for line in journal.lines
    ]
    for value, account, about in leftovers:
        revenue = account if account is not AccountRole.CONTRACT_LIABILITY else AccountRole.REVENUE_TIME
        lines += [line_of(revenue, value, about), line_of(AccountRole.CONTRACT_ASSET, value, about, -1)]
    return journal_of(journal.kind, journal.posting_on, journal.text, lines)


def use_contracts(actor: Actor, nets: dict[UUID, Money], *, sign: int = 1) -> None:
    """Count what was billed per contract and order, in id order; the database refuses more than the limits."""
    rows: list[tuple[object, ...]] = []
    for row in Contract.objects.filter(id__in=nets).order_by("id"):
        amount = sign * nets[row.id].amount
        cap = row.cap_amount if row.cap_is_hard else None
        limit = row.purchase_order_amount if row.purchase_order else None
        ordered = amount if row.purchase_order else Decimal(0)
        rows.append((uuid7(), row.id, amount, cap, row.purchase_order, ordered, limit))
    if rows:
        execute_arrays(_USE, [actor.tenant_id, *map(list, zip(*rows, strict=True))])


def nets_by_contract(parts: dict[PartKey, Part], currency: str) -> dict[UUID, Money]:
    """What a document comes to per contract."""
    nets: dict[UUID, Money] = {}
    for key, part in parts.items():
        if key.contract_id is not None:
            nets[key.contract_id] = nets.get(key.contract_id, zero(currency)) + part.net
    return nets


def _empty(currency: str, base: str) -> Part:
    return Part(net=zero(currency), carried=Valued(zero(currency), zero(base)))


def _plus(left: Valued, right: Valued) -> Valued:
    return Valued(left.amount + right.amount, left.base + right.base)


def _money(amount: Decimal, invoice: Invoice) -> Money:
    return Money(amount, invoice.currency).round()
