"""Unbilled entries on screen: a higher price, today's rates, and taking back what was given up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from quoin.billing.actions.charges import write_down_charges
from quoin.billing.models import Charge, WriteDown
from quoin.catalog.models import Rate
from tests.make import World, billing, money, web
from tests.make.cli import quoin

MARCH = date(2026, 3, 31)


@pytest.fixture
def charge(world: World) -> Charge:
    money.approved_time(world, on=billing.job(world, rate="100"), by=world.person(cost="0"), minutes=[60], day=MARCH)
    with world.inside():
        return Charge.objects.get()


@pytest.fixture
def browser(world: World) -> Client:
    return web.signed_in(world)


def test_one_entry_is_written_up_and_taken_back(world: World, charge: Charge, browser: Client) -> None:
    asked = f"/billing/unbilled/write-up?ids={charge.public_id}"
    assert "Bill so much more" in browser.get(asked).content.decode()
    assert browser.post(asked, {"amount": "50", "reason": "Night work"}).status_code == 303
    with world.inside():
        (change,) = WriteDown.objects.all()
    assert change.amount == Decimal(-50)

    ticked = browser.post("/billing/write-downs/take-back", {"ids": [change.public_id]})
    assert browser.get(ticked["Location"]).status_code == 200
    assert browser.post(ticked["Location"], {"reason": "Mistake"}).status_code == 303

    listed = browser.get("/billing/write-downs").content.decode()
    assert "Night work" in listed
    assert "Taken back" in listed
    with world.inside():
        assert sum(WriteDown.objects.values_list("amount", flat=True)) == 0


def test_what_can_be_taken_back_is_told_by_every_door(world: World, charge: Charge, browser: Client) -> None:
    (change,) = write_down_charges(world.actor, charge_ids=[charge.id], reason="Training of our own")

    (row,) = quoin(world, "charge", "write-downs")
    assert (row["id"], row["standing"], row["amount"]["amount"]) == (change.public_id, "open", "100")
    assert "Can be taken back" in browser.get("/billing/write-downs").content.decode()
    quoin(world, "charge", "take-back", change.public_id, "--reason", "Mistake")
    assert quoin(world, "charge", "write-downs") == []
    assert {row["standing"] for row in quoin(world, "charge", "write-downs", "--all")} == {"taken_back", "reversal"}


def test_entries_are_priced_again_by_todays_rate(world: World, charge: Charge, browser: Client) -> None:
    world.do(lambda: Rate.objects.update(amount_per_hour=Decimal(120)))

    asked = f"/billing/unbilled/price-again?ids={charge.public_id}"
    assert browser.get(asked).status_code == 200
    assert browser.post(asked).status_code == 303

    with world.inside():
        assert Charge.objects.get().amount == Decimal(120)


def test_one_entry_is_given_up_in_part(world: World, charge: Charge, browser: Client) -> None:
    asked = f"/billing/unbilled/write-off?ids={charge.public_id}"
    assert browser.post(asked, {"minutes": "15", "amount": "", "reason": "Slow"}).status_code == 303
    with world.inside():
        (change,) = WriteDown.objects.all()
    assert (change.minutes, change.amount) == (15, Decimal(25))


def test_a_price_is_raised_entry_by_entry(charge: Charge, browser: Client) -> None:
    two = f"/billing/unbilled/write-up?ids={charge.public_id}&ids={charge.public_id}"
    assert browser.get(two).status_code == 422
