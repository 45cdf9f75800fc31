"""`quoin person`: people and what their hours cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import click

from quoin.base.console import DAY, Session
from quoin.people import actions, queries
from quoin.people.queries.within import person_named


@click.group()
def person() -> None:
    """People."""


@person.command("list")
@click.pass_obj
def person_list(session: Session) -> None:
    """List people."""
    session.emit([_row(row) for row in queries.visible_people(session.actor)])


@person.command("cost")
@click.argument("wanted", metavar="PERSON")
@click.argument("amount", type=Decimal)
@click.option("--currency", default="EUR", show_default=True)
@click.option("--from", "valid_from", type=DAY, required=True, help="First day, as 2026-01-01.")
@click.pass_obj
def person_cost(session: Session, wanted: str, amount: Decimal, currency: str, valid_from: date) -> None:
    """Set what an hour costs from a day on: quoin person cost ana@halden.example 62.50 --from 2026-01-01"""
    found = person_named(queries.visible_people(session.actor), wanted)
    rate = actions.set_cost_rate(
        session.actor, person_id=found.id, valid_from=valid_from, amount_per_hour=amount, currency=currency
    )
    session.emit(
        {
            "person": found.name,
            "valid_from": rate.valid_from,
            "per_hour": str(rate.amount_per_hour),
            "currency": rate.currency,
        }
    )


def _row(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "email": row.email,
        "role": row.job_role.name if row.job_role else "",
        "team": row.team.name if row.team else "",
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [person]
