"""`quoin figures person`: the projects somebody was on, with their hours."""

from __future__ import annotations

import click

from quoin.base.console import Session
from quoin.insights.cli.figures import figures
from quoin.insights.queries import person as read
from quoin.people.queries import visible_people
from quoin.people.queries.within import person_named


@figures.command("person")
@click.argument("wanted")
@click.pass_obj
def person_work(session: Session, wanted: str) -> None:
    """The projects somebody was on: quoin figures person ana@halden.example"""
    found = person_named(visible_people(session.actor), wanted)
    may_see = read.sees_time(session.actor, found)
    session.emit(
        [
            {
                "project": one.project.number if one.project else f"{one.count} that you may not see",
                "name": one.project.name if one.project else "", "role": one.role, "first_on": one.first_on,
                "last_on": one.last_on, "minutes": one.minutes if may_see else None,
            }
            for one in read.history_of(session.actor, found)
        ]
    )  # fmt: skip
