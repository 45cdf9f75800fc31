"""Finding things by what people call them, and writing them as rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import click
from django.db.models import Q

from quoin.base.console import Session
from quoin.field import queries
from quoin.kernel.errors import NotFound
from quoin.people.queries import visible_people
from quoin.projects.queries import project_by_number, tasks_of


def delivery_named(session: Session, wanted: str) -> Any:
    project, _, number = wanted.partition("/")
    if not number.isdigit():
        raise click.UsageError("Name a delivery by project and number, for example 1005/2.")
    held = project_by_number(session.actor, project)
    found = queries.visible_deliveries(session.actor).filter(project=held, number=int(number)).first()
    if found is None:
        raise NotFound(f"Project {project} has no delivery {number}.")
    return found


def visit_numbered(session: Session, number: int) -> Any:
    found = queries.visible_visits(session.actor).filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no visit {number}, or you may not see it.")
    return found


def person_named(session: Session, name: str) -> UUID:
    rows = visible_people(session.actor)
    found = list(rows.filter(Q(name__iexact=name) | Q(email__iexact=name))[:2]) or list(
        rows.filter(name__istartswith=name)[:2]
    )
    if len(found) != 1:
        raise NotFound(f"{'Several people are' if found else 'Nobody is'} called {name}. Give the whole name.")
    return UUID(str(found[0].id))


def task_numbered(project: Any, number: int | None) -> UUID | None:
    if number is None:
        return None
    found = tasks_of(project).filter(number=number).first()
    if found is None:
        raise NotFound(f"Project {project.number} has no task {number}.")
    return UUID(str(found.id))


def day_of(value: datetime | None) -> date | None:
    return value.date() if value else None


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
