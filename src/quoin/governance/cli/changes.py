"""`quoin change`: change orders from the draft to the client's answer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import click

from quoin.base.console import DAY, Session
from quoin.governance import queries
from quoin.governance.actions import change_lines
from quoin.governance.actions import changes as orders
from quoin.governance.cli.options import IN_PROJECT, OF_PROJECT
from quoin.governance.queries.effect import effect_of
from quoin.governance.queries.effect_words import effect_facts
from quoin.kernel.errors import NotFound
from quoin.projects.queries import of_project, project_by_number, task_numbered


@click.group()
def change() -> None:
    """Change orders."""


@change.command("list")
@OF_PROJECT
@click.pass_obj
def change_list(session: Session, project: str) -> None:
    """List change orders."""
    rows = of_project(session.actor, queries.visible_changes(session.actor), project)
    session.emit([_row(row) for row in rows])


@change.command("new")
@click.argument("title")
@IN_PROJECT
@click.option("--scope", default="", help="What the client reads.")
@click.option("--reason", default="")
@click.option("--budget-hours", type=float, default=0.0, help="Hours more in the budget.")
@click.option("--price", "amount", help="A price line of this amount.")
@click.pass_obj
def change_new(
    session: Session, /, *, title: str, project: str, budget_hours: float, amount: str | None, **given: str
) -> None:
    """Write a change order: quoin change new "Supplier import" --project 1005 --price 3600 --budget-hours 24"""
    found = project_by_number(session.actor, project)
    made = orders.create_change(
        session.actor, project_id=found.id, title=title, budget_minutes=round(budget_hours * 60), **given
    )
    if amount:
        change_lines.add_line(session.actor, order_id=made.id, kind="price", text=title, amount=amount)
    session.emit(_row(queries.change_for(session.actor, made.id)))


@change.command("line")
@click.argument("number", type=int)
@click.argument("kind", type=click.Choice(["add_task", "extend_task", "price", "people"]))
@click.option("--text", default="")
@click.option("--hours", type=float, default=0.0)
@click.option("--amount", default=None)
@click.option("--task", type=int, help="Number of the task that grows.")
@click.option("--after", "follows", type=int, help="Number of the task that comes before the new one.")
@click.option("--before", "precedes", type=int, help="Number of the task that waits for the new one.")
@click.option("--from", "starts_on", type=DAY)
@click.option("--until", "ends_on", type=DAY)
@click.option("--percent", type=int)
@click.pass_obj
def change_line(session: Session, /, *, number: int, kind: str, hours: float, **given: Any) -> None:
    """Add a line to a draft: quoin change line 3 add_task --text "Import" --hours 24 --after 2 --before 5"""
    found = _numbered(session, number)
    tasks = {f"{name}_id": _task_id(found.project, given.pop(name)) for name in ("task", "follows", "precedes")}
    wanted = {name: value for name, value in (tasks | given).items() if value not in {None, ""}}
    change_lines.add_line(session.actor, order_id=found.id, kind=kind, minutes=round(hours * 60), **wanted)
    session.emit(_row(_numbered(session, number)))


@change.command("show")
@click.argument("number", type=int)
@click.pass_obj
def change_show(session: Session, number: int) -> None:
    """A change order with its lines and what it would do."""
    found = _numbered(session, number)
    facts = effect_facts(effect_of(session.actor, found), session.actor.locale)
    session.emit(
        {
            **_row(found),
            "lines": [
                {"kind": one.kind, "text": one.text, "minutes": one.minutes, "amount": one.amount}
                for one in queries.lines_of(found)
            ],
            "effect": [text for _meaning, text in facts] if found.status in {"draft", "sent"} else [],
        }
    )


@change.command("send")
@click.argument("number", type=int)
@click.option("--to", default="", help="Mail address; without one only the link is made.")
@click.pass_obj
def change_send(session: Session, number: int, to: str) -> None:
    """Send a change order to the client; tells the link, once."""
    sent = orders.send_change(session.actor, order_id=_numbered(session, number).id, to=to)
    session.emit({**_row(_numbered(session, number)), "url": sent.url})


@change.command("accept")
@click.argument("number", type=int)
@click.option("--by", "answered_by", required=True, help="Who of the client accepted.")
@click.option("--on", "answered_on", type=DAY, help="Default: today.")
@click.option("--note", default="")
@click.pass_obj
def change_accept(session: Session, /, *, number: int, answered_by: str, answered_on: date | None, note: str) -> None:
    """Record that the client accepted; price, budget, plan and requests change at once."""
    found = _numbered(session, number)
    orders.accept_change(session.actor, order_id=found.id, answered_by=answered_by, answered_on=answered_on, note=note)
    session.emit(_row(_numbered(session, number)))


@change.command("reverse")
@click.argument("number", type=int)
@click.option("--reason", default="")
@click.pass_obj
def change_reverse(session: Session, number: int, reason: str) -> None:
    """Take an acceptance back, with all that it changed."""
    orders.reverse_change(session.actor, order_id=_numbered(session, number).id, reason=reason)
    session.emit(_row(_numbered(session, number)))


def _numbered(session: Session, number: int) -> Any:
    found = queries.visible_changes(session.actor).filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no change order {number}, or you may not see it.")
    return found


def _task_id(project: Any, number: int | None) -> UUID | None:
    return None if number is None else UUID(str(task_numbered(project, number).id))


def _row(row: Any) -> dict[str, Any]:
    names = ("number", "title", "status", "price_amount", "currency", "budget_minutes", "answered_on", "answered_by")
    return {**{name: getattr(row, name) for name in names}, "project": row.project.number, "id": row.public_id}


COMMANDS: list[click.Command] = [change]
