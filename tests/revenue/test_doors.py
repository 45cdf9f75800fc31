"""Recognition through its doors: page, API and command line show one plan, and post it once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quoin.base.actor import Scope
from quoin.kernel.errors import Forbidden, NotFound
from quoin.ledger.actions.periods import close_period
from quoin.ledger.models import Journal
from quoin.revenue.actions.runs import recognise_revenue
from quoin.revenue.models import Recognition
from quoin.revenue.queries.plans import recognition_plan
from tests.billing.test_story import broken
from tests.make import World, money, web
from tests.make.api import api
from tests.make.cli import quoin
from tests.revenue.test_runs import work

MARCH = date(2026, 3, 31)


@pytest.fixture
def contract(world: World):
    """A quarter of the planned cost is spent on a price of 120,000; another contract has no plan."""
    found = money.contract(
        world, kind="fixed_price", fixed_amount=Decimal(120000), planned_cost=Decimal(80000), recognition="cost_to_cost"
    )
    work(world, money.project(world, under=found, manager=world.boss), 20000, MARCH)
    money.contract(world, kind="fixed_price", fixed_amount=Decimal(1000), recognition="cost_to_cost")
    return found


def test_the_page_previews_what_the_run_posts(world: World, contract) -> None:
    browser = web.signed_in(world)
    page = browser.get("/revenue?up_to=2026-03-31").content.decode()
    assert "30,000.00" in page
    assert "Progress needs a positive plan" in page
    with world.inside():
        assert Recognition.objects.count() == 0

    done = browser.post("/revenue/recognise", {"up_to": "2026-03-31"})
    assert (done.status_code, done["Location"]) == (303, "/revenue?up_to=2026-03-31")

    steps = browser.get(f"/contracts/{contract.public_id}/revenue").content.decode()
    assert "30,000.00" in steps
    assert "/ledger/journals/jou_" in steps
    assert "To post" in browser.get("/revenue").content.decode()
    assert browser.get("/revenue?up_to=soon").status_code == 422
    assert broken(world) == []


def test_api_and_command_line_say_the_same(world: World, contract) -> None:
    door = api(world)
    plan = door.get("/revenue/plan?up_to=2026-03-31").body
    (row,) = plan["contracts"]
    assert (row["to_post"]["amount"], row["progress"], len(plan["left_out"])) == ("30000.00", "1/4", 1)
    (said,) = quoin(world, "revenue", "plan", "--to", "2026-03-31")
    assert (said["contract"], said["to_post"]) == (contract.number, "30000.00")

    (posted,) = quoin(world, "revenue", "recognise", "--to", "2026-03-31", "--contract", contract.number)
    assert posted["to_post"] == "30000.00"
    again = door.post("/revenue/recognise", up_to="2026-03-31", contract_ids=[contract.public_id])
    assert again.body["contracts"][0]["to_post"]["amount"] == "0.00"
    steps = door.get(f"/contracts/{contract.public_id}/recognitions").body
    assert (steps["total"]["amount"], len(steps["data"])) == ("30000.00", 1)
    assert steps["data"][0]["journal_id"].startswith("jou_")
    assert quoin(world, "revenue", "show", contract.number)[0]["posted"] == "30000.00"
    with pytest.raises(NotFound):
        quoin(world, "revenue", "show", "K-nobody")


def test_revenue_of_a_closed_month_is_posted_on_the_first_open_day(world: World, contract) -> None:
    close_period(world.actor, entity_id=world.entity.id, month="2026-03")
    browser = web.signed_in(world)
    assert "The month is closed in the books of HD" in browser.get("/revenue?up_to=2026-03-31").content.decode()

    recognise_revenue(world.actor, up_to="2026-03-31", contract_ids=[str(contract.id)])

    with world.inside():
        assert Journal.objects.get(source_kind="recognition").posting_on == date(2026, 5, 6)
        assert Recognition.objects.get().up_to_on == MARCH
    assert broken(world) == []


def test_a_manager_sees_only_the_revenue_of_managed_projects(world: World, contract) -> None:
    with world.inside():
        everybody = recognition_plan(world.with_rights("revenue.recognition.view"), up_to=MARCH)
        boss = world.with_rights("revenue.recognition.view", scope=Scope.TEAM, person=world.boss)
        own = recognition_plan(boss, up_to=MARCH)
        stranger = world.with_rights(
            "revenue.recognition.view", scope=Scope.TEAM, person=world.people["P200002026-03-31"]
        )
        none = recognition_plan(stranger, up_to=MARCH)
    assert (len(everybody.left_out), len(own.contracts), len(own.left_out)) == (1, 1, 0)
    assert (none.contracts, none.left_out) == ((), ())
    with pytest.raises(Forbidden):
        recognise_revenue(boss, up_to=MARCH)
    with pytest.raises(NotFound):
        recognise_revenue(world.actor, up_to=MARCH, contract_ids=[world.boss.id])
