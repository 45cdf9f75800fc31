"""Recognised revenue over the API: the preview, the run, and the steps of a contract."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.revenue import queries
from quoin.revenue.actions.runs import RECOGNISE, recognise_revenue
from quoin.revenue.queries.contracts import contract_revenue
from quoin.revenue.queries.plans import RunPlan, recognition_plan

router = Router(tags=["revenue"])
ContractId = Annotated[UUID, PublicId("ctr")]


class RunIn(ApiIn):
    """Up to which day, and for which contracts; all when left out."""

    up_to: date
    contract_ids: list[ContractId] | None = None


@router.get("/revenue/plan", summary="What a recognition run up to a day would post")
@operation(queries.VIEW)
def preview(request: ApiRequest, up_to: date | None = None) -> HttpResponse:
    return respond_json(plan_out(recognition_plan(request.actor, up_to=up_to or request.actor.today)))


@router.post("/revenue/recognise", summary="Recognise revenue up to a day")
@operation(RECOGNISE, needs_key=True)
def recognise(request: ApiRequest, body: RunIn) -> HttpResponse:
    return respond_json(plan_out(recognise_revenue(request.actor, **body.model_dump())))


@router.get("/contracts/{contract_id}/recognitions", summary="What was recognised for a contract")
@operation(queries.VIEW)
def steps(request: ApiRequest, contract_id: ContractId) -> HttpResponse:
    found = contract_revenue(request.actor, contract_id)
    data = [step_out(step, journal_id) for step, journal_id in found.steps]
    return respond_json({"data": data, "total": found.total, "has_more": False, "next_cursor": None})


def plan_out(plan: RunPlan) -> dict[str, Any]:
    """A plan, or what a run has posted, in plain values."""
    return {
        "up_to": plan.up_to,
        "contracts": [
            {
                "contract_id": public_id("ctr", found.contract.id),
                "number": found.contract.number,
                "method": found.method,
                "progress": f"{found.progress.share.numerator}/{found.progress.share.denominator}",
                "to_post": found.step.posting,
                "to_date": found.step.to_date,
                "words": found.step.words,
            }
            for found in plan.contracts
        ],
        "left_out": [
            {"contract_id": public_id("ctr", one.contract.id), "number": one.contract.number, "words": one.words}
            for one in plan.left_out
        ],
    }


def step_out(row: Any, journal_id: UUID | None) -> dict[str, Any]:
    """A step that was posted."""
    return {
        "id": row.public_id,
        "up_to": row.up_to_on,
        "method": row.method,
        "posted": Money(row.step_amount, row.currency),
        "to_date": Money(row.cumulative_amount, row.currency),
        "basis": row.basis,
        "journal_id": public_id("jou", journal_id) if journal_id else None,
    }
