"""What is open in foreign currency on the last day of a month, and the exchange differences on it (R14).

Read from the posted lines alone: what a revaluation of that day posted before is told apart from what the documents
carry, so that another run posts only what has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.base.db.bulk import fetch_arrays
from quoin.base.db.context import current_tenant
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money, total
from quoin.kernel.period import next_month
from quoin.kernel.words import say
from quoin.ledger import queries
from quoin.ledger.models import Account, FiscalPeriod, Journal
from quoin.ledger.queries.periods import is_closed
from quoin.ledger.queries.rates import RateTable
from quoin.ledger.rules.revaluation import Revaluation, revalue
from quoin.ledger.types import AccountRole, Dimensions, FxRate, OpenItem, RateMissing, Valued

KIND, BACK = "revaluation", "revaluation_reversal"
"""Sources of the journal of the last day and of its reversal on the next; both of the period."""
_DAY = timedelta(days=1)
_NOBODY = UUID(int=0)
_MONETARY = [role.value for role in AccountRole if role.is_monetary]
UNDIVIDED = (AccountRole.BANK, AccountRole.BANK_FOREIGN, AccountRole.PAYABLE)
"""Money is money, whoever paid it, and payroll is owed whatever the work was: one position for each currency."""
# A claim is about its client, and unbilled work about the contract or the pack that it stands for (R10).
_OPEN = """
SELECT m.entity_id, m.until, a.role, l.currency, e.currency, d.client_id, d.contract_id, d.obligation_id,
  sum(l.amount), sum(l.base_amount), coalesce(sum(l.base_amount) FILTER (WHERE j.source_kind = ANY(%b::text[])), 0)
FROM unnest(%b::uuid[], %b::date[]) AS m (entity_id, until)
JOIN accounts_legalentity e ON e.tenant_id = %b AND e.id = m.entity_id
JOIN ledger_journal j ON j.tenant_id = e.tenant_id AND j.entity_id = e.id AND j.posting_on <= m.until
JOIN ledger_journalline l ON l.tenant_id = j.tenant_id AND l.journal_id = j.id AND l.currency <> e.currency
JOIN ledger_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id AND a.role = ANY(%b::text[])
LEFT JOIN LATERAL (SELECT l.client_id, l.contract_id, l.obligation_id) d ON a.role <> ALL(%b::text[])
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
HAVING sum(l.amount) <> 0 OR sum(l.base_amount) <> 0
  OR sum(l.base_amount) FILTER (WHERE j.source_kind = ANY(%b::text[])) <> 0
ORDER BY 1, 2, 3, 4, 6, 7, 8
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A position in foreign currency: what is open, the value its documents carry, and what is revalued already."""

    account: AccountRole
    dimensions: Dimensions
    amount: Money
    carried: Money
    posted: Money

    @property
    def is_stuck(self) -> bool:
        """Nothing is open, yet a value is left: no rate explains that, so somebody has to look."""
        return not self.amount and bool(self.carried)

    @property
    def item(self) -> OpenItem:
        """As it stands with what was posted before; a stuck value is left alone."""
        base = self.posted if self.is_stuck else self.carried + self.posted
        key = self.dimensions.stands_for or self.dimensions.client_id or _NOBODY
        return OpenItem(key, self.account, Valued(self.amount, base), self.dimensions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A position at the rate of the last day, and what that is more or less than it is carried at."""

    standing: Standing
    account: Account
    rate: FxRate
    base: Money
    to_post: Money

    @property
    def difference(self) -> Money:
        """To what the documents carry, whether posted or not; a stuck value is no difference of rates."""
        return self.to_post + self.standing.posted


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEnd:
    """The exchange differences of a month: by position, in sum, what of it is posted, and what keeps it from that."""

    entity: LegalEntity
    on: date
    rows: tuple[Difference, ...]
    stuck: tuple[Difference, ...]
    journals: tuple[Journal, ...]
    hindrance: str
    plan: Revaluation

    @property
    def month(self) -> str:
        return f"{self.on:%Y-%m}"

    @property
    def back_on(self) -> date:
        """The day of the reversal."""
        return self.on + _DAY

    @property
    def gain(self) -> Money:
        return self._sum(row.difference for row in self.rows if row.difference.amount > 0)

    @property
    def loss(self) -> Money:
        return self._sum(row.difference for row in self.rows if row.difference.amount < 0)

    @property
    def difference(self) -> Money:
        return self.gain + self.loss

    @property
    def to_post(self) -> Money:
        return self._sum(row.to_post for row in (*self.rows, *self.stuck))

    @property
    def is_posted(self) -> bool:
        """Whether nothing is left to post."""
        return self.plan.journal is None

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return total(amounts, self.entity.currency)


def revaluation(actor: Actor, *, entity_id: UUID, start: date) -> MonthEnd:
    """The month that begins on `start`. RateMissing names a currency without a rate on the last day."""
    actor.require(queries.VIEW)
    return month_end(actor, entity_id=entity_id, start=start)


def month_end(actor: Actor, *, entity_id: UUID, start: date) -> MonthEnd:
    """As `revaluation`, for the action: asks no permission."""
    entity = LegalEntity.objects.filter(id=entity_id).first()
    if entity is None:
        raise NotFound("There is no such legal entity.")
    on = next_month(start) - _DAY
    found = _standings([(entity_id, on)])[entity_id, on]
    plan, rates = _plan(found, entity.currency, on)
    accounts = {row.role: row for row in Account.objects.filter(role__in={one.account.value for one in found})}
    rows = [
        Difference(
            standing=standing, account=accounts[standing.account.value], rate=rates[standing.amount.currency],
            base=revalued.base, to_post=revalued.difference,
        )
        for standing, revalued in zip(found, plan.items, strict=True)
    ]  # fmt: skip
    periods = FiscalPeriod.objects.filter(entity_id=entity_id, starts_on=start).values("id")
    journals = Journal.objects.filter(source_kind__in=(KIND, BACK), source_id__in=periods)
    return MonthEnd(
        entity=entity,
        on=on,
        rows=tuple(row for row in rows if not row.standing.is_stuck),
        stuck=tuple(row for row in rows if row.standing.is_stuck),
        journals=tuple(journals.order_by("source_version", "posting_on")),
        hindrance=hindrance(actor, entity_id=entity_id, start=start),
        plan=plan,
    )


def hindrance(actor: Actor, *, entity_id: UUID, start: date) -> str:
    """Why nothing can be posted on the last day of the month and on the day after; empty if it can."""
    following = next_month(start)
    if actor.today < following:
        return say("%(month)s has not ended; its last day is %(day)s.", month=f"{start:%Y-%m}", day=following - _DAY)
    periods = FiscalPeriod.objects.filter(entity_id=entity_id, starts_on__gte=start)
    closed = {row.starts_on: is_closed(row, actor) for row in periods}
    last = max((day for day, is_shut in closed.items() if is_shut), default=date.min)
    for month in (start, following):
        # A month without a period is opened by its first posting, unless a later one is closed.
        if closed.get(month, month < last):
            return say("%(month)s is closed.", month=f"{month:%Y-%m}")
    return ""


def unposted(actor: Actor, periods: Iterable[FiscalPeriod]) -> dict[UUID, str]:
    """By period: what is wrong with a month that has ended and is open, in words. Nothing for those in order."""
    rows = [row for row in periods if row.ends_on <= actor.today and not is_closed(row, actor)]
    found = _standings([(row.entity_id, row.ends_on - _DAY) for row in rows]) if rows else {}
    told: dict[UUID, str] = {}
    for row in rows:
        on = row.ends_on - _DAY
        standings = found[row.entity_id, on]
        try:
            plan, _rates = _plan(standings, row.entity.currency, on)
        except RateMissing as missing:
            told[row.id] = missing.detail
            continue
        left = total((one.difference for one in plan.items), row.entity.currency)
        if plan.journal is not None:
            told[row.id] = say("%(amount)s are not posted.", amount=left)
        elif any(standing.is_stuck for standing in standings):
            told[row.id] = say("A value is left where nothing is open.")
    return told


def _plan(found: Sequence[Standing], base_currency: str, on: date) -> tuple[Revaluation, dict[str, FxRate]]:
    """What to post, with a revalued item for each position in the same order, and the rates of the day."""
    currencies = sorted({standing.amount.currency for standing in found})
    table = RateTable([*currencies, base_currency], first=on, last=on)
    rates = {code: table.rate(currency=code, base_currency=base_currency, on=on) for code in currencies}
    return revalue((standing.item for standing in found), rates=rates, on=on), rates


def _standings(wanted: Iterable[tuple[UUID, date]]) -> dict[tuple[UUID, date], list[Standing]]:
    """What is open by entity and day, in one statement."""
    days = list(wanted)
    found: dict[tuple[UUID, date], list[Standing]] = {key: [] for key in days}
    ids, untils = [key[0] for key in days], [key[1] for key in days]
    kinds, undivided = [KIND, BACK], [role.value for role in UNDIVIDED]
    for row in fetch_arrays(_OPEN, [kinds, ids, untils, current_tenant(), _MONETARY, undivided, kinds]):
        found[row[0], row[1]].append(_standing(*row[2:]))
    return found


def _standing(role: str, currency: str, base_currency: str, *rest: Any) -> Standing:
    client_id, contract_id, obligation_id, amount, base, posted = rest
    return Standing(
        account=AccountRole(role),
        dimensions=Dimensions(client_id=client_id, contract_id=contract_id, obligation_id=obligation_id),
        amount=Money(amount, currency).plain(),
        carried=Money(base - posted, base_currency).plain(),
        posted=Money(posted, base_currency).plain(),
    )
