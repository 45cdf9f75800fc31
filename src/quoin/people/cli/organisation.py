"""`quoin team` and `quoin job-role`: how the firm is divided."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session
from quoin.people import queries as people
from quoin.people.actions import organisation as actions
from quoin.people.actions.skills import require_certificates
from quoin.people.cli.naming import certificate_named, person_of, role_named, team_named
from quoin.people.queries import organisation as queries


@click.group()
def team() -> None:
    """Teams and who is in them."""


@team.command("list")
@click.pass_obj
def team_list(session: Session) -> None:
    """List teams."""
    session.emit([_row(row) for row in queries.team_list(session.actor)])


@team.command("show")
@click.argument("name", metavar="TEAM")
@click.pass_obj
def team_show(session: Session, name: str) -> None:
    """Who is in a team."""
    found = team_named(session, name)
    session.emit({**_row(found), "members": [one.name for one in queries.team_members(session.actor, found.id)]})


@team.command("create")
@click.argument("name")
@click.pass_obj
def team_create(session: Session, name: str) -> None:
    """Add a team."""
    made = actions.create_team(session.actor, name=name)
    session.emit(_row(queries.team_for(session.actor, made.id)))


@team.command("edit")
@click.argument("name", metavar="TEAM")
@click.option("--name", "new_name", default="", help="What it is called from now on.")
@click.option("--add", "coming", multiple=True, help="Somebody who comes in; may be repeated.")
@click.option("--remove", "leaving", multiple=True, help="Somebody who leaves it; may be repeated.")
@click.pass_obj
def team_edit(
    session: Session, /, *, name: str, new_name: str, coming: tuple[str, ...], leaving: tuple[str, ...]
) -> None:
    """Change a team and who is in it: quoin team edit Nordics --add 'Ana Ruiz' --remove 'Bo Li'"""
    found = team_named(session, name)
    places: dict[str, str | None] = {str(person_of(session, one, people.VIEW).id): None for one in leaving}
    places |= {str(person_of(session, one, people.VIEW).id): str(found.id) for one in coming}
    made = actions.edit_team(session.actor, team_id=found.id, name=new_name, places=places)
    session.emit(_row(queries.team_for(session.actor, made.id)))


@team.command("delete")
@click.argument("name", metavar="TEAM")
@click.pass_obj
def team_delete(session: Session, name: str) -> None:
    """Delete a team that nobody is in."""
    found = team_named(session, name)
    actions.delete_team(session.actor, team_id=found.id)
    session.say(f"{found.name} is deleted.")


@click.group("job-role")
def job_role() -> None:
    """Job roles, and the certificates they need."""


@job_role.command("list")
@click.pass_obj
def job_role_list(session: Session) -> None:
    """List job roles."""
    session.emit([_role_row(row) for row in queries.job_role_list(session.actor)])


@job_role.command("create")
@click.argument("name")
@click.pass_obj
def job_role_create(session: Session, name: str) -> None:
    """Add a job role."""
    made = actions.create_job_role(session.actor, name=name)
    session.emit(_role_row(queries.job_role_for(session.actor, made.id)))


@job_role.command("rename")
@click.argument("name", metavar="ROLE")
@click.argument("new_name", metavar="NAME")
@click.pass_obj
def job_role_rename(session: Session, name: str, new_name: str) -> None:
    """Call a job role by another name."""
    made = actions.edit_job_role(session.actor, job_role_id=role_named(session, name).id, name=new_name)
    session.emit(_role_row(queries.job_role_for(session.actor, made.id)))


@job_role.command("require")
@click.argument("name", metavar="ROLE")
@click.argument("certificates", metavar="CERTIFICATE...", nargs=-1)
@click.pass_obj
def job_role_require(session: Session, name: str, certificates: tuple[str, ...]) -> None:
    """Say which certificates a role needs, in place of what was said before; none: anybody may be booked."""
    found = role_named(session, name)
    wanted = [certificate_named(session, one).id for one in certificates]
    require_certificates(session.actor, job_role_id=found.id, certificate_ids=wanted)
    session.emit(_role_row(queries.job_role_for(session.actor, found.id)))


@job_role.command("delete")
@click.argument("name", metavar="ROLE")
@click.pass_obj
def job_role_delete(session: Session, name: str) -> None:
    """Delete a job role that nothing uses."""
    found = role_named(session, name)
    actions.delete_job_role(session.actor, job_role_id=found.id)
    session.say(f"{found.name} is deleted.")


def _row(row: Any) -> dict[str, Any]:
    return {"name": row.name, "people": row.people, "id": row.public_id}


def _role_row(row: Any) -> dict[str, Any]:
    return {**_row(row), "certificates": [one.name for one in queries.certificates_needed(row.id)]}


COMMANDS: list[click.Command] = [team, job_role]
