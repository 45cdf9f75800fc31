"""`quoin card` and `quoin category`: rate cards and kinds of expense on the command line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click
from typing_extensions import override

from quoin.base.console import DAY, Session
from quoin.catalog.actions import rates as actions
from quoin.catalog.actions.categories import save_expense_category
from quoin.catalog.queries import choices
from quoin.catalog.queries.cards import (
    card_grid,
    card_named,
    cards,
    categories,
    category_named,
    last_version,
    values_of,
)
from quoin.catalog.types import CATEGORY_KINDS
from quoin.clients.queries import client_named
from quoin.kernel.money import Money
from quoin.people.queries import visible_people
from quoin.people.queries.organisation import job_role_named
from quoin.people.queries.within import person_named


class _Amount(click.ParamType[Decimal]):
    """A number with a point."""

    name = "number"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is not a number; write it as 95.50.", param, ctx)


_AMOUNT = _Amount()


@click.group()
def card() -> None:
    """Rate cards: what an hour costs the client."""


@card.command("list")
@click.pass_obj
def card_list(session: Session) -> None:
    """List rate cards."""
    session.emit([_card(row) | {"rates_today": row.rate_count} for row in cards(session.actor).order_by("name")])


@card.command("show")
@click.argument("name")
@click.pass_obj
def card_show(session: Session, name: str) -> None:
    """List the rates of a card with the days between which they are valid."""
    actor = session.actor
    grid = card_grid(actor, card_named(actor, name).id)
    names = choices.names(actor)
    rates = [
        {
            "for": names.get(str(line.key.person_id or line.key.role_id), "everybody"),
            "only_on": names.get(str(line.key.client_id), ""),
            "per_hour": _rate(row.amount_per_hour, grid.card.currency),
            "from": row.valid_from,
            "until": row.valid_until,
            "id": row.public_id,
        }
        for line in grid.lines
        for row in line.versions
        if row is not None
    ]
    session.emit(_card(grid.card) | {"rates": rates})


@card.command("create")
@click.argument("name")
@click.option("--currency", required=True, help="Three letters, as EUR.")
@click.option("--company", is_flag=True, help="The company's card: prices all work that has no rate of its own.")
@click.pass_obj
def card_create(session: Session, name: str, currency: str, company: bool) -> None:
    """Make a rate card: quoin card create "Standard 2026" --currency EUR --company"""
    row = actions.create_rate_card(session.actor, name=name, currency=currency.upper(), is_default=company)
    session.emit(_card(row))


@card.command("edit")
@click.argument("name")
@click.option("--name", "new_name", default=None, help="A new name.")
@click.option("--company/--not-company", "company", default=None, help="Whether it is the company's card.")
@click.pass_obj
def card_edit(session: Session, name: str, new_name: str | None, company: bool | None) -> None:
    """Rename a card, or make it the company's."""
    if new_name is None and company is None:
        raise click.UsageError("Say what is to be changed: --name, --company or --not-company.")
    row = card_named(session.actor, name)
    session.emit(_card(actions.update_rate_card(session.actor, card_id=row.id, name=new_name, is_default=company)))


@card.command("add")
@click.argument("name")
@click.argument("per_hour", type=_AMOUNT)
@click.option("--from", "from_on", type=DAY, required=True, help="First day.")
@click.option("--role", default="", help="Only for people of this role.")
@click.option("--person", default="", help="Only for this person.")
@click.option("--client", default="", help="Only for work for this client.")
@click.pass_obj
def card_add(
    session: Session, /, *, name: str, per_hour: Decimal, from_on: date, role: str, person: str, client: str
) -> None:
    """Add a rate from a day on: quoin card add "Standard 2026" 120 --role Consultant --from 2026-01-01"""
    actor = session.actor
    rate = actions.NewRate(
        per_hour=per_hour,
        role_id=job_role_named(actor, role).id if role else None,
        person_id=person_named(visible_people(actor), person).id if person else None,
        client_id=client_named(actor, client).id if client else None,
    )
    rows = actions.add_rates(actor, card_id=card_named(actor, name).id, from_on=from_on, rates=[rate])
    session.emit({"id": rows[0].public_id, "per_hour": str(per_hour), "from": rows[0].valid_from})


@card.command("raise")
@click.argument("name")
@click.argument("percent", type=_AMOUNT)
@click.option("--from", "from_on", type=DAY, required=True, help="First day.")
@click.pass_obj
def card_raise(session: Session, name: str, percent: Decimal, from_on: date) -> None:
    """Change every rate of a card by PERCENT from a day on: quoin card raise "Standard 2026" 3.5 --from 2027-01-01"""
    actor = session.actor
    rows = actions.add_rates(actor, card_id=card_named(actor, name).id, from_on=from_on, percent=percent)
    session.emit({"changed": len(rows), "from": rows[0].valid_from})


@card.command("take-back")
@click.argument("name")
@click.pass_obj
def card_take_back(session: Session, name: str) -> None:
    """Take the version away that starts last; the rates before it go on."""
    actor = session.actor
    version = last_version(actor, card_named(actor, name).id)
    session.emit({"removed": actions.remove_rates(actor, rate_ids=version.rate_ids), "from": version.from_on})


@click.group()
def category() -> None:
    """Kinds of expense."""


@category.command("list")
@click.option("--all", "is_all", is_flag=True, help="With those that are no longer offered.")
@click.pass_obj
def category_list(session: Session, is_all: bool) -> None:
    """List kinds of expense."""
    rows = categories(session.actor)
    session.emit([_category(row) for row in (rows if is_all else rows.filter(is_active=True))])


@category.command("create")
@click.argument("name")
@click.option("--kind", type=click.Choice(CATEGORY_KINDS), default="receipt", show_default=True)
@click.option("--rate", type=_AMOUNT, default=None, help="Per kilometre or day.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--vat/--no-vat", "has_vat", default=True, help="Whether its VAT can be claimed back.")
@click.pass_obj
def category_create(
    session: Session, /, *, name: str, kind: str, rate: Decimal | None, currency: str, has_vat: bool
) -> None:
    """Add a kind of expense: quoin category create Mileage --kind mileage --rate 0.30"""
    row = save_expense_category(
        session.actor, name=name, kind=kind, rate_per_unit=rate, currency=currency.upper(), is_vat_recoverable=has_vat
    )
    session.emit(_category(row))


@category.command("edit")
@click.argument("wanted", metavar="NAME")
@click.option("--name", default=None, help="A new name.")
@click.option("--rate", "rate_per_unit", type=_AMOUNT, default=None, help="Per kilometre or day.")
@click.option("--vat/--no-vat", "is_vat_recoverable", default=None, help="Whether its VAT can be claimed back.")
@click.option("--offered/--not-offered", "is_active", default=None, help="Whether new expenses may have it.")
@click.pass_obj
def category_edit(session: Session, /, wanted: str, **given: Any) -> None:
    """Change a kind of expense: quoin category edit Mileage --rate 0.38"""
    row = category_named(session.actor, wanted)
    changed = {name: value for name, value in given.items() if value is not None}
    if not changed:
        raise click.UsageError("Say what is to be changed: --name, --rate, --vat or --offered.")
    session.emit(_category(save_expense_category(session.actor, category_id=row.id, **{**values_of(row), **changed})))


def _card(row: Any) -> dict[str, Any]:
    return {"name": row.name, "currency": row.currency, "is_company_card": row.is_default, "id": row.public_id}


def _rate(amount: Decimal, currency: str) -> Money:
    """Whole cents where it is so many, else all its decimals."""
    exact = Money(amount.normalize(), currency)
    rounded = exact.round()
    return rounded if rounded == exact else exact


def _category(row: Any) -> dict[str, Any]:
    rate = None if row.rate_per_unit is None else _rate(row.rate_per_unit, row.currency)
    return {
        "name": row.name,
        "kind": row.kind,
        "rate_per_unit": rate,
        "is_vat_recoverable": row.is_vat_recoverable,
        "is_active": row.is_active,
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [card, category]
