"""Settling months of a retainer: which hours the fee paid for, what expired, and what is billed on top (R13).

The oldest hours are used first. Time that is approved after its month was settled counts in the next month.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Sum

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
from quoin.ledger.queries.rates import rate as fx_rate
from quoin.ledger.rules.journals import approve, earn
from quoin.ledger.services import PostingCalendar, post
from quoin.ledger.types import AccountRole, Dimensions, Journal, SourceRef
from quoin.sales.models import Contract
from quoin.sales.queries.terms import terms_of
from quoin.sales.types import RetainerTerms


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
    for period in periods:
        _settle(actor, period)
    return len(periods)


def _settle(actor: Actor, period: RetainerPeriod) -> None:
    contract = period.contract
    terms = terms_of(contract).retainer
    assert terms is not None  # only retainers have periods
    own = RetainerTerms(
        included_minutes=period.included_minutes,
        fee=Money(period.fee_amount, contract.currency).round(),
        overage_rate_per_hour=terms.overage_rate_per_hour,
        rollover_months=terms.rollover_months,
    )
    lots = _opening(period, contract.currency)
    month, left = retainer_month(own, lots, month=period.starts_on, used=_used(period))
    period.rolled_in_minutes = sum(lot.left for lot in lots)
    period.used_minutes = month.from_rollover + month.from_current
    period.overage_minutes, period.expired_minutes = month.overage_minutes, month.expired_minutes
    period.rolled_on = _ages(left, period.ends_on)
    period.settled_at = actor.now
    period.save()
    _post(actor, period, month)


def _used(period: RetainerPeriod) -> int:
    """Included minutes up to the end of the month that no settled month has counted yet."""
    worked = Charge.objects.filter(
        contract=period.contract, kind=ChargeKind.TIME, status=ChargeStatus.INCLUDED, work_on__lt=period.ends_on
    ).aggregate(minutes=Sum("billable_minutes"))
    settled = RetainerPeriod.objects.filter(contract=period.contract, settled_at__isnull=False).aggregate(
        minutes=Sum(F("used_minutes") + F("overage_minutes"))
    )
    return max(0, int(worked["minutes"] or 0) - int(settled["minutes"] or 0))


def _opening(period: RetainerPeriod, currency: str) -> tuple[RetainerLot, ...]:
    before = RetainerPeriod.objects.filter(contract=period.contract, ends_on=period.starts_on).first()
    if before is None:
        return ()
    months = [add_months(period.starts_on, index - len(before.rolled_on)) for index in range(len(before.rolled_on))]
    rows = {row.starts_on: row for row in RetainerPeriod.objects.filter(contract=period.contract, starts_on__in=months)}
    return tuple(
        RetainerLot(
            month,
            rows[month].included_minutes,
            Money(rows[month].fee_amount, currency).round(),
            rows[month].included_minutes - left,
        )
        for month, left in zip(months, before.rolled_on, strict=True)
        if left
    )


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


def _post(actor: Actor, period: RetainerPeriod, month: RetainerMonth) -> None:
    contract = period.contract
    last = period.ends_on - timedelta(days=1)
    about = _about(contract)
    parts = (
        (month.used_worth, AccountRole.REVENUE_RETAINER),
        (month.breakage, AccountRole.BREAKAGE),
        (month.overage, AccountRole.REVENUE_TIME),
    )
    rate = fx_rate(currency=contract.currency, base_currency=contract.entity.currency, on=last)
    standing = Positions([contract.id])
    facts: list[Journal] = []
    for amount, account in parts:
        if amount:
            position = standing.of(
                contract.entity_id, contract.id, currency=rate.currency, base_currency=rate.base_currency
            )
            fact = earn(
                amount, position=position, rate=rate, account=account, posting_on=last, text="Retainer settled",
                dimensions=about,
            )  # fmt: skip
            standing.move(contract.entity_id, contract.id, fact.lines)
            facts.append(fact)
    if month.overage:
        _charge_overage(actor, period, month, base=facts[-1], project_id=about.project_id)
    if facts:
        on = PostingCalendar(actor, entity_id=contract.entity_id).day(last)
        journal = approve(facts, posting_on=on, text=f"Retainer {period.starts_on:%Y-%m} settled")
        post(actor, entity_id=contract.entity_id, source=SourceRef("retainer", period.id), journal=journal)


def _charge_overage(
    actor: Actor, period: RetainerPeriod, month: RetainerMonth, *, base: Journal, project_id: UUID | None
) -> None:
    contract = period.contract
    Charge.objects.create(
        id=uuid7(), kind=ChargeKind.OVERAGE, source_id=period.id, batch_id=running_action_id(),
        entity_id=contract.entity_id, client_id=contract.client_id, contract=contract, project_id=project_id,
        work_on=period.ends_on - timedelta(days=1), minutes=0, billable_minutes=month.overage_minutes,
        rate_per_hour=contract.overage_rate_per_hour, currency=contract.currency, amount=month.overage.amount,
        base_amount=base.lines[-1].base.amount.copy_negate(), cost_currency=contract.entity.currency, is_stepped=True,
        status=ChargeStatus.UNBILLED, charged_at=actor.now,
    )  # fmt: skip


def _about(contract: Contract) -> Dimensions:
    project_id = single_project([contract.id]).get(contract.id)
    return Dimensions(client_id=contract.client_id, contract_id=contract.id, project_id=project_id)
