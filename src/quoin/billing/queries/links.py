"""What screens of billing ask of clients and projects."""

from __future__ import annotations

from typing import Any

from quoin.base.actor import Actor
from quoin.clients.queries import visible_clients
from quoin.projects import queries as projects


def client_choices(actor: Actor) -> list[tuple[str, str]]:
    """Clients that may be invoiced."""
    rows = visible_clients(actor).filter(is_internal=False, is_active=True).order_by("name")
    return [(row.public_id, row.name) for row in rows]


def project_for_tab(actor: Actor, number: str) -> Any:
    """The project of the number in an address, if the actor may see it."""
    return projects.project_by_number(actor, number)
