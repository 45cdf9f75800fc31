"""`quoin project`: projects on the command line."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session
from quoin.clients.queries import client_named
from quoin.kernel.quantity import parse_duration
from quoin.projects import actions, queries


@click.group()
def project() -> None:
    """Projects and their tasks."""


@project.command("list")
@click.option("--status", default="", help="planned, active, on_hold or closed.")
@click.pass_obj
def project_list(session: Session, status: str) -> None:
    """List projects."""
    rows = queries.visible_projects(session.actor)
    session.emit([_row(row) for row in (rows.filter(status=status) if status else rows)])


@project.command("create")
@click.argument("name")
@click.option("--client", "wanted", required=True, help="Number or name of the client.")
@click.option("--number", default="", help="Default: the next one.")
@click.option("--budget", default="", help="Hours, as 120h.")
@click.pass_obj
def project_create(session: Session, name: str, wanted: str, number: str, budget: str) -> None:
    """Start a project: quoin project create "Fjord ERP" --client "Fjord AS" --budget 120h"""
    client = client_named(session.actor, wanted)
    fields: dict[str, Any] = {"budget_minutes": parse_duration(budget).minutes} if budget else {}
    made = actions.create_project(session.actor, name=name, client_id=client.id, number=number, **fields)
    session.emit(_row(queries.project_by_number(session.actor, made.number)))


@project.command("tasks")
@click.argument("number")
@click.pass_obj
def project_tasks(session: Session, number: str) -> None:
    """List the tasks of a project."""
    found = queries.project_by_number(session.actor, number)
    session.emit(
        [
            {
                "number": task.number,
                "name": task.name,
                "status": task.status,
                "estimate_minutes": task.estimate_minutes,
                "id": task.public_id,
            }
            for task in queries.tasks_of(found)
        ]
    )


def _row(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "client": row.client.name,
        "status": row.status,
        "health": row.health,
        "contract": row.contract.number if row.contract else None,
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [project]
