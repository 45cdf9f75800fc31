"""`quoin deliverable`: what clients accept, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from quoin.base.console import Session, numbered
from quoin.projects import queries
from quoin.projects.actions.plan import sign_deliverable, withdraw_deliverable
from quoin.projects.types import TaskKind

_PLACE = "PROJECT/TASK"
_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def deliverable() -> None:
    """Deliverables and their acceptance by the client."""


@deliverable.command("list")
@click.argument("project")
@click.pass_obj
def deliverable_list(session: Session, project: str) -> None:
    """List the deliverables of a project: quoin deliverable list 1042"""
    found = queries.project_by_number(session.actor, project)
    session.emit([_row(task) for task in queries.tasks_of(found).filter(kind=TaskKind.DELIVERABLE)])


@deliverable.command("sign")
@click.argument("wanted", metavar=_PLACE)
@click.option("--by", "signed_by", required=True, help="Who of the client accepted it.")
@click.option("--note", default="")
@click.option("--paper", type=_INPUT, help="The signed paper: a PDF or a picture.")
@click.pass_obj
def deliverable_sign(session: Session, /, *, wanted: str, signed_by: str, note: str, paper: Path | None) -> None:
    """Record that the client accepted: quoin deliverable sign 1042/7 --by "Kari Dahl" --paper signed.pdf"""
    task = _task(session, wanted)
    signed = sign_deliverable(
        session.actor, task_id=task.id, signed_by=signed_by, note=note, file_name=paper.name if paper else "",
        file_content=paper.read_bytes() if paper else b"",
    )  # fmt: skip
    session.emit(_row(signed))


@deliverable.command("withdraw")
@click.argument("wanted", metavar=_PLACE)
@click.option("--reason", default="")
@click.pass_obj
def deliverable_withdraw(session: Session, wanted: str, reason: str) -> None:
    """Take an acceptance back."""
    session.emit(_row(withdraw_deliverable(session.actor, task_id=_task(session, wanted).id, reason=reason)))


def _task(session: Session, wanted: str) -> Any:
    project, number = numbered(wanted)
    return queries.task_numbered(queries.project_by_number(session.actor, project), number)


def _row(task: Any) -> dict[str, Any]:
    return {
        "number": task.number, "name": task.name, "due_on": task.due_on, "signed_at": task.signed_at,
        "signed_by": task.signed_by, "has_paper": task.sign_file_id is not None, "id": task.public_id,
    }  # fmt: skip


COMMANDS: list[click.Command] = [deliverable]
