"""`quoin contract`: contracts on the command line."""

from __future__ import annotations

import click

from quoin.base.console import Session
from quoin.sales.queries.contracts import contracts


@click.group()
def contract() -> None:
    """Contracts with clients."""


@contract.command("list")
@click.option("--all", "is_all", is_flag=True, help="With closed contracts.")
@click.pass_obj
def contract_list(session: Session, is_all: bool) -> None:
    """List contracts."""
    rows = contracts(session.actor).order_by("number")
    session.emit(
        [
            {
                "number": row.number,
                "name": row.name,
                "client": row.client.name,
                "kind": row.kind,
                "currency": row.currency,
                "status": row.status,
                "id": row.public_id,
            }
            for row in (rows if is_all else rows.exclude(status="closed"))
        ]
    )


COMMANDS: list[click.Command] = [contract]
