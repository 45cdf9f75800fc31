"""`quoin raid`, `quoin change`, `quoin status` and `quoin lesson`: governance on the command line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils import translation

from quoin.base.console import Session
from quoin.governance import queries
from quoin.governance.actions import change_lines
from quoin.governance.actions import changes as orders
from quoin.governance.actions import lessons as learned
from quoin.governance.actions import raid as log
from quoin.governance.actions import reports as telling
from quoin.governance.adapters.report_pdf import report_pdf
from quoin.governance.queries.effect import effect_of
from quoin.governance.queries.effect_words import effect_facts
from quoin.governance.queries.raid import rated
from quoin.governance.queries.told import told_report
from quoin.kernel.errors import NotFound
from quoin.projects.queries import of_project, project_by_number, tasks_of

_DAY = click.DateTime(["%Y-%m-%d"])
_OF_PROJECT = click.option("--project", default="", help="Number of the project.")
_TARGET = click.Path(dir_okay=False, path_type=Path)


@click.group()
def raid() -> None:
    """Risks, assumptions, issues, dependencies and decisions."""


@raid.command("list")
@_OF_PROJECT
@click.option("--open", "is_open", is_flag=True, help="Only what is not closed.")
@click.pass_obj
def raid_list(session: Session, project: str, is_open: bool) -> None:
    """List risks and issues with what they may cost."""
    rows = of_project(session.actor, queries.visible_raid(session.actor), project)
    session.emit([_entry(one) for one in rated(rows.exclude(status="closed") if is_open else rows)])


@raid.command("add")
@click.argument("title")
@click.option("--project", required=True, help="Number of the project.")
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
    session.emit(_entry(rated([queries.raid_for(session.actor, made.id)])[0]))


@raid.command("step")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("status", type=click.Choice(["open", "mitigating", "accepted", "closed", "came_true"]))
@click.option("--note", default="", help="Kept in the history.")
@click.pass_obj
def raid_step(session: Session, wanted: str, status: str, note: str) -> None:
    """Accept, mitigate or close an entry, or say that it came true: quoin raid step 1005/3 came_true"""
    found = _numbered(session, queries.visible_raid(session.actor), wanted)
    if status == "came_true":
        moved = log.turn_raid(session.actor, raid_id=found.id, note=note)
    else:
        moved = log.step_raid(session.actor, raid_id=found.id, status=status, note=note)
    session.emit(_entry(rated([queries.raid_for(session.actor, moved.id)])[0]))


@click.group()
def change() -> None:
    """Change orders."""


@change.command("list")
@_OF_PROJECT
@click.pass_obj
def change_list(session: Session, project: str) -> None:
    """List change orders."""
    rows = of_project(session.actor, queries.visible_changes(session.actor), project)
    session.emit([_order(row) for row in rows])


@change.command("new")
@click.argument("title")
@click.option("--project", required=True, help="Number of the project.")
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
    session.emit(_order(queries.change_for(session.actor, made.id)))


@change.command("line")
@click.argument("number", type=int)
@click.argument("kind", type=click.Choice(["add_task", "extend_task", "price", "people"]))
@click.option("--text", default="")
@click.option("--hours", type=float, default=0.0)
@click.option("--amount", default=None)
@click.option("--task", type=int, help="Number of the task that grows.")
@click.option("--after", "follows", type=int, help="Number of the task that comes before the new one.")
@click.option("--before", "precedes", type=int, help="Number of the task that waits for the new one.")
@click.option("--from", "starts_on", type=_DAY)
@click.option("--until", "ends_on", type=_DAY)
@click.option("--percent", type=int)
@click.pass_obj
def change_line(session: Session, /, *, number: int, kind: str, hours: float, **given: Any) -> None:
    """Add a line to a draft: quoin change line 3 add_task --text "Import" --hours 24 --after 2 --before 5"""
    found = _order_numbered(session, number)
    fields: dict[str, Any] = {
        f"{name}_id": _task(found.project, given.pop(name)) for name in ("task", "follows", "precedes")
    }
    fields |= {name: value.date() if isinstance(value, datetime) else value for name, value in given.items()}
    wanted = {name: value for name, value in fields.items() if value not in {None, ""}}
    change_lines.add_line(session.actor, order_id=found.id, kind=kind, minutes=round(hours * 60), **wanted)
    session.emit(_order(_order_numbered(session, number)))


@change.command("show")
@click.argument("number", type=int)
@click.pass_obj
def change_show(session: Session, number: int) -> None:
    """A change order with its lines and what it would do."""
    found = _order_numbered(session, number)
    facts = effect_facts(effect_of(session.actor, found), session.actor.locale)
    session.emit(
        {
            **_order(found),
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
    sent = orders.send_change(session.actor, order_id=_order_numbered(session, number).id, to=to)
    session.emit({**_order(_order_numbered(session, number)), "url": sent.url})


@change.command("accept")
@click.argument("number", type=int)
@click.option("--by", "answered_by", required=True, help="Who of the client accepted.")
@click.option("--on", "answered_on", type=_DAY, help="Default: today.")
@click.option("--note", default="")
@click.pass_obj
def change_accept(
    session: Session, /, *, number: int, answered_by: str, answered_on: datetime | None, note: str
) -> None:
    """Record that the client accepted; price, budget, plan and requests change at once."""
    found = _order_numbered(session, number)
    orders.accept_change(
        session.actor, order_id=found.id, answered_by=answered_by, answered_on=_day(answered_on), note=note
    )
    session.emit(_order(_order_numbered(session, number)))


@change.command("reverse")
@click.argument("number", type=int)
@click.option("--reason", default="")
@click.pass_obj
def change_reverse(session: Session, number: int, reason: str) -> None:
    """Take an acceptance back, with all that it changed."""
    orders.reverse_change(session.actor, order_id=_order_numbered(session, number).id, reason=reason)
    session.emit(_order(_order_numbered(session, number)))


@click.group()
def status() -> None:
    """Status reports."""


@status.command("list")
@_OF_PROJECT
@click.pass_obj
def status_list(session: Session, project: str) -> None:
    """List status reports."""
    rows = of_project(session.actor, queries.visible_reports(session.actor), project)
    session.emit([_report(row) for row in rows])


@status.command("draft")
@click.argument("project")
@click.option("--as-of", type=_DAY, help="Default: today.")
@click.option("--money", type=click.Choice(["none", "hours", "money"]), default="hours")
@click.pass_obj
def status_draft(session: Session, project: str, as_of: datetime | None, money: str) -> None:
    """Draft a report from the facts: quoin status draft 1005 --money money"""
    found = project_by_number(session.actor, project)
    session.emit(_report(telling.draft_report(session.actor, project_id=found.id, as_of=_day(as_of), money=money)))


@status.command("show")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.pass_obj
def status_show(session: Session, wanted: str) -> None:
    """A report with its words and frozen facts."""
    found = _numbered(session, queries.visible_reports(session.actor), wanted)
    facts = told_report(session.actor, found.id).facts
    words = ("health_reason", "done", "upcoming", "asks")
    session.emit({**_report(found), **{name: getattr(found, name) for name in words}, "facts": facts})


@status.command("pdf")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("target", type=_TARGET)
@click.pass_obj
def status_pdf(session: Session, wanted: str, target: Path) -> None:
    """Write a report as PDF, in the client's language: quoin status pdf 1005/3 status.pdf"""
    found = _numbered(session, queries.visible_reports(session.actor), wanted)
    with translation.override(found.project.client.language):
        target.write_bytes(report_pdf(found))
    session.emit({**_report(found), "file": str(target)})


@status.command("send")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.option("--to", multiple=True, help="A mail address; without any the report is only kept.")
@click.pass_obj
def status_send(session: Session, wanted: str, to: tuple[str, ...]) -> None:
    """Send a report by mail, or keep it: quoin status send 1005/3 --to kari@fjord.example"""
    found = _numbered(session, queries.visible_reports(session.actor), wanted)
    if to:
        told = telling.send_report(session.actor, report_id=found.id, to=to)
    else:
        told = telling.keep_report(session.actor, report_id=found.id)
    session.emit(_report(told))


@click.group()
def lesson() -> None:
    """Lessons learned."""


@lesson.command("list")
@_OF_PROJECT
@click.pass_obj
def lesson_list(session: Session, project: str) -> None:
    """List lessons."""
    rows = of_project(session.actor, queries.visible_lessons(session.actor), project)
    session.emit([_lesson(row) for row in rows])


@lesson.command("add")
@click.argument("title")
@click.option("--project", required=True, help="Number of the project.")
@click.option("--what", default="", help="What happened.")
@click.option("--why", default="")
@click.option("--advice", default="", help="What to do the next time.")
@click.option("--good", "went_well", is_flag=True, help="It went well: do it again.")
@click.pass_obj
def lesson_add(session: Session, /, *, title: str, project: str, **given: Any) -> None:
    """Write down a lesson: quoin lesson add "Ask for data early" --project 1005 --advice Kick-off"""
    found = project_by_number(session.actor, project)
    session.emit(_lesson(learned.create_lesson(session.actor, project_id=found.id, title=title, **given)))


@lesson.command("propose")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.option("--text", default="", help="Default: the lesson's advice.")
@click.pass_obj
def lesson_propose(session: Session, wanted: str, text: str) -> None:
    """Propose a change of the project's template because of a lesson: quoin lesson propose 1005/1"""
    found = _numbered(session, queries.visible_lessons(session.actor), wanted)
    session.emit(_lesson(learned.propose_lesson(session.actor, lesson_id=found.id, text=text)))


def _lesson(row: Any) -> dict[str, Any]:
    names = ("title", "what", "why", "advice", "went_well", "learned_on")
    told = {name: getattr(row, name) for name in names}
    is_proposed = row.template_change_id is not None
    return {"number": f"{row.project.number}/{row.number}", **told, "is_proposed": is_proposed, "id": row.public_id}


def _numbered(session: Session, rows: Any, wanted: str) -> Any:
    project, _, number = wanted.partition("/")
    if not number.isdigit():
        raise click.UsageError("Name it by project and number, for example 1005/2.")
    found = rows.filter(project=project_by_number(session.actor, project), number=int(number)).first()
    if found is None:
        raise NotFound(f"Project {project} has no number {number} of these.")
    return found


def _order_numbered(session: Session, number: int) -> Any:
    found = queries.visible_changes(session.actor).filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no change order {number}, or you may not see it.")
    return found


def _task(project: Any, number: int | None) -> UUID | None:
    if number is None:
        return None
    found = tasks_of(project).filter(number=number).first()
    if found is None:
        raise NotFound(f"Project {project.number} has no task {number}.")
    return UUID(str(found.id))


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _entry(one: Any) -> dict[str, Any]:
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


def _order(row: Any) -> dict[str, Any]:
    names = ("number", "title", "status", "price_amount", "currency", "budget_minutes", "answered_on", "answered_by")
    return {**{name: getattr(row, name) for name in names}, "project": row.project.number, "id": row.public_id}


def _report(row: Any) -> dict[str, Any]:
    names = ("as_of", "status", "health", "summary")
    told = {name: getattr(row, name) for name in names}
    return {"number": f"{row.project.number}/{row.number}", **told, "id": row.public_id}


COMMANDS: list[click.Command] = [raid, change, status, lesson]
