"""Prepaid packs over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    MoneyIn,
    PublicId,
    Router,
    list_response,
    operation,
    respond_json,
)
from quoin.billing.actions import packs as actions
from quoin.billing.api.wire import ChargeId, ContractId
from quoin.billing.queries import packs as queries
from quoin.kernel.ids import public_id

router = Router(tags=["packs"])
PackId = Annotated[UUID, PublicId("pck")]
ProjectId = Annotated[UUID, PublicId("prj")]
JobRoleId = Annotated[UUID, PublicId("job")]


class PackIn(ApiIn):
    """What is sold: minutes, or work worth `value` at the agreed rates, for a price.

    Without VAT, and with it where the contract's prices include it.
    """

    contract_id: ContractId
    name: str
    price: MoneyIn
    minutes: int | None = None
    value: Decimal | None = None
    sold_on: date | None = None
    expires_on: date | None = None
    overflow: str = "bill"
    project_ids: list[ProjectId] = []
    job_role_ids: list[JobRoleId] = []
    note: str = ""


class ReasonIn(ApiIn):
    """Why."""

    reason: str


class ReviveIn(ReasonIn):
    """Why a pack is usable again, and until when."""

    expires_on: date | None = None


class CoverIn(ApiIn):
    """The contract whose open work is set against its packs."""

    contract_id: ContractId


class UncoverIn(ApiIn):
    """Work that is taken off its pack."""

    charge_ids: list[ChargeId]


@router.get("/packs", summary="List prepaid packs")
@operation(queries.VIEW)
def list_packs(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.PACKS, queries.packs(request.actor), queries.pack_out)


@router.post("/packs", summary="Sell a prepaid pack")
@operation("billing.pack.sell", needs_key=True)
def sell_pack(request: ApiRequest, body: PackIn) -> HttpResponse:
    fields = body.model_dump(exclude={"price"})
    made = actions.sell_pack(request.actor, price=body.price, **fields)
    return respond_json(_told(request, made.id), status=201)


@router.post("/packs/cover", summary="Cover open work of a contract with its packs")
@operation("billing.pack.cover", needs_key=True)
def cover(request: ApiRequest, body: CoverIn) -> HttpResponse:
    ids = actions.cover_work(request.actor, contract_id=body.contract_id)
    return respond_json({"charge_ids": [public_id("chg", key) for key in ids]})


@router.post("/packs/uncover", summary="Take work off its pack")
@operation("billing.pack.uncover", needs_key=True)
def uncover(request: ApiRequest, body: UncoverIn) -> HttpResponse:
    return respond_json({"uncovered": actions.uncover_work(request.actor, charge_ids=body.charge_ids)})


@router.post("/packs/tell", summary="Mail about packs that expire soon or run low")
@operation("billing.pack.tell", needs_key=True)
def tell(request: ApiRequest) -> HttpResponse:
    """To those who sell packs and the projects' managers; a pack that was told of is not told of again."""
    return respond_json({"told": actions.tell_of_packs(request.actor)})


@router.get("/packs/{pack_id}", summary="A prepaid pack with every move of it")
@operation(queries.VIEW)
def get_pack(request: ApiRequest, pack_id: PackId) -> HttpResponse:
    row = queries.pack_for(request.actor, pack_id)
    moves = [queries.step_out(step) for step in queries.steps(request.actor, row)]
    return respond_json({**queries.pack_out(row), "moves": moves})


@router.post("/packs/{pack_id}/bill", summary="Draft the invoice of a pack")
@operation("billing.pack.bill", needs_key=True)
def bill(request: ApiRequest, pack_id: PackId) -> HttpResponse:
    draft = actions.bill_pack(request.actor, pack_id=pack_id)
    return respond_json({"invoice_id": draft.public_id}, status=201)


@router.post("/packs/{pack_id}/expire", summary="Let a pack expire")
@operation("billing.pack.expire", needs_key=True)
def expire(request: ApiRequest, pack_id: PackId) -> HttpResponse:
    actions.expire_pack(request.actor, pack_id=pack_id)
    return respond_json(_told(request, pack_id))


@router.post("/packs/{pack_id}/revive", summary="Take the expiry of a pack back")
@operation("billing.pack.revive", needs_key=True)
def revive(request: ApiRequest, pack_id: PackId, body: ReviveIn) -> HttpResponse:
    actions.revive_pack(request.actor, pack_id=pack_id, **body.model_dump())
    return respond_json(_told(request, pack_id))


@router.post("/packs/{pack_id}/refund", summary="Pay the rest of a pack back by a credit note")
@operation("billing.pack.refund", needs_key=True)
def refund(request: ApiRequest, pack_id: PackId, body: ReasonIn) -> HttpResponse:
    note = actions.refund_pack(request.actor, pack_id=pack_id, reason=body.reason)
    return respond_json({**_told(request, pack_id), "credit_note_id": note.public_id})


@router.post("/packs/{pack_id}/cancel", summary="Take the sale of a pack back")
@operation("billing.pack.cancel", needs_key=True)
def cancel(request: ApiRequest, pack_id: PackId, body: ReasonIn) -> HttpResponse:
    actions.cancel_pack(request.actor, pack_id=pack_id, reason=body.reason)
    return respond_json(_told(request, pack_id))


def _told(request: ApiRequest, pack_id: UUID) -> dict[str, object]:
    """The pack as it is now; only its id for those who may not look at packs."""
    actor = request.actor
    if not actor.may(queries.VIEW) or not actor.may("sales.contract.view"):
        return {"id": public_id("pck", pack_id)}
    return queries.pack_out(queries.pack_for(actor, pack_id))
