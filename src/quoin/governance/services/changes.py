"""Applying an accepted change order as a whole, and taking the whole of it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from quoin.base.actor import Actor
from quoin.governance.models import ChangeLine, ChangeOrder
from quoin.governance.queries import lines_of
from quoin.governance.queries.effect import PRICED, changes_of, check_complete, price_of, price_plan
from quoin.governance.rules.shown import digest_of
from quoin.governance.types import LineKind, WrongState
from quoin.projects.models import Project
from quoin.projects.queries.plan import load_plan
from quoin.projects.rules.adopt import takes_over
from quoin.projects.rules.inverse import inverse
from quoin.projects.services import plan as plans
from quoin.projects.services.budgets import record_change, take_back_change
from quoin.projects.types import ScheduleMode
from quoin.resourcing.services.demands import add_demand, drop_demands
from quoin.sales.models import Contract, Milestone
from quoin.sales.services import Part, amend_contract, locked_contract

Kept = dict[str, Any]


def shown_digest(change: ChangeOrder) -> str:
    """The SHA-256 of what the client reads of the change order."""
    return digest_of(
        {
            "number": change.number, "title": change.title, "scope": change.scope, "currency": change.currency,
            "price": f"{change.price_amount:.4f}",
            "lines": [
                [one.kind, one.text, str(one.amount or ""), str(one.minutes), str(one.starts_on), str(one.ends_on)]
                for one in lines_of(change)
            ],
        }
    )  # fmt: skip


def apply_change(actor: Actor, change: ChangeOrder) -> None:
    """Contract, budget, plan and people at once; what was there before is kept on the change order.

    The caller holds the change order's lock, so that nothing is applied twice.
    """
    lines = list(lines_of(change))
    contract = locked_contract(change.contract_id) if change.contract_id else None
    change.contract = contract
    check_complete(change, lines)
    kept: Kept = {"contract": _amend(actor, change, contract, lines) if contract else None}
    kept["plan"] = _replan(actor, change, lines)
    kept["budget"] = _rebudget(actor, change)
    kept["demands"] = _ask(actor, change, lines)
    # A baseline shows what the plan was from here on, beside what was promised first.
    baseline = plans.take_baseline(
        change.project_id, name=f"After change order {change.number}", taken_at=actor.now,
        note=change.title,
    )  # fmt: skip
    kept["baseline"] = baseline.id
    change.applied = json.loads(json.dumps(kept, cls=DjangoJSONEncoder))
    change.applied_at = actor.now


def _amend(actor: Actor, change: ChangeOrder, contract: Contract, lines: Sequence[ChangeLine]) -> Kept | None:
    """New price and parts; returns how they were."""
    has_price = any(one.kind == LineKind.PRICE for one in lines)
    fields: dict[str, Any] = {}
    before = price_of(contract)
    if has_price and before is not None:
        change.price_before, change.price_after = before, before + change.price_amount
        fields[PRICED[contract.kind]] = change.price_after
    if change.planned_cost is not None and contract.planned_cost is not None:
        fields["planned_cost"] = contract.planned_cost + change.planned_cost
    if not fields:
        return None
    found = price_plan(change, lines)
    rows = {row.id: row for row in Milestone.objects.filter(contract=contract)}
    kept: Kept = {
        "fields": {name: getattr(contract, name) for name in fields},
        "amounts": {str(one): rows[one].amount for one, _new in found.amounts},
        "drop": [line.id for line in found.add],
        "add": [
            {
                "id": row.id, "name": row.name, "amount": row.amount, "due_on": row.due_on,
                "bills_on_due_day": row.bills_on_due_day, "position": row.position,
            }
            for row in (rows[one] for one in found.drop)
        ],
    }  # fmt: skip
    amend_contract(
        actor, contract, fields=fields, amounts=dict(found.amounts), drop=found.drop,
        add=[
            Part(
                id=line.id, name=line.text, amount=line.amount, due_on=line.due_on,
                bills_on_due_day=line.bills_on_due_day,
            )
            for line in found.add
        ],
    )  # fmt: skip
    return kept


def _replan(actor: Actor, change: ChangeOrder, lines: Sequence[ChangeLine]) -> Kept | None:
    project = Project.objects.get(id=change.project_id)
    before = load_plan(project.id, today=actor.today)
    wanted = changes_of(before, project.id, lines, today=actor.today)
    if not wanted:
        return None
    schedule = project.schedule
    if takes_over(before, project.id, wanted):
        plans.set_schedule(actor, project, schedule=ScheduleMode.FROM_START)
    found = plans.change_plan(actor, project.id, wanted)
    return {"schedule": schedule, "changes": inverse(before, found.plan)}


def _rebudget(actor: Actor, change: ChangeOrder) -> Kept | None:
    """A version of the budget with the order as a line of its own."""
    if not change.budget_minutes and not change.budget_amount:
        return None
    made = record_change(
        actor, change.project_id, source_id=change.id, text=f"Change order {change.number}: {change.title}",
        minutes=change.budget_minutes, amount=change.budget_amount,
    )  # fmt: skip
    return {"version": made.id}


def _ask(actor: Actor, change: ChangeOrder, lines: Sequence[ChangeLine]) -> list[UUID]:
    found = []
    for one in lines:
        if one.kind == LineKind.PEOPLE:
            assert one.starts_on is not None
            assert one.ends_on is not None
            assert one.percent is not None
            demand = add_demand(
                actor, project_id=change.project_id, title=one.text or change.title, starts_on=one.starts_on,
                ends_on=one.ends_on, percent=one.percent, job_role_id=one.job_role_id,
                note=f"Change order {change.number}: {change.title}",
            )  # fmt: skip
            found.append(demand.id)
    return found


def take_back(actor: Actor, change: ChangeOrder) -> None:
    """Everything as it was before; refused by whoever has built on it since."""
    kept: Mapping[str, Any] = change.applied
    drop_demands(actor, [UUID(one) for one in kept["demands"]])
    if kept["budget"]:
        _unbudget(actor, change)
    if kept["plan"]:
        _unplan(actor, change, kept["plan"])
    plans.remove_baseline(UUID(kept["baseline"]))
    if kept["contract"]:
        _unamend(actor, change, kept["contract"])
    change.applied, change.applied_at = {}, None
    change.price_before = change.price_after = None


def _unbudget(actor: Actor, change: ChangeOrder) -> None:
    """The order's line goes, not what others changed since."""
    project = Project.objects.get(id=change.project_id)
    left = (project.budget_amount or Decimal(0)) - change.budget_amount
    if project.budget_minutes < change.budget_minutes or left < 0:
        raise WrongState("The budget was lowered since. Raise it before you take the change order back.")
    take_back_change(
        actor, change.project_id, source_id=change.id, text=f"Change order {change.number} taken back: {change.title}"
    )


def _unplan(actor: Actor, change: ChangeOrder, kept: Mapping[str, Any]) -> None:
    project = Project.objects.get(id=change.project_id)
    if project.schedule != kept["schedule"]:
        plans.set_schedule(actor, project, schedule=ScheduleMode(kept["schedule"]))
    plans.change_plan(actor, change.project_id, kept["changes"])


def _unamend(actor: Actor, change: ChangeOrder, kept: Mapping[str, Any]) -> None:
    assert change.contract_id is not None
    contract = locked_contract(change.contract_id)
    fields: dict[str, Any] = dict(kept["fields"])
    priced = PRICED.get(contract.kind, "")
    if priced in fields:
        # What was changed by others since stays: only this order's part goes.
        now = getattr(contract, priced)
        if now is None or now - change.price_amount != Decimal(str(fields[priced])):
            raise WrongState("The price was changed again since. Take back the later change first.")
    amend_contract(
        actor, contract, fields=fields, drop=[UUID(one) for one in kept["drop"]],
        amounts={UUID(one): Decimal(str(amount)) for one, amount in kept["amounts"].items()},
        add=[
            Part(
                id=UUID(one["id"]), name=one["name"], amount=Decimal(str(one["amount"])), due_on=_day(one["due_on"]),
                bills_on_due_day=one["bills_on_due_day"], position=one["position"],
            )
            for one in kept["add"]
        ],
    )  # fmt: skip


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
