"""`quoin book` and `quoin planner`: who is booked on what, on the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import click

from quoin.base.console import Session, id_of
from quoin.kernel.errors import invalid
from quoin.kernel.period import iso_week
from quoin.kernel.quantity import clock, parse_duration
from quoin.people.queries.within import people_within
from quoin.projects.queries import of_project, project_by_number
from quoin.resourcing import queries
from quoin.resourcing.actions import bookings
from quoin.resourcing.cli.spans import first_day, last_day
from quoin.resourcing.queries import planner

_FROM = click.option("--from", "from_text", required=True, help="Day or week: 2026-06-01, W23.")
_TO = click.option("--to", "to_text", required=True, help="Last day or week, included.")
_REASON = click.option("--override", "reason", default="", help="Why more than the capacity is approved.")


@click.group()
def book() -> None:
    """Bookings: add, list, move, confirm, delete."""


@book.command("add")
@click.option("--person", "wanted", required=True, help="Name, first name or e-mail address.")
@click.option("--project", "number", required=True, help="Number of the project.")
@_FROM
@_TO
@click.option("--pct", type=int, default=None, help="Per cent of each working day.")
@click.option("--per-day", default="", help="Hours per working day, as 6h.")
@click.option("--total", default="", help="Hours in all, as 40h.")
@click.option("--tentative/--firm", default=False, help="Firm when left out.")
@click.option("--note", default="")
@_REASON
@click.pass_obj
def book_add(session: Session, /, wanted: str, number: str, from_text: str, to_text: str, **options: Any) -> None:
    """Book somebody: quoin book add --person ana --project 1042 --from W23 --to W25 --pct 80 --tentative"""
    actor = session.actor
    effort, amount = _effort(options["pct"], options["per_day"], options["total"])
    made = bookings.create_booking(
        actor, person_id=planner.person_named(actor, wanted).id, project_id=project_by_number(actor, number).id,
        starts_on=first_day(from_text, actor.today), ends_on=last_day(to_text, actor.today), effort=effort,
        amount=amount, is_firm=not options["tentative"], note=options["note"], override_reason=options["reason"],
    )  # fmt: skip
    session.emit(_row(queries.booking_for(actor, made.id)))


@book.command("list")
@click.option("--person", "wanted", default="", help="Only of this person.")
@click.option("--project", "number", default="", help="Only on this project.")
@click.option("--from", "from_text", default="", help="Day or week; today when left out.")
@click.option("--to", "to_text", default="", help="Last day or week; twelve weeks on when left out.")
@click.pass_obj
def book_list(session: Session, wanted: str, number: str, from_text: str, to_text: str) -> None:
    """List bookings."""
    actor = session.actor
    first = first_day(from_text, actor.today) if from_text else actor.today
    last = last_day(to_text, actor.today) if to_text else first + timedelta(weeks=12)
    rows = of_project(actor, queries.bookings_between(actor, first, last), number)
    if wanted:
        rows = rows.filter(person=planner.person_named(actor, wanted))
    session.emit([_row(row) for row in rows])


@book.command("conflicts")
@click.pass_obj
def book_conflicts(session: Session) -> None:
    """Firm bookings on days that cannot hold them any more: leave, illness, holidays."""
    actor = session.actor
    names = {person.id: person.name for person in people_within(actor, queries.VIEW)}
    session.emit(
        [
            {
                "person": names[row.person_id], "on": row.day_on, "booked": clock(row.firm_minutes),
                "capacity": clock(row.capacity_minutes), "too_much": clock(row.conflict_minutes),
            }
            for row in queries.conflict_days(actor)
        ],
        columns=("person", "on", "booked", "capacity", "too_much"),
    )  # fmt: skip


@book.command("move")
@click.argument("booking", metavar="BOOKING")
@click.option("--by", "by_days", type=int, default=0, help="So many days later; negative: earlier.")
@click.option("--to-person", "wanted", default="", help="Give it to somebody else.")
@_REASON
@click.pass_obj
def book_move(session: Session, booking: str, by_days: int, wanted: str, reason: str) -> None:
    """Move a booking: quoin book move bok_01J... --by 7 --to-person mei"""
    actor = session.actor
    if not by_days and not wanted:
        raise invalid("/by", "Say where it goes: --by DAYS, --to-person NAME, or both.")
    person = planner.person_named(actor, wanted).id if wanted else None
    (found,) = bookings.move_bookings(
        actor, booking_ids=[_id(booking)], by_days=by_days, person_id=person, override_reason=reason
    )
    session.emit(_row(queries.booking_for(actor, found.id)))


@book.command("confirm")
@click.argument("booking", metavar="BOOKING")
@click.option("--tentative", is_flag=True, help="Make it tentative again.")
@_REASON
@click.pass_obj
def book_confirm(session: Session, booking: str, tentative: bool, reason: str) -> None:
    """Make a booking firm, or tentative again."""
    (found,) = bookings.set_firm(
        session.actor, booking_ids=[_id(booking)], is_firm=not tentative, override_reason=reason
    )
    session.emit(_row(queries.booking_for(session.actor, found.id)))


@book.command("delete")
@click.argument("booking", metavar="BOOKING")
@click.pass_obj
def book_delete(session: Session, booking: str) -> None:
    """Delete a booking."""
    session.confirm("Delete the booking?")
    bookings.delete_bookings(session.actor, booking_ids=[_id(booking)])
    session.say("Deleted.")


@click.command("planner")
@click.option("--weeks", type=int, default=12, show_default=True)
@click.option("--from", "from_text", default="", help="Day or week; this week when left out.")
@click.option("--free", type=int, default=0, help="Only people of whom so many per cent are free.")
@click.pass_obj
def planner_show(session: Session, weeks: int, from_text: str, free: int) -> None:
    """People by weeks: firmly booked in per cent of what they can work."""
    actor = session.actor
    first = first_day(from_text, actor.today) if from_text else actor.today
    monday = first - timedelta(days=first.weekday())
    found = planner.grid(actor, planner.Wanted(from_on=monday, columns=weeks, free_percent=free))
    heads = [iso_week(day).partition("-")[2] for day in found.starts]
    session.emit(
        [
            {"person": row.person.name}
            | {
                head: "away" if cell.percent is None else f"{cell.percent}%"
                for head, cell in zip(heads, row.cells, strict=True)
            }
            for row in found.rows
        ]
    )


def _effort(percent: int | None, per_day: str, total: str) -> tuple[str, int]:
    if sum((percent is not None, bool(per_day), bool(total))) > 1:
        raise invalid("/pct", "Give one of --pct, --per-day and --total.")
    try:
        if per_day:
            return "per_day", parse_duration(per_day).minutes
        if total:
            return "total", parse_duration(total).minutes
    except ValueError as fault:
        raise invalid("/per-day" if per_day else "/total", str(fault)) from fault
    return "percent", 100 if percent is None else percent


def _id(text: str) -> UUID:
    return id_of("bok", text, shown_by="quoin book list --json")


def _row(row: Any) -> dict[str, Any]:
    return {
        "person": row.person.name,
        "project": row.project.number,
        "name": row.project.name,
        "from": row.starts_on,
        "to": row.ends_on,
        "hours": clock(row.minutes),
        "state": "firm" if row.is_firm else "tentative",
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [book, planner_show]
