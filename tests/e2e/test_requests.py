"""Requests by keys: the best by Enter, any of five by its number, why not by W, and undo gives everything back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from quoin.people.actions.skills import create_skill, state_skill
from quoin.resourcing.actions.demands import create_demand
from quoin.resourcing.models import Booking, Demand
from tests.e2e.firm import settle_clock
from tests.e2e.test_axe import faults_of
from tests.make import resourcing
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.accounts.models import User
    from quoin.projects.models import Project
    from tests.make import World

pytestmark = pytest.mark.e2e
Pages = Callable[..., Page]


@dataclass
class Firm:
    world: World
    user: User
    job: Project
    demand: Demand

    def booked(self) -> list[str]:
        with self.world.inside():
            return list(Booking.objects.order_by("person__name").values_list("person__name", flat=True))


@pytest.fixture
def firm(world: World) -> Firm:
    """Ana fits best, Ben fits too, Cleo lacks the skill."""
    settle_clock(world)
    skill = create_skill(world.actor, name="SAP MM")
    for name, level in (("Ana Ruiz", 5), ("Ben Lie", 3)):
        state_skill(world.actor, person_id=world.person(name).id, skill_id=skill.id, level=level)
    world.person("Cleo Tan")
    job = resourcing.project(world)
    monday = world.actor.today - timedelta(days=world.actor.today.weekday())
    demand = create_demand(
        world.actor, project_id=job.id, starts_on=monday + timedelta(weeks=1), ends_on=monday + timedelta(weeks=3),
        percent=80, title="SAP consultant", skills=[{"skill_id": skill.id, "level": 3}],
    )  # fmt: skip
    return Firm(world, member(world), job, demand)


def opened(firm: Firm, page: Page) -> Page:
    page.goto(f"/requests/{firm.demand.public_id}")
    expect(page.get_by_role("heading", name="Who fits")).to_be_visible()
    return page


def test_enter_accepts_the_best_and_undo_gives_it_back(firm: Firm, sign_in: Pages) -> None:
    page = opened(firm, sign_in(firm.user))

    page.keyboard.press("Enter")

    expect(page.locator(".toast")).to_contain_text("Ana Ruiz booked")
    assert firm.booked() == ["Ana Ruiz"]
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Accept Ana Ruiz")).to_be_visible()
    assert firm.booked() == []


def test_a_number_accepts_that_candidate(firm: Firm, sign_in: Pages) -> None:
    page = opened(firm, sign_in(firm.user))

    page.keyboard.press("2")

    expect(page.locator(".toast")).to_contain_text("Ben Lie booked")
    assert firm.booked() == ["Ben Lie"]


def test_enter_on_a_link_opens_the_link(firm: Firm, sign_in: Pages) -> None:
    page = opened(firm, sign_in(firm.user))

    page.get_by_role("link", name="Ana Ruiz", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.locator("#drawer")).to_contain_text("All points add up to the fit")
    assert firm.booked() == []


def test_w_says_why_not_the_others(firm: Firm, sign_in: Pages) -> None:
    page = opened(firm, sign_in(firm.user))
    cleo = page.locator("#why-not tr", has_text="Cleo Tan")
    expect(cleo).not_to_be_visible()

    page.keyboard.press("w")

    expect(cleo).to_be_visible()
    expect(cleo).to_contain_text("no SAP MM, needs 3")


def test_a_request_is_asked_for_from_the_projects_team(firm: Firm, sign_in: Pages) -> None:
    page = sign_in(firm.user)
    page.goto(f"/p/{firm.job.number}/team/weeks")

    page.get_by_role("link", name="Role", exact=True).click()
    page.get_by_label("What for").fill("Architect")
    page.get_by_label("To", exact=True).fill((firm.demand.ends_on).isoformat())
    page.get_by_label("Only a placeholder for now").check()
    page.get_by_role("button", name="Ask").click()

    expect(page.locator("h1")).to_contain_text("Architect")
    expect(page.get_by_role("button", name="Open the request")).to_be_visible()
    page.goto(f"/p/{firm.job.number}/team/weeks")
    expect(page.locator("main")).to_contain_text("Architect")


def test_pages_of_requests_have_no_fault(firm: Firm, sign_in: Pages) -> None:
    page = sign_in(firm.user)
    first = f"/requests/{firm.demand.public_id}"
    ana = firm.world.people["Ana Ruiz"].public_id

    faults = [
        fault
        for path in (first, "/requests/new", f"{first}/candidates/{ana}", f"{first}/candidates/{ana}/accept",
                     f"/p/{firm.job.number}/team/weeks", f"/people/{ana}/schedule", "/calendar-feeds")
        for fault in faults_of(page, path)
    ]  # fmt: skip

    assert faults == [], "\n".join(faults)
