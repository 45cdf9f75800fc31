"""`quoin revenue`: what contracts by progress have earned."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from quoin.base.console import DAY, Session
from quoin.kernel.errors import NotFound
from quoin.revenue.actions.runs import recognise_revenue
from quoin.revenue.queries.contracts import contract_revenue, visible_contracts
from quoin.revenue.queries.plans import RunPlan, recognition_plan

_ROW = ("contract", "name", "method", "to_post", "to_date", "words")


@click.group("revenue")
def revenue() -> None:
    """Revenue by progress."""


@revenue.command("plan")
@click.option("--to", "up_to", type=DAY, default=None, help="Last day (default: today).")
@click.pass_obj
def plan(session: Session, up_to: date | None) -> None:
    """Show what a run would post: quoin revenue plan --to 2026-05-31"""
    _emit(session, recognition_plan(session.actor, up_to=up_to or session.actor.today))


@revenue.command("recognise")
@click.option("--to", "up_to", type=DAY, default=None, help="Last day (default: today).")
@click.option("--contract", "numbers", multiple=True, help="Number of a contract; all when left out.")
@click.pass_obj
def recognise(session: Session, up_to: date | None, numbers: tuple[str, ...]) -> None:
    """Post what was earned and not posted before."""
    ids = [_contract(session, number).id for number in numbers] or None
    _emit(session, recognise_revenue(session.actor, up_to=up_to or session.actor.today, contract_ids=ids))


@revenue.command("show")
@click.argument("number", metavar="CONTRACT")
@click.pass_obj
def show(session: Session, number: str) -> None:
    """The steps of a contract, newest first."""
    found = contract_revenue(session.actor, _contract(session, number).id)
    session.emit(
        [
            {
                "up_to": step.up_to_on, "posted": f"{step.step_amount:.2f}", "to_date": f"{step.cumulative_amount:.2f}",
                "currency": step.currency, "words": step.basis.get("words", ""),
            }
            for step, _ in found.steps
        ]
    )  # fmt: skip


def _emit(session: Session, found: RunPlan) -> None:
    rows: list[dict[str, Any]] = [
        {
            "contract": one.contract.number, "name": one.contract.name, "method": one.method,
            "to_post": f"{one.step.posting.amount:.2f}", "to_date": f"{one.step.to_date.amount:.2f}",
            "currency": one.contract.currency, "words": one.step.words,
        }
        for one in found.contracts
    ]  # fmt: skip
    for left in found.left_out:
        session.say(f"Left out: {left.contract.number}: {left.words}")
    session.emit(rows, columns=_ROW)


def _contract(session: Session, number: str) -> Any:
    row = visible_contracts(session.actor).filter(number__iexact=number).first()
    if row is None:
        raise NotFound(f"There is no contract {number}.")
    return row


COMMANDS: list[click.Command] = [revenue]
