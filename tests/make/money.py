"""Clients, rate cards, contracts, projects and approved work, for tests of money.

Rows that other apps' actions write are made directly; charging runs for real, through the event of the approval.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.events import emit
from quoin.catalog.models import ExpenseCategory, Rate, RateCard
from quoin.clients.models import Client
from quoin.kernel.ids import uuid7
from quoin.people.models import Person
from quoin.projects.models import Project
from quoin.sales.models import Contract
from quoin.timesheets.models import Expense, TimeEntry
from tests.make.world import World

_numbers = count(1)


def client(world: World, *, name: str = "Fjord AS", currency: str = "EUR", **fields: Any) -> Client:
    """A client in Germany."""
    fields.setdefault("country", "DE")
    return world.do(
        lambda: Client.objects.create(name=name, number=f"C-T{next(_numbers)}", currency=currency, **fields)
    )


def rate_card(
    world: World,
    *,
    rate: str | None = "95.00",
    currency: str = "EUR",
    is_default: bool = True,
    since: date = date(2020, 1, 1),
) -> RateCard:
    """A card, by default the company's, with one rate for everybody (None: without any)."""

    def build() -> RateCard:
        card = RateCard.objects.create(name=f"Card {next(_numbers)}", currency=currency, is_default=is_default)
        if rate is not None:
            Rate.objects.create(card=card, amount_per_hour=Decimal(rate), valid_from=since)
        return card

    return world.do(build)


def contract(
    world: World, *, of: Client | None = None, kind: str = "time_and_materials", currency: str = "EUR", **fields: Any
) -> Contract:
    """A contract since 2020, of a client of its own unless given."""
    owner = of or client(world, currency=currency)
    fields.setdefault("recognition", "right_to_invoice" if kind == "time_and_materials" else "as_billed")
    return world.do(
        lambda: Contract.objects.create(
            number=f"K-T{next(_numbers)}", name="Work", client=owner, entity=fields.pop("entity", world.entity),
            kind=kind, currency=currency, starts_on=date(2020, 1, 1), **fields,
        )
    )  # fmt: skip


def project(world: World, *, under: Contract | None = None, of: Client | None = None, **fields: Any) -> Project:
    """A project under a contract; without one it is internal work of the client."""
    owner = under.client if under else of or client(world, name="Internal")
    currency = under.currency if under else "EUR"
    return world.do(
        lambda: Project.objects.create(
            number=f"P-T{next(_numbers)}", name="Project", client=owner, contract=under, currency=currency, **fields
        )
    )


def entries(
    world: World, *, on: Project, by: Person, minutes: Sequence[int] = (480,), day: date | Sequence[date] = date(2026, 3, 31),
    status: str = "approved", **fields: Any,
) -> list[UUID]:  # fmt: skip
    """Time entries that were approved, but not yet charged; returns their ids."""
    days = [day] * len(minutes) if isinstance(day, date) else day

    def build() -> list[UUID]:
        rows = [
            TimeEntry(
                id=uuid7(), person=by, project=on, work_on=work_on, minutes=length, entered_at=world.actor.now,
                status=status, approved_by=world.boss if by != world.boss else None, approved_at=world.actor.now,
                **fields,
            )
            for length, work_on in zip(minutes, days, strict=True)
        ]  # fmt: skip
        return [row.id for row in TimeEntry.objects.bulk_create(rows)]

    return world.do(build)


def approve(world: World, entry_ids: Sequence[UUID], **payload: Any) -> None:
    """Tell that the entries are approved, in an action, as approving does."""
    world.do(
        lambda: emit(world.actor, "timesheets.time.approved", running_action_id(), entry_ids=list(entry_ids), **payload)
    )


def reopen(world: World, entry_ids: Sequence[UUID]) -> None:
    """Tell that the entries are reopened."""
    world.do(lambda: emit(world.actor, "timesheets.time.reopened", running_action_id(), entry_ids=list(entry_ids)))


def approved_time(world: World, **fields: Any) -> list[UUID]:
    """Entries that were approved and charged."""
    ids = entries(world, **fields)
    approve(world, ids)
    return ids


def expense(
    world: World, *, on: Project, by: Person, gross: str, vat: str = "0", currency: str = "EUR", day: date = date(2026, 3, 10),
    fx_rate: str = "1", base_net: str | None = None, **fields: Any,
) -> UUID:  # fmt: skip
    """An approved, not yet charged expense; its base amounts are in EUR."""

    def build() -> UUID:
        category, _ = ExpenseCategory.objects.get_or_create(name="Travel")
        net = Decimal(base_net) if base_net else Decimal(gross) - Decimal(vat)
        row = Expense.objects.create(
            person=by, project=on, category=category, spent_on=day, gross_amount=Decimal(gross),
            vat_amount=Decimal(vat), currency=currency, fx_rate=Decimal(fx_rate), fx_on=day, fx_source="test",
            base_net_amount=net, base_vat_amount=Decimal(vat) if currency == "EUR" else 0, base_currency="EUR",
            status="approved", approved_by=world.boss, approved_at=world.actor.now, **fields,
        )  # fmt: skip
        return row.id

    return world.do(build)


def approve_expenses(world: World, expense_ids: Sequence[UUID]) -> None:
    """Tell that the expenses are approved."""
    world.do(
        lambda: emit(world.actor, "timesheets.expense.approved", running_action_id(), expense_ids=list(expense_ids))
    )
