"""The checks of the money core: silent on real work, loud on each planted fault."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connections

from quoin.billing.actions.charges import write_down_charges, write_up_charge
from quoin.billing.models import Charge
from quoin.compliance.queries.checks import run_checks
from tests.billing.test_charging import charges, free
from tests.make import World, money

NUMBERS = ("01", "03", "04", "05", "05e", "10", "13", "16")


def broken(world: World) -> dict[str, int]:
    with world.inside():
        return {
            check.number: check.count for check in run_checks(world.actor) if check.number in NUMBERS and check.count
        }


@pytest.fixture
def busy(world: World) -> World:
    """Work of three kinds, partly reopened, written down and up."""
    money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world))
    ana = world.person(cost="60")
    ids = money.approved_time(world, on=job, by=ana, minutes=[60, 90, 480], day=date(2026, 4, 20))
    money.approved_time(world, on=money.project(world), by=ana, minutes=[30])
    money.reopen(world, ids[:1])
    found = [charge for charge in charges(world) if charge.status == "unbilled"]
    write_down_charges(world.actor, charge_ids=[found[0].id], minutes=30, reason="Goodwill")
    write_up_charge(world.actor, charge_id=found[1].id, amount=Decimal(7), reason="Weekend")
    hotel = money.expense(world, on=job, by=free(world, "Bo"), gross="238.00", vat="38.00")
    money.approve_expenses(world, [hotel])
    return world


def test_real_work_breaks_nothing(busy: World) -> None:
    # Reopened time may stand open again: it is neither approved nor charged.
    def hand_back() -> None:
        from quoin.timesheets.models import TimeEntry

        charged = Charge.objects.exclude(status="void").values("source_id")
        TimeEntry.objects.exclude(id__in=charged).update(status="open", approved_by=None, approved_at=None)

    busy.do(hand_back)

    assert broken(busy) == {}


def test_approved_time_without_a_charge_is_found(busy: World) -> None:
    assert broken(busy) == {"13": 1}


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        ("UPDATE billing_charge SET amount = amount + 1 WHERE kind = 'time' AND status = 'unbilled'", "03"),
        ("UPDATE billing_charge SET minutes = minutes + 1 WHERE kind = 'time' AND status <> 'void'", "13"),
        ("UPDATE billing_charge SET status = 'billed' WHERE kind = 'expense'", "13"),
        ("UPDATE billing_chargemonth SET amount = amount + 1", "05"),
        ("UPDATE insights_earnedmonth SET amount = amount + 1", "05e"),
        ("DELETE FROM insights_earnedmonth", "05e"),
        ("UPDATE billing_charge SET batch_id = id WHERE kind = 'time' AND status <> 'void'", "04"),
    ],
)
def test_planted_fault_is_found(busy: World, fault: str, number: str) -> None:
    from django.db import connection

    before = broken(busy).get(number, 0)

    def plant() -> None:
        with connection.cursor() as cursor:
            cursor.execute(fault)

    busy.do(plant)

    assert broken(busy).get(number, 0) > before


def test_a_journal_that_slipped_past_the_judge_is_found(busy: World) -> None:
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT set_config('quoin.tenant_id', %s, false)", [str(busy.tenant_id)])
        cursor.execute("ALTER TABLE ledger_journalline DISABLE TRIGGER USER")
        try:
            cursor.execute(
                "UPDATE ledger_journalline SET base_amount = base_amount + 1 WHERE position = 1 AND tenant_id = %s",
                [busy.tenant_id],
            )
        finally:
            cursor.execute("ALTER TABLE ledger_journalline ENABLE TRIGGER USER")
            cursor.execute("SELECT set_config('quoin.tenant_id', '', false)")
    owner.close()

    assert "01" in broken(busy)
