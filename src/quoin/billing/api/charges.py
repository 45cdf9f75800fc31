"""Charges over the API: lists, holds, write-downs, prices and the rate that applies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json, whole_list
from quoin.billing import queries
from quoin.billing.actions import charges as actions
from quoin.billing.actions import pricing
from quoin.billing.queries.charges import CHARGES, charge_for, charges, write_downs
from quoin.billing.queries.rates import explain_rate
from quoin.billing.queries.retainers import running_retainers
from quoin.billing.queries.write_downs import WRITE_DOWNS, price_changes
from quoin.catalog import queries as catalog
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.sales import queries as sales

router = Router(tags=["charges"])
ChargeId = Annotated[UUID, PublicId("chg")]
ProjectId = Annotated[UUID, PublicId("prj")]
ContractId = Annotated[UUID, PublicId("ctr")]
PersonId = Annotated[UUID, PublicId("per")]
WriteDownId = Annotated[UUID, PublicId("wrd")]


class HoldIn(ApiIn):
    """Charges to hold back."""

    charge_ids: list[ChargeId]
    until: date
    reason: str


class ReleaseIn(ApiIn):
    """Charges that billing runs may take again."""

    charge_ids: list[ChargeId]


class WriteDownIn(ApiIn):
    """Charges to give up; minutes or amount only for one."""

    charge_ids: list[ChargeId]
    reason: str
    minutes: int | None = None
    amount: Decimal | None = None


class WriteUpIn(ApiIn):
    """A higher price for a charge."""

    amount: Decimal
    reason: str


class ReopenIn(ApiIn):
    """Unbilled time whose approval is taken back, and what is to be corrected."""

    charge_ids: list[ChargeId]
    reason: str


class TakeBackIn(ApiIn):
    """Write-downs to take back."""

    write_down_ids: list[WriteDownId]
    reason: str


class RepriceIn(ApiIn):
    """Which unbilled time to price again; nothing given means all of it."""

    since: date | None = None
    project_id: ProjectId | None = None
    contract_id: ContractId | None = None
    charge_ids: list[ChargeId] | None = None


class DueIn(ApiIn):
    """Up to which day; today when left out."""

    on: date | None = None


@router.get("/charges", summary="List charges")
@operation(queries.VIEW)
def list_charges(request: ApiRequest) -> HttpResponse:
    return list_response(request, CHARGES, charges(request.actor), charge_out)


@router.post("/charges/hold", summary="Hold charges back")
@operation("billing.charge.hold")
def hold(request: ApiRequest, body: HoldIn) -> HttpResponse:
    return respond_json({"held": actions.hold_charges(request.actor, **body.model_dump())})


@router.post("/charges/release", summary="Release held charges")
@operation("billing.charge.release")
def release(request: ApiRequest, body: ReleaseIn) -> HttpResponse:
    return respond_json({"released": actions.release_charges(request.actor, charge_ids=body.charge_ids)})


@router.post("/charges/reopen", summary="Open approved work for correction")
@operation("billing.charge.reopen")
def reopen(request: ApiRequest, body: ReopenIn) -> HttpResponse:
    return respond_json({"reopened": actions.reopen_charges(request.actor, **body.model_dump())})


@router.post("/charges/write-down", summary="Write charges down")
@operation("billing.charge.write_down", needs_key=True)
def write_down(request: ApiRequest, body: WriteDownIn) -> HttpResponse:
    rows = actions.write_down_charges(request.actor, **body.model_dump())
    return respond_json({"data": [write_down_out(row, row.charge.currency) for row in rows]})


@router.post("/charges/{charge_id}/write-up", summary="Raise the price of a charge")
@operation("billing.charge.write_up", needs_key=True)
def write_up(request: ApiRequest, charge_id: ChargeId, body: WriteUpIn) -> HttpResponse:
    row = actions.write_up_charge(request.actor, charge_id=charge_id, amount=body.amount, reason=body.reason)
    return respond_json(write_down_out(row, row.charge.currency))


@router.get("/write-downs", summary="List write-downs and write-ups")
@operation(queries.VIEW)
def list_write_downs(request: ApiRequest) -> HttpResponse:
    return list_response(request, WRITE_DOWNS, price_changes(request.actor), listed_write_down_out)


@router.post("/write-downs/take-back", summary="Take write-downs back")
@operation("billing.write_down.take_back", needs_key=True)
def take_back(request: ApiRequest, body: TakeBackIn) -> HttpResponse:
    rows = actions.take_back_write_downs(request.actor, write_down_ids=body.write_down_ids, reason=body.reason)
    return respond_json({"data": [write_down_out(row, row.charge.currency) for row in rows]})


@router.post("/charges/reprice", summary="Price unbilled time again")
@operation("billing.charge.reprice", needs_key=True)
def reprice(request: ApiRequest, body: RepriceIn) -> HttpResponse:
    plan = pricing.reprice_charges(request.actor, **body.model_dump())
    changes = [
        {
            "charge_id": change.charge.public_id,
            "before": Money(change.charge.amount, change.charge.currency),
            "after": change.amount,
        }
        for change in plan.changes
    ]
    return respond_json({"changes": changes, "unchanged": plan.unchanged, "without_rate": plan.unpriced})


@router.post("/charges/due", summary="Charge what is due")
@operation("billing.contract.charge_due", needs_key=True)
def charge_due(request: ApiRequest, body: DueIn) -> HttpResponse:
    return respond_json({"charged": pricing.charge_what_is_due(request.actor, on=body.on)})


@router.post("/retainers/settle", summary="Settle months of retainers")
@operation("billing.retainer.settle", needs_key=True)
def settle(request: ApiRequest, body: DueIn) -> HttpResponse:
    return respond_json({"settled": pricing.settle_months(request.actor, on=body.on)})


@router.get("/retainers", summary="Retainers this month: included, used, left, over, next fee")
@operation(sales.VIEW)
def list_retainers(request: ApiRequest) -> HttpResponse:
    data = [retainer_out(row) for row in running_retainers(request.actor)]
    return whole_list(data)


@router.get("/rates/explain", summary="Say which rate applies and why")
@operation(catalog.VIEW)
def explain(request: ApiRequest, project: ProjectId, person: PersonId, on: date | None = None) -> HttpResponse:
    answer = explain_rate(request.actor, project_id=project, person_id=person, on=on or request.actor.today)
    row = answer.choice.row
    path = [
        {
            "rate_id": public_id("rat", step.row.id),
            "card": answer.names[step.row.id],
            "rate_per_hour": step.row.rate_per_hour,
            "reason": step.reason.value,
            "words": step.words,
        }
        for step in answer.choice.path
    ]
    return respond_json({"rate_per_hour": row.rate_per_hour if row else None, "on": answer.on, "path": path})


def retainer_out(row: Any) -> dict[str, Any]:
    """A retainer in its month, in minutes."""
    return {
        "contract_id": row.contract.public_id,
        "client": row.contract.client.name,
        "month": f"{row.month_on:%Y-%m}",
        "fee": row.fee,
        "included_minutes": row.included,
        "rolled_in_minutes": row.rolled_in,
        "used_minutes": row.used,
        "left_minutes": row.left,
        "over_minutes": row.over,
        "overage": row.overage,
        "next_fee_on": row.next_fee_on,
        "is_charged": row.is_charged,
    }


def charge_out(row: Any) -> dict[str, Any]:
    """A charge on the wire."""
    about = {"client": "cli", "contract": "ctr", "project": "prj", "person": "per"}
    ids = {f"{name}_id": _public(prefix, getattr(row, f"{name}_id")) for name, prefix in about.items()}
    return {
        "id": row.public_id,
        "kind": row.kind,
        "work_on": row.work_on,
        **ids,
        "minutes": row.minutes,
        "billable_minutes": row.billable_minutes,
        "rate_per_hour": None if row.rate_per_hour is None else Money(row.rate_per_hour, row.currency),
        "amount": Money(row.amount, row.currency),
        "open_amount": Money(row.open_amount, row.currency),
        "status": row.status,
        "held_until": row.held_until,
        "hold_reason": row.hold_reason,
        "note": row.note,
    }


def write_down_out(row: Any, currency: str) -> dict[str, Any]:
    """A write-down, or with a negative amount a write-up, on the wire."""
    return {
        "id": row.public_id,
        "charge_id": public_id("chg", row.charge_id),
        "minutes": row.minutes,
        "amount": Money(row.amount, currency),
        "reason": row.reason,
        "decided_at": row.decided_at,
        "reverses_id": _public("wrd", row.reverses_id),
    }


def listed_write_down_out(row: Any) -> dict[str, Any]:
    """A write-down with where it stands."""
    return write_down_out(row, row.currency) | {"standing": row.standing}


def _public(prefix: str, value: UUID | None) -> str | None:
    return None if value is None else public_id(prefix, value)


# Below the words of /charges/: an id would match them too.
@router.get("/charges/{charge_id}", summary="Read a charge with its write-downs")
@operation(queries.VIEW)
def read_charge(request: ApiRequest, charge_id: ChargeId) -> HttpResponse:
    row = charge_for(request.actor, charge_id)
    changes = [write_down_out(change, row.currency) for change in write_downs(request.actor, charge_id)]
    return respond_json(charge_out(row) | {"write_downs": changes})
