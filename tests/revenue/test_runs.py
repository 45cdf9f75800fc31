"""Revenue by progress: previewed, posted once, never more than the price."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from quoin.kernel.errors import Forbidden, Invalid
from quoin.ledger.models import Journal
from quoin.revenue.actions.runs import recognise_revenue
from quoin.revenue.models import Recognition
from quoin.revenue.queries.plans import recognition_plan
from quoin.sales.actions.contracts import MilestonePlan, plan_milestones, reach_milestone
from tests.billing.test_charging import balances
from tests.make import World, money


def work(world: World, job, cost: int, on: date) -> None:
    """Cost on a day: one hour of somebody who costs that much."""
    money.approved_time(world, on=job, by=world.person(f"P{cost}{on}", cost=str(cost)), minutes=[60], day=on)


def test_case_7_cost_to_cost(world: World) -> None:
    contract = money.contract(
        world, kind="fixed_price", fixed_amount=Decimal(120000), planned_cost=Decimal(80000), recognition="cost_to_cost"
    )
    job = money.project(world, under=contract)
    earned = []
    for cost, on in ((20000, date(2026, 1, 31)), (36000, date(2026, 2, 28)), (24000, date(2026, 3, 31))):
        work(world, job, cost, on)
        with world.inside():
            preview = recognition_plan(world.actor, up_to=on)
        plan = recognise_revenue(world.actor, up_to=on)
        assert [c.step for c in plan.contracts] == [c.step for c in preview.contracts]
        earned += [c.step.posting.amount for c in plan.contracts]

    assert earned == [Decimal(30000), Decimal(54000), Decimal(36000)]
    assert balances(world) == {
        "1150": Decimal(120000), "4010": Decimal(-120000), "5900": Decimal(80000), "2000": Decimal(-80000),
    }  # fmt: skip
    again = recognise_revenue(world.actor, up_to=date(2026, 3, 31))
    assert [c.step.posting.amount for c in again.contracts] == [Decimal(0)]
    with world.inside():
        assert Recognition.objects.count() == 3
        assert set(Recognition.objects.values_list("id", flat=True)) == set(
            Journal.objects.filter(source_kind="recognition").values_list("source_id", flat=True)
        )


def test_case_8_changed_price_and_plan_are_caught_up_even_downwards(world: World) -> None:
    contract = money.contract(
        world, kind="fixed_price", fixed_amount=Decimal(120000), planned_cost=Decimal(80000), recognition="cost_to_cost"
    )
    work(world, money.project(world, under=contract), 56000, date(2026, 2, 28))
    recognise_revenue(world.actor, up_to=date(2026, 2, 28))
    changes = {"fixed_amount": Decimal(150000), "planned_cost": Decimal(112000)}
    world.do(lambda: type(contract).objects.filter(id=contract.id).update(**changes))

    plan = recognise_revenue(world.actor, up_to=date(2026, 3, 3))

    assert [c.step.posting.amount for c in plan.contracts] == [Decimal(-9000)]
    assert balances(world)["4010"] == Decimal(-75000)


def test_case_29_straight_line_by_day_has_no_drift(world: World) -> None:
    contract = money.contract(
        world, kind="fixed_price", fixed_amount=Decimal(5000), recognition="straight_line", ends_on=date(2027, 1, 14)
    )
    world.do(lambda: type(contract).objects.filter(id=contract.id).update(starts_on=date(2026, 1, 15)))
    later = World(actor=world.actor.at(datetime(2027, 2, 1, tzinfo=UTC)), entity=world.entity, boss=world.boss)
    ends = [date(2026, m, 28) if m == 2 else date(2026, m, 30 if m in {4, 6, 9, 11} else 31) for m in range(1, 13)]

    steps = [
        c.step.posting.amount
        for on in (*ends, date(2027, 1, 14))
        for c in recognise_revenue(later.actor, up_to=on).contracts
    ]

    assert [str(s) for s in steps] == [
        "232.88", "383.56", "424.66", "410.95", "424.66", "410.96", "424.66", "424.66", "410.96", "424.65", "410.96",
        "424.66", "191.78",
    ]  # fmt: skip
    assert balances(later, date(2027, 12, 31))["4020"] == Decimal(-5000)


def test_milestones_earn_when_they_are_reached(world: World) -> None:
    contract = money.contract(world, kind="fixed_price", fixed_amount=Decimal(1000), recognition="milestone")
    first, _ = plan_milestones(
        world.actor,
        contract_id=contract.id,
        milestones=[MilestonePlan(name="A", amount=Decimal(400)), MilestonePlan(name="B", amount=Decimal(600))],
    )
    reach_milestone(world.actor, milestone_id=first.id, on=date(2026, 4, 2))

    assert recognise_revenue(world.actor, up_to=date(2026, 4, 1)).contracts[0].step.posting.amount == 0
    assert recognise_revenue(world.actor, up_to=date(2026, 4, 30)).contracts[0].step.posting.amount == 400
    assert balances(world) == {"1150": Decimal(400), "4010": Decimal(-400)}


def test_contract_without_a_plan_is_left_out_with_the_reason(world: World) -> None:
    money.contract(world, kind="fixed_price", fixed_amount=Decimal(1000), recognition="cost_to_cost")

    plan = recognise_revenue(world.actor, up_to=date(2026, 4, 30))

    assert [left.words for left in plan.left_out] == ["Progress needs a positive plan and no negative measure."]


def test_future_and_strangers_are_refused(world: World) -> None:
    with pytest.raises(Invalid):
        recognise_revenue(world.actor, up_to=date(2026, 5, 7))
    with pytest.raises(Forbidden):
        recognise_revenue(world.with_rights(), up_to=date(2026, 4, 30))
