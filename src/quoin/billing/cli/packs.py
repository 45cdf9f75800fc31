"""`quoin pack`: prepaid packs on the command line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import click

from quoin.base.console import Session
from quoin.billing.actions import packs as actions
from quoin.billing.cli.finding import ids_of
from quoin.billing.queries import packs as queries
from quoin.billing.queries.choices import project_by
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.kernel.quantity import parse_duration
from quoin.sales.queries.contracts import contracts


@click.group()
def pack() -> None:
    """Prepaid packs: hours or money that clients buy ahead."""


@pack.command("list")
@click.option("--state", default="", help="open, low, soon, lapsed, used or ended.")
@click.pass_obj
def pack_list(session: Session, state: str) -> None:
    """Packs with what is left of each."""
    rows = queries.packs(session.actor).order_by("-number")
    session.emit([queries.pack_out(row) for row in (rows.filter(state=state) if state else rows)])


@pack.command("show")
@click.argument("number")
@click.pass_obj
def pack_show(session: Session, number: str) -> None:
    """A pack and every move that led to what is left."""
    row = _found(session, number)
    moves = [queries.step_out(step) for step in queries.steps(session.actor, row)]
    session.emit({**queries.pack_out(row), "moves": moves})


@pack.command("sell")
@click.argument("name")
@click.option("--contract", required=True, help="Number of the contract.")
@click.option(
    "--price",
    required=True,
    help="In the currency of the contract; with VAT where its prices include it, else without.",
)
@click.option("--hours", default="", help="For example 40 or 7:30.")
@click.option("--value", default="", help="Work at the agreed rates worth so much, instead of hours.")
@click.option("--from", "sold_on", default="", help="Day of the sale; today when left out.")
@click.option("--expires", default="", help="First day on which it is not usable.")
@click.option("--overflow", default="bill", show_default=True, help="Work beyond it: bill, hold or refuse.")
@click.option("--project", "projects", multiple=True, help="Only this project (number or name); may be repeated.")
@click.pass_obj
def pack_sell(session: Session, /, *, name: str, contract: str, price: str, **given: Any) -> None:
    """Sell the pack NAME; its charge waits to be invoiced."""
    terms = contracts(session.actor).filter(number__iexact=contract).first()
    if terms is None:
        raise NotFound(f"There is no contract {contract}.")
    found = [project_by(text) for text in given["projects"]]
    if None in found:
        raise NotFound("Name each project by its number, or by a name that only it has.")
    made = actions.sell_pack(
        session.actor, contract_id=terms.id, name=name, price=Money(Decimal(price), terms.currency),
        minutes=parse_duration(given["hours"]).minutes if given["hours"] else None, value=given["value"] or None,
        sold_on=given["sold_on"] or None, expires_on=given["expires"] or None, overflow=given["overflow"],
        project_ids=[key for key in found if key is not None],
    )  # fmt: skip
    session.emit(queries.pack_out(queries.pack_for(session.actor, made.id)))


@pack.command("bill")
@click.argument("number")
@click.pass_obj
def pack_bill(session: Session, number: str) -> None:
    """Draft the invoice of a pack."""
    draft = actions.bill_pack(session.actor, pack_id=_found(session, number).id)
    session.emit({"draft": draft.public_id})


@pack.command("cover")
@click.argument("number")
@click.pass_obj
def pack_cover(session: Session, number: str) -> None:
    """Set open work of the pack's contract against its packs."""
    row = _found(session, number)
    session.emit({"covered": len(actions.cover_work(session.actor, contract_id=row.contract_id))})


@pack.command("uncover")
@click.argument("charges", nargs=-1, required=True)
@click.pass_obj
def pack_uncover(session: Session, charges: tuple[str, ...]) -> None:
    """Take work (CHARGES chg_…) off its pack: it is unbilled again."""
    session.emit({"uncovered": actions.uncover_work(session.actor, charge_ids=ids_of("chg", charges))})


@pack.command("tell")
@click.pass_obj
def pack_tell(session: Session) -> None:
    """Mail about packs that expire soon or run low, as every night; each is told of once."""
    session.emit({"told": actions.tell_of_packs(session.actor)})


@pack.command("expire")
@click.argument("number")
@click.pass_obj
def pack_expire(session: Session, number: str) -> None:
    """Let what is left of a pack expire, after its day."""
    actions.expire_pack(session.actor, pack_id=_found(session, number).id)
    _show(session, number)


@pack.command("revive")
@click.argument("number")
@click.option("--reason", required=True)
@click.option("--expires", default="", help="A later expiry day.")
@click.pass_obj
def pack_revive(session: Session, number: str, reason: str, expires: str) -> None:
    """Take the expiry of a pack back."""
    pack_id: UUID = _found(session, number).id
    actions.revive_pack(session.actor, pack_id=pack_id, reason=reason, expires_on=expires or None)
    _show(session, number)


@pack.command("refund")
@click.argument("number")
@click.option("--reason", required=True)
@click.pass_obj
def pack_refund(session: Session, number: str, reason: str) -> None:
    """Pay the rest of a pack back by a credit note."""
    note = actions.refund_pack(session.actor, pack_id=_found(session, number).id, reason=reason)
    session.emit({"credit_note": note.number})


@pack.command("cancel")
@click.argument("number")
@click.option("--reason", required=True)
@click.pass_obj
def pack_cancel(session: Session, number: str, reason: str) -> None:
    """Take the sale of a pack back that is not invoiced."""
    actions.cancel_pack(session.actor, pack_id=_found(session, number).id, reason=reason)
    _show(session, number)


def _show(session: Session, number: str) -> None:
    session.emit(queries.pack_out(_found(session, number)))


def _found(session: Session, number: str) -> Any:
    row = queries.packs(session.actor).filter(number=int(number)).first() if number.isdecimal() else None
    if row is None:
        raise NotFound(f"There is no pack with number {number}.")
    return row


COMMANDS: list[click.Command] = [pack]
