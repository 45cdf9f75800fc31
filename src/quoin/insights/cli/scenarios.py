"""`quoin scenario`: what-if on the command line."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import click

from quoin.base.console import Form, Session
from quoin.insights.actions import scenarios as actions
from quoin.insights.queries.scenarios import scenario_named, visible_scenarios
from quoin.insights.queries.scenarios import words as texts
from quoin.insights.queries.scenarios.applying import plan_for
from quoin.insights.queries.scenarios.compare import compare
from quoin.kernel.errors import invalid
from quoin.kernel.ids import from_public_id
from quoin.kernel.money import Money
from quoin.people.queries import visible_people
from quoin.people.queries.within import person_named


@click.group()
def scenario() -> None:
    """What if: changes laid over the live plan, compared and applied."""


@scenario.command("list")
@click.pass_obj
def list_scenarios(session: Session) -> None:
    """Scenarios that you may see."""
    rows = [texts.scenario_out(row) for row in visible_scenarios(session.actor)]
    session.emit(rows, columns=("id", "name", "reach", "status", "changes", "made_at"))


@scenario.command("new")
@click.argument("name")
@click.option("--note", default="")
@click.option("--reach", type=click.Choice(["private", "team", "people", "shared"]), default="private")
@click.option("--with", "readers", multiple=True, help="Somebody it is shared with, for --reach people.")
@click.option("--from", "from_on", default="", help="First day that is compared.")
@click.option("--until", "until_on", default="", help="Last day that is compared.")
@click.pass_obj
def new(session: Session, /, name: str, readers: tuple[str, ...], **given: Any) -> None:
    """Make a scenario: quoin scenario new "Hire 2 SAP" --reach shared"""
    kept = {key: value for key, value in given.items() if value}
    made = actions.create_scenario(session.actor, name=name, reader_ids=_people(session, readers), **kept)
    session.emit(texts.scenario_out(made))


@scenario.command("share")
@click.argument("name")
@click.argument("reach", type=click.Choice(["private", "team", "people", "shared"]))
@click.option("--with", "readers", multiple=True, help="Somebody it is shared with, for people.")
@click.pass_obj
def share(session: Session, name: str, reach: str, readers: tuple[str, ...]) -> None:
    """Say who sees a scenario: quoin scenario share "Late" people --with "Ana Ruiz" --with Bo"""
    found = scenario_named(session.actor, name)
    people = _people(session, readers)
    session.emit(
        texts.scenario_out(actions.edit_scenario(session.actor, scenario_id=found.id, reach=reach, reader_ids=people))
    )


def _people(session: Session, names: tuple[str, ...]) -> list[UUID]:
    people = visible_people(session.actor)
    return [person_named(people, name).id for name in names]


@scenario.command("discard")
@click.argument("name")
@click.pass_obj
def discard(session: Session, name: str) -> None:
    """Put a scenario away; the trail can bring it back."""
    found = scenario_named(session.actor, name)
    actions.discard_scenario(session.actor, scenario_id=found.id)
    session.emit({"id": found.public_id, "name": found.name, "status": "discarded"})


@scenario.command("comment")
@click.argument("name")
@click.argument("text")
@click.pass_obj
def comment(session: Session, name: str, text: str) -> None:
    """Say something about a scenario."""
    found = scenario_named(session.actor, name)
    row = actions.comment_scenario(session.actor, scenario_id=found.id, text=text)
    session.emit({"text": row.text, "at": row.said_at})


@scenario.command("show")
@click.argument("name")
@click.pass_obj
def show(session: Session, name: str) -> None:
    """A scenario with its changes and whom it is shared with."""
    found = scenario_named(session.actor, name)
    session.emit(
        texts.scenario_out(found)
        | {"all_changes": [one["text"] for one in texts.changes_out(found)],
           "readers": [one["name"] for one in texts.readers_out(found)]}
    )  # fmt: skip


@scenario.command("drop")
@click.argument("change")
@click.pass_obj
def drop(session: Session, change: str) -> None:
    """Take a change out: quoin scenario drop sch_..."""
    actions.drop_change(session.actor, change_id=_change(change))
    session.emit({"dropped": change})


@scenario.command("add")
@click.argument("name")
@click.argument("kind")
@click.argument("data")
@click.pass_obj
def add(session: Session, name: str, kind: str, data: str) -> None:
    """Put a change in: quoin scenario add "Late" project.shift '{"project_id": "prj_...", "days": 14}'"""
    found = scenario_named(session.actor, name)
    row = actions.add_change(session.actor, scenario_id=found.id, kind=kind, **_fields(data))
    session.emit(texts.change_out(row))


def _fields(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise invalid("/data", "Write the fields as a JSON object.", remedy='{"project_id": "prj_...", "days": 14}')
    return {name: _id(value) if name.endswith("_id") else value for name, value in given.items()}


def _id(value: Any) -> Any:
    """Ids may be written as the API writes them."""
    if not isinstance(value, str) or "_" not in value:
        return value
    try:
        return from_public_id(value.split("_", maxsplit=1)[0], value)
    except ValueError:
        raise invalid("/data", f"{value} is not an id.") from None


@scenario.command("compare")
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also rows that do not differ.")
@click.pass_obj
def compare_scenarios(session: Session, names: tuple[str, ...], everything: bool) -> None:
    """The plan of record beside up to three scenarios: quoin scenario compare "Hire 2 SAP" Late"""
    found = compare(session.actor, [scenario_named(session.actor, one) for one in names])
    answer = texts.comparison_out(found, differences_only=not everything)
    if session.form is Form.JSON:
        session.emit(answer)
        return
    heads = [column["name"] for column in answer["columns"]]
    rows = [
        {"row": row["label"]} | {head: _text(cell) for head, cell in zip(heads, row["cells"], strict=True)}
        for row in answer["rows"]
    ]
    session.emit(rows, columns=("row", *heads))
    for column in answer["columns"]:
        for one in column["conflicts"]:
            session.say(f"{column['name']}: {one['kind']}: {one['text']}")


def _text(cell: dict[str, Any]) -> str:
    value = cell["value"]
    written = f"{value.currency} {value.amount:.2f}" if isinstance(value, Money) else str(value)
    return f"{written} *" if cell["is_best"] else written


@scenario.command("apply")
@click.argument("name")
@click.option("--change", "changes", multiple=True, help="Only this change; may be given again.")
@click.option("--firm/--tentative", default=False)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.pass_obj
def apply(session: Session, name: str, changes: tuple[str, ...], firm: bool, dry_run: bool) -> None:
    """Apply a scenario, all of it or some: quoin scenario apply "Late" --dry-run"""
    found = scenario_named(session.actor, name)
    chosen = [_change(one) for one in changes] or None
    if dry_run:
        plan = plan_for(session.actor, found, change_ids=chosen)
    else:
        plan = actions.apply_scenario(
            session.actor, scenario_id=found.id, as_="firm" if firm else "tentative", change_ids=chosen
        )
    answer = texts.plan_out(plan)
    if session.form is Form.JSON:
        session.emit(answer)
        return
    session.emit(answer["steps"], columns=("what", "text"))
    for one in answer["conflicts"]:
        session.say(f"{one['kind']}: {one['text']}")


def _change(text: str) -> UUID:
    try:
        return from_public_id("sch", text)
    except ValueError:
        raise invalid("/change", f"{text} is not the id of a change.") from None


COMMANDS = [scenario]
