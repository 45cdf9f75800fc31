"""Settings and legal entities of the firm over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.accounts.queries.options import option_rows
from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    ListOut,
    PublicId,
    Router,
    check_match,
    etag_of,
    operation,
    respond_json,
    whole_list,
)

router = Router(tags=["Accounts"])
EntityId = Annotated[UUID, PublicId("ent")]


class SettingIn(ApiIn):
    value: bool | int | str


class EntityIn(ApiIn):
    name: str
    code: str
    country: str
    currency: str
    vat_id: str = ""
    registration_id: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    email: str = ""
    phone: str = ""
    contact_name: str = ""
    iban: str = ""
    bic: str = ""
    electronic_address: str = ""


class EntityPatch(ApiIn):
    """Only the fields that are sent are changed."""

    name: str | None = None
    code: str | None = None
    country: str | None = None
    currency: str | None = None
    vat_id: str | None = None
    registration_id: str | None = None
    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    email: str | None = None
    phone: str | None = None
    contact_name: str | None = None
    iban: str | None = None
    bic: str | None = None
    electronic_address: str | None = None


class EntityOut(EntityIn):
    id: EntityId


@router.get("/settings")
@operation(queries.SEE_SETTINGS)
def list_settings(request: ApiRequest) -> HttpResponse:  # noqa: ARG001  the API names it so
    """Every setting with its meaning, default and value."""
    return respond_json({"data": option_rows()})


@router.put("/settings/{key}")
@operation("accounts.setting.set")
def put_setting(request: ApiRequest, key: str, payload: SettingIn) -> HttpResponse:
    """Choose a value."""
    actions.set_option(request.actor, key=key, value=payload.value)
    return respond_json(next(row for row in option_rows() if row["key"] == key))


@router.get("/legal-entities", response=ListOut[EntityOut])
@operation(queries.SEE_ENTITIES)
def list_legal_entities(request: ApiRequest) -> HttpResponse:
    """Companies of the firm."""
    rows = [_entity(entity) for entity in queries.legal_entities(request.actor)]
    return whole_list(rows)


@router.post("/legal-entities", response={201: EntityOut})
@operation("accounts.legal_entity.create")
def create_legal_entity(request: ApiRequest, payload: EntityIn) -> HttpResponse:
    """A company that issues invoices and keeps books."""
    return respond_json(_entity(actions.create_legal_entity(request.actor, **payload.dict())), status=201)


@router.patch("/legal-entities/{entity_id}", response=EntityOut)
@operation("accounts.legal_entity.edit")
def edit_legal_entity(request: ApiRequest, entity_id: EntityId, payload: EntityPatch) -> HttpResponse:
    """Change the fields that are sent."""
    entity = queries.legal_entity_for(request.actor, entity_id)
    check_match(request, etag_of(*_entity(entity).values()))
    changed = _entity(
        actions.edit_legal_entity(
            request.actor, entity_id=entity_id, **payload.dict(exclude_unset=True, exclude_none=True)
        )
    )
    return respond_json(changed, etag=etag_of(*changed.values()))


def _entity(entity: Any) -> dict[str, Any]:
    return {"id": entity.public_id, **{name: getattr(entity, name) for name in EntityIn.model_fields}}
