"""`quoin template files` and `quoin project documents`: files of templates, and what projects began with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from quoin.base.console import Session
from quoin.kernel.errors import NotFound
from quoin.projects import queries
from quoin.projects.actions import template_files as do
from quoin.projects.cli.projects import project
from quoin.projects.cli.templates import template
from quoin.projects.queries import template_files as read
from quoin.projects.queries.gates import VIEW_GATES
from quoin.projects.queries.templates import documents_of, template_named

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@template.command("files")
@click.argument("name")
@click.option("--save", "folder", type=_FOLDER, help="Write them into this folder, too.")
@click.pass_obj
def template_files(session: Session, name: str, folder: Path | None) -> None:
    """List the files of a template: quoin template files Press"""
    rows = read.current_files(template_named(session.actor, name).id)
    for row in rows if folder else ():
        _save(folder, read.template_file_for(session.actor, row.id))
    session.emit([_row(row) for row in rows])


@template.command("attach")
@click.argument("name")
@click.argument("file", type=_INPUT)
@click.pass_obj
def template_attach(session: Session, name: str, file: Path) -> None:
    """Attach a file to the draft: quoin template attach Press safety.pdf"""
    found = template_named(session.actor, name)
    made = do.attach_file(session.actor, template_id=found.id, file_name=file.name, content=file.read_bytes())
    session.emit(_row(made))


@template.command("detach")
@click.argument("name")
@click.argument("file")
@click.pass_obj
def template_detach(session: Session, name: str, file: str) -> None:
    """Take a file off the draft: quoin template detach Press safety.pdf"""
    found = template_named(session.actor, name)
    row = read.current_files(found.id).filter(name=file).first()
    if row is None:
        raise NotFound(f"{found.name} has no file {file}. See: quoin template files")
    do.detach_file(session.actor, template_file_id=row.id)
    session.emit([_row(one) for one in read.current_files(found.id)])


@project.command("documents")
@click.argument("number")
@click.option("--save", "folder", type=_FOLDER, help="Write the files into this folder, too.")
@click.pass_obj
def project_documents(session: Session, number: str, folder: Path | None) -> None:
    """List what a project began with: quoin project documents 1042 --save papers"""
    session.actor.require(VIEW_GATES)
    rows = documents_of(queries.project_by_number(session.actor, number).id)
    for row in rows if folder else ():
        if row.file_id:
            _save(folder, read.project_file_for(session.actor, row.id))
    session.emit([_row(row) if row.file else {"name": row.name, "text": row.text} for row in rows])


def _save(folder: Path | None, row: Any) -> None:
    assert folder is not None
    (folder / row.name).write_bytes(bytes(row.file.content))


def _row(row: Any) -> dict[str, Any]:
    return {"name": row.name, "bytes": row.file.size_bytes, "sha256": row.file.sha256, "id": row.public_id}


COMMANDS: list[click.Command] = []
