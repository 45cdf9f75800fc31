"""`quoin time start`, `stop` and `status`: the running clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

import click

from quoin.base.console import Session
from quoin.kernel.errors import invalid
from quoin.kernel.period import iso_week, week_of
from quoin.kernel.quantity import clock
from quoin.timesheets.actions import timers
from quoin.timesheets.cli.time import time
from quoin.timesheets.cli.typed import entry_out, row_of
from quoin.timesheets.queries import access
from quoin.timesheets.queries import clock as clocks
from quoin.timesheets.queries.week import week_for


@time.command("start")
@click.argument("work")
@click.option("--note", default="", help="What is being done.")
@click.pass_obj
def start(session: Session, work: str, note: str) -> None:
    """Start the clock on WORK; a clock that runs is saved first."""
    row = row_of(session, work)
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
    session.emit(entry_out(timers.stop_timer(session.actor, note=note, ended_at=at)))


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
