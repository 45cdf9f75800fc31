"""The retainers page, and rates agreed on a project or a contract, through all three doors."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.pricing import charge_what_is_due, settle_months
from quoin.billing.queries.retainers import running_retainers
from quoin.catalog.models import Rate
from quoin.kernel.errors import Conflict, NotFound
from quoin.projects.models import ProjectMember
from tests.billing.test_story import broken
from tests.make import World, billing, money, web
from tests.make.api import api
from tests.make.cli import quoin


@pytest.fixture
def retainer(world: World):
    """Ten hours a month since April with a month of rollover: four used in April, twelve in May up to the 6th."""
    found = money.contract(
        world, of=billing.buyer(world), kind="retainer", retainer_fee=Decimal(1000), retainer_minutes=600,
        rollover_months=1, overage_rate_per_hour=Decimal(120),
    )  # fmt: skip
    world.do(lambda: type(found).objects.filter(id=found.id).update(starts_on=date(2026, 4, 1)))
    job = money.project(world, under=found)
    days = [date(2026, 4, 7), date(2026, 5, 4), date(2026, 5, 5)]
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[240, 480, 540], day=days)
    return found


def test_a_retainer_shows_what_is_included_rolled_in_used_and_over(world: World, retainer) -> None:
    charge_what_is_due(world.actor)
    settle_months(world.actor)
    with world.inside():
        (row,) = running_retainers(world.actor)

    assert (row.included, row.rolled_in, row.used, row.left, row.over) == (600, 360, 1020, 0, 60)
    assert (row.overage.amount, row.meaning, row.next_fee_on) == (Decimal(120), "danger", date(2026, 6, 1))
    browser = web.signed_in(world)
    page = browser.get("/recurring").content.decode()
    assert "Kranich" in page
    month = browser.get(f"/recurring/{retainer.public_id}/2026-05").content.decode()
    assert "17:00" in month
    assert "Settled" in month
    assert browser.get(f"/recurring/{retainer.public_id}/May").status_code == 404
    (said,) = quoin(world, "retainer", "list")
    assert (said["used"], said["over"]) == ("17:00", "1:00")
    assert api(world).get("/retainers").status == 200
    assert browser.post("/recurring/due").status_code == 303
    assert broken(world) == []


def test_no_retainers_say_what_one_is(world: World) -> None:
    assert "No retainers run" in web.signed_in(world).get("/recurring").content.decode()


def test_a_rate_is_agreed_on_a_project_and_says_whom_it_beats(world: World) -> None:
    job = billing.job(world, rate="100")
    ana = world.person()
    world.do(lambda: ProjectMember.objects.create(project=job, person=ana))
    browser = web.signed_in(world)
    url = f"/p/{job.number}/rates"
    assert "Nothing is agreed here" in browser.get(url).content.decode()

    added = browser.post(f"{url}/new", {"per_hour": "140", "from_on": "2026-01-01", "person_id": str(ana.id)})

    assert added.status_code == 303
    page = browser.get(url).content.decode()
    assert "140.00" in page
    assert "is beaten by the rate of the person on the project" in page
    on_contract = f"/contracts/{job.contract.public_id}/rates"
    assert browser.post(f"{on_contract}/new", {"per_hour": "120", "from_on": "2026-01-01"}).status_code == 303
    assert "120.00" in browser.get(on_contract).content.decode()
    with world.inside():
        keys = {(row.project_id, row.contract_id, row.person_id) for row in Rate.objects.filter(valid_from__year=2026)}
    assert keys == {(job.id, None, ana.id), (None, job.contract.id, None)}


def test_a_rate_is_agreed_on_the_command_line(world: World) -> None:
    job = billing.job(world, rate="100")
    ana = world.person()
    quoin(world, "rate", "add", "140", "--project", job.number, "--person", ana.name, "--from", "2026-05-01")
    assert quoin(world, "rate", "explain", "--person", ana.name, "--project", job.number, "--on", "2026-05-04")[
        "rate_per_hour"
    ] == {"amount": "140", "currency": "EUR"}
    with pytest.raises(NotFound, match="no contract"):
        quoin(world, "rate", "add", "140", "--contract", "K-none", "--from", "2026-05-01")


def test_without_a_contract_or_a_card_no_rate_is_agreed(world: World) -> None:
    internal = money.project(world)
    browser = web.signed_in(world)
    assert "not billed" in browser.get(f"/p/{internal.number}/rates").content.decode()
    refused = browser.post(f"/p/{internal.number}/rates/new", {"per_hour": "1", "from_on": "2026-01-01"})
    assert refused.status_code == 422
    bare = billing.job(world, rate="")
    with pytest.raises(Conflict, match="no company rate card"):
        quoin(world, "rate", "add", "140", "--project", bare.number, "--from", "2026-05-01")
