"""Solving all open requests by mouse and by keys: ask, read the proof and the reasons, accept, undo; repair a plan."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from quoin.base.db.context import tenant_transaction
from quoin.people.actions.skills import create_skill, state_skill
from quoin.resourcing.actions import staffing
from quoin.resourcing.actions.demands import create_demand
from quoin.resourcing.models import Booking, StaffingRun
from tests.e2e.firm import settle_clock
from tests.e2e.test_axe import faults_of
from tests.make import resourcing
from tests.make.resourcing import booked, day
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.accounts.models import User
    from tests.make import World

pytestmark = pytest.mark.e2e
Pages = Callable[..., Page]
SHOTS = os.environ.get("QUOIN_SHOTS", "")


@dataclass
class Firm:
    world: World
    user: User

    def work_off(self) -> None:
        """What a worker would do."""
        with self.world.inside():
            (run,) = StaffingRun.objects.filter(ended_at=None)
        with tenant_transaction(self.world.actor):
            staffing.work_off(self.world.actor, run_id=run.id)

    def people(self) -> list[str]:
        with self.world.inside():
            return sorted(Booking.objects.filter(demand__isnull=False).values_list("person__name", flat=True))


@pytest.fixture
def firm(world: World) -> Firm:
    """Two requests that Ana fits best, one of which only she fits; a third that nobody fits."""
    settle_clock(world)
    job = resourcing.project(world)
    ana, ben = world.person("Ana Ruiz"), world.person("Ben Okoye")
    skill = create_skill(world.actor, name="SAP MM")
    for person, level in ((ana, 4), (ben, 2)):
        state_skill(world.actor, person_id=person.id, skill_id=skill.id, level=level, wish="")
    for title, priority, level in (("Rollout", 1, 1), ("Cutover", 2, 4), ("Architecture", 3, 5)):
        create_demand(
            world.actor, project_id=job.id, starts_on=day(0), ends_on=day(18), percent=80, title=title,
            priority=priority, skills=[{"skill_id": str(skill.id), "level": level, "is_must": True}],
        )  # fmt: skip
    booked(world, ben, job, first=28, last=32)
    return Firm(world, member(world))


def shot(page: Page, name: str) -> None:
    """A picture for whoever looks; none in a usual run."""
    if not SHOTS:
        return
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_all_open_requests_are_solved_read_and_accepted(firm: Firm, sign_in: Pages) -> None:
    page = sign_in(firm.user)
    page.goto("/requests")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Solve all open")).to_be_visible()
    shot(page, "ask")
    page.get_by_role("radio", name="Client continuity").check()
    page.get_by_role("button", name="Solve 3 open requests").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    firm.work_off()

    expect(page.get_by_text("that is proven")).to_be_visible()
    assert faults_of(page, page.url) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    shot(page, "answer")
    expect(page.get_by_text("only Ana Ruiz fits it")).to_be_visible()
    expect(page.get_by_text("If this is waived (SAP MM 4, needs 5): Ana Ruiz")).to_have_count(0)
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("2 people booked tentatively")).to_be_visible()
    assert firm.people() == ["Ana Ruiz", "Ben Okoye"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Accepted", exact=True)).to_have_count(0)
    assert firm.people() == []


def test_some_are_accepted_by_keys(firm: Firm, sign_in: Pages) -> None:
    page = sign_in(firm.user)
    staffing.start_staffing(firm.world.actor, goal="continuity")
    firm.work_off()
    page.goto("/requests/solve")
    page.get_by_role("complementary").get_by_role("link").first.press("Enter")
    box = page.get_by_role("checkbox", name="Accept Ana Ruiz")
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Accept", exact=True).press("Enter")

    expect(page.get_by_text("1 person booked tentatively")).to_be_visible()
    assert firm.people() == ["Ana Ruiz"]


def test_a_plan_is_repaired(firm: Firm, sign_in: Pages) -> None:
    page = sign_in(firm.user)
    page.goto("/requests/repair")
    page.get_by_label("Who is away").select_option(label="Ben Okoye")
    page.get_by_label("From").fill(str(day(28)))
    page.get_by_label("To (away)").fill(str(day(32)))
    page.get_by_role("button", name="Find repairs").click()
    expect(page.get_by_role("heading", name="Least delay")).to_be_visible()
    assert faults_of(page, page.url) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    shot(page, "repair")

    page.get_by_role("region", name="Least delay").locator("xpath=ancestor::section").get_by_role(
        "button", name="Apply"
    ).click()

    expect(page.get_by_text("everybody concerned is told")).to_be_visible()
    with firm.world.inside():
        assert Booking.objects.get().person.name != "Ben Okoye"
