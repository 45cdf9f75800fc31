"""Approved expenses: cost, VAT and mark-up, at the rate frozen on the expense."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.base.actions import running_action_id
from quoin.base.events import emit
from tests.billing.test_charging import balances, charges, free
from tests.make import World, money


def rebilled(world: World, percent: str):
    terms = money.contract(world, expense_markup_ratio=Decimal(percent) / 100)
    return money.project(world, under=terms)


def test_case_18_markup_is_on_the_net_cost(world: World) -> None:
    job = rebilled(world, "10")

    hotel = money.expense(world, on=job, by=free(world), gross="238.00", vat="38.00")
    money.approve_expenses(world, [hotel])

    (charge,) = charges(world)
    assert (charge.kind, charge.amount, charge.cost_amount) == ("expense", Decimal(220), Decimal(200))
    assert balances(world) == {
        "5010": Decimal(200), "1400": Decimal(38), "2050": Decimal(-238), "1150": Decimal(220), "4040": Decimal(-220),
    }  # fmt: skip


def test_case_19_foreign_expense_keeps_its_frozen_rate(world: World) -> None:
    job = rebilled(world, "5")

    taxi = money.expense(
        world, on=job, by=free(world), gross="128.40", currency="USD", fx_rate="0.9137", base_net="117.32",
        is_vat_recoverable=False, day=date(2026, 3, 11),
    )  # fmt: skip
    money.approve_expenses(world, [taxi])

    (charge,) = charges(world)
    assert (charge.amount, charge.cost_amount, charge.currency) == (Decimal("123.19"), Decimal("117.32"), "EUR")
    assert balances(world) == {
        "5010": Decimal("117.32"), "2050": Decimal("-117.32"), "1150": Decimal("123.19"), "4040": Decimal("-123.19"),
    }  # fmt: skip


def test_expense_on_internal_work_is_a_cost_of_delivery(world: World) -> None:
    lunch = money.expense(world, on=money.project(world), by=free(world), gross="50.00", is_reimbursable=False)
    money.approve_expenses(world, [lunch])

    assert [c.status for c in charges(world)] == ["non_billable"]
    assert balances(world) == {"5900": Decimal(50), "2000": Decimal(-50)}


@pytest.mark.parametrize("vat", ["0", "38.00"])
def test_reopened_expense_leaves_nothing(world: World, vat: str) -> None:
    hotel = money.expense(world, on=rebilled(world, "10"), by=free(world), gross="238.00", vat=vat)
    money.approve_expenses(world, [hotel])

    world.do(lambda: emit(world.actor, "timesheets.expense.reopened", running_action_id(), expense_ids=[hotel]))

    assert charges(world) == []
    assert balances(world) == {}
