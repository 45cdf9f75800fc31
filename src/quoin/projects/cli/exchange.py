"""`quoin plan import` and `quoin plan export`: plans in files on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from quoin.base.console import Session
from quoin.clients.queries import client_named
from quoin.projects import queries
from quoin.projects.actions.exchange import IMPORT, import_plan
from quoin.projects.adapters.exchange import read_plan, write_mspdi, write_table
from quoin.projects.cli.plan import plan
from quoin.projects.queries.exchange import try_file
from quoin.projects.queries.exchange_out import exported
from quoin.projects.queries.exchange_told import told

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, path_type=Path)


@plan.command("import")
@click.argument("file", type=_INPUT)
@click.option("--project", "number", default="", help="Number of the project; without it a new one.")
@click.option("--client", "wanted", default="", help="Number or name of the client of the new project.")
@click.option("--name", default="", help="Name of the new project; default: as in the file.")
@click.option("--remove-gone", is_flag=True, help="Remove tasks that an earlier file had and this one has not.")
@click.option("--dry-run", is_flag=True, help="Only tell what it would do.")
@click.pass_obj
def plan_import(session: Session, /, file: Path, number: str, **given: Any) -> None:
    """Read a plan of MS Project, Primavera (.xer) or CSV: quoin plan import crane.xml --project 1042"""
    actor = session.actor
    read = read_plan(file.name, file.read_bytes())
    project = queries.project_by_number(actor, number) if number else None
    if given["dry_run"]:
        actor.require(IMPORT)
        session.emit(told(try_file(actor, read, project, removes_gone=given["remove_gone"])))
        return
    done = import_plan(
        actor, read, file_name=file.name, project_id=project.id if project else None,
        client_id=client_named(session.actor, given["wanted"]).id if given["wanted"] else None, name=given["name"],
        removes_gone=given["remove_gone"],
    )  # fmt: skip
    session.emit({"number": done.project.number, "finish": done.project.finish_at} | told(done.trial))


@plan.command("export")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["mspdi", "csv"]), default="mspdi", show_default=True)
@click.option("--output", type=_OUTPUT, help="File to write; default: plan-NUMBER in this folder.")
@click.pass_obj
def plan_export(session: Session, number: str, form: str, output: Path | None) -> None:
    """Write a plan as Microsoft Project XML or CSV: quoin plan export 1042 --format mspdi"""
    project = queries.project_by_number(session.actor, number)
    file = exported(session.actor, project.id)
    content = write_mspdi(file) if form == "mspdi" else write_table(file).encode()
    path = output or Path(f"plan-{project.number}.{'xml' if form == 'mspdi' else 'csv'}")
    path.write_bytes(content)
    lost = [{"what": one.what, "count": one.count} for one in file.lost]
    session.emit({"file": str(path), "bytes": len(content), "tasks": len(file.rows()), "lost": lost})


COMMANDS: list[click.Command] = []
