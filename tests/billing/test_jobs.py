"""The nightly job charges what is due by its date, and a second run of the night finds nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

from quoin.base.audit.models import AuditAction
from quoin.billing.models import Charge, RetainerPeriod
from quoin.billing.tasks import charge_due_nightly
from quoin.sales.actions.contracts import MilestonePlan, plan_milestones
from tests.billing.test_story import broken
from tests.make import World, billing, money


def test_schedules_and_retainer_fees_are_charged_by_night(world: World) -> None:
    price = money.contract(world, of=billing.buyer(world), kind="fixed_price", fixed_amount=Decimal(300))
    plan_milestones(
        world.actor,
        contract_id=price.id,
        milestones=[
            MilestonePlan(name=f"Rate {day:%B}", amount=Decimal(100), due_on=day, bills_on_due_day=True)
            for day in (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1))
        ],
    )
    retainer = money.contract(
        world, kind="retainer", retainer_fee=Decimal(600), retainer_minutes=600, overage_rate_per_hour=Decimal(80)
    )
    world.do(lambda: type(retainer).objects.filter(id=retainer.id).update(starts_on=date(2026, 4, 1)))

    charge_due_nightly(world.actor)
    charge_due_nightly(world.actor)

    with world.inside():
        assert sorted(Charge.objects.values_list("kind", "work_on")) == [
            ("fee", date(2026, 4, 1)), ("fee", date(2026, 5, 1)),
            ("milestone", date(2026, 4, 1)), ("milestone", date(2026, 5, 1)),
        ]  # fmt: skip
        assert RetainerPeriod.objects.filter(settled_at__isnull=False).count() == 1
        told = AuditAction.objects.filter(name="billing.contract.charge_due").order_by("at")
        assert [row.target for row in told] == ["4 charges", "0 charges"]
    charge_due_nightly(world.actor.at(datetime(2026, 6, 1, 2, tzinfo=UTC)))
    with world.inside():
        assert Charge.objects.count() == 6
    assert broken(world) == []
