"""From handed-in time to money in the bank, clicked and typed as a project manager and an accountant do it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from quoin.billing.models import Charge, Invoice, Payment
from quoin.projects.models import ProjectMember
from quoin.timesheets.actions.weeks import submit_week
from quoin.timesheets.models import TimeEntry
from tests.e2e.firm import settle_clock
from tests.make import billing, money
from tests.make import time as make
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.projects.models import Project
    from tests.make import World

pytestmark = pytest.mark.e2e
APRIL = date(2026, 4, 20)


def hand_in(world: World, project: Project, name: str) -> None:
    """A full week of somebody, handed in and without anything to ask about."""
    person = world.person(name)
    world.do(lambda: ProjectMember.objects.create(project=project, person=person, minutes_per_day=480))
    for number in range(5):
        make.entry(world, person, project, on=APRIL + timedelta(days=number), minutes=480, note=f"Design {number}")
    submit_week(make.as_person(world, person), person_id=person.id, week_on=APRIL)


def states(world: World) -> dict[str, int]:
    """How many entries are in each state."""
    with world.inside():
        found = list(TimeEntry.objects.values_list("status", flat=True))
    return {state: found.count(state) for state in sorted(set(found))}


def approve_by_keyboard(page: Page, world: World) -> None:
    """One week with A, the others, all clean, with Shift+A."""
    page.goto("/approvals")
    expect(page.get_by_role("button", name=re.compile("Approve 3 clean weeks"))).to_be_visible()
    page.keyboard.press("a")
    remaining = page.get_by_role("button", name=re.compile("Approve 2 clean weeks"))
    expect(remaining).to_be_visible()
    assert states(world) == {"approved": 5, "submitted": 10}
    page.keyboard.press("Shift+A")
    expect(page.get_by_text("Nothing to approve.")).to_be_visible()
    assert states(world) == {"approved": 15}


def bill(page: Page) -> None:
    """From unbilled work over the run's review to the issued invoice; the count must be typed."""
    page.goto("/billing/unbilled")
    expect(page.locator("main")).to_contain_text("12,000.00")
    page.get_by_role("link", name="Start billing run").click()
    page.get_by_role("button", name="Build drafts").click()
    page.get_by_role("button", name="Issue 1 invoice").click()
    dialog = page.locator("#confirm")
    yes = dialog.locator("[data-yes]")
    expect(yes).to_be_disabled()
    dialog.locator("input").fill("2")
    expect(yes).to_be_disabled()
    dialog.locator("input").fill("1")
    yes.click()
    expect(page.locator(".toast").first).to_contain_text("1 invoice issued")


def test_from_approval_to_payment(world: World, sign_in: Callable[..., Page]) -> None:
    settle_clock(world)
    project = billing.job(world)
    for name in ("Ana Ruiz", "Bo Lind", "Cem Aydin"):
        hand_in(world, project, name)
    page = sign_in(member(world))

    approve_by_keyboard(page, world)
    bill(page)

    with world.inside():
        invoice = Invoice.objects.get()
        assert (invoice.status, invoice.net_amount) == ("issued", Decimal(12000))
    page.goto(f"/invoices/{invoice.public_id}")
    page.get_by_role("link", name=re.compile(r"\d+ entr")).first.click()
    drawer = page.locator("#drawer")
    expect(drawer.locator("tbody tr").first).to_contain_text("Design")
    page.keyboard.press("Escape")
    expect(drawer).not_to_be_visible()
    page.get_by_role("link", name="Record payment").click()
    page.get_by_role("button", name="Record payment").click()
    expect(page.locator(".toast").first).to_contain_text("Payment recorded")
    expect(page.locator("main")).to_contain_text("Paid")
    with world.inside():
        assert Payment.objects.get().amount == Invoice.objects.get().gross_amount
        assert set(Charge.objects.values_list("status", flat=True)) == {"billed"}


def test_a_wrong_invoice_is_corrected(world: World, sign_in: Callable[..., Page]) -> None:
    settle_clock(world)
    money.approved_time(world, on=billing.job(world), by=world.person(), minutes=(480, 90))
    first = billing.issued(world)
    page = sign_in(member(world))

    page.goto(f"/invoices/{first.public_id}")
    page.get_by_role("link", name="Correct", exact=True).click()
    page.get_by_role("textbox").fill("Wrong purchase order")
    page.get_by_role("button", name="Credit and open a new draft").click()
    expect(page.locator(".toast").first).to_be_visible()
    expect(page.get_by_role("button", name="Issue", exact=True)).to_be_visible()

    with world.inside():
        found = [(one.kind, one.status, one.gross_amount) for one in Invoice.objects.order_by("created_at", "id")]
    gross = first.gross_amount
    assert sorted(found) == [
        ("credit_note", "issued", gross),
        ("invoice", "draft", gross),
        ("invoice", "issued", gross),
    ]
