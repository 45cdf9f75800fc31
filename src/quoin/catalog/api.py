"""Rate cards, rates and expense categories over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json
from quoin.base.listing import Column, Listing
from quoin.catalog import queries
from quoin.catalog.actions import categories as category_actions
from quoin.catalog.actions import rates as rate_actions
from quoin.catalog.queries.cards import card_grid, cards, categories
from quoin.catalog.queries.lists import CATEGORIES
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money

router = Router(tags=["catalog"])
CardId = Annotated[UUID, PublicId("rca")]
RateId = Annotated[UUID, PublicId("rat")]
ProjectId = Annotated[UUID, PublicId("prj")]
ContractId = Annotated[UUID, PublicId("ctr")]
ClientId = Annotated[UUID, PublicId("cli")]
PersonId = Annotated[UUID, PublicId("per")]
JobRoleId = Annotated[UUID, PublicId("job")]
CategoryId = Annotated[UUID, PublicId("exc")]
_NAMED = (Column(key="name", label="Name"),)
CARDS = Listing(key="rate-cards", columns=(*_NAMED, Column(key="currency", label="Currency")), sort="name")


class CardIn(ApiIn):
    """A rate card to be made."""

    name: str
    currency: str
    is_default: bool = False


class CardPatch(ApiIn):
    """What to change of a rate card."""

    name: str | None = None
    is_default: bool | None = None


class RateIn(ApiIn):
    """A rate per hour in the card's currency, for at most one place and a person or a role."""

    per_hour: Decimal
    project_id: ProjectId | None = None
    contract_id: ContractId | None = None
    client_id: ClientId | None = None
    person_id: PersonId | None = None
    role_id: JobRoleId | None = None


class VersionIn(ApiIn):
    """A version from a day on: given rates, or every rate of the card by a percentage."""

    from_on: date
    rates: list[RateIn] = []
    percent: Decimal | None = None


class RemoveIn(ApiIn):
    """Last versions to take away."""

    rate_ids: list[RateId]


class CategoryIn(ApiIn):
    """A kind of expense."""

    name: str
    kind: str = "receipt"
    rate_per_unit: Decimal | None = None
    currency: str = "EUR"
    is_vat_recoverable: bool = True
    is_active: bool = True


@router.get("/rate-cards", summary="List rate cards")
@operation(queries.VIEW)
def list_cards(request: ApiRequest) -> HttpResponse:
    return list_response(request, CARDS, cards(request.actor), card_out)


@router.post("/rate-cards", summary="Make a rate card")
@operation("catalog.rate_card.create")
def create_card(request: ApiRequest, body: CardIn) -> HttpResponse:
    return respond_json(card_out(rate_actions.create_rate_card(request.actor, **body.model_dump())), status=201)


@router.get("/rate-cards/{card_id}", summary="Read a rate card with its rates")
@operation(queries.VIEW)
def read_card(request: ApiRequest, card_id: CardId) -> HttpResponse:
    grid = card_grid(request.actor, card_id)
    rows = [version for line in grid.lines for version in line.versions if version is not None]
    return respond_json(card_out(grid.card) | {"rates": [rate_out(row, grid.card.currency) for row in rows]})


@router.patch("/rate-cards/{card_id}", summary="Change a rate card")
@operation("catalog.rate_card.update")
def update_card(request: ApiRequest, card_id: CardId, body: CardPatch) -> HttpResponse:
    row = rate_actions.update_rate_card(request.actor, card_id=card_id, **body.model_dump(exclude_unset=True))
    return respond_json(card_out(row))


@router.post("/rate-cards/{card_id}/versions", summary="Add rates or a version of rates")
@operation("catalog.rate.add")
def add_version(request: ApiRequest, card_id: CardId, body: VersionIn) -> HttpResponse:
    rates = [rate_actions.NewRate(**rate.model_dump()) for rate in body.rates]
    rows = rate_actions.add_rates(
        request.actor, card_id=card_id, from_on=body.from_on, rates=rates, percent=body.percent
    )
    return respond_json({"data": [rate_out(row, row.card.currency) for row in rows]}, status=201)


@router.post("/rates/remove", summary="Remove the last version of rates")
@operation("catalog.rate.remove")
def remove_rates(request: ApiRequest, body: RemoveIn) -> HttpResponse:
    return respond_json({"removed": rate_actions.remove_rates(request.actor, rate_ids=body.rate_ids)})


@router.get("/expense-categories", summary="List expense categories")
@operation(None)
def list_categories(request: ApiRequest) -> HttpResponse:
    return list_response(request, CATEGORIES, categories(request.actor), category_out)


@router.post("/expense-categories", summary="Add an expense category")
@operation("catalog.expense_category.save")
def create_category(request: ApiRequest, body: CategoryIn) -> HttpResponse:
    return respond_json(
        category_out(category_actions.save_expense_category(request.actor, **body.model_dump())), status=201
    )


@router.put("/expense-categories/{category_id}", summary="Change an expense category")
@operation("catalog.expense_category.save")
def update_category(request: ApiRequest, category_id: CategoryId, body: CategoryIn) -> HttpResponse:
    row = category_actions.save_expense_category(request.actor, category_id=category_id, **body.model_dump())
    return respond_json(category_out(row))


def card_out(row: Any) -> dict[str, Any]:
    """A rate card on the wire."""
    return {"id": row.public_id, "name": row.name, "currency": row.currency, "is_default": row.is_default}


def rate_out(row: Any, currency: str) -> dict[str, Any]:
    """A rate on the wire."""
    places = {"project": "prj", "contract": "ctr", "client": "cli", "person": "per"}
    keys = {f"{name}_id": _public(prefix, getattr(row, f"{name}_id")) for name, prefix in places.items()}
    return {
        "id": row.public_id,
        **keys,
        "role_id": _public("job", row.job_role_id),
        "per_hour": Money(row.amount_per_hour, currency),
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    }


def category_out(row: Any) -> dict[str, Any]:
    """A kind of expense on the wire."""
    rate = None if row.rate_per_unit is None else Money(row.rate_per_unit, row.currency)
    return {
        "id": row.public_id,
        "name": row.name,
        "kind": row.kind,
        "rate_per_unit": rate,
        "is_vat_recoverable": row.is_vat_recoverable,
        "is_active": row.is_active,
    }


def _public(prefix: str, value: UUID | None) -> str | None:
    return None if value is None else public_id(prefix, value)
