"""`quoin contract`: contracts, their terms and their milestones on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import click

from quoin.base.console import DAY, Session, assignments
from quoin.clients.queries import client_named
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.sales.actions import contracts as actions
from quoin.sales.queries.choices import card_named, entity_named
from quoin.sales.queries.contracts import contract_numbered, contracts, milestones
from quoin.sales.queries.words import rate_order, terms_words
from quoin.sales.types import ContractKind

_SWITCHES = frozenset({"cap_is_hard", "shows_hours", "needs_note", "is_vat_inclusive"})
_YES, _NO = frozenset({"1", "yes", "true", "on"}), frozenset({"0", "no", "false", "off"})


@click.group()
def contract() -> None:
    """Contracts with clients."""


@contract.command("list")
@click.option("--all", "is_all", is_flag=True, help="With closed contracts.")
@click.pass_obj
def contract_list(session: Session, is_all: bool) -> None:
    """List contracts."""
    rows = contracts(session.actor).order_by("number")
    session.emit([_row(row) for row in (rows if is_all else rows.exclude(status="closed"))])


@contract.command("show")
@click.argument("number")
@click.pass_obj
def contract_show(session: Session, number: str) -> None:
    """Say what a contract agrees on, and in which order its rates are looked for."""
    row = contract_numbered(session.actor, number)
    session.emit(
        _row(row)
        | {
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "terms": [str(words) for words in terms_words(row)],
            "rate_order": str(rate_order(row)),
            "milestones": [_part(part, row) for part in milestones(session.actor, row.id)],
        }
    )


@contract.command("create")
@click.argument("client")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in ContractKind]), default="time_and_materials")
@click.option("--company", default="", help="Which of your companies; not needed where there is one.")
@click.option("--number", default="", help="Default: the next one.")
@click.argument("terms", nargs=-1)
@click.pass_obj
def contract_create(
    session: Session, /, *, client: str, name: str, kind: str, company: str, number: str, terms: tuple[str, ...]
) -> None:
    """Make a contract: quoin contract create "Fjord AS" "ERP roll-out" cap_amount=50000 increment_minutes=15"""
    actor = session.actor
    row = actions.create_contract(
        actor, client_id=client_named(actor, client).id, entity_id=entity_named(actor, company) if company else None,
        number=number, name=name, kind=kind, **_terms(session, terms),
    )  # fmt: skip
    session.emit(_row(row))


@contract.command("edit")
@click.argument("number")
@click.argument("terms", nargs=-1, required=True)
@click.pass_obj
def contract_edit(session: Session, number: str, terms: tuple[str, ...]) -> None:
    """Change terms: quoin contract edit K-0001 shows_hours=no payment_days=14 ends_on="""
    row = contract_numbered(session.actor, number)
    session.emit(_row(actions.update_contract(session.actor, contract_id=row.id, **_terms(session, terms))))


@contract.command("close")
@click.argument("number")
@click.option("--open", "is_opened", is_flag=True, help="Open it again.")
@click.pass_obj
def contract_close(session: Session, number: str, is_opened: bool) -> None:
    """Close a contract: it takes no new projects."""
    row = contract_numbered(session.actor, number)
    session.emit(_row(actions.close_contract(session.actor, contract_id=row.id, is_closed=not is_opened)))


@contract.command("milestones")
@click.argument("number")
@click.argument("parts", nargs=-1, required=True)
@click.option("--schedule", is_flag=True, help="Billed on the due day, without anybody saying that it is reached.")
@click.pass_obj
def contract_milestones(session: Session, number: str, parts: tuple[str, ...], schedule: bool) -> None:
    """Plan the parts of a fixed price: quoin contract milestones K-0002 "Design; 4000; 2026-05-31" "Live; 6000"."""
    row = contract_numbered(session.actor, number)
    plans = [_planned(part, is_schedule=schedule) for part in parts]
    made = actions.plan_milestones(session.actor, contract_id=row.id, milestones=plans)
    session.emit([_part(part, row) for part in made])


@contract.command("reach")
@click.argument("number")
@click.argument("position", type=int)
@click.option("--on", type=DAY, help="Day; today when left out.")
@click.option("--take-back", is_flag=True, help="It is not reached after all; refused once it is billed.")
@click.pass_obj
def contract_reach(session: Session, number: str, position: int, on: date | None, take_back: bool) -> None:
    """Say that a milestone is reached and may be billed: quoin contract reach K-0002 1"""
    row = contract_numbered(session.actor, number)
    part = next((part for part in milestones(session.actor, row.id) if part.position == position), None)
    if part is None:
        raise NotFound(f"{row.number} has no milestone {position}; `quoin contract show {row.number}` lists them.")
    if take_back:
        changed = actions.unreach_milestone(session.actor, milestone_id=part.id)
    else:
        changed = actions.reach_milestone(session.actor, milestone_id=part.id, on=on)
    session.emit(_part(changed, row))


def _terms(session: Session, pairs: Sequence[str]) -> dict[str, Any]:
    """Terms as the action takes them; nothing after the sign takes a term away."""
    found: dict[str, Any] = dict(assignments(pairs))
    for name in _SWITCHES & found.keys():
        found[name] = _switch(name, found[name])
    if "rate_card" in found:
        found["rate_card_id"] = _card(session, found.pop("rate_card"))
    return {name: None if value == "" else value for name, value in found.items()}


def _switch(name: str, text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise click.UsageError(f"{name} is yes or no.")


def _card(session: Session, name: str) -> UUID | None:
    return card_named(session.actor, name) if name else None


def _planned(text: str, *, is_schedule: bool) -> actions.MilestonePlan:
    name, amount, day = [*(part.strip() for part in text.split(";")), "", ""][:3]
    try:
        return actions.MilestonePlan(
            name=name, amount=Decimal(amount), due_on=date.fromisoformat(day) if day else None,
            bills_on_due_day=is_schedule,
        )  # fmt: skip
    except (InvalidOperation, ValueError):
        raise click.UsageError(f'{text!r} is no milestone; write "Design; 4000; 2026-05-31".') from None


def _row(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "client": row.client.name,
        "kind": row.kind,
        "currency": row.currency,
        "status": row.status,
        "id": row.public_id,
    }


def _part(part: Any, row: Any) -> dict[str, Any]:
    return {
        "position": part.position,
        "name": part.name,
        "amount": Money(part.amount, row.currency).round(),
        "due_on": part.due_on,
        "reached_on": part.reached_on,
        "id": part.public_id,
    }


COMMANDS: list[click.Command] = [contract]
