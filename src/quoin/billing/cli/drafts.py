"""`quoin draft`: changing what will be invoiced. DRAFT is an id or the client's name, LINE its place on the draft."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import click

from quoin.base.console import DAY, Session
from quoin.billing.actions import drafts, lines, rearranging
from quoin.billing.cli.finding import draft_by, ids_of, line_at
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.said import invoice_out, line_out
from quoin.kernel.errors import invalid
from quoin.kernel.quantity import parse_duration
from quoin.sales.types import LineGrouping

_ROW = ("client", "state", "period_until", "net", "gross", "id")


@click.group("draft")
def draft() -> None:
    """Invoices that are not issued yet."""


@draft.command("list")
@click.pass_obj
def list_drafts(session: Session) -> None:
    """All drafts, by client."""
    rows = queries.visible_invoices(session.actor).exclude(status="issued").order_by("client__name", "id")
    session.emit([invoice_out(row) for row in rows], columns=_ROW)


@draft.command("show")
@click.argument("name", metavar="DRAFT")
@click.pass_obj
def show(session: Session, name: str) -> None:
    """A draft with its lines."""
    _emit(session, draft_by(session, name))


@draft.command("edit")
@click.argument("name", metavar="DRAFT")
@click.option("--note", default=None, help="What the client reads.")
@click.option("--order", "purchase_order", default=None, help="Purchase order.")
@click.option("--reference", "buyer_reference", default=None, help="The client's reference.")
@click.option("--due", type=DAY, default=None, help="Day it is due.")
@click.option("--days", "payment_days", type=int, default=None, help="Days to pay.")
@click.pass_obj
def edit(session: Session, /, name: str, due: date | None, **fields: Any) -> None:
    """Note, order, reference and due day."""
    given = {key: value for key, value in fields.items() if value is not None}
    if due is not None:
        given["due_on"] = due
    if not given:
        raise invalid("/", "Say what to change, for example --note or --order.")
    row = draft_by(session, name)
    drafts.edit_draft(session.actor, invoice_id=row.id, **given)
    _emit(session, row)


@draft.command("line")
@click.argument("name", metavar="DRAFT")
@click.argument("text")
@click.option("--quantity", default="1", show_default=True, help="Negative for a discount.")
@click.option("--price", required=True, help="Per unit.")
@click.pass_obj
def line(session: Session, name: str, text: str, quantity: str, price: str) -> None:
    """Type a line."""
    row = draft_by(session, name)
    drafts.add_line(
        session.actor, invoice_id=row.id, description=text, quantity=_number(quantity), unit_price=_number(price)
    )
    _emit(session, row)


@draft.command("text")
@click.argument("name", metavar="DRAFT")
@click.argument("place", metavar="LINE", type=int)
@click.argument("text")
@click.pass_obj
def text_of_line(session: Session, name: str, place: int, text: str) -> None:
    """Say something else on a line."""
    row = draft_by(session, name)
    drafts.edit_line(session.actor, line_id=line_at(row, place).id, description=text)
    _emit(session, row)


@draft.command("hours")
@click.argument("name", metavar="DRAFT")
@click.argument("place", metavar="LINE", type=int)
@click.argument("hours")
@click.option("--reason", required=True)
@click.pass_obj
def hours_of_line(session: Session, name: str, place: int, hours: str, reason: str) -> None:
    """Bill fewer hours (118:30 or 118.5) than were worked; the rest is written down."""
    row = draft_by(session, name)
    minutes = parse_duration(hours).minutes
    lines.write_line_down(session.actor, line_id=line_at(row, place).id, billed_minutes=minutes, reason=reason)
    _emit(session, row)


@draft.command("price")
@click.argument("name", metavar="DRAFT")
@click.argument("place", metavar="LINE", type=int)
@click.argument("price")
@click.option("--reason", required=True)
@click.pass_obj
def price_of_line(session: Session, name: str, place: int, price: str, reason: str) -> None:
    """Bill a line at another price: per hour for time, else for all of it."""
    row = draft_by(session, name)
    lines.reprice_line(session.actor, line_id=line_at(row, place).id, unit_price=_number(price), reason=reason)
    _emit(session, row)


@draft.command("remove")
@click.argument("name", metavar="DRAFT")
@click.argument("place", metavar="LINE", type=int)
@click.pass_obj
def remove(session: Session, name: str, place: int) -> None:
    """Remove a line; its work is unbilled again."""
    row = draft_by(session, name)
    drafts.remove_line(session.actor, line_id=line_at(row, place).id)
    _emit(session, row)


@draft.command("add-work")
@click.argument("name", metavar="DRAFT")
@click.argument("ids", nargs=-1, required=True)
@click.pass_obj
def add_work(session: Session, name: str, ids: tuple[str, ...]) -> None:
    """Add unbilled work of the client (IDS chg_…, from `quoin charge list`)."""
    row = draft_by(session, name)
    lines.add_work(session.actor, invoice_id=row.id, charge_ids=ids_of("chg", ids))
    _emit(session, row)


@draft.command("take-out")
@click.argument("name", metavar="DRAFT")
@click.argument("place", metavar="LINE", type=int)
@click.argument("ids", nargs=-1, required=True)
@click.pass_obj
def take_out(session: Session, name: str, place: int, ids: tuple[str, ...]) -> None:
    """Take work (IDS chg_…) out of a line; it is unbilled again."""
    row = draft_by(session, name)
    lines.take_work_out(session.actor, line_id=line_at(row, place).id, charge_ids=ids_of("chg", ids))
    _emit(session, row)


@draft.command("regroup")
@click.argument("name", metavar="DRAFT")
@click.argument("grouping", type=click.Choice([*(one.value for one in LineGrouping), "contract"]))
@click.pass_obj
def regroup(session: Session, name: str, grouping: str) -> None:
    """Group the lines otherwise, or as the contract says."""
    row = draft_by(session, name)
    rearranging.regroup_draft(
        session.actor, invoice_id=row.id, grouping="" if grouping == "contract" else LineGrouping(grouping)
    )
    _emit(session, row)


@draft.command("place")
@click.argument("name", metavar="DRAFT")
@click.argument("place", metavar="LINE", type=int)
@click.argument("position", type=int)
@click.pass_obj
def place_line(session: Session, name: str, place: int, position: int) -> None:
    """Put a line in another place."""
    row = draft_by(session, name)
    rearranging.place_line(session.actor, line_id=line_at(row, place).id, position=position)
    _emit(session, row)


@draft.command("move")
@click.argument("name", metavar="DRAFT")
@click.argument("places", metavar="LINES...", nargs=-1, type=int, required=True)
@click.option("--to", "target", required=True, help="Draft that takes the lines.")
@click.pass_obj
def move(session: Session, name: str, places: tuple[int, ...], target: str) -> None:
    """Move lines to another draft of the client."""
    row, other = draft_by(session, name), draft_by(session, target)
    ids = [line_at(row, place).id for place in places]
    _emit(session, rearranging.move_lines(session.actor, line_ids=ids, invoice_id=other.id))


@draft.command("split")
@click.argument("name", metavar="DRAFT")
@click.argument("places", metavar="LINES...", nargs=-1, type=int, required=True)
@click.pass_obj
def split(session: Session, name: str, places: tuple[int, ...]) -> None:
    """Put lines on a draft of their own."""
    row = draft_by(session, name)
    ids = [line_at(row, place).id for place in places]
    _emit(session, rearranging.split_draft(session.actor, invoice_id=row.id, line_ids=ids))


@draft.command("merge")
@click.argument("name", metavar="DRAFT")
@click.option("--into", "target", required=True, help="Draft that takes all lines.")
@click.pass_obj
def merge(session: Session, name: str, target: str) -> None:
    """Put all lines on another draft and discard this one."""
    row, other = draft_by(session, name), draft_by(session, target)
    _emit(session, rearranging.merge_drafts(session.actor, invoice_id=row.id, into_id=other.id))


@draft.command("step")
@click.argument("names", metavar="DRAFTS...", nargs=-1, required=True)
@click.option("--to", type=click.Choice(["in_review", "approved", "draft"]), required=True)
@click.pass_obj
def step(session: Session, names: tuple[str, ...], to: str) -> None:
    """Send drafts to review, approve them, or take that back."""
    ids = [draft_by(session, name).id for name in names]
    session.emit({"moved": drafts.step_drafts(session.actor, invoice_ids=ids, to=to)})


def _emit(session: Session, row: Any) -> None:
    found = queries.invoice_for(session.actor, row.id)
    said = [line_out(one, found.currency) for one in queries.lines_of(found)]
    session.emit({**invoice_out(found), "lines": said})


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise invalid("/", f"{text!r} is not a number. Write it as 118.50.") from None


COMMANDS: list[click.Command] = [draft]
