"""What other apps' actions may ask of clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from quoin.base.numbering import next_number
from quoin.clients.adapters.tax_ids import checked_vat_id
from quoin.clients.models import Client
from quoin.kernel import currency as currencies
from quoin.kernel.errors import invalid
from quoin.kernel.words import say


def add_client(*, name: str, country: str, currency: str, number: str = "", **fields: Any) -> Client:
    """A new client with the next number; Invalid names the field that is wrong."""
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "A client needs a name.", code="required")
    check_country(country)
    check_currency(currency)
    fields["vat_id"] = checked_vat_id(fields.get("vat_id", ""), country=country)
    number = number.strip() or f"C-{next_number('client'):04d}"
    if Client.objects.filter(number=number).exists():
        raise invalid("/number", say("Client number %(number)s is taken.", number=number), code="taken")
    return Client.objects.create(name=name, country=country, currency=currency, number=number, **fields)


def check_country(country: str, pointer: str = "/country") -> None:
    """Invalid unless it looks like an ISO 3166-1 code."""
    if len(country) != len("DE") or not country.isalpha() or country != country.upper():
        raise invalid(
            pointer, say("%(country)s is not a country code. Write two letters, for example DE.", country=repr(country))
        )


def check_currency(currency: str, pointer: str = "/currency") -> None:
    """Invalid unless it is an ISO 4217 code."""
    if currency not in currencies.CODES:
        raise invalid(
            pointer, say("%(currency)s is not a currency code. Write EUR, NOK, USD, ...", currency=repr(currency))
        )


def change_client(client_id: UUID, **fields: Any) -> Client:
    """New values for fields of a client, for imports and their undo."""
    client = Client.objects.select_for_update(of=("self",)).get(id=client_id)
    for name, value in fields.items():
        setattr(client, name, value)
    client.save(update_fields=list(fields))
    return client


def remove_clients(client_ids: Iterable[UUID]) -> None:
    """Delete clients that nothing points at; whatever is in use is refused by the database."""
    Client.objects.filter(id__in=list(client_ids)).delete()
