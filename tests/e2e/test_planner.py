"""Booking by keys and by mouse: what is drawn lands in the database, what it refuses is asked about, undo takes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from quoin.insights.models import ScenarioChange
from quoin.projects.models import Project
from quoin.resourcing.models import Booking, Override
from tests.e2e.firm import settle_clock
from tests.e2e.test_axe import faults_of
from tests.make import resourcing
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.accounts.models import User
    from quoin.people.models import Person
    from tests.make import World

pytestmark = pytest.mark.e2e
Pages = Callable[..., Page]


@dataclass
class Firm:
    world: World
    user: User
    ana: Person
    mei: Person
    fjord: Project
    monday: date

    def bookings(self) -> list[tuple[str, date, date, str, int, bool]]:
        """Of everybody, in the order of their days: who, when, how much, and whether it is firm."""
        with self.world.inside():
            rows = Booking.objects.select_related("person").order_by("starts_on", "person__name", "id")
            return [(b.person.name, b.starts_on, b.ends_on, b.effort, b.amount, b.is_firm) for b in rows]

    def week(self, number: int) -> tuple[date, date]:
        first = self.monday + timedelta(weeks=number)
        return first, first + timedelta(days=6)


@pytest.fixture
def firm(world: World) -> Firm:
    """Ana, firmly booked in the second week, Mei with nothing, and a project."""
    settle_clock(world)
    ana, mei = world.person("Ana Ruiz"), world.person("Mei Tan")
    fjord = resourcing.project(world)
    world.do(lambda: Project.objects.filter(id=fjord.id).update(name="Fjord ERP"))
    today = world.actor.today
    monday = today - timedelta(days=today.weekday())
    first = (monday - resourcing.MONDAY).days + 7
    resourcing.booked(world, ana, fjord, first=first, last=first + 6, percent=80)
    return Firm(world, member(world), ana, mei, fjord, monday)


def opened(page: Page) -> Page:
    page.goto("/planner")
    expect(page.locator("#planner.is-live")).to_be_visible()
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator(".pl-body .pl-row.is-person").filter(has_text=name)


def cell(page: Page, name: str, column: int) -> Locator:
    return row(page, name).locator(f'.pl-cell[data-column="{column}"]')


def stand_on(page: Page, name: str, column: int) -> None:
    """Moves the keyboard there: by keys only, from the cell that Tab finds."""
    here = page.locator(".pl-body [data-here]")
    here.focus()
    page.keyboard.press("PageUp")
    for _step in range(20):
        if name in page.locator(".pl-row:has([data-here]) .pl-name").inner_text():
            break
        page.keyboard.press("ArrowDown")
    for _step in range(column - int(here.get_attribute("data-column") or 0)):
        page.keyboard.press("ArrowRight")
    expect(cell(page, name, column)).to_be_focused()


def test_cells_show_what_is_booked(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))

    expect(cell(page, "Ana Ruiz", 1)).to_have_text("80")
    expect(cell(page, "Mei Tan", 1)).to_have_text("·")
    expect(cell(page, "Ana Ruiz", 1)).to_have_attribute("aria-label", "Ana Ruiz, W20: 80 %")


def test_booking_by_keys_and_undo(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    before = firm.bookings()

    stand_on(page, "Mei Tan", 2)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("b")
    expect(page.locator("[data-book]")).to_be_visible()
    page.keyboard.type("60")
    page.keyboard.press("Enter")

    expect(cell(page, "Mei Tan", 3)).to_have_text("60")
    assert ("Mei Tan", firm.week(2)[0], firm.week(3)[1], "percent", 60, False) in firm.bookings()

    expect(page.locator(".toast")).to_contain_text("booked")
    page.keyboard.press("z")
    expect(cell(page, "Mei Tan", 3)).to_have_text("·")
    assert firm.bookings() == before


def test_a_firm_booking_over_capacity_is_asked_about(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))

    stand_on(page, "Ana Ruiz", 1)
    page.keyboard.press("5")
    expect(page.locator('[data-book] [name="amount"]')).to_be_focused()
    page.keyboard.type("1")
    page.locator("[data-book] [name=firm]").check()
    page.keyboard.press("Enter")
    refused = page.locator("[data-refused]")
    expect(refused).to_contain_text("do not fit")
    assert len(firm.bookings()) == 1

    refused.get_by_label("Reason").fill("Go-live")
    refused.get_by_role("button", name="Book over capacity").click()

    expect(cell(page, "Ana Ruiz", 1)).to_have_text("▲▲131")
    with firm.world.inside():
        assert set(Override.objects.values_list("reason", flat=True)) == {"Go-live"}


def test_over_capacity_can_become_tentative(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))

    stand_on(page, "Ana Ruiz", 1)
    page.keyboard.press("b")
    page.locator("[data-book] [name=firm]").check()
    page.locator("[data-book-verb]").click()
    page.locator("[data-as-tentative]").click()

    expect(cell(page, "Ana Ruiz", 1)).to_have_text("▲▲180")
    assert [one[5] for one in firm.bookings()] == [True, False]


def open_bookings(page: Page, name: str) -> Locator:
    stand_on(page, name, 1)
    page.keyboard.press("x")
    block = page.locator(".pl-block:visible")
    expect(block).to_have_count(1)
    return block


def test_moving_by_keys(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    open_bookings(page, "Ana Ruiz")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Mei Tan", 2)).to_have_text("80")
    assert firm.bookings()[0][0] == "Ana Ruiz"
    page.keyboard.press("Enter")

    expect(page.locator(".toast")).to_contain_text("moved")
    assert firm.bookings() == [("Mei Tan", *firm.week(2), "percent", 80, True)]


def test_resizing_by_keys_and_escape(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    open_bookings(page, "Ana Ruiz")
    page.keyboard.press("ArrowDown")

    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Escape")
    assert firm.bookings() == [("Ana Ruiz", *firm.week(1), "percent", 80, True)]
    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")

    expect(page.locator(".toast")).to_contain_text("changed")
    expect(cell(page, "Ana Ruiz", 2)).to_have_text("80")
    assert firm.bookings() == [("Ana Ruiz", firm.week(1)[0], firm.week(2)[1], "percent", 80, True)]


def test_splitting_and_deleting_by_keys(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    open_bookings(page, "Ana Ruiz")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("changed")
    expect(page.locator(".pl-block.is-moving")).to_have_count(0)

    page.keyboard.press("ArrowRight")
    page.keyboard.press(";")
    expect(page.locator(".pl-block:visible")).to_have_count(2)
    page.keyboard.press("Delete")
    expect(page.locator(".pl-block:visible")).to_have_count(1)

    assert firm.bookings() == [("Ana Ruiz", *firm.week(2), "percent", 80, True)]


def until(page: Page, holds: Callable[[], bool]) -> None:
    """The cell shows what is to come before the database has it."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("not within ten seconds")


def drag(page: Page, start: Locator, end: Locator) -> None:
    """From middle to middle, as a hand does: in steps."""
    one, other = start.bounding_box(), end.bounding_box()
    assert one
    assert other
    page.mouse.move(one["x"] + one["width"] / 2, one["y"] + one["height"] / 2)
    page.mouse.down()
    page.mouse.move(other["x"] + other["width"] / 2, other["y"] + other["height"] / 2, steps=8)


def test_drawing_a_booking_with_the_mouse(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))

    drag(page, cell(page, "Mei Tan", 1), cell(page, "Mei Tan", 3))
    expect(cell(page, "Mei Tan", 2)).to_have_text("100")
    expect(page.locator("[data-tip]")).to_contain_text("Mei Tan")
    page.mouse.up()
    page.locator('[data-book] [name="amount"]').fill("50")
    page.keyboard.press("Enter")

    expect(cell(page, "Mei Tan", 2)).to_have_text("50")
    assert ("Mei Tan", firm.week(1)[0], firm.week(3)[1], "percent", 50, False) in firm.bookings()


def test_dragging_a_booking_to_somebody_else(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    block = open_bookings(page, "Ana Ruiz")

    drag(page, block, cell(page, "Mei Tan", 3))
    page.mouse.up()

    expect(page.locator(".toast")).to_contain_text("moved")
    assert firm.bookings() == [("Mei Tan", *firm.week(3), "percent", 80, True)]


def test_a_brush_books_again_with_one_drag(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    open_bookings(page, "Ana Ruiz")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("B")
    expect(page.locator("[data-brush]")).to_contain_text("Fjord ERP")

    drag(page, cell(page, "Mei Tan", 2), cell(page, "Mei Tan", 3))
    page.mouse.up()

    expect(page.locator(".toast")).to_contain_text("booked")
    assert ("Mei Tan", firm.week(2)[0], firm.week(3)[1], "percent", 80, True) in firm.bookings()
    page.keyboard.press("z")
    expect(cell(page, "Mei Tan", 2)).to_have_text("·")
    until(page, lambda: len(firm.bookings()) == 1)


def test_a_booking_goes_into_a_scenario_and_the_plan_stays(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    before = firm.bookings()

    stand_on(page, "Mei Tan", 2)
    page.keyboard.press("b")
    page.get_by_role("button", name="Put into a scenario").click()

    page.wait_for_url("**/scenarios/compare**")
    assert firm.bookings() == before
    with firm.world.inside():
        kept = ScenarioChange.objects.get()
        assert (kept.kind, kept.data["person_id"], kept.data["amount"]) == ("booking.add", str(firm.mei.id), 100)


def test_others_changes_arrive_by_themselves(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))
    expect(cell(page, "Mei Tan", 1)).to_have_text("·")
    page.wait_for_timeout(500)

    first = (firm.monday - resourcing.MONDAY).days + 7
    resourcing.booked(firm.world, firm.mei, firm.fjord, first=first, last=first + 4, percent=40)

    expect(cell(page, "Mei Tan", 1)).to_have_text("40")


def test_a_cell_opens_its_lines_and_gives_the_focus_back(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))

    stand_on(page, "Ana Ruiz", 1)
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("Fjord ERP")
    expect(drawer.locator(".figure").nth(1)).to_contain_text("32:00")
    page.keyboard.press("Escape")

    expect(cell(page, "Ana Ruiz", 1)).to_be_focused()


def test_the_filter_and_the_search_for_time(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))

    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#pl-filter [name=q]").fill("Mei")
    page.keyboard.press("Enter")
    expect(row(page, "Mei Tan")).to_be_visible()
    expect(row(page, "Ana Ruiz")).to_have_count(0)
    assert "q=Mei" in page.url
    page.get_by_role("button", name="Name or role: Mei").click()
    expect(row(page, "Ana Ruiz")).to_be_visible()

    page.get_by_role("button", name="Find time").click()
    page.locator("#pl-find [name=weeks]").fill("2")
    page.locator("#pl-find [name=until]").fill((firm.monday + timedelta(days=20)).isoformat())
    page.keyboard.press("Enter")
    expect(row(page, "Ana Ruiz")).to_have_count(0)
    expect(cell(page, "Mei Tan", 1)).to_have_class(re.compile("is-fit"))


def test_zoom_keeps_the_place(firm: Firm, sign_in: Pages) -> None:
    page = opened(sign_in(firm.user))

    page.get_by_role("button", name="Months").click()
    expect(page.locator(".pl-column").first).to_be_visible()
    expect(page.get_by_role("button", name="Months")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Days", exact=True).click()
    expect(page.get_by_role("button", name="Days", exact=True)).to_have_attribute("aria-pressed", "true")

    assert "zoom=days" in page.url


def test_planner_has_no_fault_for_assistive_technology(firm: Firm, sign_in: Pages) -> None:
    page = sign_in(firm.user)

    assert faults_of(page, "/planner") + faults_of(page, "/planner/list") == []
