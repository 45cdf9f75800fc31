"""Settling months of a retainer: which hours the fee paid for, what expired, and what is billed on top (R13).

The oldest hours are used first. Time that is approved after its month was settled counts in the next month. What a
settlement needs is read once for all retainers, and written once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.billing.models import Charge, RetainerPeriod
from quoin.billing.rules.retainer import RetainerLot, RetainerMonth, retainer_month
from quoin.billing.services.due import charge_due, single_project
from quoin.billing.services.posting import Positions
from quoin.billing.types import ChargeKind, ChargeStatus
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.kernel.period import add_months
from quoin.ledger.queries.rates import RateTable
from quoin.ledger.rules.journals import approve, earn
from quoin.ledger.services import Posting, PostingCalendars, post_many
from quoin.ledger.types import AccountRole, Dimensions, Journal, SourceRef
from quoin.sales.models import Contract
from quoin.sales.queries.terms import terms_of
from quoin.sales.types import RetainerTerms

_SETTLED = (
    "rolled_in_minutes", "used_minutes", "overage_minutes", "expired_minutes", "rolled_on", "settled_at",
)  # fmt: skip


def settle_retainers(actor: Actor, *, on: date) -> int:
    """Settle every month that is over by the day, oldest first; returns how many. A second call settles none."""
    charge_due(actor, on=on)
    rows = (
        RetainerPeriod.objects.select_for_update(of=("self",))
        .filter(settled_at=None, ends_on__lte=on + timedelta(days=1))
        .select_related("contract__entity", "contract__client")
        .order_by("contract_id", "starts_on")
    )
    periods = list(rows)
    if not periods:
        return 0
    minutes, books = _Minutes(periods), _Books(actor, periods)
    for period in periods:
        month = _settle(actor, period, minutes)
        books.post(period, month)
    RetainerPeriod.objects.bulk_update(periods, _SETTLED)
    books.write()
    return len(periods)


class _Minutes:
    """Included minutes of contracts by month, and what their settled months have counted of them."""

    def __init__(self, periods: list[RetainerPeriod]) -> None:
        ids = {period.contract_id for period in periods}
        first, last = min(period.starts_on for period in periods), max(period.ends_on for period in periods)
        included = Charge.objects.filter(
            contract_id__in=ids, kind=ChargeKind.TIME, status=ChargeStatus.INCLUDED, work_on__lt=last
        )
        by_month = included.order_by().annotate(month=TruncMonth("work_on")).values("contract_id", "month")
        self._worked: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
        for row in by_month.annotate(minutes=Sum("billable_minutes")):
            self._worked[row["contract_id"]][row["month"]] = row["minutes"]
        settled = RetainerPeriod.objects.filter(contract_id__in=ids, settled_at__isnull=False).order_by()
        sums = settled.values("contract_id").annotate(minutes=Sum(F("used_minutes") + F("overage_minutes")))
        self._counted = {row["contract_id"]: int(row["minutes"]) for row in sums}
        self._known = {(row.contract_id, row.starts_on): row for row in _before(ids, first)}
        # The rows that are being settled stand for themselves.
        self._known |= {(row.contract_id, row.starts_on): row for row in periods}

    def used(self, period: RetainerPeriod) -> int:
        """Included minutes up to the end of the month that no settled month has counted yet."""
        months = self._worked.get(period.contract_id, {})
        worked = sum(minutes for month, minutes in months.items() if month < period.ends_on)
        return max(0, worked - self._counted.get(period.contract_id, 0))

    def count(self, period: RetainerPeriod) -> None:
        """The month is settled."""
        own = period.used_minutes + period.overage_minutes
        self._counted[period.contract_id] = self._counted.get(period.contract_id, 0) + own

    def opening(self, period: RetainerPeriod, currency: str) -> tuple[RetainerLot, ...]:
        """What earlier months left."""
        before = self._known.get((period.contract_id, add_months(period.starts_on, -1)))
        if before is None:
            return ()
        count = len(before.rolled_on)
        months = [add_months(period.starts_on, index - count) for index in range(count)]
        return tuple(
            _lot(self._known[period.contract_id, month], left, currency)
            for month, left in zip(months, before.rolled_on, strict=True)
            if left
        )


def _before(contract_ids: Iterable[UUID], first: date) -> list[RetainerPeriod]:
    """The months from which something may be left on the day, and those after them."""
    rows = RetainerPeriod.objects.filter(contract_id__in=list(contract_ids)).order_by("contract_id", "starts_on")
    near = list(rows.filter(starts_on__gte=add_months(first, -1)))
    longest = max((len(row.rolled_on) for row in near), default=0)
    return [*rows.filter(starts_on__gte=add_months(first, -longest), starts_on__lt=add_months(first, -1)), *near]


def _lot(row: RetainerPeriod, left: int, currency: str) -> RetainerLot:
    fee = Money(row.fee_amount, currency).round()
    return RetainerLot(row.starts_on, row.included_minutes, fee, row.included_minutes - left)


def _settle(actor: Actor, period: RetainerPeriod, minutes: _Minutes) -> RetainerMonth:
    contract = period.contract
    terms = terms_of(contract).retainer
    assert terms is not None  # only retainers have periods
    own = RetainerTerms(
        included_minutes=period.included_minutes,
        fee=Money(period.fee_amount, contract.currency).round(),
        overage_rate_per_hour=terms.overage_rate_per_hour,
        rollover_months=terms.rollover_months,
    )
    lots = minutes.opening(period, contract.currency)
    month, left = retainer_month(own, lots, month=period.starts_on, used=minutes.used(period))
    period.rolled_in_minutes = sum(lot.left for lot in lots)
    period.used_minutes = month.from_rollover + month.from_current
    period.overage_minutes, period.expired_minutes = month.overage_minutes, month.expired_minutes
    period.rolled_on = _ages(left, period.ends_on)
    period.settled_at = actor.now
    minutes.count(period)
    return month


def _ages(lots: tuple[RetainerLot, ...], next_start: date) -> list[int]:
    """Minutes left by age in months, oldest first; the last one is of the month that just ended."""
    left = {lot.month: lot.left for lot in lots}
    if not left:
        return []
    months, month = [], min(left)
    while month < next_start:
        months.append(month)
        month = add_months(month, 1)
    return [left.get(month, 0) for month in months]


@dataclass(slots=True)
class _About:
    """What the journals of a contract are about, and the currency of its books."""

    contract: Contract
    base_currency: str
    dimensions: Dimensions


class _Books:
    """Journals and charges of settled months, gathered and written at once."""

    def __init__(self, actor: Actor, periods: list[RetainerPeriod]) -> None:
        contracts = {period.contract_id: period.contract for period in periods}
        projects = single_project(contracts)
        self._actor = actor
        self._about = {
            key: _About(
                row,
                row.entity.currency,
                Dimensions(client_id=row.client_id, contract_id=key, project_id=projects.get(key)),
            )
            for key, row in contracts.items()
        }
        currencies = {one.contract.currency for one in self._about.values()}
        bases = {one.base_currency for one in self._about.values()}
        days = [_last_day(period) for period in periods]
        self._rates = RateTable(currencies | bases, first=min(days), last=max(days))
        self._standing = Positions(contracts)
        self._calendars = PostingCalendars(actor)
        self._postings: list[Posting] = []
        self._charges: list[Charge] = []

    def post(self, period: RetainerPeriod, month: RetainerMonth) -> None:
        """What the month earned: by use, by expiry, and over the included hours."""
        about, last = self._about[period.contract_id], _last_day(period)
        contract = about.contract
        parts = (
            (month.used_worth, AccountRole.REVENUE_RETAINER),
            (month.breakage, AccountRole.BREAKAGE),
            (month.overage, AccountRole.REVENUE_TIME),
        )
        facts = [self._earned(about, amount, account, last) for amount, account in parts if amount]
        if month.overage:
            self._charges.append(_overage(self._actor, period, month, base=facts[-1], about=about))
        if facts:
            on = self._calendars.day(contract.entity_id, last)
            journal = approve(facts, posting_on=on, text=f"Retainer {period.starts_on:%Y-%m} settled")
            source = SourceRef("retainer", period.id)
            self._postings.append(Posting(entity_id=contract.entity_id, source=source, journal=journal))

    def write(self) -> None:
        """Everything that was gathered."""
        Charge.objects.bulk_create(self._charges)
        post_many(self._actor, self._postings)

    def _earned(self, about: _About, amount: Money, account: AccountRole, on: date) -> Journal:
        contract = about.contract
        rate = self._rates.rate(currency=contract.currency, base_currency=about.base_currency, on=on)
        position = self._standing.of(
            contract.entity_id, contract.id, currency=rate.currency, base_currency=rate.base_currency
        )
        fact = earn(
            amount, position=position, rate=rate, account=account, posting_on=on, text="Retainer settled",
            dimensions=about.dimensions,
        )  # fmt: skip
        self._standing.move(contract.entity_id, contract.id, fact.lines)
        return fact


def _overage(
    actor: Actor, period: RetainerPeriod, month: RetainerMonth, *, base: Journal, about: _About
) -> Charge:  # fmt: skip
    contract = about.contract
    return Charge(
        id=uuid7(), kind=ChargeKind.OVERAGE, source_id=period.id, batch_id=running_action_id(),
        entity_id=contract.entity_id, client_id=contract.client_id, contract=contract,
        project_id=about.dimensions.project_id, work_on=_last_day(period), minutes=0,
        billable_minutes=month.overage_minutes, rate_per_hour=contract.overage_rate_per_hour,
        currency=contract.currency, amount=month.overage.amount,
        base_amount=base.lines[-1].base.amount.copy_negate(), cost_currency=about.base_currency, is_stepped=True,
        status=ChargeStatus.UNBILLED, charged_at=actor.now,
    )  # fmt: skip


def _last_day(period: RetainerPeriod) -> date:
    return period.ends_on - timedelta(days=1)
