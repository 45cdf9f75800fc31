"""`quoin rate explain` and `quoin charge`: prices and unbilled work on the command line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import click

from quoin.base.console import Session
from quoin.billing.actions import charges as charge_actions
from quoin.billing.actions import pricing as pricing_actions
from quoin.billing.cli.finding import ids_of
from quoin.billing.queries.charges import charges
from quoin.billing.queries.choices import person_by, project_by
from quoin.billing.queries.place_rates import card_of, place_of
from quoin.billing.queries.rates import explain_rate
from quoin.billing.queries.retainers import running_retainers
from quoin.billing.queries.write_downs import price_changes
from quoin.catalog.actions.rates import NewRate, add_rates
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.kernel.quantity import clock


@click.group()
def rate() -> None:
    """Prices per hour."""


@rate.command("explain")
@click.option("--person", required=True, help="Name or mail address.")
@click.option("--project", required=True, help="Number or name.")
@click.option("--on", "day", default="", help="Day; today when left out.")
@click.pass_obj
def rate_explain(session: Session, person: str, project: str, day: str) -> None:
    """Say which rate applies and why."""
    actor = session.actor
    on = date.fromisoformat(day) if day else actor.today
    person_id, project_id = person_by(person), project_by(project)
    if person_id is None or project_id is None:
        raise NotFound("Name exactly one person and one project.")
    answer = explain_rate(actor, project_id=project_id, person_id=person_id, on=on)
    row = answer.choice.row
    session.emit(
        {
            "person": answer.person.name,
            "on": on,
            "rate_per_hour": None if row is None else _money(row.rate_per_hour),
            "path": [
                {
                    "card": answer.names[step.row.id],
                    "rate_per_hour": _money(step.row.rate_per_hour),
                    "reason": step.reason.value,
                    "words": step.words,
                }
                for step in answer.choice.path
            ],
        }
    )


@rate.command("add")
@click.argument("per_hour")
@click.option("--project", default="", help="Number or name: a rate only for this project.")
@click.option("--contract", default="", help="Number: a rate only for this contract.")
@click.option("--person", default="", help="Name or mail address; everybody when left out.")
@click.option("--from", "from_on", required=True, help="First day.")
@click.pass_obj
def rate_add(session: Session, *, per_hour: str, project: str, contract: str, person: str, from_on: str) -> None:
    """Agree a rate on a project or a contract from a day on."""
    if bool(project) == bool(contract):
        raise click.UsageError("Name either --project or --contract.")
    found = place_of(session.actor, project=project, contract=contract)
    person_id = person_by(person) if person else None
    if person and person_id is None:
        raise NotFound("Name exactly one person.")
    place = {"project_id" if project else "contract_id": found.place_id}
    rows = add_rates(
        session.actor, card_id=card_of(found), from_on=date.fromisoformat(from_on),
        rates=[NewRate(per_hour=Decimal(per_hour), person_id=person_id, **place)],
    )  # fmt: skip
    session.emit({"id": rows[0].public_id, "per_hour": per_hour, "from": from_on})


@click.group()
def retainer() -> None:
    """Monthly fees with included hours."""


@retainer.command("list")
@click.pass_obj
def retainer_list(session: Session) -> None:
    """Retainers this month: included, used, left."""
    session.emit(
        [
            {
                "client": row.contract.client.name, "contract": row.contract.number, "month": f"{row.month_on:%Y-%m}",
                "fee": _money(row.fee), "included": clock(row.included), "rolled_in": clock(row.rolled_in),
                "used": clock(row.used), "left": clock(row.left), "over": clock(row.over), "next_fee": row.next_fee_on,
            }
            for row in running_retainers(session.actor)
        ]
    )  # fmt: skip


@click.group()
def charge() -> None:
    """Priced work."""


@charge.command("list")
@click.option("--status", default="unbilled", show_default=True, help="unbilled, drafted, billed, written_off, ...")
@click.option("--limit", default=50, show_default=True)
@click.pass_obj
def charge_list(session: Session, status: str, limit: int) -> None:
    """List charges, newest work first."""
    rows = charges(session.actor).filter(status=status).order_by("-work_on", "id")[:limit]
    session.emit(
        [
            {
                "id": row.public_id,
                "work_on": row.work_on,
                "project": row.project.name if row.project else "",
                "person": row.person.name if row.person else "",
                "minutes": row.minutes,
                "amount": _money(Money(row.amount, row.currency)),
                "held_until": row.held_until,
            }
            for row in rows
        ]
    )


@charge.command("hold")
@click.argument("ids", nargs=-1, required=True)
@click.option("--until", required=True, help="Day.")
@click.option("--reason", required=True)
@click.pass_obj
def charge_hold(session: Session, ids: tuple[str, ...], until: str, reason: str) -> None:
    """Hold charges (IDS chg_…) back until a day."""
    count = charge_actions.hold_charges(session.actor, charge_ids=_ids(ids), until=until, reason=reason)
    session.emit({"held": count})


@charge.command("release")
@click.argument("ids", nargs=-1, required=True)
@click.pass_obj
def charge_release(session: Session, ids: tuple[str, ...]) -> None:
    """Let billing runs take held charges again."""
    session.emit({"released": charge_actions.release_charges(session.actor, charge_ids=_ids(ids))})


@charge.command("reopen")
@click.argument("ids", nargs=-1, required=True)
@click.option("--reason", required=True, help="What is to be corrected.")
@click.pass_obj
def charge_reopen(session: Session, ids: tuple[str, ...], reason: str) -> None:
    """Take the approval of unbilled time back, for the person to correct it."""
    count = charge_actions.reopen_charges(session.actor, charge_ids=_ids(ids), reason=reason)
    session.emit({"reopened": count})


@charge.command("write-up")
@click.argument("charge_id", metavar="ID")
@click.argument("amount")
@click.option("--reason", required=True)
@click.pass_obj
def charge_write_up(session: Session, charge_id: str, amount: str, reason: str) -> None:
    """Bill AMOUNT more for a charge than its rate says."""
    row = charge_actions.write_up_charge(
        session.actor, charge_id=_ids((charge_id,))[0], amount=Decimal(amount), reason=reason
    )
    session.emit({"id": row.public_id, "charge": charge_id, "amount": amount})


@charge.command("take-back")
@click.argument("ids", nargs=-1, required=True)
@click.option("--reason", required=True)
@click.pass_obj
def charge_take_back(session: Session, ids: tuple[str, ...], reason: str) -> None:
    """Take write-downs (IDS wrd_…) of unbilled work back."""
    rows = charge_actions.take_back_write_downs(session.actor, write_down_ids=ids_of("wrd", ids), reason=reason)
    session.emit({"taken_back": len(rows)})


@charge.command("write-downs")
@click.option("--all", "is_all", is_flag=True, help="With those that cannot be taken back any more.")
@click.option("--limit", default=50, show_default=True)
@click.pass_obj
def charge_write_downs(session: Session, is_all: bool, limit: int) -> None:
    """List what was given up or, with a minus, added; newest first."""
    rows = price_changes(session.actor).order_by("-decided_at", "id")
    session.emit(
        [
            {
                "id": row.public_id,
                "decided_at": row.decided_at,
                "charge": row.charge.public_id,
                "minutes": row.minutes,
                "amount": _money(Money(row.amount, row.charge.currency)),
                "reason": row.reason,
                "standing": row.standing,
            }
            for row in (rows if is_all else rows.filter(standing="open"))[:limit]
        ]
    )


@charge.command("write-down")
@click.argument("ids", nargs=-1, required=True)
@click.option("--reason", required=True)
@click.option("--minutes", type=int, default=None, help="Only so many minutes (one charge).")
@click.option("--amount", default=None, help="Only so much money (one charge).")
@click.pass_obj
def charge_write_down(
    session: Session, *, ids: tuple[str, ...], reason: str, minutes: int | None, amount: str | None
) -> None:
    """Give up charges, or a part of one."""
    rows = charge_actions.write_down_charges(
        session.actor,
        charge_ids=_ids(ids),
        reason=reason,
        minutes=minutes,
        amount=None if amount is None else Decimal(amount),
    )
    session.emit({"written_down": len(rows)})


@charge.command("reprice")
@click.option("--since", default="", help="Only work from that day on.")
@click.option("--project", default="", help="Only this project (number or name).")
@click.pass_obj
def charge_reprice(session: Session, since: str, project: str) -> None:
    """Price unbilled time again by today's cards; with --dry-run only show what would change."""
    project_id = project_by(project) if project else None
    if project and project_id is None:
        raise NotFound("Name exactly one project.")
    plan = pricing_actions.reprice_charges(
        session.actor, since=date.fromisoformat(since) if since else None, project_id=project_id
    )
    session.emit({"changed": len(plan.changes), "unchanged": plan.unchanged, "without_rate": plan.unpriced})


@charge.command("due")
@click.option("--on", "day", default="", help="Day; today when left out.")
@click.pass_obj
def charge_due(session: Session, day: str) -> None:
    """Charge payment schedules and retainer fees, and settle retainer months."""
    on = date.fromisoformat(day) if day else session.actor.today
    charged = pricing_actions.charge_what_is_due(session.actor, on=on)
    session.emit({"charged": charged, "settled_months": pricing_actions.settle_months(session.actor, on=on)})


def _ids(texts: tuple[str, ...]) -> list[UUID]:
    return ids_of("chg", texts)


def _money(value: Money) -> dict[str, str]:
    return {"amount": f"{value.amount.normalize():f}", "currency": value.currency}


COMMANDS: list[click.Command] = [rate, retainer, charge]
