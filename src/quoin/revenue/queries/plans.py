"""The plan of a recognition run: per contract the progress, the revenue to date and what is still to be posted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor, Scope
from quoin.billing.models import Charge
from quoin.kernel.money import Money, Rounding
from quoin.kernel.period import Period
from quoin.revenue import queries
from quoin.revenue.models import Recognition
from quoin.revenue.queries.contracts import visible_contracts
from quoin.revenue.rules import recognition as rules
from quoin.revenue.types import Progress, RevenueInvalid
from quoin.revenue.types import Recognition as Step
from quoin.sales.models import Contract, Milestone

BY_PROGRESS = ("cost_to_cost", "milestone", "straight_line")
"""Methods that need a run. Right to invoice is posted at approval, as billed at issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRevenue:
    """One contract of a run: `step.posting` is what the run posts, `basis` the figures behind the progress."""

    contract: Contract
    method: str
    progress: Progress
    step: Step
    basis: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A contract that cannot be recognised, and why."""

    contract: Contract
    words: str


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run up to a day would post."""

    up_to: date
    contracts: tuple[ContractRevenue, ...]
    left_out: tuple[LeftOut, ...]


def recognition_plan(actor: Actor, *, up_to: date, contract_ids: Iterable[UUID] | None = None) -> RunPlan:
    """The plan, for its preview: of all contracts, or of those that the actor may see."""
    visible = visible_contracts(actor)
    if actor.scope(queries.VIEW) is Scope.ALL and contract_ids is None:
        return plan_of(up_to=up_to)
    rows = visible if contract_ids is None else visible.filter(id__in=set(contract_ids))
    return plan_of(up_to=up_to, contract_ids=list(rows.values_list("id", flat=True)))


def plan_of(*, up_to: date, contract_ids: Iterable[UUID] | None = None) -> RunPlan:
    """The plan. For the action that posts it: asks no permission."""
    rows = Contract.objects.filter(recognition__in=BY_PROGRESS, fixed_amount__isnull=False, starts_on__lte=up_to)
    if contract_ids is not None:
        rows = rows.filter(id__in=set(contract_ids))
    contracts = list(rows.exclude(status="draft").select_related("entity", "client").order_by("number"))
    posted, costs, milestones = _posted(contracts), _costs(contracts, up_to), _milestones(contracts)
    found, left_out = [], []
    for contract in contracts:
        try:
            progress, basis = _progress(contract, up_to, costs, milestones)
        except RevenueInvalid as problem:
            left_out.append(LeftOut(contract, problem.detail))
            continue
        price = Money(contract.fixed_amount or Decimal(0), contract.currency).round()
        before = Money(posted.get(contract.id, Decimal(0)), contract.currency).round()
        step = rules.recognise(price, progress=progress, posted=before, mode=Rounding(contract.entity.rounding))
        found.append(
            ContractRevenue(contract=contract, method=contract.recognition, progress=progress, step=step, basis=basis)
        )
    return RunPlan(up_to, tuple(found), tuple(left_out))


def _posted(contracts: list[Contract]) -> dict[UUID, Decimal]:
    rows = Recognition.objects.filter(contract__in=contracts).values_list("contract_id").order_by()
    return dict(rows.annotate(sum=Sum("step_amount")))


def _costs(contracts: list[Contract], up_to: date) -> dict[UUID, Decimal]:
    """What the work on those of the contracts cost that are recognised by it."""
    ids = [contract.id for contract in contracts if contract.recognition == "cost_to_cost"]
    if not ids:
        return {}
    rows = Charge.objects.filter(contract__in=ids, work_on__lte=up_to).exclude(status="void")
    return dict(rows.values_list("contract_id").order_by().annotate(sum=Sum("cost_amount")))


def _milestones(contracts: list[Contract]) -> dict[UUID, list[Milestone]]:
    """In order, of those of the contracts that are recognised by them."""
    found: dict[UUID, list[Milestone]] = {row.id: [] for row in contracts if row.recognition == "milestone"}
    for row in Milestone.objects.filter(contract_id__in=found).order_by("contract_id", "position"):
        found[row.contract_id].append(row)
    return found


def _progress(
    contract: Contract, up_to: date, costs: dict[UUID, Decimal], milestones: dict[UUID, list[Milestone]]
) -> tuple[Progress, dict[str, Any]]:
    if contract.recognition == "cost_to_cost":
        return _by_cost(contract, costs)
    if contract.recognition == "milestone":
        return _by_milestones(contract, milestones[contract.id], up_to)
    end = contract.ends_on
    service = Period(contract.starts_on, None if end is None else end + timedelta(days=1))
    return rules.straight_line(service, until=up_to), {"from": contract.starts_on, "until": end}


def _by_cost(contract: Contract, costs: dict[UUID, Decimal]) -> tuple[Progress, dict[str, Any]]:
    currency = contract.entity.currency
    cost = Money(costs.get(contract.id, Decimal(0)), currency)
    planned = Money(contract.planned_cost or Decimal(0), currency)
    basis = {"cost": cost.amount, "planned_cost": planned.amount, "currency": currency}
    return rules.cost_to_cost(cost=cost, planned_cost=planned), basis


def _by_milestones(contract: Contract, rows: list[Milestone], up_to: date) -> tuple[Progress, dict[str, Any]]:
    price = Fraction(contract.fixed_amount or Decimal(0))
    shares = [(Fraction(row.amount) / price, row.reached_on is not None and row.reached_on <= up_to) for row in rows]
    reached = [row.name for row, (_, is_reached) in zip(rows, shares, strict=True) if is_reached]
    return rules.by_milestones(shares), {"reached": reached, "milestones": len(rows)}
