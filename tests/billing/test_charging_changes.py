"""Unbilled work is held, written down and written up; minutes keep their one fate."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.charges import (
    hold_charges,
    release_charges,
    take_back_write_downs,
    write_down_charges,
    write_up_charge,
)
from quoin.billing.models import Charge, WriteDown
from quoin.billing.services.fates import standings
from quoin.billing.types import BillingInvalid, WriteDownTooHigh
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.billing.test_charging import balances, charges, free
from tests.make import World, money, new_world


@pytest.fixture
def fifty_hours(world: World) -> list[Charge]:
    """Case #4: 50 h at 100.00, as 8 h and 42 h."""
    money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world))
    money.approved_time(world, on=job, by=free(world), minutes=[480, 1440, 1080], day=date(2026, 5, 4))
    return charges(world)


def charge_of(found: list[Charge], minutes: int) -> Charge:
    return next(charge for charge in found if charge.minutes == minutes)


def fate(world: World, charge: Charge):
    with world.inside():
        (standing,) = standings([Charge.objects.get(id=charge.id)])
    return standing.fate


def test_case_4_write_down_and_write_up(world: World, fifty_hours) -> None:
    assert balances(world) == {"1150": Decimal(5000), "4000": Decimal(-5000)}
    eight, other = charge_of(fifty_hours, 480), charge_of(fifty_hours, 1440)

    write_down_charges(world.actor, charge_ids=[eight.id], reason="Rework")
    write_up_charge(world.actor, charge_id=other.id, amount=Decimal(300), reason="Weekend surcharge")

    assert balances(world) == {"1150": Decimal(4500), "4000": Decimal(-5300), "4900": Decimal(800)}
    found = fate(world, eight)
    assert (found.written_off_minutes, found.unbilled_minutes, found.unbilled.amount) == (480, 0, Decimal(0))
    assert fate(world, other).unbilled.amount == Decimal(2700)
    assert sorted(c.status for c in charges(world)) == ["unbilled", "unbilled", "written_off"]
    assert sum(c.minutes for c in charges(world)) == 3000


def test_part_of_the_minutes_is_given_up_at_their_worth(world: World, fifty_hours) -> None:
    eight = charge_of(fifty_hours, 480)

    write_down_charges(world.actor, charge_ids=[eight.id], minutes=120, reason="Goodwill")

    found = fate(world, eight)
    assert (found.written_off_minutes, found.unbilled_minutes, found.unbilled.amount) == (120, 360, Decimal(600))
    assert balances(world)["4900"] == Decimal(200)


def test_taking_back_leaves_what_was(world: World, fifty_hours) -> None:
    eight = charge_of(fifty_hours, 480)
    before = balances(world)
    down = write_down_charges(world.actor, charge_ids=[eight.id], reason="Rework")
    up = write_up_charge(world.actor, charge_id=charge_of(fifty_hours, 1440).id, amount=Decimal(5), reason="Fee")

    take_back_write_downs(world.actor, write_down_ids=[down[0].id, up.id], reason="Mistake")

    assert balances(world) == before
    assert {c.status for c in charges(world)} == {"unbilled"}
    assert fate(world, eight).unbilled_minutes == 480
    with pytest.raises(Conflict, match="already"):
        take_back_write_downs(world.actor, write_down_ids=[up.id], reason="Again")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"reason": " "}, BillingInvalid),
        ({"reason": "x", "minutes": 481}, BillingInvalid),
        ({"reason": "x", "amount": Decimal("800.01")}, BillingInvalid),
        ({"reason": "x", "amount": Decimal(-1)}, BillingInvalid),
    ],
)
def test_more_than_is_unbilled_is_refused(world: World, fifty_hours, change, error) -> None:
    eight = charge_of(fifty_hours, 480)
    before = balances(world)

    with pytest.raises(error):
        write_down_charges(world.actor, charge_ids=[eight.id], **change)

    assert balances(world) == before
    with world.inside():
        assert not WriteDown.objects.exists()


def test_above_the_limit_somebody_else_decides(world: World, fifty_hours) -> None:
    clerk = world.with_rights("billing.charge.write_down")
    large = charge_of(fifty_hours, 1440)

    with pytest.raises(WriteDownTooHigh, match="1000"):
        write_down_charges(clerk, charge_ids=[large.id], reason="Rework")
    write_down_charges(clerk, charge_ids=[charge_of(fifty_hours, 480).id], reason="Rework")
    write_down_charges(world.actor, charge_ids=[large.id], reason="Rework")

    assert balances(world)["4900"] == Decimal(3200)


def test_billed_work_is_not_written_down(world: World, fifty_hours) -> None:
    world.do(lambda: Charge.objects.update(status="drafted"))

    with pytest.raises(Conflict, match="only unbilled"):
        write_down_charges(world.actor, charge_ids=[fifty_hours[0].id], reason="Rework")


def test_hold_and_release(world: World, fifty_hours) -> None:
    ids = [charge.id for charge in fifty_hours]

    assert hold_charges(world.actor, charge_ids=ids, until=date(2026, 6, 30), reason="Client asked") == 3
    assert {(c.held_until, c.hold_reason) for c in charges(world)} == {(date(2026, 6, 30), "Client asked")}
    assert release_charges(world.actor, charge_ids=ids) == 3
    assert {(c.held_until, c.hold_reason) for c in charges(world)} == {(None, "")}
    with pytest.raises(Invalid):
        hold_charges(world.actor, charge_ids=ids, until=world.actor.today, reason="Client asked")


def test_changes_need_their_permission_and_the_own_tenant(world: World, fifty_hours) -> None:
    ids = [fifty_hours[0].id]

    with pytest.raises(Forbidden):
        write_down_charges(world.with_rights(), charge_ids=ids, reason="x")
    with pytest.raises(NotFound):
        write_down_charges(new_world().actor, charge_ids=ids, reason="x")
    with pytest.raises(NotFound):
        hold_charges(new_world().actor, charge_ids=ids, until=date(2026, 6, 30), reason="x")


def test_written_down_time_is_not_reopened(world: World, fifty_hours) -> None:
    eight = charge_of(fifty_hours, 480)
    write_down_charges(world.actor, charge_ids=[eight.id], minutes=60, reason="Goodwill")

    with pytest.raises(Conflict, match="Take the write-down back first"):
        money.reopen(world, [eight.source_id])
