"""Commands about clients."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.clients import services
from quoin.clients.adapters.tax_ids import checked_vat_id
from quoin.clients.models import Client, Contact
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say

_EDITABLE = frozenset(
    {
        "name", "legal_name", "country", "vat_id", "registration_id", "street", "city", "postal_code", "currency",
        "language", "payment_days", "invoice_email", "electronic_address", "buyer_reference", "web_domain", "owner_id",
        "notes", "is_active", "is_internal",
    }
)  # fmt: skip
_CONTACT_FIELDS = frozenset({"name", "email", "phone", "job_title", "gets_invoices"})


@action("clients.client.create", label=_("Add a client"))
def create_client(
    actor: Actor, /, *, name: str, country: str, currency: str, number: str = "", **fields: Any
) -> Client:
    _known(fields, _EDITABLE)
    client = services.add_client(name=name, country=country, currency=currency, number=number, **fields)
    touch(client.public_id)
    return client


@action("clients.client.edit", label=_("Edit a client"))
def edit_client(actor: Actor, /, *, client_id: UUID | str, **fields: Any) -> Client:
    _known(fields, _EDITABLE)
    client = _client(client_id)
    undo_with("clients.client.edit", client_id=client.id, **{name: getattr(client, name) for name in fields})
    for name, value in fields.items():
        setattr(client, name, value)
    services.check_country(client.country)
    services.check_currency(client.currency)
    if {"vat_id", "country"} & fields.keys():
        client.vat_id = checked_vat_id(client.vat_id, country=client.country)
    if not client.name.strip():
        raise invalid("/name", "A client needs a name.", code="required")
    client.save(update_fields=[*fields, "vat_id"])
    touch(client.public_id)
    return client


@action("clients.contact.create", label=_("Add a contact"))
def create_contact(actor: Actor, /, *, client_id: UUID | str, name: str, **fields: Any) -> Contact:
    _known(fields, _CONTACT_FIELDS)
    client = _client(client_id)
    if not name.strip():
        raise invalid("/name", "A contact needs a name.", code="required")
    contact = Contact.objects.create(client=client, name=" ".join(name.split()), **fields)
    touch(client.public_id)
    undo_with("clients.contact.delete", contact_id=contact.id)
    return contact


@action("clients.contact.edit", label=_("Edit a contact"))
def edit_contact(actor: Actor, /, *, contact_id: UUID | str, **fields: Any) -> Contact:
    _known(fields, _CONTACT_FIELDS)
    contact = _contact(contact_id)
    undo_with("clients.contact.edit", contact_id=contact.id, **{name: getattr(contact, name) for name in fields})
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.name = " ".join(contact.name.split())
    if not contact.name:
        raise invalid("/name", "A contact needs a name.", code="required")
    contact.save(update_fields=list(fields) or None)
    touch(contact.client.public_id)
    return contact


@action("clients.contact.delete", label=_("Delete a contact"))
def delete_contact(actor: Actor, *, contact_id: UUID | str) -> None:
    contact = _contact(contact_id)
    undo_with(
        "clients.contact.create",
        client_id=contact.client_id,
        **{name: getattr(contact, name) for name in _CONTACT_FIELDS},
    )
    touch(contact.client.public_id)
    contact.delete()


def _client(client_id: UUID | str) -> Client:
    client = Client.objects.select_for_update().filter(id=client_id).first()
    if client is None:
        raise NotFound("There is no such client.")
    return client


def _contact(contact_id: UUID | str) -> Contact:
    contact = Contact.objects.select_for_update(of=("self",)).select_related("client").filter(id=contact_id).first()
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


def _known(fields: dict[str, Any], editable: frozenset[str]) -> None:
    for name in fields:
        if name not in editable:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
