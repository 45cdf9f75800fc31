"""Finding things by what people call them, and writing them as rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from quoin.base.console import Session, numbered
from quoin.field import queries
from quoin.kernel.errors import NotFound
from quoin.people.queries import visible_people
from quoin.people.queries.within import person_named
from quoin.projects.queries import of_number, task_numbered


def delivery_named(session: Session, wanted: str) -> Any:
    """The delivery that PROJECT/NUMBER names."""
    return of_number(session.actor, queries.visible_deliveries(session.actor), *numbered(wanted))


def visit_numbered(session: Session, number: int) -> Any:
    found = queries.visible_visits(session.actor).filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no visit {number}, or you may not see it.")
    return found


def person_id_named(session: Session, name: str) -> UUID:
    return UUID(str(person_named(visible_people(session.actor), name).id))


def task_id_numbered(project: Any, number: int | None) -> UUID | None:
    """Id of the project's task with that number; None where none was named."""
    return None if number is None else UUID(str(task_numbered(project, number).id))


def delivery_row(row: Any) -> dict[str, Any]:
    names = ("item", "supplier", "status", "promised_on", "expected_on", "arrived_on")
    said = {name: getattr(row, name) for name in names}
    return {"number": f"{row.project.number}/{row.number}", **said, "id": row.public_id}


def visit_row(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "site": row.site.name,
        "status": row.status,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "id": row.public_id,
    }
