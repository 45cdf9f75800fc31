"""What falls due by itself: milestones, payment schedules, fees of retainers, and the limits of contracts.

A milestone or a fee posts nothing here: what it earns is recognised by use or progress, what it claims is posted
when it is invoiced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.billing.adapters.labels import month_words
from quoin.billing.models import Charge, ContractUse, RetainerPeriod
from quoin.billing.services.voiding import void_charges
from quoin.billing.types import ChargeKind, ChargeStatus
from quoin.kernel.ids import uuid7
from quoin.kernel.period import add_months, month_of, next_month
from quoin.projects.models import Project
from quoin.sales.models import Contract, Milestone
from quoin.sales.types import ContractKind

explain("contract_cap_holds", "This would bill more than the contract's cap. Raise the cap or bill less.")
explain("purchase_order_holds", "This would bill more than the purchase order covers. Ask for a new order.")


def on_contract_changed(actor: Actor, payload: Mapping[str, Any]) -> None:  # noqa: ARG001  a handler's shape
    """Handler of `sales.contract.changed`: the database's counter learns the new limits."""
    row = Contract.objects.get(id=payload["contract_id"])
    ContractUse.objects.update_or_create(
        contract=row,
        defaults={
            "cap_amount": row.cap_amount if row.cap_is_hard else None,
            "order_limit_amount": row.purchase_order_amount,
        },
    )


def on_milestones_reached(actor: Actor, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Handler of `sales.milestone.reached`, of many at once."""
    ids = [payload["milestone_id"] for payload in payloads]
    known = Charge.objects.filter(source_id__in=ids, kind=ChargeKind.MILESTONE).exclude(status="void")
    charged = set(known.values_list("source_id", flat=True))
    rows = Milestone.objects.select_related("contract__entity").in_bulk([key for key in ids if key not in charged])
    _charge_milestones(actor, [rows[key] for key in ids if key in rows], on=actor.today)


def on_milestone_unreached(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `sales.milestone.unreached`; refused when the milestone is billed."""
    void_charges(actor, kind=ChargeKind.MILESTONE, source_ids=[payload["milestone_id"]])


def charge_due(actor: Actor, *, on: date) -> int:
    """Charge every payment of a schedule and every retainer fee that is due by the day; returns how many.

    A second call finds nothing more to do.
    """
    charged = Charge.objects.filter(kind=ChargeKind.MILESTONE).exclude(status="void").values("source_id")
    due = Milestone.objects.filter(bills_on_due_day=True, due_on__lte=on, contract__status="active")
    rows = list(due.exclude(id__in=charged).select_related("contract__entity").order_by("due_on", "id"))
    return _charge_milestones(actor, rows, on=on) + _charge_fees(actor, on=on)


def single_project(contract_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The project of contracts that have exactly one."""
    found: dict[UUID, list[UUID]] = {}
    pairs = Project.objects.filter(contract_id__in=set(contract_ids)).values_list("contract_id", "id")
    for contract_id, project_id in pairs:
        if contract_id is not None:
            found.setdefault(contract_id, []).append(project_id)
    return {contract_id: ids[0] for contract_id, ids in found.items() if len(ids) == 1}


def _charge_milestones(actor: Actor, rows: list[Milestone], *, on: date) -> int:
    projects = single_project(row.contract_id for row in rows)
    charges = [
        _charge(
            actor, row.contract, kind=ChargeKind.MILESTONE, source_id=row.id, on=row.reached_on or row.due_on or on,
            amount=row.amount, note=row.name, project_id=projects.get(row.contract_id),
        )
        for row in rows
    ]  # fmt: skip
    Charge.objects.bulk_create(charges)
    return len(charges)


def _charge_fees(actor: Actor, *, on: date) -> int:
    contracts = Contract.objects.filter(kind=ContractKind.RETAINER, status="active", starts_on__lte=on)
    rows = list(contracts.select_related("entity", "client").order_by("id"))
    projects = single_project(row.id for row in rows)
    known = set(
        RetainerPeriod.objects.filter(contract__in=rows).values_list("contract_id", "starts_on"),
    )
    charges, periods = [], []
    for row in rows:
        for start in _months(row, on):
            if (row.id, start) in known:
                continue
            period = RetainerPeriod(
                id=uuid7(), contract=row, starts_on=start, ends_on=next_month(start),
                included_minutes=row.retainer_minutes or 0, fee_amount=row.retainer_fee or Decimal(0),
            )  # fmt: skip
            periods.append(period)
            charges.append(
                _charge(
                    actor, row, kind=ChargeKind.FEE, source_id=period.id, on=max(start, row.starts_on),
                    amount=period.fee_amount, note=f"{row.name}, {month_words(start, row.client.language)}",
                    project_id=projects.get(row.id),
                )
            )  # fmt: skip
    RetainerPeriod.objects.bulk_create(periods)
    Charge.objects.bulk_create(charges)
    return len(charges)


def _months(row: Contract, on: date) -> list[date]:
    last = on if row.ends_on is None else min(on, row.ends_on)
    start, found = month_of(row.starts_on).start, []
    while start <= last:
        found.append(start)
        start = add_months(start, 1)
    return found


def _charge(
    actor: Actor, row: Contract, *, kind: ChargeKind, source_id: UUID, on: date, amount: Decimal, note: str,
    project_id: UUID | None,
) -> Charge:  # fmt: skip
    return Charge(
        id=uuid7(), kind=kind, source_id=source_id, batch_id=running_action_id(), entity_id=row.entity_id,
        client_id=row.client_id, contract=row, project_id=project_id, work_on=on, currency=row.currency, amount=amount,
        cost_currency=row.entity.currency, note=note, status=ChargeStatus.UNBILLED, charged_at=actor.now,
    )  # fmt: skip
