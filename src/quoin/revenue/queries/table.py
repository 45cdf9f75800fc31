"""The table of a recognition run: per contract the price, the progress, and what stands on the balance sheet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.base.actor import Actor, Scope
from quoin.kernel.money import Money, zero
from quoin.kernel.period import month_of
from quoin.ledger.models import FiscalPeriod
from quoin.ledger.queries.periods import is_closed
from quoin.ledger.queries.positions import positions
from quoin.ledger.types import AccountRole
from quoin.revenue import queries
from quoin.revenue.queries.plans import ContractRevenue, LeftOut, recognition_plan
from quoin.sales.models import Contract

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A contract: `before` is recognised already, `step` is what a run posts. Accrued and deferred are of today."""

    contract: Contract
    method: str
    price: Money
    percent: Decimal
    words: str
    before: Money
    step: Money
    to_date: Money
    accrued: Money
    deferred: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueTable:
    """What a run up to a day would post. `closed` names companies whose month takes no postings any more."""

    up_to: date
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    sums: tuple[tuple[Money, Money], ...]
    """Per currency: recognised by this run, and to date."""
    closed: tuple[str, ...]
    is_whole: bool
    """Whether the reader sees every contract, as a run posts for all of them."""


def revenue_table(actor: Actor, *, up_to: date) -> RevenueTable:
    """The preview for its screen, as far as the actor's right to see it reaches."""
    plan = recognition_plan(actor, up_to=up_to)
    standing = _standing(plan.contracts)
    rows = tuple(_row(found, standing) for found in plan.contracts)
    sums: dict[str, tuple[Money, Money]] = {}
    for row in rows:
        known = sums.get(row.price.currency, (zero(row.price.currency), zero(row.price.currency)))
        sums[row.price.currency] = (known[0] + row.step, known[1] + row.to_date)
    return RevenueTable(
        up_to=up_to,
        rows=rows,
        left_out=plan.left_out,
        sums=tuple(sums[code] for code in sorted(sums)),
        closed=_closed(actor, up_to),
        is_whole=actor.scope(queries.VIEW) is Scope.ALL,
    )


def _row(found: ContractRevenue, standing: dict[UUID, tuple[Money, Money]]) -> Row:
    contract, step = found.contract, found.step
    nothing = zero(contract.currency)
    accrued, deferred = standing.get(contract.id, (nothing, nothing))
    share = found.progress.share
    return Row(
        contract=contract,
        method=found.method,
        price=Money(contract.fixed_amount or Decimal(0), contract.currency).round(),
        percent=(Decimal(share.numerator) * _HUNDRED / Decimal(share.denominator)).quantize(Decimal("0.1")),
        words=step.words,
        before=step.to_date - step.posting,
        step=step.posting,
        to_date=step.to_date,
        accrued=accrued,
        deferred=deferred,
    )


def _standing(found: tuple[ContractRevenue, ...]) -> dict[UUID, tuple[Money, Money]]:
    """What is unbilled, and what is billed ahead, per contract (R10: never both)."""
    by_entity: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for one in found:
        by_entity[one.contract.entity_id].add(one.contract.id)
    stands: dict[UUID, tuple[Money, Money]] = {}
    for entity_id, ids in by_entity.items():
        assets = positions(entity_id=entity_id, contract_ids=ids, role=AccountRole.CONTRACT_ASSET)
        owed = positions(entity_id=entity_id, contract_ids=ids, role=AccountRole.CONTRACT_LIABILITY)
        for key in assets.keys() | owed.keys():
            some = (assets.get(key) or owed[key]).amount
            nothing = zero(some.currency)
            asset = assets[key].amount if key in assets else nothing
            debt = -owed[key].amount if key in owed else nothing
            stands[key] = (asset, debt)
    return stands


def _closed(actor: Actor, up_to: date) -> tuple[str, ...]:
    rows = FiscalPeriod.objects.filter(starts_on=month_of(up_to).start).select_related("entity")
    return tuple(sorted(row.entity.code for row in rows if is_closed(row, actor)))
