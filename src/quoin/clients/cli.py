"""`quoin client`: clients on the command line."""

from __future__ import annotations

from typing import Any

import click
from django.db.models import Q

from quoin.base.console import Session, assignments
from quoin.clients import actions
from quoin.clients.queries import client_named, contacts_of, visible_clients
from quoin.kernel.errors import NotFound

_NUMBERS = frozenset({"payment_days"})
_SWITCHES = frozenset({"is_active", "is_internal", "gets_invoices"})


@click.group()
def client() -> None:
    """Clients."""


@client.command("list")
@click.option("--all", "is_all", is_flag=True, help="With those that are not active.")
@click.pass_obj
def client_list(session: Session, is_all: bool) -> None:
    """List clients."""
    rows = visible_clients(session.actor)
    session.emit([_row(row) for row in (rows if is_all else rows.filter(is_active=True))])


@client.command("create")
@click.argument("name")
@click.option("--country", required=True, help="Two letters, as DE.")
@click.option("--currency", required=True, help="Three letters, as EUR.")
@click.option("--number", default="", help="Default: the next one.")
@click.argument("details", nargs=-1)
@click.pass_obj
def client_create(session: Session, /, *, name: str, details: tuple[str, ...], **given: str) -> None:
    """Add a client: quoin client create "Fjord AS" --country DE --currency EUR vat_id=DE136695976 city=Berlin"""
    session.emit(_row(actions.create_client(session.actor, name=name, **given, **_values(details))))


@client.command("edit")
@click.argument("wanted", metavar="CLIENT")
@click.argument("details", nargs=-1, required=True)
@click.pass_obj
def client_edit(session: Session, wanted: str, details: tuple[str, ...]) -> None:
    """Change a client, by number or name: quoin client edit C-0001 street="Weg 1" city=Bonn postal_code=53111"""
    found = client_named(session.actor, wanted)
    session.emit(_row(actions.edit_client(session.actor, client_id=found.id, **_values(details))))


@client.command("contacts")
@click.argument("wanted", metavar="CLIENT")
@click.pass_obj
def client_contacts(session: Session, wanted: str) -> None:
    """List the contacts of a client."""
    session.emit([_contact_row(row) for row in contacts_of(client_named(session.actor, wanted))])


@client.command("contact")
@click.argument("wanted", metavar="CLIENT")
@click.argument("name")
@click.argument("details", nargs=-1)
@click.option("--delete", "is_gone", is_flag=True, help="Delete the contact.")
@click.pass_obj
def client_contact(session: Session, /, *, wanted: str, name: str, details: tuple[str, ...], is_gone: bool) -> None:
    """Add or change a contact: quoin client contact "Fjord AS" "Liv Dahl" email=liv@fjord.example gets_invoices=yes"""
    found = client_named(session.actor, wanted)
    known = contacts_of(found).filter(Q(name__iexact=name) | Q(email__iexact=name)).first()
    if is_gone:
        if known is None:
            raise NotFound(f"{found.name} has no contact {name}.")
        actions.delete_contact(session.actor, contact_id=known.id)
        session.say(f"{known.name} is deleted.")
    elif known is None:
        session.emit(
            _contact_row(actions.create_contact(session.actor, client_id=found.id, name=name, **_values(details)))
        )
    else:
        session.emit(_contact_row(actions.edit_contact(session.actor, contact_id=known.id, **_values(details))))


def _values(details: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = dict(assignments(details))
    for name in _NUMBERS & found.keys():
        if not found[name].isdigit():
            raise click.UsageError(f"{name} is a whole number.")
        found[name] = int(found[name])
    for name in _SWITCHES & found.keys():
        found[name] = found[name].lower() in {"1", "true", "yes"}
    return found


def _row(row: Any) -> dict[str, Any]:
    names = ("number", "name", "country", "currency", "vat_id", "street", "postal_code", "city")
    return {**{name: getattr(row, name) for name in names}, "id": row.public_id}


def _contact_row(row: Any) -> dict[str, Any]:
    names = ("name", "email", "phone", "job_title", "gets_invoices")
    return {**{name: getattr(row, name) for name in names}, "id": row.public_id}


COMMANDS: list[click.Command] = [client]
