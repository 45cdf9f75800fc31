"""`quoin feed`: calendar addresses of one's own."""

from __future__ import annotations

import click

from quoin.base.console import Session, id_of
from quoin.kernel.errors import NotFound, invalid
from quoin.people.queries import teams
from quoin.projects.queries import project_by_number
from quoin.resourcing.actions import feeds as actions
from quoin.resourcing.queries import feeds as queries
from quoin.resourcing.queries import planner


@click.group("feed")
def feed() -> None:
    """Calendar feeds (iCal) of a person, a project or a team: list, create, revoke."""


@feed.command("list")
@click.pass_obj
def feed_list(session: Session) -> None:
    """Your addresses that work."""
    session.emit(
        [
            {"id": row.public_id, "name": row.name, "of": row.kind, "says": row.detail, "last_read": row.last_read_at}
            for row in queries.own_feeds(session.actor)
        ]
    )


@feed.command("create")
@click.option("--person", default="", help="Name or e-mail address.")
@click.option("--project", default="", help="Number of the project.")
@click.option("--team", default="", help="Name of the team.")
@click.option("--detail", default="project", show_default=True, help="project, client or busy: what titles say.")
@click.option("--name", default="")
@click.pass_obj
def feed_create(session: Session, /, person: str, project: str, team: str, **options: str) -> None:
    """Make an address; it is told this once."""
    actor = session.actor
    given = [one for one in (person, project, team) if one]
    if len(given) != 1:
        raise invalid("/kind", "Name one of --person, --project and --team.")
    if person:
        kind, subject = "person", planner.person_named(actor, person).id
    elif project:
        kind, subject = "project", project_by_number(actor, project).id
    else:
        found = teams().filter(name__iexact=team).first()
        if found is None:
            raise NotFound(f"There is no team {team}.")
        kind, subject = "team", found.id
    made = actions.create_feed(actor, kind=kind, subject_id=subject, **options)
    session.emit({"id": made.feed.public_id, "name": made.feed.name, "url": made.url})


@feed.command("revoke")
@click.argument("feed_id")
@click.pass_obj
def feed_revoke(session: Session, feed_id: str) -> None:
    """Let an address answer nothing from now on."""
    actions.revoke_feed(session.actor, feed_id=id_of("fed", feed_id, shown_by="quoin feed list"))
    session.say("Revoked.")


COMMANDS: list[click.Command] = [feed]
