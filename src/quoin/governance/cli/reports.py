"""`quoin status`: status reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import translation

from quoin.base.console import DAY, Session, numbered
from quoin.governance import queries
from quoin.governance.actions import reports as telling
from quoin.governance.adapters.report_pdf import report_pdf
from quoin.governance.cli.options import OF_PROJECT
from quoin.governance.queries.told import told_report
from quoin.projects.queries import of_number, of_project, project_by_number

_TARGET = click.Path(dir_okay=False, path_type=Path)


@click.group()
def status() -> None:
    """Status reports."""


@status.command("list")
@OF_PROJECT
@click.pass_obj
def status_list(session: Session, project: str) -> None:
    """List status reports."""
    rows = of_project(session.actor, queries.visible_reports(session.actor), project)
    session.emit([_row(row) for row in rows])


@status.command("draft")
@click.argument("project")
@click.option("--as-of", type=DAY, help="Default: today.")
@click.option("--money", type=click.Choice(["none", "hours", "money"]), default="hours")
@click.pass_obj
def status_draft(session: Session, project: str, as_of: date | None, money: str) -> None:
    """Draft a report from the facts: quoin status draft 1005 --money money"""
    found = project_by_number(session.actor, project)
    session.emit(_row(telling.draft_report(session.actor, project_id=found.id, as_of=as_of, money=money)))


@status.command("show")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.pass_obj
def status_show(session: Session, wanted: str) -> None:
    """A report with its words and frozen facts."""
    found = _named(session, wanted)
    facts = told_report(session.actor, found.id).facts
    words = ("health_reason", "done", "upcoming", "asks")
    session.emit({**_row(found), **{name: getattr(found, name) for name in words}, "facts": facts})


@status.command("pdf")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("target", type=_TARGET)
@click.pass_obj
def status_pdf(session: Session, wanted: str, target: Path) -> None:
    """Write a report as PDF, in the client's language: quoin status pdf 1005/3 status.pdf"""
    found = _named(session, wanted)
    with translation.override(found.project.client.language):
        target.write_bytes(report_pdf(found))
    session.emit({**_row(found), "file": str(target)})


@status.command("send")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.option("--to", multiple=True, help="A mail address; without any the report is only kept.")
@click.pass_obj
def status_send(session: Session, wanted: str, to: tuple[str, ...]) -> None:
    """Send a report by mail, or keep it: quoin status send 1005/3 --to kari@fjord.example"""
    found = _named(session, wanted)
    if to:
        told = telling.send_report(session.actor, report_id=found.id, to=to)
    else:
        told = telling.keep_report(session.actor, report_id=found.id)
    session.emit(_row(told))


def _named(session: Session, wanted: str) -> Any:
    return of_number(session.actor, queries.visible_reports(session.actor), *numbered(wanted))


def _row(row: Any) -> dict[str, Any]:
    names = ("as_of", "status", "health", "summary")
    told = {name: getattr(row, name) for name in names}
    return {"number": f"{row.project.number}/{row.number}", **told, "id": row.public_id}


COMMANDS: list[click.Command] = [status]
