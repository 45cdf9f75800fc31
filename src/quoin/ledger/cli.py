"""`quoin period`, `quoin fx` and `quoin ledger`: the books on the command line."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import click

from quoin.base.console import Session
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.ledger.actions.periods import close_period, month_start, open_period, reopen_period, revalue_period
from quoin.ledger.actions.rates import update_rates
from quoin.ledger.queries.journals import trial_balance
from quoin.ledger.queries.periods import entity_of, periods
from quoin.ledger.queries.rates import latest_day, quotes_of
from quoin.ledger.queries.revaluation import revaluation


@click.group()
def period() -> None:
    """Months of the books."""


@period.command("status")
@click.option("--entity", default="", help="Code of the company; all when left out.")
@click.pass_obj
def period_status(session: Session, entity: str) -> None:
    """Show the months and whether they take postings."""
    chosen = _entity(session, entity) if entity else None
    session.emit(
        [
            {
                "entity": status.row.entity.code,
                "month": status.month,
                "state": "closed" if status.is_closed else "open",
                "journals": status.journals,
                "open_again_until": status.row.open_again_until,
            }
            for status in periods(session.actor, entity_id=chosen)
        ]
    )


@period.command("open")
@click.argument("month")
@click.option("--entity", default="", help="Code of the company.")
@click.pass_obj
def period_open(session: Session, month: str, entity: str) -> None:
    """Open a MONTH (2026-05) that has no period yet."""
    open_period(session.actor, entity_id=_entity(session, entity), month=month)
    session.say(f"{month} is open.")


@period.command("close")
@click.argument("month")
@click.option("--entity", default="", help="Code of the company.")
@click.pass_obj
def period_close(session: Session, month: str, entity: str) -> None:
    """Close a MONTH (2026-05) for postings."""
    session.confirm(f"Close {month}? Only another person can open it again.")
    close_period(session.actor, entity_id=_entity(session, entity), month=month)
    session.say(f"{month} is closed.")


@period.command("reopen")
@click.argument("month")
@click.option("--entity", default="", help="Code of the company.")
@click.option("--reason", required=True, help="Why; kept in the audit trail.")
@click.option("--days", default=3, show_default=True, help="For how many days.")
@click.pass_obj
def period_reopen(session: Session, *, month: str, entity: str, reason: str, days: int) -> None:
    """Open a closed MONTH for some days; not by the person who closed it."""
    reopen_period(session.actor, entity_id=_entity(session, entity), month=month, reason=reason, days=days)
    session.say(f"{month} is open again for {days} days.")


@period.command("revalue")
@click.argument("month")
@click.option("--entity", default="", help="Code of the company.")
@click.pass_obj
def period_revalue(session: Session, month: str, entity: str) -> None:
    """Show and post the exchange differences of a MONTH that has ended; taken back on the next day."""
    chosen = _entity(session, entity)
    found = revaluation(session.actor, entity_id=chosen, start=month_start(month))
    session.emit(
        [
            {
                "account": row.account.code,
                "client": public_id("cli", client) if (client := row.standing.dimensions.client_id) else "",
                "currency": row.standing.amount.currency,
                "open": f"{row.standing.amount.amount:f}",
                "carried": f"{row.standing.carried.amount:f}",
                "rate": f"{row.rate.shown:f}",
                "worth": f"{row.base.amount:f}",
                "difference": f"{row.difference.amount:f}",
                "to_post": f"{row.to_post.amount:f}",
            }
            for row in (*found.rows, *found.stuck)
        ]
    )
    if revalue_period(session.actor, entity_id=chosen, month=month):
        session.say(f"{found.to_post} posted on {found.on}, taken back on {found.back_on}.")
    else:
        session.say("Nothing was left to post.")


@click.group()
def fx() -> None:
    """Exchange rates."""


@fx.command("update")
@click.pass_obj
def fx_update(session: Session) -> None:
    """Load the reference rates that came with this version."""
    session.emit({"added": update_rates(session.actor), "latest": latest_day("ECB")})


@fx.command("show")
@click.argument("day", default="")
@click.pass_obj
def fx_show(session: Session, day: str) -> None:
    """Show the rates that apply on a DAY (today when left out): units per euro."""
    on = date.fromisoformat(day) if day else session.actor.today
    session.emit(
        [
            {"currency": q.currency, "per_euro": str(q.per_euro.normalize()), "on": q.on, "source": q.source}
            for q in quotes_of(on)
        ]
    )


@click.group()
def ledger() -> None:
    """The books."""


@ledger.command("balance")
@click.option("--entity", default="", help="Code of the company.")
@click.option("--until", default="", help="Last day; today when left out.")
@click.pass_obj
def ledger_balance(session: Session, entity: str, until: str) -> None:
    """Show the trial balance: + is debit, - is credit."""
    on = date.fromisoformat(until) if until else session.actor.today
    rows = trial_balance(session.actor, entity_id=_entity(session, entity), until=on)
    session.emit(
        [
            {
                "account": row.account.code,
                "name": row.account.name,
                "balance": f"{row.balance.round().amount:f}",
                "currency": row.balance.currency,
            }
            for row in rows
        ]
    )


def _entity(session: Session, code: str) -> UUID:
    found = entity_of(session.actor, code)
    if found is None:
        raise invalid("/entity", "Name one of your companies by its code with --entity.")
    return found


COMMANDS: list[click.Command] = [period, fx, ledger]
