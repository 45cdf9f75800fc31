"""What screens of billing ask of clients and projects."""

from __future__ import annotations

from uuid import UUID

from quoin.base.actor import Actor
from quoin.clients.queries import visible_clients
from quoin.projects import queries as projects


def client_choices(actor: Actor) -> list[tuple[str, str]]:
    """Clients that may be invoiced."""
    rows = visible_clients(actor).filter(is_internal=False, is_active=True).order_by("name")
    return [(row.public_id, row.name) for row in rows]


def project_by_number(actor: Actor, number: str) -> UUID:
    """The project of the number in an address, if the actor may see it."""
    return projects.project_by_number(actor, number).id
