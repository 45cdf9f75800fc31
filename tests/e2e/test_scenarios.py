"""What-if in a browser: a question is answered, compared, opened to its lines and applied, by mouse and by keys."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from quoin.insights.actions.scenarios import add_change, create_scenario
from quoin.insights.models import ScenarioReader
from quoin.resourcing.models import Booking
from tests.e2e.firm import settle_clock
from tests.e2e.test_axe import faults_of
from tests.make.resourcing import booked, project
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.accounts.models import User
    from quoin.insights.models import Scenario
    from tests.make import World

pytestmark = pytest.mark.e2e


@pytest.fixture
def user(world: World) -> User:
    """A member of a firm that has one project with two bookings."""
    settle_clock(world)
    ana, job = world.person(), project(world)
    booked(world, ana, job)
    booked(world, ana, job, first=7, last=11)
    return member(world)


@pytest.fixture
def late(world: World, user: User) -> Scenario:
    made = create_scenario(world.actor, name="Late", reach="shared")
    with world.inside():
        job = Booking.objects.values_list("project_id", flat=True).first()
    add_change(world.actor, scenario_id=made.id, kind="project.shift", project_id=job, days=7)
    return made


def shoot(page: Page, name: str) -> None:
    """Keeps a picture where somebody asked for pictures, in light, dark and on a phone."""
    if folder := os.environ.get("QUOIN_SHOTS"):
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(folder) / f"{name}-{scheme}-{width}.png"), full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})


def test_a_question_is_answered_and_applied_by_mouse(user: User, world: World, sign_in: Callable[..., Page]) -> None:
    page = sign_in(user)
    page.goto("/scenarios")
    page.get_by_role("link", name="What if … is late?").click()
    page.get_by_label("How many weeks later").fill("2")
    page.get_by_role("button", name="Show the effect").click()
    expect(page).to_have_url(re.compile("/scenarios/compare"))
    expect(page.get_by_role("columnheader", name="Plan of record").first).to_be_visible()
    page.get_by_role("link", name="All rows").click()
    page.get_by_role("row", name=re.compile("^Revenue")).get_by_role("link").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Total")
    page.keyboard.press("Escape")
    page.get_by_role("link", name=re.compile("^Open ")).click()
    page.get_by_role("link", name="Apply…").click()
    expect(page.get_by_role("listitem").filter(has_text="Change the booking of Ana Ruiz")).to_have_count(2)
    shoot(page, "apply")
    page.get_by_role("button", name="Apply as firm").click()
    expect(page.get_by_text("Applied", exact=True).first).to_be_visible()
    with world.inside():
        assert {str(day) for day in Booking.objects.values_list("starts_on", flat=True)} == {"2026-06-15", "2026-06-22"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Open", exact=True).first).to_be_visible()
    with world.inside():
        assert {str(day) for day in Booking.objects.values_list("starts_on", flat=True)} == {"2026-06-01", "2026-06-08"}


def test_scenarios_are_compared_by_keys(user: User, late: Scenario, sign_in: Callable[..., Page]) -> None:
    page = sign_in(user)
    page.goto("/scenarios")
    page.get_by_role("checkbox", name="Compare Late").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+C")
    expect(page).to_have_url(re.compile("/scenarios/compare"))
    page.keyboard.press("d")
    expect(page.get_by_role("row", name=re.compile("^Utilisation"))).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("link", name="Late", exact=True)).to_be_focused()
    page.get_by_role("row", name=re.compile("^Cost of work")).get_by_role("link").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Ana Ruiz")


def test_a_booking_is_tried_out_and_shared_by_keys(user: User, world: World, sign_in: Callable[..., Page]) -> None:
    page = sign_in(user)
    page.goto("/scenarios")
    page.get_by_role("link", name="Book somebody").focus()
    page.keyboard.press("Enter")
    page.get_by_label("From").fill("2026-07-06")
    page.get_by_label("until", exact=True).fill("2026-07-10")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/scenarios/compare"))
    expect(page.get_by_role("row", name=re.compile("^Load of Consultant"))).to_be_visible()
    page.get_by_role("link", name=re.compile("^Open ")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Change or share").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Who sees it").select_option(label="People I name")
    page.locator("select[name=reader_ids]").select_option(label="Ana Ruiz")
    shoot(page, "share")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sheet-note")).to_contain_text("Ana Ruiz")
    with world.inside():
        assert [one.person.name for one in ScenarioReader.objects.select_related("person")] == ["Ana Ruiz"]


def test_pages_have_no_fault(user: User, late: Scenario, sign_in: Callable[..., Page]) -> None:
    page = sign_in(user)
    paths = (
        "/scenarios", f"/scenarios/{late.public_id}", f"/scenarios/compare?with={late.public_id}&show=all",
        f"/scenarios/{late.public_id}/apply", "/scenarios/start/win", "/scenarios/start/hire",
        "/scenarios/start/book", "/scenarios/start/move", "/scenarios/start/leave", "/scenarios/start/rate",
        f"/scenarios/lines?with={late.public_id}&column=1&row=margin",
    )  # fmt: skip
    faults = []
    for path in paths:
        faults += faults_of(page, path)
        shoot(page, path.split("?")[0].strip("/").replace("/", "-").replace(late.public_id, "one"))
    assert faults == [], "\n".join(faults)
