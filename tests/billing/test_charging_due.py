"""Milestones, payment schedules and retainers fall due; retainers settle by month (case #14)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from quoin.billing.actions.pricing import charge_what_is_due, reprice_charges, settle_months
from quoin.billing.models import Charge, ContractUse, RetainerPeriod
from quoin.billing.services.charging import OnUnpriced
from quoin.billing.services.repricing import Scope, reprice_plan
from quoin.catalog.actions.rates import NewRate, add_rates
from quoin.catalog.models import Rate, RateCard
from quoin.kernel.errors import Conflict, Invalid
from quoin.sales.actions.contracts import (
    MilestonePlan,
    create_contract,
    plan_milestones,
    reach_milestone,
    unreach_milestone,
    update_contract,
)
from tests.billing.test_charging import balances, charges, free
from tests.make import World, money


def fixed(world: World, price: str = "120000") -> object:
    return create_contract(
        world.actor, client_id=money.client(world).id, name="Portal", kind="fixed_price", fixed_amount=Decimal(price),
        starts_on=date(2026, 1, 2),
    )  # fmt: skip


def test_reached_milestone_is_charged_whole_and_taken_back(world: World) -> None:
    contract = fixed(world)
    parts = [
        MilestonePlan(name=n, amount=Decimal(a)) for n, a in (("Start", 36000), ("Design", 48000), ("Live", 36000))
    ]
    rows = plan_milestones(world.actor, contract_id=contract.id, milestones=parts)

    reach_milestone(world.actor, milestone_id=rows[0].id, on=date(2026, 1, 2))

    (charge,) = charges(world)
    assert (charge.kind, charge.amount, charge.work_on, charge.status, charge.note) == (
        "milestone", Decimal(36000), date(2026, 1, 2), "unbilled", "Start",
    )  # fmt: skip
    assert balances(world) == {}
    with pytest.raises(Conflict, match="was reached"):
        reach_milestone(world.actor, milestone_id=rows[0].id)
    unreach_milestone(world.actor, milestone_id=rows[0].id)
    assert charges(world) == []
    reach_milestone(world.actor, milestone_id=rows[0].id)
    world.do(lambda: Charge.objects.exclude(status="void").update(status="billed"))
    with pytest.raises(Conflict, match="invoice"):
        unreach_milestone(world.actor, milestone_id=rows[0].id)


def test_milestones_add_up_to_the_price(world: World) -> None:
    contract = fixed(world)

    with pytest.raises(Invalid, match="add up"):
        plan_milestones(world.actor, contract_id=contract.id, milestones=[MilestonePlan(name="All", amount=Decimal(1))])


def test_schedule_is_charged_on_its_day_once(world: World) -> None:
    contract = fixed(world, "300")
    parts = [
        MilestonePlan(name=f"Rate {n}", amount=Decimal(100), due_on=date(2026, n, 1), bills_on_due_day=True)
        for n in (4, 5, 6)
    ]
    plan_milestones(world.actor, contract_id=contract.id, milestones=parts)

    assert charge_what_is_due(world.actor) == 2
    assert charge_what_is_due(world.actor) == 0
    assert [c.work_on for c in charges(world)] == [date(2026, 4, 1), date(2026, 5, 1)]


def test_limits_of_the_contract_reach_the_database(world: World) -> None:
    client = money.client(world)
    contract = create_contract(
        world.actor, client_id=client.id, name="Support", kind="time_and_materials", cap_amount=Decimal(5000)
    )
    world.do(lambda: ContractUse.objects.filter(contract=contract).update(billed_amount=4000))

    update_contract(world.actor, contract_id=contract.id, cap_amount=Decimal(4000))
    with pytest.raises(Conflict, match="cap"):
        update_contract(world.actor, contract_id=contract.id, cap_amount=Decimal("3999.99"))
    with pytest.raises(Conflict, match="cap"):
        world.do(lambda: ContractUse.objects.filter(contract=contract).update(billed_amount=Decimal("4000.01")))


def test_case_14_retainer_with_rollover_and_overage(world: World) -> None:
    terms = money.contract(
        world, kind="retainer", retainer_fee=Decimal(6000), retainer_minutes=2400, rollover_months=1,
        overage_rate_per_hour=Decimal(160),
    )  # fmt: skip
    world.do(lambda: type(terms).objects.filter(id=terms.id).update(starts_on=date(2026, 1, 1)))
    job = money.project(world, under=terms)
    for month, hours in ((1, 32), (2, 45), (3, 30), (4, 55)):
        days = [date(2026, month, 1 + n) for n in range(hours // 5)]
        rest = hours - 5 * len(days)
        lengths = [300] * len(days) + ([rest * 60] if rest else [])
        money.approved_time(
            world, on=job, by=free(world, f"P{month}"), minutes=lengths,
            day=days + ([date(2026, month, 20)] if rest else []),
        )  # fmt: skip

    assert settle_months(world.actor, on=date(2026, 4, 30)) == 4
    assert settle_months(world.actor, on=date(2026, 4, 30)) == 0

    with world.inside():
        found = [
            (p.rolled_in_minutes, p.used_minutes, p.overage_minutes, p.expired_minutes, p.rolled_on)
            for p in RetainerPeriod.objects.order_by("starts_on")
        ]
    assert found == [
        (0, 32 * 60, 0, 0, [8 * 60]),
        (8 * 60, 45 * 60, 0, 0, [3 * 60]),
        (3 * 60, 30 * 60, 0, 0, [13 * 60]),
        (13 * 60, 53 * 60, 2 * 60, 0, []),
    ]
    # No fee is invoiced yet, so that all of it stands as unbilled work; case #14 closes with 24,320 received.
    assert balances(world) == {"1150": Decimal(24320), "4030": Decimal(-24000), "4000": Decimal(-320)}
    fees = [c.amount for c in charges(world) if c.kind == "fee"]
    assert (fees, [c.amount for c in charges(world) if c.kind == "overage"]) == ([Decimal(6000)] * 4, [Decimal(320)])


def test_late_retainer_time_counts_in_the_next_month(world: World) -> None:
    terms = money.contract(
        world, kind="retainer", retainer_fee=Decimal(600), retainer_minutes=600, overage_rate_per_hour=Decimal(90)
    )
    world.do(lambda: type(terms).objects.filter(id=terms.id).update(starts_on=date(2026, 3, 1)))
    job = money.project(world, under=terms)
    money.approved_time(world, on=job, by=free(world), minutes=[300], day=date(2026, 3, 2))
    settle_months(world.actor, on=date(2026, 3, 31))
    money.approved_time(world, on=job, by=free(world, "Bo"), minutes=[120], day=date(2026, 3, 3))

    settle_months(world.actor, on=date(2026, 4, 30))

    with world.inside():
        used = list(RetainerPeriod.objects.order_by("starts_on").values_list("used_minutes", "expired_minutes"))
    assert used[:2] == [(300, 300), (120, 480)]
    assert balances(world)["4950"] == Decimal(-780)


@pytest.fixture
def priced(world: World):
    card = money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world))
    ana = free(world)
    money.approved_time(world, on=job, by=ana, minutes=[60, 60], day=[date(2026, 4, 30), date(2026, 5, 4)])
    return card, job, ana


def test_new_version_changes_no_charge_until_priced_again(world: World, priced) -> None:
    card, _, _ = priced
    add_rates(world.actor, card_id=card.id, from_on=date(2026, 5, 1), percent=Decimal(10))
    assert [c.amount for c in charges(world)] == [Decimal(100), Decimal(100)]

    with world.inside():
        preview = reprice_plan(Scope())
    plan = reprice_charges(world.actor)

    assert [(c.charge.id, c.amount) for c in plan.changes] == [(c.charge.id, c.amount) for c in preview.changes]
    assert (len(plan.changes), plan.unchanged, plan.unpriced) == (1, 1, 0)
    assert [c.amount for c in charges(world)] == [Decimal(100), Decimal(110)]
    assert balances(world) == {"1150": Decimal(210), "4000": Decimal(-210)}
    assert reprice_charges(world.actor).changes == ()


def test_billed_work_keeps_its_price(world: World, priced) -> None:
    card, _, _ = priced
    world.do(lambda: Charge.objects.filter(work_on=date(2026, 5, 4)).update(status="billed"))
    add_rates(world.actor, card_id=card.id, from_on=date(2026, 5, 1), percent=Decimal(10))

    assert reprice_charges(world.actor).changes == ()
    assert {c.amount for c in charges(world)} == {Decimal(100)}


def test_work_that_waited_for_a_rate_is_priced_and_released(world: World) -> None:
    card = money.rate_card(world, rate=None)
    job = money.project(world, under=money.contract(world))
    ids = money.entries(world, on=job, by=world.person(cost="60"), minutes=[90], day=date(2026, 5, 4))
    money.approve(world, ids, unpriced=OnUnpriced.HOLD)

    add_rates(world.actor, card_id=card.id, from_on=date(2026, 1, 1), rates=[NewRate(per_hour=Decimal(80))])
    reprice_charges(world.actor, project_id=job.id)

    (charge,) = charges(world)
    assert (charge.amount, charge.hold_reason, charge.held_until) == (Decimal(120), "", None)
    assert balances(world)["1150"] == Decimal(120)
    assert datetime(2026, 1, 1, tzinfo=UTC) < charge.charged_at
    with world.inside():
        assert charge.rate_id == Rate.objects.get().id
        assert RateCard.objects.count() == 1
