"""`quoin time` and `quoin expense`: one's own week on the command line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from quoin.base.console import Session
from quoin.base.listing import page_of, parse
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import from_public_id, public_id
from quoin.kernel.period import iso_week, monday_of, week_of
from quoin.kernel.quantity import clock, parse_duration
from quoin.timesheets.actions import approvals, entries, expenses, timers, weeks
from quoin.timesheets.queries import access, lists, queue, rows, spending
from quoin.timesheets.queries import clock as clocks
from quoin.timesheets.queries.month import month_day, month_for
from quoin.timesheets.queries.week import RowView, week_for
from quoin.timesheets.queries.words import check_words


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
    row = _row(session, work)
    try:
        minutes = parse_duration(duration).minutes
    except ValueError as fault:
        raise invalid("/duration", str(fault)) from fault
    entry = entries.log_entry(
        actor, person_id=access.own_person(actor), project_id=row.key.project_id, task_id=row.key.task_id,
        work_on=_day(session, options["on_text"]), minutes=minutes, note=options["note"],
        is_billable=options["billable"], source="cli",
    )  # fmt: skip
    session.say(f"{clock(minutes)} logged on {row.names.label}.")
    session.emit(_entry(entry))


@time.command("start")
@click.argument("work")
@click.option("--note", default="", help="What is being done.")
@click.pass_obj
def start(session: Session, work: str, note: str) -> None:
    """Start the clock on WORK; a clock that runs is saved first."""
    row = _row(session, work)
    timer, saved = timers.start_timer(session.actor, project_id=row.key.project_id, task_id=row.key.task_id, note=note)
    if saved is not None:
        session.say(f"{clock(saved.minutes)} saved.")
    session.emit({"work": row.names.label, "started_at": timer.started_at.isoformat()})


@time.command("stop")
@click.option("--note", default=None, help="Replaces the note given at the start.")
@click.option("--at", "ended_at", default=None, help="When you stopped, as 17:30 or 2026-05-05T17:30; now if left out.")
@click.pass_obj
def stop(session: Session, note: str | None, ended_at: str | None) -> None:
    """Stop the clock and save."""
    at = None if ended_at is None else _stopped(session, ended_at)
    session.emit(_entry(timers.stop_timer(session.actor, note=note, ended_at=at)))


@time.command("keep")
@click.pass_obj
def keep(session: Session) -> None:
    """All the time of a clock that ran on counts."""
    session.emit({"kept_at": timers.keep_timer(session.actor).kept_at})


@time.command("discard")
@click.pass_obj
def discard(session: Session) -> None:
    """Forget the running clock; nothing is logged."""
    session.confirm("Forget the running clock?")
    timers.discard_timer(session.actor)
    session.emit({"discarded": True})


def _stopped(session: Session, text: str) -> datetime:
    """A moment on the actor's clock; a bare time is the last one that was."""
    zone = ZoneInfo(session.actor.zone)
    now = session.actor.now.astimezone(zone)
    try:
        if ":" in text and "-" not in text:
            found = datetime.combine(now.date(), clock_time.fromisoformat(text), tzinfo=zone)
            return found if found <= now else found - timedelta(days=1)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("/at", "Write the moment as 17:30 or 2026-05-05T17:30.") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _warn(session: Session, running: clocks.Running) -> None:
    at = running.question.cut_at if running.question else None
    seen = "" if at is None else f", last seen {at.astimezone(ZoneInfo(session.actor.zone)):%Y-%m-%d %H:%M}"
    session.say(
        f"The clock on {running.names.label} runs for {clock(running.minutes)}{seen}. Keep it with `quoin time keep`,"
        " cut it with `quoin time stop --at 17:30`, or forget it with `quoin time discard`."
    )


@time.command("status")
@click.pass_obj
def status(session: Session) -> None:
    """What runs, and how the week stands."""
    actor = session.actor
    running = clocks.running_timer(actor)
    if running is not None and running.question is not None:
        _warn(session, running)
    sheet = week_for(actor, access.own_person(actor), week_of(actor.today).start, today=actor.today)
    session.emit(
        {
            "clock": running.names.label if running else "",
            "clock_minutes": running.minutes if running else 0,
            "clock_asks": running.question.reason.value if running and running.question else "",
            "last_seen": running.question.cut_at if running and running.question else None,
            "week": iso_week(sheet.week_on),
            "status": sheet.status.value,
            "logged": clock(sheet.minutes),
            "target": clock(sheet.target),
            "suggested": clock(sum(one.minutes for one in sheet.suggestions)),
        }
    )


@time.command("week")
@click.argument("week", default="")
@click.option("--person", default="", help="per_… of somebody within reach.")
@click.pass_obj
def week(session: Session, week: str, person: str) -> None:
    """Show a WEEK (2026-W19), this one when left out."""
    actor = session.actor
    sheet = week_for(actor, _person(session, person), _monday(session, week), today=actor.today)
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
    found = month_for(actor, _person(session, person), first)
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
    session.emit([_entry(row) for row in page.rows])


@time.command("submit")
@click.argument("week", default="")
@click.option("--as-suggested", is_flag=True, help="Log every suggestion first.")
@click.pass_obj
def submit(session: Session, week: str, as_suggested: bool) -> None:
    """Hand a WEEK in."""
    actor, monday = session.actor, _monday(session, week)
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
    actor, monday = session.actor, _monday(session, week)
    done = weeks.copy_bookings(actor, person_id=access.own_person(actor), week_on=monday)
    session.emit({"week": iso_week(monday), "logged": clock(done.minutes), "entries": len(done.suggestions)})


@time.command("waiting")
@click.pass_obj
def waiting(session: Session) -> None:
    """Weeks that wait for you, with what to look at."""
    session.emit(
        [
            {
                "person_id": public_id("per", one.person_id), "person": one.person, "week": iso_week(one.week_on),
                "time": clock(one.minutes), "clean": one.is_clean,
                "look_at": "; ".join(check_words(flag) for flag in one.flags),
            }
            for one in queue.waiting_weeks(session.actor)
        ]
    )  # fmt: skip


@time.command("approve")
@click.argument("person", default="")
@click.argument("week", default="")
@click.option("--clean", is_flag=True, help="Everything without a flag.")
@click.pass_obj
def approve(session: Session, person: str, week: str, clean: bool) -> None:
    """Approve the WEEK of PERSON (per_…), or everything --clean."""
    if clean:
        ids = approvals.approve_time(session.actor, entry_ids=queue.clean_entries(session.actor))
    else:
        ids = approvals.approve_time(session.actor, weeks=[(_person(session, person), _monday(session, week))])
    session.emit({"approved": len(ids)})


@click.group()
def expense() -> None:
    """Expenses: add and list."""


@expense.command("add")
@click.argument("amount")
@click.argument("work")
@click.option("--category", required=True, help="Name of the category.")
@click.option("--supplier", default="")
@click.option("--vat", default="0", help="VAT within the amount.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--on", "on_text", default="", help="The day; today when left out.")
@click.option("--note", default="")
@click.option("--receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None)
@click.pass_obj
def add_expense(session: Session, /, amount: str, work: str, category: str, **options: Any) -> None:
    """Add AMOUNT spent on WORK; for mileage and per diem AMOUNT is kilometres or days."""
    actor, row = session.actor, _row(session, work)
    kind = next((one for one in spending.categories() if one.name.casefold() == category.casefold()), None)
    if kind is None:
        raise NotFound(f"There is no category {category}.")
    values: dict[str, Any] = {"currency": options["currency"], "vat_amount": _decimal(options["vat"])}
    values["gross_amount" if kind.kind == "receipt" else "quantity"] = _decimal(amount)
    if options["receipt"] is not None:
        content = options["receipt"].read_bytes()
        values["receipt_id"] = expenses.upload_receipt(actor, name=options["receipt"].name, content=content).id
    made = expenses.add_expense(
        actor, person_id=access.own_person(actor), spent_on=_day(session, options["on_text"]),
        project_id=row.key.project_id, task_id=row.key.task_id, category_id=kind.id, supplier=options["supplier"],
        note=options["note"], **values,
    )  # fmt: skip
    session.emit(_expense(spending.expense_for(actor, made.id)))


@expense.command("list")
@click.option("--status", default="", help="open, submitted, approved or returned.")
@click.option("--limit", type=click.IntRange(1, 200), default=50)
@click.pass_obj
def list_expenses(session: Session, status: str, limit: int) -> None:
    """List expenses within reach."""
    asked = [("limit", str(limit)), *([("status", status)] if status else [])]
    query = parse(spending.EXPENSES, asked, on=session.actor.today)
    page = page_of(spending.EXPENSES, spending.visible_expenses(session.actor), query)
    session.emit([_expense(row) for row in page.rows])


COMMANDS: list[click.Command] = [time, expense]


def _row(session: Session, work: str) -> RowView:
    """The row that the words mean: exactly one, or the one without a task when a project is named."""
    found = rows.bookable_rows(session.actor, access.own_person(session.actor), text=work, limit=20)
    projects = {row.key.project_id for row in found}
    if not found:
        raise NotFound(f"No project or task of yours is called {work}.")
    if len(found) > 1 and len(projects) > 1:
        names = "; ".join(row.names.label for row in found[:5])
        raise invalid("/work", f"{work} may mean several things: {names}. Say more words.")
    return found[0]


def _person(session: Session, text: str) -> UUID:
    if not text:
        return access.own_person(session.actor)
    try:
        return from_public_id("per", text)
    except ValueError as fault:
        raise invalid("/person", str(fault)) from fault


def _monday(session: Session, text: str) -> date:
    if not text:
        return week_of(session.actor.today).start
    try:
        return monday_of(text)
    except ValueError as fault:
        raise invalid("/week", str(fault)) from fault


def _day(session: Session, text: str) -> date:
    known = {"": 0, "today": 0, "yesterday": 1}
    if text in known:
        return session.actor.today - timedelta(days=known[text])
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid("/on", f"{text!r} is not a day. Write it as 2026-05-06.") from None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise invalid("/amount", f"{text!r} is not a number. Write it as 12.50.") from None


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "id": public_id("tim", entry.id), "date": entry.work_on.isoformat(), "project": entry.project.name,
        "task": entry.task.name if entry.task else "", "time": clock(entry.minutes), "minutes": entry.minutes,
        "note": entry.note, "billable": entry.is_billable, "status": entry.status,
    }  # fmt: skip


def _expense(row: Any) -> dict[str, Any]:
    return {
        "id": public_id("exp", row.id), "date": row.spent_on.isoformat(), "project": row.project.name,
        "category": row.category.name, "supplier": row.supplier, "amount": f"{row.gross_amount:.2f}",
        "currency": row.currency, "net_in_books": f"{row.base_net_amount:.2f}", "books": row.base_currency,
        "status": row.status, "receipt": bool(row.receipt_id),
    }  # fmt: skip
