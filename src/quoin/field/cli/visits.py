"""`quoin visit`: visits from the plan to the client's signature."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from quoin.base.console import DAY, Session
from quoin.field import actions, queries
from quoin.field.cli.finding import delivery_named, person_id_named, task_id_numbered, visit_numbered, visit_row
from quoin.field.queries import acceptance as reads
from quoin.field.queries.dispatch import troubles_of
from quoin.field.queries.words import trouble_words
from quoin.kernel.errors import NotFound
from quoin.projects.queries import project_by_number

_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@click.group()
def visit() -> None:
    """Site visits."""


@visit.command("list")
@click.option("--waiting", is_flag=True, help="Only those without a time.")
@click.pass_obj
def visit_list(session: Session, waiting: bool) -> None:
    """List visits."""
    rows = queries.visible_visits(session.actor)
    session.emit([visit_row(row) for row in (rows.filter(starts_at=None, status="draft") if waiting else rows)])


@visit.command("show")
@click.argument("number", type=int)
@click.pass_obj
def visit_show(session: Session, number: int) -> None:
    """A visit with its crew, its checklist and what is in the way."""
    found = visit_numbered(session, number)
    session.emit(
        {
            **visit_row(found),
            "crew": [row.person.name for row in queries.crew_of(found)],
            "checklist": [f"{row.position}. {row.text}: {row.state}" for row in queries.checks_of(found)],
            "against": [trouble_words(one) for one in troubles_of(session.actor, found)],
        }
    )


@visit.command("plan")
@click.argument("number", type=int)
@click.option("--start", required=True, type=_MOMENT)
@click.option("--end", required=True, type=_MOMENT)
@click.option("--crew", required=True, multiple=True, help="Somebody of the crew; the first one leads.")
@click.option("--travel", "travel_minutes", type=int, default=0, help="Minutes one way.")
@click.pass_obj
def visit_plan(
    session: Session, /, *, number: int, start: datetime, end: datetime, crew: tuple[str, ...], travel_minutes: int
) -> None:
    """Give a visit its time and crew: quoin visit plan 3 --start 2026-12-01T08:00 --end 2026-12-01T16:00 --crew Ana"""
    zone = ZoneInfo(session.actor.zone)
    people = [person_id_named(session, name) for name in crew]
    planned = actions.plan_visit(
        session.actor, visit_id=visit_numbered(session, number).id,
        hours=(start.replace(tzinfo=zone), end.replace(tzinfo=zone)), crew=people, travel_minutes=travel_minutes,
    )  # fmt: skip
    session.emit(visit_row(planned))


@visit.command("publish")
@click.argument("numbers", type=int, nargs=-1, required=True)
@click.pass_obj
def visit_publish(session: Session, numbers: tuple[int, ...]) -> None:
    """Promise visits to their crews: all of them, or none if one cannot be."""
    ids = [visit_numbered(session, number).id for number in numbers]
    actions.publish_visits(session.actor, visit_ids=ids)
    session.emit([visit_row(visit_numbered(session, number)) for number in numbers])


@visit.command("add")
@click.argument("title")
@click.option("--project", required=True, help="Number of the project.")
@click.option("--site", required=True, help="Name of the site.")
@click.option("--task", type=int, help="Number of the task.")
@click.option("--earliest", type=DAY)
@click.option("--latest", type=DAY)
@click.option("--minutes", "work_minutes", type=int, default=240, show_default=True)
@click.option("--people", "crew_size", type=int, default=1, show_default=True)
@click.option("--checklist", help="Name of a checklist to copy.")
@click.option("--line", "lines", multiple=True, help="A line of its own; a * at the end asks for a photo.")
@click.option("--delivery", "goods", multiple=True, metavar="PROJECT/NUMBER", help="Goods to install.")
@click.option("--instructions", default="")
@click.pass_obj
def visit_add(
    session: Session, /, *, title: str, project: str, site: str, task: int | None, earliest: date | None,
    latest: date | None, checklist: str | None, lines: tuple[str, ...], goods: tuple[str, ...], **given: Any,
) -> None:  # fmt: skip
    """Plan a visit that waits for its time: quoin visit add "Set up" --project 1005 --site Yard --checklist Crane"""
    found = project_by_number(session.actor, project)
    place = queries.visible_sites(session.actor).filter(client=found.client_id, name__iexact=site).first()
    if place is None:
        raise NotFound(f"The client has no site {site}.")
    made = actions.create_visit(
        session.actor, project_id=found.id, site_id=place.id, title=title, task_id=task_id_numbered(found, task),
        earliest_on=earliest, latest_on=latest, checklist_id=_checklist(session, checklist),
        checklist=[(line.rstrip("* "), line.rstrip().endswith("*")) for line in lines],
        deliveries=[delivery_named(session, one).id for one in goods], **given,
    )  # fmt: skip
    session.emit(visit_row(made))


@visit.command("unpublish")
@click.argument("number", type=int)
@click.pass_obj
def visit_unpublish(session: Session, number: int) -> None:
    """Take a visit back to draft."""
    session.emit(visit_row(actions.unpublish_visit(session.actor, visit_id=visit_numbered(session, number).id)))


@visit.command("cancel")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@click.pass_obj
def visit_cancel(session: Session, number: int, reason: str) -> None:
    """Cancel a visit."""
    found = visit_numbered(session, number)
    session.emit(visit_row(actions.cancel_visit(session.actor, visit_id=found.id, reason=reason)))


@visit.command("move")
@click.argument("moves", nargs=-1, required=True, metavar="NUMBER=START...")
@click.pass_obj
def visit_move(session: Session, moves: tuple[str, ...]) -> None:
    """Give drafts new starts in one go, with one undo: quoin visit move 3=2026-12-01T08:00 4=2026-12-01T11:00"""
    zone, wanted, numbers = ZoneInfo(session.actor.zone), [], []
    for one in moves:
        number, _, text = one.partition("=")
        try:
            starts = datetime.fromisoformat(text).replace(tzinfo=zone)
            found = visit_numbered(session, int(number))
        except ValueError:
            raise click.UsageError(f"{one} is not NUMBER=START, for example 3=2026-12-01T08:00.") from None
        if found.starts_at is None:
            raise NotFound(f"Visit {number} has no time yet. Plan it first.")
        wanted.append({"visit_id": found.id, "hours": [starts, starts + (found.ends_at - found.starts_at)]})
        numbers.append(int(number))
    actions.arrange_visits(session.actor, moves=wanted)
    session.emit([visit_row(visit_numbered(session, number)) for number in numbers])


@visit.command("start")
@click.argument("number", type=int)
@click.argument("kind", type=click.Choice(["travel", "work"]))
@click.option("--at", "moment", type=_MOMENT, help="Default: now.")
@click.pass_obj
def visit_start(session: Session, number: int, kind: str, moment: datetime | None) -> None:
    """Set out for a visit, or begin its work."""
    found = visit_numbered(session, number)
    session.emit(visit_row(actions.start_visit(session.actor, visit_id=found.id, kind=kind, at=_at(session, moment))))


@visit.command("answer")
@click.argument("number", type=int)
@click.argument("position", type=int)
@click.argument("state", type=click.Choice(["done", "failed", "n_a", "open"]))
@click.option("--note", default="")
@click.option("--photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def visit_answer(session: Session, number: int, position: int, state: str, note: str, photo: Path | None) -> None:
    """Answer a line of the checklist: quoin visit answer 3 1 done --photo anchor.jpg"""
    line = queries.checks_of(visit_numbered(session, number)).filter(position=position).first()
    if line is None:
        raise NotFound(f"Visit {number} has no line {position}.")
    given = (photo.name, photo.read_bytes()) if photo else None
    answered = actions.answer_check(session.actor, check_id=line.id, state=state, note=note, photo=given)
    session.emit({"position": answered.position, "text": answered.text, "state": answered.state, "note": answered.note})


@visit.command("part")
@click.argument("number", type=int)
@click.argument("name")
@click.option("--quantity", type=Decimal, default=Decimal(1))
@click.option("--unit", default="pcs")
@click.option("--serial", "serial_number", default="")
@click.pass_obj
def visit_part(session: Session, /, *, number: int, **given: Any) -> None:
    """Record a part that was used."""
    part = actions.use_part(session.actor, visit_id=visit_numbered(session, number).id, **given)
    session.emit({"name": part.name, "quantity": part.quantity, "unit": part.unit, "id": part.public_id})


@visit.command("finish")
@click.argument("number", type=int)
@click.option("--report", default="")
@click.option("--at", "moment", type=_MOMENT, help="Default: now.")
@click.pass_obj
def visit_finish(session: Session, number: int, report: str, moment: datetime | None) -> None:
    """The work is over."""
    found = visit_numbered(session, number)
    done = actions.finish_visit(session.actor, visit_id=found.id, report=report, at=_at(session, moment))
    session.emit(visit_row(done))


@visit.command("sign")
@click.argument("number", type=int)
@click.option("--by", "signed_by", required=True, help="Who signs for the client.")
@click.option("--signature", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A picture.")
@click.pass_obj
def visit_sign(session: Session, number: int, signed_by: str, signature: Path | None) -> None:
    """Have a finished visit signed by the client."""
    picture = signature.read_bytes() if signature else None
    found = visit_numbered(session, number)
    session.emit(
        visit_row(actions.sign_visit(session.actor, visit_id=found.id, signed_by=signed_by, signature=picture))
    )


@visit.command("record")
@click.argument("number", type=int)
@click.pass_obj
def visit_record(session: Session, number: int) -> None:
    """Bring the crew's hours to their timesheets."""
    told = actions.record_time(session.actor, visit_id=visit_numbered(session, number).id)
    session.emit({"recorded": list(told.people), "refused": [f"{name}: {why}" for name, why in told.refused]})


def _checklist(session: Session, name: str | None) -> Any:
    if name is None:
        return None
    found = reads.checklists(session.actor).filter(name__iexact=name).first()
    if found is None:
        raise NotFound(f"There is no checklist {name}.")
    return found.id


def _at(session: Session, moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=ZoneInfo(session.actor.zone)) if moment else None
