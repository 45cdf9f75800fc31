"""Clients and contacts over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    PublicId,
    Router,
    check_match,
    etag_of,
    list_response,
    operation,
    respond_json,
    whole_list,
)
from quoin.clients import actions, queries
from quoin.clients.queries.lists import CLIENTS
from quoin.kernel.ids import public_id

router = Router(tags=["clients"])
ClientId = Annotated[UUID, PublicId("cli")]
ContactId = Annotated[UUID, PublicId("con")]
PersonId = Annotated[UUID, PublicId("per")]
_PLAIN = (
    "number", "name", "legal_name", "country", "vat_id", "registration_id", "street", "city", "postal_code", "currency",
    "language", "payment_days", "invoice_email", "electronic_address", "buyer_reference", "web_domain", "is_active",
    "is_internal",
)  # fmt: skip


class ClientPatch(ApiIn):
    """What to change of a client; absent fields stay."""

    name: str | None = None
    legal_name: str = ""
    country: str = ""
    vat_id: str = ""
    registration_id: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    currency: str = ""
    language: str = "en"
    payment_days: int = 30
    invoice_email: str = ""
    electronic_address: str = ""
    buyer_reference: str = ""
    web_domain: str = ""
    owner_id: PersonId | None = None
    notes: str = ""
    is_active: bool = True


class ClientIn(ClientPatch):
    """A client to be added."""

    name: str
    country: str
    currency: str
    number: str = ""
    is_internal: bool = False


class ContactIn(ApiIn):
    """A person at the client."""

    name: str
    email: str = ""
    phone: str = ""
    job_title: str = ""
    gets_invoices: bool = False


class ContactPatch(ApiIn):
    """What to change of a contact; absent fields stay."""

    name: str = ""
    email: str = ""
    phone: str = ""
    job_title: str = ""
    gets_invoices: bool = False


@router.get("/clients", summary="List clients")
@operation(queries.VIEW)
def list_clients(request: ApiRequest) -> HttpResponse:
    return list_response(request, CLIENTS, queries.visible_clients(request.actor), client_out)


@router.post("/clients", summary="Add a client")
@operation("clients.client.create")
def create_client(request: ApiRequest, body: ClientIn) -> HttpResponse:
    client = actions.create_client(request.actor, **body.model_dump(exclude_unset=True))
    return respond_json(client_out(client), status=201)


@router.get("/clients/{client_id}", summary="A client")
@operation(queries.VIEW)
def get_client(request: ApiRequest, client_id: ClientId) -> HttpResponse:
    found = client_out(queries.client_for(request.actor, client_id))
    return respond_json(found, etag=etag_of(*found.values()))


@router.patch("/clients/{client_id}", summary="Edit a client")
@operation("clients.client.edit")
def edit_client(request: ApiRequest, client_id: ClientId, body: ClientPatch) -> HttpResponse:
    check_match(request, etag_of(*client_out(queries.client_for(request.actor, client_id)).values()))
    client = actions.edit_client(request.actor, client_id=client_id, **body.model_dump(exclude_unset=True))
    found = client_out(client)
    return respond_json(found, etag=etag_of(*found.values()))


@router.get("/clients/{client_id}/contacts", summary="Contacts of a client")
@operation(queries.VIEW)
def list_contacts(request: ApiRequest, client_id: ClientId) -> HttpResponse:
    rows = queries.contacts_of(queries.client_for(request.actor, client_id))
    return whole_list([_contact_out(row) for row in rows])


@router.post("/clients/{client_id}/contacts", summary="Add a contact")
@operation("clients.contact.create")
def create_contact(request: ApiRequest, client_id: ClientId, body: ContactIn) -> HttpResponse:
    queries.client_for(request.actor, client_id)
    contact = actions.create_contact(request.actor, client_id=client_id, **body.model_dump())
    return respond_json(_contact_out(contact), status=201)


@router.patch("/contacts/{contact_id}", summary="Edit a contact")
@operation("clients.contact.edit")
def edit_contact(request: ApiRequest, contact_id: ContactId, body: ContactPatch) -> HttpResponse:
    queries.contact_for(request.actor, contact_id)
    made = actions.edit_contact(request.actor, contact_id=contact_id, **body.model_dump(exclude_unset=True))
    return respond_json(_contact_out(made))


@router.delete("/contacts/{contact_id}", summary="Delete a contact")
@operation("clients.contact.delete")
def delete_contact(request: ApiRequest, contact_id: ContactId) -> HttpResponse:
    queries.contact_for(request.actor, contact_id)
    actions.delete_contact(request.actor, contact_id=contact_id)
    return HttpResponse(status=204)


def client_out(client: Any) -> dict[str, Any]:
    """A client as the API writes it."""
    owner = public_id("per", client.owner_id) if client.owner_id else None
    return {"id": client.public_id, **{name: getattr(client, name) for name in _PLAIN}, "owner_id": owner}


def _contact_out(contact: Any) -> dict[str, Any]:
    fields = ("name", "email", "phone", "job_title", "gets_invoices")
    return {"id": contact.public_id, **{name: getattr(contact, name) for name in fields}}
