"""From charges to journals: one journal per legal entity and month of work, one pair of lines per project and person.

The books and the charges agree to the cent: what a group of charges posts in base currency is shared over them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.base.actor import Actor
from quoin.billing.models import Charge
from quoin.billing.types import ChargeKind
from quoin.kernel.money import EXACT, Money, zero
from quoin.kernel.period import month_of
from quoin.ledger.queries.positions import standing_positions
from quoin.ledger.queries.rates import RateTable
from quoin.ledger.rules.fx import par
from quoin.ledger.rules.journals import approve, earn, incur
from quoin.ledger.services import Posting, PostingCalendars, next_version, post_many
from quoin.ledger.types import AccountRole, Dimensions, Journal, JournalLine, Position, SourceRef, Valued

REVENUE_ACCOUNTS = {
    ChargeKind.TIME: AccountRole.REVENUE_TIME,
    ChargeKind.OVERAGE: AccountRole.REVENUE_TIME,
    ChargeKind.EXPENSE: AccountRole.REVENUE_EXPENSES,
    ChargeKind.MILESTONE: AccountRole.REVENUE_FIXED_PRICE,
    ChargeKind.FEE: AccountRole.REVENUE_RETAINER,
    ChargeKind.PREPAID: AccountRole.REVENUE_RETAINER,
}
EARNED_AT_APPROVAL = frozenset({ChargeKind.TIME, ChargeKind.EXPENSE, ChargeKind.OVERAGE})
"""Kinds whose price is revenue, and unbilled work, as soon as they are charged."""


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What one pair of lines is about."""

    entity_id: UUID
    month: date
    dimensions: Dimensions
    kind: ChargeKind


@dataclass(slots=True)
class Group:
    """Sums of the charges of a group, and which they are. Amounts are exact."""

    currency: str
    base_currency: str
    revenue: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    last_on: date = date.min
    members: list[tuple[int, Decimal]] = field(default_factory=list)
    """Position and amount of each charge whose base value is still to be found."""

    def add(self, member: int, *, amount: Decimal, cost: Decimal, on: date) -> None:
        self.add_alike([member], amount=amount, cost=cost, on=on)

    def add_alike(self, members: Sequence[int], *, amount: Decimal, cost: Decimal, on: date) -> None:
        """Charges that each have this amount and cost; `on` is the last day of them."""
        count = Decimal(len(members))
        self.revenue = EXACT.add(self.revenue, EXACT.multiply(amount, count))
        self.cost = EXACT.add(self.cost, EXACT.multiply(cost, count))
        self.last_on = max(self.last_on, on)
        if self.currency != self.base_currency and amount:
            self.members += [(member, amount) for member in members]


class Positions:
    """Assets and liabilities of contracts, kept up to date while a batch is built. Read when first asked for.

    A prepaid pack stands apart from its contract: it has a position of its own, by its own id.
    """

    def __init__(self, contract_ids: Iterable[UUID], obligation_ids: Iterable[UUID] = ()) -> None:
        self._contracts, self._obligations = frozenset(contract_ids), frozenset(obligation_ids)
        self._known: dict[tuple[UUID, UUID], Position] | None = None

    def of(self, entity_id: UUID, key: UUID | None, *, currency: str, base_currency: str) -> Position:
        """What stands for the contract or the pack now."""
        nothing = Valued(zero(currency), zero(base_currency))
        if key is None:
            return Position(nothing, nothing)
        return self._read().get((entity_id, key), Position(nothing, nothing))

    def move(self, entity_id: UUID, key: UUID | None, lines: Iterable[JournalLine]) -> None:
        """Take lines into account that are about to be posted."""
        if key is None:
            return
        for line in lines:
            if line.account in {AccountRole.CONTRACT_ASSET, AccountRole.CONTRACT_LIABILITY}:
                old = self.of(entity_id, key, currency=line.amount.currency, base_currency=line.base.currency)
                self._read()[entity_id, key] = _moved(old, line)

    def _read(self) -> dict[tuple[UUID, UUID], Position]:
        if self._known is None:
            self._known = standing_positions(contract_ids=self._contracts, obligation_ids=self._obligations)
        return self._known


def _moved(old: Position, line: JournalLine) -> Position:
    if line.account is AccountRole.CONTRACT_ASSET:
        return Position(Valued(old.asset.amount + line.amount, old.asset.base + line.base), old.liability)
    left = Valued(old.liability.amount - line.amount, old.liability.base - line.base)
    return Position(old.asset, left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was posted, and the base value of each charge that has one, by its position in the batch."""

    journal_ids: tuple[UUID, ...]
    base_amounts: dict[int, Decimal]


def post_groups(
    actor: Actor,
    groups: dict[GroupKey, Group],
    *,
    source_kind: str,
    source_id: UUID,
    text: str,
    rates: RateTable | None,
) -> Posted:
    """Post the groups and share their base values over their charges."""
    months: defaultdict[tuple[UUID, date], list[tuple[GroupKey, Group]]] = defaultdict(list)
    for key, group in groups.items():
        if group.revenue or group.cost:
            months[key.entity_id, key.month].append((key, group))
    standing = Positions(
        (key.dimensions.contract_id for key in groups if key.dimensions.contract_id),
        (key.dimensions.obligation_id for key in groups if key.dimensions.obligation_id),
    )
    calendars = PostingCalendars(actor)
    postings: list[Posting] = []
    base_amounts: dict[int, Decimal] = {}
    version = next_version(kind=source_kind, source_id=source_id)
    for (entity_id, _), members in sorted(months.items(), key=lambda item: (str(item[0][0]), item[0][1])):
        wanted_on = max(group.last_on for _, group in members)
        posting_on = calendars.day(entity_id, wanted_on)
        facts: list[Journal] = []
        for key, group in members:
            found = _facts(key, group, standing, rates, wanted_on=wanted_on, text=text)
            lines = tuple(line for fact in found for line in fact.lines)
            standing.move(entity_id, key.dimensions.stands_for, lines)
            base_amounts.update(_shares(group, lines, REVENUE_ACCOUNTS[key.kind]))
            facts += found
        journal = approve(facts, posting_on=posting_on, text=text)
        source = SourceRef(source_kind, source_id, version + len(postings))
        postings.append(Posting(entity_id=entity_id, source=source, journal=journal))
    return Posted(journal_ids=post_many(actor, postings), base_amounts=base_amounts)


def group_key(entity_id: UUID, on: date, kind: ChargeKind, dimensions: Dimensions) -> GroupKey:
    """The group of a charge."""
    return GroupKey(entity_id, month_of(on).start, dimensions, kind)


def dimensions_of(charge: Charge) -> Dimensions:
    """What the charge's journal lines are about."""
    return Dimensions(
        client_id=charge.client_id,
        contract_id=charge.contract_id,
        project_id=charge.project_id,
        person_id=charge.person_id,
    )


def _facts(
    key: GroupKey, group: Group, standing: Positions, rates: RateTable | None, *, wanted_on: date, text: str
) -> list[Journal]:
    """What the group earned and what it cost."""
    books, about = group.base_currency, key.dimensions
    facts = []
    if group.revenue:
        rate = par(group.currency, on=wanted_on)
        if rates is not None:
            rate = rates.rate(currency=group.currency, base_currency=books, on=wanted_on)
        position = standing.of(key.entity_id, about.stands_for, currency=group.currency, base_currency=books)
        account = REVENUE_ACCOUNTS[key.kind]
        revenue = Money(group.revenue, group.currency)
        facts.append(
            earn(
                revenue,
                position=position,
                rate=rate,
                account=account,
                posting_on=wanted_on,
                text=text,
                dimensions=about,
            )
        )
    if group.cost:
        cost = Money(group.cost, books)
        facts.append(incur(cost, rate=par(books, on=wanted_on), posting_on=wanted_on, text=text, dimensions=about))
    return facts


def _shares(group: Group, lines: Iterable[JournalLine], account: AccountRole) -> dict[int, Decimal]:
    if not group.members:
        return {}
    base = -sum((line.base.amount for line in lines if line.account is account), Decimal(0))
    members = sorted(group.members)
    shares = Money(base, group.base_currency).allocate([abs(amount) for _, amount in members])
    return {member: share.amount for (member, _), share in zip(members, shares, strict=True)}
