"""Dispatch by mouse and by keyboard, a visit on a phone without a network, and a late delivery with its effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from quoin.base.audit.models import AuditAction
from quoin.field import actions, queries
from quoin.field.models import Delivery, Visit, VisitMember, VisitPart
from tests.e2e.firm import settle_clock
from tests.make.field import at, installation, visit
from tests.make.web import member

if TYPE_CHECKING:
    from tests.make import World

pytestmark = pytest.mark.e2e
BOARD = "/dispatch?day=2026-05-06&span=1"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def press(world: World) -> tuple[Visit, Visit, Delivery]:
    """A press line being installed, with two technicians."""
    settle_clock(world)
    found = installation(world)
    world.person("Bo")
    return found


def stored(world: World, one: Visit) -> Visit:
    with world.inside():
        return Visit.objects.get(id=one.id)


def crew(world: World, one: Visit) -> list[str]:
    with world.inside():
        return [row.person.name for row in queries.crew_of(one)]


def block(page: Page, one: Visit, row: str = "") -> Locator:
    where = f'[data-row-of]:has-text("{row}") ' if row else ""
    return page.locator(f'{where}.dp-block[data-visit="{one.public_id}"]')


def card(page: Page, one: Visit) -> Locator:
    return page.locator(f'.dp-card[data-visit="{one.public_id}"]')


def toast(page: Page, text: str) -> None:
    expect(page.locator("#toasts .toast").filter(has_text=text).first).to_be_visible()


def test_a_visit_is_dragged_from_the_tray_moved_and_published(
    world: World, press: tuple[Visit, Visit, Delivery], watched: Callable[..., object]
) -> None:
    waiting, placed, _goods = press
    page = watched().sign_in(member(world))  # type: ignore[attr-defined]  # Watched, see conftest
    page.goto(BOARD)
    expect(block(page, placed, "Ana Ruiz")).to_be_visible()
    expect(block(page, placed, "Van 3")).to_be_visible()

    track = page.locator('[data-row-of]:has-text("Ana Ruiz") .dp-track')
    box = track.bounding_box()
    assert box is not None
    card(page, waiting).hover()
    page.mouse.down()
    # 14 hours from 6:00: three quarters of the way is 16:30.
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 10, steps=4)
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20, steps=4)
    page.mouse.up()
    expect(block(page, waiting, "Ana Ruiz")).to_be_visible()
    found = stored(world, waiting)
    assert (found.starts_at, crew(world, waiting)) == (at(6, 16, 30), ["Ana Ruiz"])

    grip = block(page, waiting, "Ana Ruiz").bounding_box()
    assert grip is not None
    page.mouse.move(grip["x"] + 20, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5 + 20, box["y"] + 20, steps=6)
    # On top of the other visit: both are drafts, so it is allowed, and told at once once one is published.
    page.mouse.up()
    expect(page.locator("#toasts .toast")).to_have_count(2)
    assert stored(world, waiting).starts_at == at(6, 13)

    page.get_by_role("button", name="Publish drafts").click()
    toast(page, "Published")
    expect(block(page, waiting, "Ana Ruiz")).to_have_class(re.compile("is-published"))
    assert stored(world, placed).status == "published"


def test_what_is_in_the_way_is_said_while_a_visit_is_carried_by_keyboard(
    world: World, press: tuple[Visit, Visit, Delivery], watched: Callable[..., object]
) -> None:
    waiting, placed, _goods = press
    actions.publish_visits(world.actor, visit_ids=[placed.id])
    page = watched().sign_in(member(world))  # type: ignore[attr-defined]
    page.goto(BOARD)
    card(page, waiting).focus()
    page.keyboard.press("m")
    expect(page.locator("[data-why]")).to_contain_text("at another visit then")
    for _hour in range(5):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    expect(block(page, waiting, "Ana Ruiz")).to_be_focused()
    found = stored(world, waiting)
    assert (found.starts_at, found.ends_at) == (at(6, 13), at(6, 17, 15))

    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Assign somebody else too").select_option(label="Bo")
    expect(block(page, waiting, "Bo")).to_be_visible()
    assert crew(world, waiting) == ["Ana Ruiz", "Bo"]

    block(page, waiting, "Ana Ruiz").focus()
    page.keyboard.press("p")
    toast(page, "Published")
    assert stored(world, waiting).status == "published"
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    assert stored(world, waiting).starts_at == at(6, 13)


def test_a_double_booking_is_refused_in_words(
    world: World, press: tuple[Visit, Visit, Delivery], watched: Callable[..., object]
) -> None:
    _waiting, placed, _goods = press
    with world.inside():
        project, site = placed.project, placed.site
    other = visit(world, project, site, title="Second crew")
    actions.publish_visits(world.actor, visit_ids=[placed.id])
    actions.plan_visit(world.actor, visit_id=other.id, hours=(at(6, 9), at(6, 10)), crew=[world.people["Ana Ruiz"].id])
    page = watched().sign_in(member(world))  # type: ignore[attr-defined]
    page.goto(BOARD)
    expect(block(page, other)).to_have_class(re.compile("is-hard"))
    block(page, other).focus()
    page.keyboard.press("p")
    toast(page, "Ana Ruiz is at another visit then")
    assert stored(world, other).status == "draft"


def test_a_visit_is_worked_without_a_network_and_sent_later_once(
    world: World, press: tuple[Visit, Visit, Delivery], watched: Callable[..., object]
) -> None:
    _waiting, placed, _goods = press
    actions.publish_visits(world.actor, visit_ids=[placed.id])
    seen = watched(**PHONE)
    page: Page = seen.sign_in(member(world))  # type: ignore[attr-defined]
    page.clock.set_fixed_time(world.actor.now)
    page.goto(f"/visits/{placed.public_id}")
    # The browser says when it has the page and all that it is made of.
    expect(page.locator("#visit[data-kept]")).to_be_visible()

    seen.context.set_offline(True)  # type: ignore[attr-defined]
    page.reload()
    expect(page.get_by_role("heading", name="Set up the press")).to_be_visible()
    page.get_by_role("button", name="Begin work").click()
    line = page.locator(".fv-check").filter(has_text="Level it")
    line.get_by_label("Note").fill("Two degrees off")
    line.get_by_role("button", name="Failed").click()
    page.locator("#part-name").fill("Anchor bolt")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#fv-state")).to_contain_text("3 not sent yet")
    page.reload()
    expect(line).to_have_class(re.compile("is-waiting"))
    assert stored(world, placed).work_began_at is None

    seen.context.set_offline(False)  # type: ignore[attr-defined]
    expect(page.locator("#fv-state")).to_have_text("All is sent.")
    # The shell's own requests found no network either, and said so.
    seen.complaints.clear()  # type: ignore[attr-defined]
    expect(line).to_contain_text("Two degrees off")
    found = stored(world, placed)
    assert found.status == "on_site"
    with world.inside():
        assert [(row.name, row.quantity) for row in VisitPart.objects.filter(visit=placed)] == [("Anchor bolt", 1)]
        assert [row.state for row in queries.checks_of(placed)] == ["open", "failed"]


def write_on(page: Page, pad: Locator) -> None:
    """A stroke on the signature field."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()


def answer_and_sign(page: Page, picture: bytes) -> None:
    """The whole of a checklist, the report and the client's hand; none of it reaches the server."""
    anchor, level = page.locator(".fv-check").nth(0), page.locator(".fv-check").nth(1)
    anchor.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture})
    anchor.get_by_role("button", name="Done").click()
    level.get_by_role("button", name="Done").click()
    page.get_by_label("What was done").fill("Frame stands.")
    page.get_by_role("button", name="Finish the visit").click()
    expect(page.locator("#fv-state")).to_contain_text("3 not sent yet")
    page.get_by_label("Name of who signs").fill("Frau Stein")
    write_on(page, page.locator("#fv-pad"))
    page.get_by_role("button", name="Sign", exact=True).click()


def test_a_whole_visit_is_done_without_a_network_and_sent_once(
    world: World, press: tuple[Visit, Visit, Delivery], watched: Callable[..., object]
) -> None:
    _waiting, placed, _goods = press
    actions.publish_visits(world.actor, visit_ids=[placed.id])
    seen = watched(**PHONE)
    page: Page = seen.sign_in(member(world))  # type: ignore[attr-defined]
    page.clock.set_fixed_time(world.actor.now - timedelta(hours=1))
    page.goto(f"/visits/{placed.public_id}")
    expect(page.locator("#visit[data-kept]")).to_be_visible()
    page.get_by_role("button", name="Begin work").click()
    expect(page.locator("#fv-state")).to_have_text("All is sent.")
    page.goto(f"/visits/{placed.public_id}")
    expect(page.locator("#visit[data-kept]")).to_be_visible()
    picture = page.screenshot()

    seen.context.set_offline(True)  # type: ignore[attr-defined]
    page.clock.set_fixed_time(world.actor.now)
    answer_and_sign(page, picture)
    expect(page.locator("#fv-state")).to_contain_text("4 not sent yet")
    assert stored(world, placed).status == "on_site"

    seen.context.set_offline(False)  # type: ignore[attr-defined]
    expect(page.locator("#fv-state")).to_have_text("All is sent.")
    # The shell's own requests found no network either, and said so.
    seen.complaints.clear()  # type: ignore[attr-defined]
    found = stored(world, placed)
    assert (found.status, found.report, found.signed_by) == ("done", "Frame stands.", "Frau Stein")
    assert found.signature_id is not None
    with world.inside():
        assert [(row.state, row.photo_id is not None) for row in queries.checks_of(placed)] == [
            ("done", True), ("done", False),
        ]  # fmt: skip
        done = ("field.check.answer", "field.visit.finish", "field.visit.sign")
        assert AuditAction.objects.filter(name__in=done).count() == 4


def test_a_visit_is_finished_and_signed_with_a_photo_and_a_hand(
    world: World, press: tuple[Visit, Visit, Delivery], watched: Callable[..., object]
) -> None:
    _waiting, placed, _goods = press
    actions.publish_visits(world.actor, visit_ids=[placed.id])
    page: Page = watched(**PHONE).sign_in(member(world))  # type: ignore[attr-defined]
    page.clock.set_fixed_time(world.actor.now - timedelta(hours=1))
    page.goto(f"/visits/{placed.public_id}")
    page.get_by_role("button", name="Begin work").click()
    expect(page.locator("#fv-state")).to_have_text("All is sent.")
    page.clock.set_fixed_time(world.actor.now)
    anchor, level = page.locator(".fv-check").nth(0), page.locator(".fv-check").nth(1)
    anchor.get_by_role("button", name="Done").click()
    expect(page.locator("#fv-refused")).to_contain_text("needs a photo")
    picture = page.screenshot()
    anchor.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture})
    anchor.get_by_role("button", name="Done").click()
    expect(anchor).to_have_class(re.compile("is-done"))
    expect(anchor.get_by_role("link", name="Photo")).to_be_visible()
    level.get_by_role("button", name="Done").click()
    expect(level).to_have_class(re.compile("is-done"))
    expect(page.locator("#fv-state")).to_have_text("All is sent.")
    page.get_by_label("What was done").fill("Frame stands.")
    page.get_by_role("button", name="Finish the visit").click()
    expect(page.get_by_text("Frame stands.")).to_be_visible()
    page.get_by_label("Name of who signs").fill("Frau Stein")
    write_on(page, page.locator("#fv-pad"))
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("img", name="Signature of Frau Stein")).to_be_visible()
    found = stored(world, placed)
    assert (found.status, found.signed_by, found.signature_id is not None) == ("done", "Frau Stein", True)


def test_a_late_delivery_shows_its_effect_before_it_is_said(
    world: World, press: tuple[Visit, Visit, Delivery], watched: Callable[..., object]
) -> None:
    _waiting, placed, goods = press
    page: Page = watched().sign_in(member(world))  # type: ignore[attr-defined]
    page.goto(f"/deliveries/{goods.public_id}")
    page.get_by_role("textbox", name="Expected").fill("2026-05-27")
    page.get_by_label("Why it changed").focus()
    expect(page.locator("#effect")).to_contain_text("Set up the press")
    page.get_by_label("Why it changed").fill("Customs")
    page.get_by_role("button", name="Change the day").click()
    toast(page, "Expected day changed")
    assert stored(world, placed).starts_at == at(27, 8)
    with world.inside():
        assert VisitMember.objects.get(visit=placed).begins_at == at(27, 8)
    page.keyboard.press("z")
    expect(page.get_by_role("textbox", name="Expected")).to_have_value("2026-05-20")
    assert stored(world, placed).starts_at == at(6, 8)
