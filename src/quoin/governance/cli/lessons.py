"""`quoin lesson`: lessons learned."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session, numbered
from quoin.governance import queries
from quoin.governance.actions import lessons as learned
from quoin.governance.cli.options import IN_PROJECT, OF_PROJECT
from quoin.projects.queries import of_number, of_project, project_by_number


@click.group()
def lesson() -> None:
    """Lessons learned."""


@lesson.command("list")
@OF_PROJECT
@click.pass_obj
def lesson_list(session: Session, project: str) -> None:
    """List lessons."""
    rows = of_project(session.actor, queries.visible_lessons(session.actor), project)
    session.emit([_row(row) for row in rows])


@lesson.command("add")
@click.argument("title")
@IN_PROJECT
@click.option("--what", default="", help="What happened.")
@click.option("--why", default="")
@click.option("--advice", default="", help="What to do the next time.")
@click.option("--good", "went_well", is_flag=True, help="It went well: do it again.")
@click.pass_obj
def lesson_add(session: Session, /, *, title: str, project: str, **given: Any) -> None:
    """Write down a lesson: quoin lesson add "Ask for data early" --project 1005 --advice Kick-off"""
    found = project_by_number(session.actor, project)
    session.emit(_row(learned.create_lesson(session.actor, project_id=found.id, title=title, **given)))


@lesson.command("propose")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.option("--text", default="", help="Default: the lesson's advice.")
@click.pass_obj
def lesson_propose(session: Session, wanted: str, text: str) -> None:
    """Propose a change of the project's template because of a lesson: quoin lesson propose 1005/1"""
    found = of_number(session.actor, queries.visible_lessons(session.actor), *numbered(wanted))
    session.emit(_row(learned.propose_lesson(session.actor, lesson_id=found.id, text=text)))


def _row(row: Any) -> dict[str, Any]:
    names = ("title", "what", "why", "advice", "went_well", "learned_on")
    told = {name: getattr(row, name) for name in names}
    is_proposed = row.template_change_id is not None
    return {"number": f"{row.project.number}/{row.number}", **told, "is_proposed": is_proposed, "id": row.public_id}


COMMANDS: list[click.Command] = [lesson]
