"""`quoin time`: one's own week on the command line."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session
from quoin.base.listing import page_of, parse
from quoin.kernel.errors import invalid
from quoin.kernel.period import iso_week
from quoin.kernel.quantity import clock, parse_duration
from quoin.timesheets.actions import entries, weeks
from quoin.timesheets.cli.typed import day_of_text, entry_out, monday_of_text, person_of, row_of
from quoin.timesheets.queries import access, lists
from quoin.timesheets.queries.month import month_day, month_for
from quoin.timesheets.queries.week import week_for


@click.group("time")
def time() -> None:
    """Time: log, clock, hand in, approve."""


@time.command("log")
@click.argument("duration")
@click.argument("work")
@click.option("--note", default="", help="What was done.")
@click.option("--on", "on_text", default="", help="The day (2026-05-06, today, yesterday); today when left out.")
@click.option("--billable/--not-billable", default=None, help="As the project says when left out.")
@click.pass_obj
def log(session: Session, /, duration: str, work: str, **options: Any) -> None:
    """Log DURATION (1:30, 1.5, 90m) on WORK: words of client, project or task."""
    actor = session.actor
    row = row_of(session, work)
    try:
        minutes = parse_duration(duration).minutes
    except ValueError as fault:
        raise invalid("/duration", str(fault)) from fault
    entry = entries.log_entry(
        actor, person_id=access.own_person(actor), project_id=row.key.project_id, task_id=row.key.task_id,
        work_on=day_of_text(session, options["on_text"]), minutes=minutes, note=options["note"],
        is_billable=options["billable"], source="cli",
    )  # fmt: skip
    session.say(f"{clock(minutes)} logged on {row.names.label}.")
    session.emit(entry_out(entry))


@time.command("week")
@click.argument("week", default="")
@click.option("--person", default="", help="per_… of somebody within reach.")
@click.pass_obj
def week(session: Session, week: str, person: str) -> None:
    """Show a WEEK (2026-W19), this one when left out."""
    actor = session.actor
    sheet = week_for(actor, person_of(session, person), monday_of_text(session, week), today=actor.today)
    session.emit(
        [
            {
                "work": row.names.label,
                **{
                    cell.day.strftime("%a %d").lower(): clock(cell.minutes) if cell.minutes else ""
                    for cell in row.cells
                },
                "sum": clock(row.minutes),
            }
            for row in sheet.rows
        ]
    )
    session.say(f"{iso_week(sheet.week_on)}: {clock(sheet.minutes)} of {clock(sheet.target)}, {sheet.status.value}.")


@time.command("month")
@click.argument("month", default="")
@click.option("--person", default="", help="per_… of somebody within reach.")
@click.pass_obj
def month(session: Session, month: str, person: str) -> None:
    """Show the days of a MONTH (2026-05), this one when left out."""
    actor = session.actor
    first = month_day(month) if month else actor.today
    found = month_for(actor, person_of(session, person), first)
    session.emit(
        [
            {
                "day": day.on, "logged": clock(day.minutes), "target": clock(day.target_minutes),
                "billable": clock(day.billable_minutes), "status": day.status,
            }
            for day in found.days
        ]
    )  # fmt: skip
    session.say(f"{found.first:%Y-%m}: {clock(found.minutes)} of {clock(found.target_minutes)}.")


@time.command("list")
@click.option("--from", "since", default="-7d", help="First day (2026-05-01, -2w).")
@click.option("--until", default="today", help="Last day.")
@click.option("--limit", type=click.IntRange(1, 200), default=50)
@click.pass_obj
def list_entries(session: Session, since: str, until: str, limit: int) -> None:
    """List entries within reach."""
    asked = [("work_on[gte]", since), ("work_on[lte]", until), ("limit", str(limit))]
    query = parse(lists.ENTRIES, asked, on=session.actor.today)
    page = page_of(lists.ENTRIES, lists.visible_entries(session.actor), query)
    session.emit([entry_out(row) for row in page.rows])


@time.command("submit")
@click.argument("week", default="")
@click.option("--as-suggested", is_flag=True, help="Log every suggestion first.")
@click.pass_obj
def submit(session: Session, week: str, as_suggested: bool) -> None:
    """Hand a WEEK in."""
    actor, monday = session.actor, monday_of_text(session, week)
    person_id = access.own_person(actor)
    if as_suggested:
        accepted = weeks.accept_suggestions(actor, person_id=person_id, week_on=monday)
        session.say(f"{clock(accepted.minutes)} logged from suggestions.")
    count = weeks.submit_week(actor, person_id=person_id, week_on=monday)
    session.emit({"week": iso_week(monday), "entries": count, "status": "submitted"})


@time.command("from-bookings")
@click.argument("week", default="")
@click.pass_obj
def from_bookings(session: Session, week: str) -> None:
    """Log what you are booked for in WEEK and have not logged."""
    actor, monday = session.actor, monday_of_text(session, week)
    done = weeks.copy_bookings(actor, person_id=access.own_person(actor), week_on=monday)
    session.emit({"week": iso_week(monday), "logged": clock(done.minutes), "entries": len(done.suggestions)})
