"""`quoin raid`: risks, assumptions, issues, dependencies and decisions."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session, numbered
from quoin.governance import queries
from quoin.governance.actions import raid as log
from quoin.governance.cli.options import IN_PROJECT, OF_PROJECT
from quoin.governance.queries.raid import rated
from quoin.projects.queries import of_number, of_project, project_by_number


@click.group()
def raid() -> None:
    """Risks, assumptions, issues, dependencies and decisions."""


@raid.command("list")
@OF_PROJECT
@click.option("--open", "is_open", is_flag=True, help="Only what is not closed.")
@click.pass_obj
def raid_list(session: Session, project: str, is_open: bool) -> None:
    """List risks and issues with what they may cost."""
    rows = of_project(session.actor, queries.visible_raid(session.actor), project)
    session.emit([_row(one) for one in rated(rows.exclude(status="closed") if is_open else rows)])


@raid.command("add")
@click.argument("title")
@IN_PROJECT
@click.option("--kind", type=click.Choice(["risk", "assumption", "issue", "dependency", "decision"]), default="risk")
@click.option("--probability", type=click.IntRange(1, 5))
@click.option("--impact", type=click.IntRange(1, 5))
@click.option("--cost", "impact_amount", help="What it costs if it happens, in the project's currency.")
@click.option("--days", "impact_days", type=int, default=0, help="By how many days it delays.")
@click.option("--response", default="", help="What is done about it.")
@click.pass_obj
def raid_add(session: Session, /, *, title: str, project: str, **given: Any) -> None:
    """Add an entry: quoin raid add "Data comes late" --project 1005 --probability 4 --impact 3 --cost 8000"""
    found = project_by_number(session.actor, project)
    made = log.create_raid(session.actor, project_id=found.id, title=title, **given)
    session.emit(_row(rated([queries.raid_for(session.actor, made.id)])[0]))


@raid.command("step")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("status", type=click.Choice(["open", "mitigating", "accepted", "closed", "came_true"]))
@click.option("--note", default="", help="Kept in the history.")
@click.pass_obj
def raid_step(session: Session, wanted: str, status: str, note: str) -> None:
    """Accept, mitigate or close an entry, or say that it came true: quoin raid step 1005/3 came_true"""
    found = of_number(session.actor, queries.visible_raid(session.actor), *numbered(wanted))
    if status == "came_true":
        moved = log.turn_raid(session.actor, raid_id=found.id, note=note)
    else:
        moved = log.step_raid(session.actor, raid_id=found.id, status=status, note=note)
    session.emit(_row(rated([queries.raid_for(session.actor, moved.id)])[0]))


def _row(one: Any) -> dict[str, Any]:
    item = one.item
    names = ("kind", "title", "status", "probability", "impact", "impact_days", "due_on")
    return {
        "number": f"{item.project.number}/{item.number}",
        **{name: getattr(item, name) for name in names},
        "score": one.score,
        "expected": one.expected,
        "drift": one.drift.direction,
        "owner": item.owner.name if item.owner else "",
        "id": item.public_id,
    }


COMMANDS: list[click.Command] = [raid]
