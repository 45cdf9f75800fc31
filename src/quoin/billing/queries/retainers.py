"""Retainers as they run: included, rolled in, used and left this month, what is over, and when the next fee is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from quoin.base.actor import Actor
from quoin.billing.models import Charge, RetainerPeriod
from quoin.billing.queries.charges import charges
from quoin.kernel.money import Money
from quoin.kernel.period import month_of, next_month
from quoin.sales.models import Contract
from quoin.sales.queries.contracts import contract_for, contracts

_AHEAD = Decimal("0.10")
_FULL = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A retainer in the month of the day. Minutes that lots of earlier months left are `rolled_in`."""

    contract: Contract
    month_on: date
    fee: Money
    included: int
    rolled_in: int
    used: int
    elapsed_ratio: Decimal
    next_fee_on: date | None
    is_charged: bool
    """Whether the month's fee is charged already."""

    @property
    def available(self) -> int:
        return self.included + self.rolled_in

    @property
    def left(self) -> int:
        return max(self.available - self.used, 0)

    @property
    def over(self) -> int:
        return max(self.used - self.available, 0)

    @property
    def overage(self) -> Money:
        """What the minutes over the included ones come to so far."""
        rate = self.contract.overage_rate_per_hour or Decimal(0)
        return Money(Decimal(self.over) * rate / 60, self.contract.currency).round()

    @property
    def burn_ratio(self) -> Decimal:
        return Decimal(self.used) / Decimal(self.available) if self.available else Decimal(0)

    @property
    def meaning(self) -> str:
        """Danger when it is used up, a warning when it burns ten points faster than the month goes."""
        if self.burn_ratio >= _FULL:
            return "danger"
        return "warning" if self.burn_ratio > self.elapsed_ratio + _AHEAD else "success"


def running_retainers(actor: Actor) -> tuple[Running, ...]:
    """Active retainers that the actor may see, by client."""
    rows = contracts(actor).filter(kind="retainer", status="active", starts_on__lte=actor.today)
    found = list(rows.order_by("client__name", "number"))
    periods = _periods(found)
    worked = _worked(found)
    return tuple(
        _running(row, periods.get(row.id, []), worked.get(row.id, 0), actor.today)
        for row in found
        if row.ends_on is None or row.ends_on >= month_of(actor.today).start
    )


def months_of(actor: Actor, contract_id: UUID) -> QuerySet[RetainerPeriod]:
    """Months of a retainer, newest first, with `available` minutes."""
    contract_for(actor, contract_id)
    rows = RetainerPeriod.objects.filter(contract_id=contract_id).order_by("-starts_on")
    return rows.annotate(available=F("included_minutes") + F("rolled_in_minutes"))


def included_work(actor: Actor, contract_id: UUID, *, month_on: date) -> QuerySet[Charge]:
    """The work of a month that the fee pays for, or that is over it."""
    contract_for(actor, contract_id)
    rows = charges(actor).filter(
        contract_id=contract_id, kind="time", status="included", work_on__gte=month_on, work_on__lt=next_month(month_on)
    )
    return rows.select_related("person", "task", "project").order_by("work_on", "id")


def _periods(rows: Iterable[Contract]) -> dict[UUID, list[RetainerPeriod]]:
    found: defaultdict[UUID, list[RetainerPeriod]] = defaultdict(list)
    for period in RetainerPeriod.objects.filter(contract__in=list(rows)).order_by("starts_on"):
        found[period.contract_id].append(period)
    return dict(found)


def _worked(rows: Iterable[Contract]) -> dict[UUID, int]:
    own = Charge.objects.filter(contract__in=list(rows), kind="time", status="included").order_by()
    sums = own.values("contract_id").annotate(minutes=Sum("billable_minutes"))
    return {row["contract_id"]: row["minutes"] or 0 for row in sums}


def _running(row: Contract, periods: list[RetainerPeriod], worked: int, today: date) -> Running:
    month = month_of(today).start
    settled = [period for period in periods if period.settled_at is not None]
    current = next((period for period in periods if period.starts_on == month), None)
    counted = sum(period.used_minutes + period.overage_minutes for period in settled)
    # What the last settled month handed on; months after it that wait to be settled still have their own.
    rolled = sum(settled[-1].rolled_on) if settled else 0
    waiting = sum(
        period.included_minutes for period in periods if period.settled_at is None and period.starts_on < month
    )
    after = next_month(month)
    return Running(
        contract=row,
        month_on=month,
        fee=Money(row.retainer_fee or Decimal(0), row.currency).round(),
        included=current.included_minutes if current else row.retainer_minutes or 0,
        rolled_in=rolled + waiting,
        used=max(worked - counted, 0),
        elapsed_ratio=Decimal((today - month).days + 1) / Decimal((after - month).days),
        next_fee_on=None if row.ends_on is not None and row.ends_on < after else after,
        is_charged=current is not None,
    )
