"""Drafts, issued invoices and payments, through their actions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Invoice
from quoin.clients.models import Client
from quoin.kernel.money import Money
from quoin.ledger.queries.journals import trial_balance
from tests.make import money
from tests.make.world import World

MARCH = date(2026, 3, 31)


def buyer(world: World, *, name: str = "Kranich Verlag AG", **fields: Any) -> Client:
    """A client with all that an e-invoice needs."""
    values = {
        "vat_id": "DE811569869", "street": "Speicherstadt 3", "city": "Hamburg", "postal_code": "20457",
        "invoice_email": "rechnung@kranich.example", "buyer_reference": "KV-77", **fields,
    }  # fmt: skip
    return money.client(world, name=name, **values)


def job(world: World, *, rate: str = "100.00", **fields: Any):
    """A billable project of a client who can be invoiced, at one rate."""
    owner = fields.pop("of", None) or buyer(world)
    if rate:
        money.rate_card(world, rate=rate)
    return money.project(world, under=money.contract(world, of=owner, **fields))


def draft(world: World, *, until: date = MARCH) -> Invoice:
    """The one draft of a run over everything."""
    (found,) = build_run(world.actor, work_until=until).drafts
    return found


def issued(world: World, *, until: date = MARCH, on: date | None = None) -> Invoice:
    """The one invoice of a run, issued."""
    found = issue_invoices(world.actor, invoice_ids=[draft(world, until=until).id], issue_on=on)
    assert not found.refused, found.refused
    return found.invoices[0]


def balances(world: World, until: date = date(2026, 12, 31)) -> dict[str, Decimal]:
    """The trial balance by role, without accounts at zero."""
    with world.inside():
        found = trial_balance(world.actor, entity_id=world.entity.id, until=until)
    return {b.account.role: b.balance.amount for b in found if b.balance}


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")
