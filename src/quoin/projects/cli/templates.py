"""`quoin template`: templates on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from quoin.base.console import DAY, Session, assignments
from quoin.clients.queries import client_named
from quoin.kernel.errors import NotFound, invalid
from quoin.projects import actions, queries
from quoin.projects.actions import templates as do
from quoin.projects.queries import templates as read
from quoin.projects.queries.template_files import whole_document
from quoin.projects.queries.templates import Start
from quoin.projects.rules.templates.shipped import SHIPPED

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.group()
def template() -> None:
    """Templates of projects."""


@template.command("list")
@click.pass_obj
def template_list(session: Session) -> None:
    """List templates."""
    session.emit([_row(row) for row in read.templates(session.actor)])


@template.command("gallery")
@click.pass_obj
def template_gallery(session: Session) -> None:
    """List what comes with Quoin."""
    session.emit([{"key": key, "name": one.name, "rows": len(one.rows)} for key, one in SHIPPED.items()])


@template.command("take")
@click.argument("key")
@click.pass_obj
def template_take(session: Session, key: str) -> None:
    """Take a shipped template: quoin template take installation"""
    made = do.take_template(session.actor, shipped=key)
    session.emit(_row(read.template_for(session.actor, made.id)))


@template.command("import")
@click.argument("file", type=_INPUT)
@click.option("--into", "wanted", default="", help="Name of the template whose draft it becomes; else a new one.")
@click.pass_obj
def template_import(session: Session, file: Path, wanted: str) -> None:
    """Read a template in as a draft: quoin template import crane.json"""
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise invalid("/file", f"{file.name} is no JSON document.", code="unreadable") from None
    if wanted:
        row = read.template_named(session.actor, wanted)
        do.edit_template(session.actor, template_id=row.id, document=document)
    else:
        row = do.create_template(session.actor, document=document)
    session.emit(_row(read.template_for(session.actor, row.id)))


@template.command("export")
@click.argument("name")
@click.option("--output", type=_OUTPUT, help="File to write; default: to standard output.")
@click.pass_obj
def template_export(session: Session, name: str, output: Path | None) -> None:
    """Write a template out: quoin template export "Client onboarding" --output onboarding.json"""
    document = whole_document(read.template_named(session.actor, name).id)
    if output is None:
        session.emit(document)
        return
    output.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    session.emit({"file": str(output), "rows": len(document["rows"])})


@template.command("publish")
@click.argument("name")
@click.option("--note", default="", help="What is new.")
@click.pass_obj
def template_publish(session: Session, name: str, note: str) -> None:
    """Publish the draft of a template."""
    row = read.template_named(session.actor, name)
    done = do.publish_template(session.actor, template_id=row.id, note=note)
    session.emit({"name": row.name, "number": done.number})


@template.command("draw")
@click.argument("number")
@click.argument("name")
@click.pass_obj
def template_draw(session: Session, number: str, name: str) -> None:
    """Make a template from a project: quoin template draw 1042 Press"""
    project = queries.project_by_number(session.actor, number)
    made = do.draw_template(session.actor, project_id=project.id, name=name)
    session.emit(_row(read.template_for(session.actor, made.id)))


@template.command("start")
@click.argument("name")
@click.argument("project")
@click.option("--client", "wanted", required=True, help="Number or name of the client.")
@click.option("--from", "starts_on", type=DAY, help="First day.")
@click.option("--to", "ends_on", type=DAY, help="Last day, instead of the first.")
@click.option("--set", "words", multiple=True, help="Word for a variable: --set site=Pier")
@click.option("--dry-run", is_flag=True, help="Only tell what it would be.")
@click.pass_obj
def template_start(session: Session, /, name: str, project: str, **given: Any) -> None:
    """Start a project: quoin template start "Client onboarding" "Fjord" --client "Fjord AS" --from 2026-06-01"""
    row = read.template_named(session.actor, name)
    client = client_named(session.actor, given["wanted"])
    days = {key: given[key] for key in ("starts_on", "ends_on")}
    answers = assignments(given["words"])
    if given["dry_run"]:
        found = read.outlook(session.actor, row.id, Start(name=project, client_id=client.id, answers=answers, **days))
        session.emit(
            [
                {
                    "row": found.laid.plan.tasks[found.laid.tasks[one.key]].name,
                    "starts_on": found.laid.days(one.key)[0], "ends_on": found.laid.days(one.key)[1],
                    "effort_minutes": one.effort_minutes,
                }
                for one in found.template.rows
            ]
        )  # fmt: skip
        return
    made = actions.create_project(
        session.actor, name=project, client_id=client.id, template_id=row.id, answers=answers, **days
    )
    made.refresh_from_db()
    session.emit({"number": made.number, "starts_on": made.starts_on, "ends_on": made.ends_on})


@template.command("step")
@click.argument("name")
@click.argument("verb", type=click.Choice(["retire", "restore", "discard"]))
@click.pass_obj
def template_step(session: Session, name: str, verb: str) -> None:
    """Offer a template no more, or again, or drop its draft: quoin template step Press retire"""
    row = read.template_named(session.actor, name)
    doors = {"retire": do.retire_template, "restore": do.restore_template, "discard": do.discard_draft}
    doors[verb](session.actor, template_id=row.id)
    session.emit({"name": row.name, "done": verb})


@template.command("propose")
@click.argument("name")
@click.argument("text")
@click.pass_obj
def template_propose(session: Session, name: str, text: str) -> None:
    """Propose a change: quoin template propose Press "Floor plan first"."""
    row = read.template_named(session.actor, name)
    do.propose_template_change(session.actor, template_id=row.id, text=text)
    session.emit(_proposals(session, row))


@template.command("proposals")
@click.argument("name")
@click.pass_obj
def template_proposals(session: Session, name: str) -> None:
    """List what people propose."""
    session.emit(_proposals(session, read.template_named(session.actor, name)))


@template.command("answer")
@click.argument("name")
@click.argument("proposal_id")
@click.option("--accept/--decline", "is_accepted", required=True)
@click.option("--answer", default="")
@click.pass_obj
def template_answer(session: Session, /, *, name: str, proposal_id: str, is_accepted: bool, answer: str) -> None:
    """Answer a proposal: quoin template answer Press tpp_... --accept"""
    row = read.template_named(session.actor, name)
    found = next((one for one in read.proposals_of(row) if one.public_id == proposal_id), None)
    if found is None:
        raise NotFound("There is no such proposal. See: quoin template proposals")
    door = do.accept_proposal if is_accepted else do.decline_proposal
    door(session.actor, template_proposal_id=found.id, answer=answer)
    session.emit(_proposals(session, row))


def _proposals(session: Session, row: Any) -> list[dict[str, Any]]:
    session.actor.require(read.VIEW_TEMPLATES)
    return [
        {"id": one.public_id, "status": one.status, "text": one.text, "source": one.source, "answer": one.answer}
        for one in read.proposals_of(row)
    ]


def _row(row: Any) -> dict[str, Any]:
    return {
        "name": row.name, "method": row.method, "published": row.published_number, "draft": row.draft_number,
        "is_active": row.is_active, "id": row.public_id,
    }  # fmt: skip


COMMANDS: list[click.Command] = [template]
