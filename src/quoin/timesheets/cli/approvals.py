"""`quoin time waiting` and `approve`: the weeks of others."""

from __future__ import annotations

import click

from quoin.base.console import Session
from quoin.kernel.ids import public_id
from quoin.kernel.period import iso_week
from quoin.kernel.quantity import clock
from quoin.timesheets.actions import approvals
from quoin.timesheets.cli.time import time
from quoin.timesheets.cli.typed import monday_of_text, person_of
from quoin.timesheets.queries import queue
from quoin.timesheets.queries.words import check_words


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
        ids = approvals.approve_time(session.actor, weeks=[(person_of(session, person), monday_of_text(session, week))])
    session.emit({"approved": len(ids)})
