"""A week by keyboard only, and a network that goes away: what was typed lands in the database exactly once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from quoin.timesheets.models import TimeEntry, Timesheet
from tests.e2e.firm import WEEK, settle_clock
from tests.make import time as make
from tests.make.time import MONDAY
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.people.models import Person
    from tests.make import World

pytestmark = pytest.mark.e2e
SAVED = re.compile("Saved")


@pytest.fixture
def ana(world: World) -> Person:
    """Somebody with two projects."""
    settle_clock(world)
    person = world.person()
    make.project(world, members=(person,), name="Fjord ERP")
    make.project(world, members=(person,), name="Grid study")
    return person


def logged(world: World, person: Person) -> dict[tuple[str, date], list[int]]:
    """Minutes of each entry by project and day."""
    with world.inside():
        found: dict[tuple[str, date], list[int]] = {}
        for name, on, minutes in (
            TimeEntry.objects.filter(person=person).order_by("id").values_list("project__name", "work_on", "minutes")
        ):
            found.setdefault((name, on), []).append(minutes)
        return found


def cell(page: Page, row: int, day: int) -> Locator:
    return page.locator(f'.ts-cell[data-row="{row}"][data-day="{day}"]')


def open_week(page: Page, week: str = WEEK) -> list[str]:
    """Opens the grid; returns the projects of its rows from the top, and stands in the first cell."""
    page.goto(f"/time/{week}")
    expect(page.locator("#timesheet.is-live")).to_be_visible()
    cell(page, 0, 0).focus()
    names: list[str] = page.locator(".ts-grid tbody:first-of-type .ts-name b").all_inner_texts()
    return names


def type_time(page: Page, *texts: str, then: str = "Tab") -> None:
    """Types into the focused cell and moves on, as hands on a keyboard do."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press(then)


def saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_class(re.compile("is-saved"))
    expect(page.locator("[data-state]")).to_have_text(SAVED)


def fill_by_keyboard(page: Page) -> None:
    """Two rows: durations in five forms, and one that is filled to the right, noted, not billed, deleted, undone."""
    type_time(page, "7.5", "7:30", "90m", "9-17", "6,25")
    expect(cell(page, 0, 4)).to_contain_text("6:15")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    type_time(page, "1", then="Enter")
    cell(page, 1, 0).focus()
    page.keyboard.press("Control+r")
    expect(cell(page, 1, 4)).to_contain_text("1:00")
    page.keyboard.press("'")
    expect(page.locator("#ts-note")).to_be_focused()
    page.keyboard.type("Kick-off with the client")
    page.keyboard.press("Enter")
    expect(cell(page, 1, 0)).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator("[data-billable]")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    expect(cell(page, 1, 1)).to_have_text("")
    page.keyboard.press("z")
    expect(cell(page, 1, 1)).to_contain_text("1:00")
    saved(page)


def hand_in_by_keyboard(page: Page) -> None:
    """Submits; says yes to the checks if there are any."""
    page.keyboard.press("s")
    yes = page.locator("#ts-checks [data-checks-yes]")
    handed_in = page.get_by_role("button", name=re.compile("Withdraw"))
    expect(yes.or_(handed_in).first).to_be_visible()
    if yes.is_visible():
        expect(yes).to_be_focused()
        page.keyboard.press("Enter")
    expect(handed_in).to_be_visible()


def test_a_week_is_filled_and_submitted_by_keyboard(world: World, ana: Person, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world, person=ana))
    first, second = open_week(page)

    fill_by_keyboard(page)

    days = [MONDAY + timedelta(days=number) for number in range(5)]
    assert logged(world, ana) == {
        **{(first, day): [minutes] for day, minutes in zip(days, (450, 450, 90, 480, 375), strict=True)},
        **{(second, day): [60] for day in days},
    }
    with world.inside():
        noted = TimeEntry.objects.get(person=ana, project__name=second, work_on=MONDAY)
        assert (noted.note, noted.is_billable) == ("Kick-off with the client", False)

    hand_in_by_keyboard(page)
    with world.inside():
        assert set(TimeEntry.objects.filter(person=ana).values_list("status", flat=True)) == {"submitted"}
        assert Timesheet.objects.filter(person=ana, submitted_at__isnull=False).count() == 1


def test_last_week_is_copied_and_what_is_no_duration_is_said(
    world: World, ana: Person, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(member(world, person=ana))
    (first, _second) = open_week(page, "2026-W18")
    type_time(page, "4", "3")
    saved(page)
    open_week(page)

    page.get_by_role("button", name="Copy last week").click()
    page.get_by_role("button", name="Rows with hours", exact=True).click()
    expect(page.locator(".toast").first).to_be_visible()
    expect(page.locator("#timesheet.is-live")).to_be_visible()
    copied = {(first, MONDAY): [240], (first, MONDAY + timedelta(days=1)): [180]}
    assert {key: value for key, value in logged(world, ana).items() if key[1] >= MONDAY} == copied

    cell(page, 0, 2).focus()
    type_time(page, "9zz", then="Enter")
    expect(cell(page, 0, 2)).to_have_attribute("aria-invalid", "true")
    assert {key: value for key, value in logged(world, ana).items() if key[1] >= MONDAY} == copied


def test_what_is_typed_without_a_network_arrives_once(world: World, ana: Person, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world, person=ana))
    rows = open_week(page)
    context = page.context

    def lose_the_answer(route: Route) -> None:
        # The server takes the edits; its answer gets lost, as on a train in a tunnel.
        route.fetch()
        route.abort()

    page.route("**/cells", lose_the_answer)
    type_time(page, "1")
    expect(page.locator("[data-state]")).to_have_class(re.compile("is-offline"))
    page.unroute("**/cells")
    context.set_offline(True)
    for row in (0, 1):
        cell(page, row, 0).focus()
        type_time(page, *(f"{row + 1}:{number}5" for number in range(5)))
        cell(page, row, 6).focus()
        type_time(page, "0:30", then="Enter")
    cell(page, 0, 0).focus()
    type_time(page, "+1", "+1", "+1")
    expect(page.locator("[data-state]")).to_have_class(re.compile("is-offline"))
    context.set_offline(False)
    saved(page)

    typed = {
        (rows[row], MONDAY + timedelta(days=day)): [60 * (row + 1) + 10 * day + 5] for row in (0, 1) for day in range(5)
    }
    added = {(rows[0], MONDAY + timedelta(days=day)): [60 + 10 * day + 5 + 60] for day in range(3)}
    weekend = {(rows[row], MONDAY + timedelta(days=6)): [30] for row in (0, 1)}
    assert logged(world, ana) == {**typed, **added, **weekend}
