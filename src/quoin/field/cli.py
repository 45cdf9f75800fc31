"""`quoin delivery` and `quoin visit`: field work on the command line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from django.db.models import Q

from quoin.base.console import Session
from quoin.field import actions, queries
from quoin.field.queries.dispatch import troubles_of
from quoin.field.queries.words import trouble_words
from quoin.kernel.errors import NotFound
from quoin.people.queries import visible_people
from quoin.projects.queries import project_by_number, tasks_of


@click.group()
def delivery() -> None:
    """Equipment deliveries."""


@delivery.command("list")
@click.option("--project", default="", help="Number of the project.")
@click.option("--late", is_flag=True, help="Only what should be there and is not.")
@click.pass_obj
def delivery_list(session: Session, project: str, late: bool) -> None:
    """List deliveries."""
    rows = queries.visible_deliveries(session.actor)
    if project:
        rows = rows.filter(project=project_by_number(session.actor, project))
    if late:
        rows = rows.filter(status__in=["ordered", "shipped"], expected_on__lt=session.actor.today)
    session.emit([_delivery(row) for row in rows])


@delivery.command("add")
@click.argument("item")
@click.option("--project", required=True, help="Number of the project.")
@click.option("--expected", type=click.DateTime(["%Y-%m-%d"]), help="The day that the supplier promises.")
@click.option("--supplier", default="")
@click.option("--order", "order_number", default="", help="Our order's number.")
@click.option("--task", default=None, type=int, help="Number of the task that waits for the goods.")
@click.pass_obj
def delivery_add(
    session: Session, /, *, item: str, project: str, expected: datetime | None, task: int | None, **given: str
) -> None:
    """Add a delivery: quoin delivery add "Press frame" --project 1005 --expected 2026-12-01 --task 4"""
    found = project_by_number(session.actor, project)
    made = actions.create_delivery(
        session.actor, project_id=found.id, item=item, expected_on=_day(expected), task_id=_task(found, task), **given
    )
    session.emit(_delivery(made))


@delivery.command("date")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("expected", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--reason", default="", help="Why the day changed.")
@click.option("--keep-plan", "is_plan_kept", is_flag=True, help="Leave the plan and the visits as they are.")
@click.pass_obj
def delivery_date(session: Session, wanted: str, expected: datetime, reason: str, *, is_plan_kept: bool) -> None:
    """Change when goods are expected, with plan and visits: quoin delivery date 1005/2 2026-12-10 --reason Late"""
    found = _found(session, wanted)
    kept: dict[str, Any] = {"changes": [], "visits": []} if is_plan_kept else {}
    moved = actions.date_delivery(
        session.actor, delivery_id=found.id, expected_on=expected.date(), reason=reason, **kept
    )
    session.emit(_delivery(moved))


@delivery.command("step")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("status", type=click.Choice(["shipped", "on_site", "checked", "installed", "accepted", "cancelled"]))
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
@click.option("--by", "accepted_by", default="", help="Who of the client accepted.")
@click.option("--reason", default="", help="Why it goes a step back.")
@click.pass_obj
def delivery_step(session: Session, /, *, wanted: str, status: str, on: datetime | None, **told: str) -> None:
    """Say how far goods have come: quoin delivery step 1005/2 on_site"""
    found = _found(session, wanted)
    moved = actions.step_delivery(session.actor, delivery_id=found.id, status=status, on=_day(on), **told)
    session.emit(_delivery(moved))


@click.group()
def visit() -> None:
    """Site visits."""


@visit.command("list")
@click.option("--waiting", is_flag=True, help="Only those without a time.")
@click.pass_obj
def visit_list(session: Session, waiting: bool) -> None:
    """List visits."""
    rows = queries.visible_visits(session.actor)
    session.emit([_visit(row) for row in (rows.filter(starts_at=None, status="draft") if waiting else rows)])


@visit.command("show")
@click.argument("number", type=int)
@click.pass_obj
def visit_show(session: Session, number: int) -> None:
    """A visit with its crew, its checklist and what is in the way."""
    found = _visit_numbered(session, number)
    session.emit(
        {
            **_visit(found),
            "crew": [row.person.name for row in queries.crew_of(found)],
            "checklist": [f"{row.position}. {row.text}: {row.state}" for row in queries.checks_of(found)],
            "against": [trouble_words(one) for one in troubles_of(session.actor, found)],
        }
    )


@visit.command("plan")
@click.argument("number", type=int)
@click.option("--start", required=True, type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]))
@click.option("--end", required=True, type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]))
@click.option("--crew", required=True, multiple=True, help="Somebody of the crew; the first one leads.")
@click.option("--travel", "travel_minutes", type=int, default=0, help="Minutes one way.")
@click.pass_obj
def visit_plan(
    session: Session, /, *, number: int, start: datetime, end: datetime, crew: tuple[str, ...], travel_minutes: int
) -> None:
    """Give a visit its time and crew: quoin visit plan 3 --start 2026-12-01T08:00 --end 2026-12-01T16:00 --crew Ana"""
    zone = ZoneInfo(session.actor.zone)
    people = [_person(session, name) for name in crew]
    planned = actions.plan_visit(
        session.actor, visit_id=_visit_numbered(session, number).id,
        hours=(start.replace(tzinfo=zone), end.replace(tzinfo=zone)), crew=people, travel_minutes=travel_minutes,
    )  # fmt: skip
    session.emit(_visit(planned))


@visit.command("publish")
@click.argument("numbers", type=int, nargs=-1, required=True)
@click.pass_obj
def visit_publish(session: Session, numbers: tuple[int, ...]) -> None:
    """Promise visits to their crews: all of them, or none if one cannot be."""
    ids = [_visit_numbered(session, number).id for number in numbers]
    actions.publish_visits(session.actor, visit_ids=ids)
    session.emit([_visit(_visit_numbered(session, number)) for number in numbers])


def _found(session: Session, wanted: str) -> Any:
    project, _, number = wanted.partition("/")
    if not number.isdigit():
        raise click.UsageError("Name a delivery by project and number, for example 1005/2.")
    held = project_by_number(session.actor, project)
    found = queries.visible_deliveries(session.actor).filter(project=held, number=int(number)).first()
    if found is None:
        raise NotFound(f"Project {project} has no delivery {number}.")
    return found


def _visit_numbered(session: Session, number: int) -> Any:
    found = queries.visible_visits(session.actor).filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no visit {number}, or you may not see it.")
    return found


def _person(session: Session, name: str) -> UUID:
    rows = visible_people(session.actor)
    found = list(rows.filter(Q(name__iexact=name) | Q(email__iexact=name))[:2]) or list(
        rows.filter(name__istartswith=name)[:2]
    )
    if len(found) != 1:
        raise NotFound(f"{'Several people are' if found else 'Nobody is'} called {name}. Give the whole name.")
    return UUID(str(found[0].id))


def _task(project: Any, number: int | None) -> UUID | None:
    if number is None:
        return None
    found = tasks_of(project).filter(number=number).first()
    if found is None:
        raise NotFound(f"Project {project.number} has no task {number}.")
    return UUID(str(found.id))


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _delivery(row: Any) -> dict[str, Any]:
    names = ("item", "supplier", "status", "promised_on", "expected_on", "arrived_on")
    said = {name: getattr(row, name) for name in names}
    return {"number": f"{row.project.number}/{row.number}", **said, "id": row.public_id}


def _visit(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "site": row.site.name,
        "status": row.status,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [delivery, visit]
