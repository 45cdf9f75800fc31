"""Everybody can use every page: axe-core finds nothing on any of them, in light, in dark, and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e import pages
from tests.e2e.firm import Firm, build

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e
_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (only) => {
  const options = only ? { runOnly: only } : { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
  const found = await axe.run(document, { ...options, resultTypes: ["violations"] });
  // The name of a grid's cell tells its row, day and value; what it shows is a value, not the label of a control.
  const isCell = (rule, node) => rule === "label-content-name-mismatch" && node.html.includes('role="gridcell"');
  for (const one of found.violations) one.nodes = one.nodes.filter((node) => !isCell(one.id, node));
  return found.violations.filter((one) => one.nodes.length).map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + " — " + (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ""))]);
}"""
_IS_DRAWN = "() => !document.querySelector('[aria-busy=true]')"
_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The other colours are on the screen after the next frame."""
_WIDTHS = """() => {
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  const room = document.documentElement.scrollWidth - innerWidth;
  return room > 0 ? `${room} px too wide: ` + wide.slice(0, 4).map((one) => one.outerHTML.slice(0, 100)).join(" | ") : "";
}"""


@pytest.fixture(scope="session")
def firm(django_db_setup: None, django_db_blocker: Any) -> Firm:
    with django_db_blocker.unblock():
        return build()


def faults_of(page: Page, path: str) -> list[str]:
    """What is wrong with the page in light, in dark and on a phone."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(path)
    # Grids drawn from data that is still on its way say so; what they show then is what is judged.
    page.wait_for_function(_IS_DRAWN)
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = [f"{path}: {rule}: {nodes}" for rule, nodes in page.evaluate(_RUN)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(_TWO_FRAMES)
    found += [f"{path} in dark: {rule}: {nodes}" for rule, nodes in page.evaluate(_RUN, ["color-contrast"])]
    page.set_viewport_size({"width": 390, "height": 844})
    if too_wide := page.evaluate(_WIDTHS):
        found.append(f"{path} on a phone is {too_wide}")
    return found


@pytest.mark.parametrize("area", pages.areas())
def test_pages_have_no_fault(area: str, firm: Firm, sign_in: Callable[..., Page]) -> None:
    page = sign_in(firm.user)
    faults = [fault for path in pages.pages_of(area, firm) for fault in faults_of(page, path)]

    assert faults == [], "\n".join(faults)


def test_most_of_the_product_is_looked_at(firm: Firm) -> None:
    """If ids were no longer found, the test above would pass over empty lists."""
    assert sum(len(pages.pages_of(area, firm)) for area in ("billing", "projects", "timesheets")) > 25


def test_doors_and_dead_ends_have_no_fault(
    watched: Callable[..., Watched], firm: Firm, sign_in: Callable[..., Page]
) -> None:
    stranger, page = watched().context.new_page(), sign_in(firm.user)

    assert faults_of(stranger, "/login/") + faults_of(page, "/no-such-page") + faults_of(page, "/search?q=fjord") == []
