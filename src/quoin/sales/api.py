"""Contracts and milestones over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.sales import queries
from quoin.sales.actions import contracts as actions
from quoin.sales.queries.contracts import contract_for, contracts, milestones
from quoin.sales.queries.lists import CONTRACTS
from quoin.sales.queries.words import rate_order, terms_words

router = Router(tags=["contracts"])
ContractId = Annotated[UUID, PublicId("ctr")]
ClientId = Annotated[UUID, PublicId("cli")]
EntityId = Annotated[UUID, PublicId("ent")]
CardId = Annotated[UUID, PublicId("rca")]
MilestoneId = Annotated[UUID, PublicId("mil")]
_PLAIN = (
    "number", "name", "kind", "status", "currency", "starts_on", "ends_on", "increment_minutes", "increment_scope",
    "rounding_direction", "cap_is_hard", "expense_markup_ratio", "line_grouping", "shows_hours", "frequency",
    "needs_note", "is_vat_inclusive", "payment_days", "purchase_order", "purchase_order_until", "retainer_minutes",
    "rollover_months", "retention_ratio", "recognition", "note",
)  # fmt: skip
_AMOUNTS = ("cap_amount", "fixed_amount", "purchase_order_amount", "retainer_fee", "overage_rate_per_hour")


class ContractPatch(ApiIn):
    """Terms to change; absent fields stay. Amounts are in the contract's currency."""

    name: str | None = None
    rate_card_id: CardId | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    increment_minutes: int = 1
    increment_scope: str = "entry"
    rounding_direction: str = "up"
    cap_amount: Decimal | None = None
    cap_is_hard: bool = True
    fixed_amount: Decimal | None = None
    expense_markup_ratio: Decimal = Decimal(0)
    line_grouping: str = "task"
    shows_hours: bool = True
    frequency: str = "monthly"
    needs_note: bool = False
    is_vat_inclusive: bool = False
    payment_days: int | None = None
    purchase_order: str = ""
    purchase_order_amount: Decimal | None = None
    purchase_order_until: date | None = None
    retainer_fee: Decimal | None = None
    retainer_minutes: int | None = None
    rollover_months: int = 0
    overage_rate_per_hour: Decimal | None = None
    retention_ratio: Decimal = Decimal(0)
    recognition: str = "as_billed"
    planned_cost: Decimal | None = None
    note: str = ""


class ContractIn(ContractPatch):
    """A contract to be made."""

    client_id: ClientId
    name: str
    kind: str
    entity_id: EntityId | None = None
    number: str = ""
    currency: str | None = None


class MilestoneIn(ApiIn):
    """A part of a fixed price."""

    name: str
    amount: Decimal
    due_on: date | None = None
    bills_on_due_day: bool = False


class MilestonesIn(ApiIn):
    """All open parts of a fixed price; with the reached ones they add up to the price."""

    milestones: list[MilestoneIn]


class ReachIn(ApiIn):
    """When the milestone was reached; today when left out."""

    on: date | None = None


@router.get("/contracts", summary="List contracts")
@operation(queries.VIEW)
def list_contracts(request: ApiRequest) -> HttpResponse:
    return list_response(request, CONTRACTS, contracts(request.actor), contract_out)


@router.post("/contracts", summary="Make a contract")
@operation("sales.contract.create")
def create_contract(request: ApiRequest, body: ContractIn) -> HttpResponse:
    given = body.model_dump(exclude_unset=True)
    row = actions.create_contract(request.actor, **given)
    return respond_json(contract_out(row), status=201)


@router.get("/contracts/{contract_id}", summary="Read a contract")
@operation(queries.VIEW)
def read_contract(request: ApiRequest, contract_id: ContractId) -> HttpResponse:
    row = contract_for(request.actor, contract_id)
    found = milestones(request.actor, contract_id)
    words = {"rate_order": str(rate_order(row)), "terms": [str(words) for words in terms_words(row)]}
    return respond_json(contract_out(row) | words | {"milestones": [milestone_out(part, row) for part in found]})


@router.patch("/contracts/{contract_id}", summary="Change the terms of a contract")
@operation("sales.contract.update")
def update_contract(request: ApiRequest, contract_id: ContractId, body: ContractPatch) -> HttpResponse:
    contract_for(request.actor, contract_id)
    row = actions.update_contract(request.actor, contract_id=contract_id, **body.model_dump(exclude_unset=True))
    return respond_json(contract_out(row))


@router.post("/contracts/{contract_id}/close", summary="Close a contract")
@operation("sales.contract.close")
def close_contract(request: ApiRequest, contract_id: ContractId) -> HttpResponse:
    contract_for(request.actor, contract_id)
    return respond_json(contract_out(actions.close_contract(request.actor, contract_id=contract_id)))


@router.put("/contracts/{contract_id}/milestones", summary="Plan the milestones of a contract")
@operation("sales.milestone.plan")
def plan_milestones(request: ApiRequest, contract_id: ContractId, body: MilestonesIn) -> HttpResponse:
    row = contract_for(request.actor, contract_id)
    plans = [actions.MilestonePlan(**part.model_dump()) for part in body.milestones]
    found = actions.plan_milestones(request.actor, contract_id=contract_id, milestones=plans)
    return respond_json({"data": [milestone_out(part, row) for part in found]})


@router.post("/milestones/{milestone_id}/reach", summary="Mark a milestone as reached")
@operation("sales.milestone.reach", needs_key=True)
def reach_milestone(request: ApiRequest, milestone_id: MilestoneId, body: ReachIn) -> HttpResponse:
    row = actions.reach_milestone(request.actor, milestone_id=milestone_id, on=body.on)
    return respond_json(milestone_out(row, row.contract))


@router.post("/milestones/{milestone_id}/unreach", summary="Take a milestone back")
@operation("sales.milestone.unreach", needs_key=True)
def unreach_milestone(request: ApiRequest, milestone_id: MilestoneId) -> HttpResponse:
    row = actions.unreach_milestone(request.actor, milestone_id=milestone_id)
    return respond_json(milestone_out(row, row.contract))


def contract_out(row: Any) -> dict[str, Any]:
    """A contract on the wire."""
    plain = {name: getattr(row, name) for name in _PLAIN}
    amounts = {
        name: None if getattr(row, name) is None else Money(getattr(row, name), row.currency) for name in _AMOUNTS
    }
    return {
        "id": row.public_id,
        "client_id": public_id("cli", row.client_id),
        "entity_id": public_id("ent", row.entity_id),
        "rate_card_id": None if row.rate_card_id is None else public_id("rca", row.rate_card_id),
        **plain,
        **amounts,
    }


def milestone_out(row: Any, contract: Any) -> dict[str, Any]:
    """A milestone on the wire."""
    return {
        "id": row.public_id,
        "contract_id": contract.public_id,
        "position": row.position,
        "name": row.name,
        "amount": Money(row.amount, contract.currency),
        "due_on": row.due_on,
        "bills_on_due_day": row.bills_on_due_day,
        "reached_on": row.reached_on,
    }
