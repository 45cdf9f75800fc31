"""What forms of billing offer to choose from."""

from __future__ import annotations

from uuid import UUID

from quoin.base.actor import Actor
from quoin.catalog import queries as catalog
from quoin.people.models import Person
from quoin.people.queries import visible_people
from quoin.projects.models import Project
from quoin.projects.queries import visible_projects


def project_choices(actor: Actor, *, contract_id: UUID | None = None) -> list[tuple[str, str]]:
    """Projects that the actor may see, of one contract if it is given."""
    actor.require(catalog.VIEW)
    rows = visible_projects(actor).order_by("name")
    if contract_id is not None:
        rows = rows.filter(contract_id=contract_id)
    return [(str(row.id), f"{row.number} · {row.name}") for row in rows]


def person_choices(actor: Actor) -> list[tuple[str, str]]:
    """People that the actor may see, with those who left."""
    actor.require(catalog.VIEW)
    return [(str(row.id), row.name) for row in visible_people(actor).order_by("name")]


def project_by(text: str) -> UUID | None:
    """The project with the number or the name, for the command line."""
    rows = Project.objects.filter(number=text)[:1] or Project.objects.filter(name__icontains=text)[:2]
    found = list(rows)
    return found[0].id if len(found) == 1 else None


def person_by(text: str) -> UUID | None:
    """The person with the name or mail address, for the command line."""
    rows = list(Person.objects.filter(email__iexact=text)[:1]) or list(Person.objects.filter(name__icontains=text)[:2])
    return rows[0].id if len(rows) == 1 else None
